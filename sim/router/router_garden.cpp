#include "sim/router/router_garden.hpp"

#include <algorithm>

namespace iwas::sim {

namespace {

using routeros::Attributes;
using routeros::find;

constexpr std::string_view http_menu = "/ip/hotspot/walled-garden";
constexpr std::string_view ip_menu = "/ip/hotspot/walled-garden/ip";

constexpr std::string_view common_properties[] = {"action",  "dst-host",    "dst-port", "server",
                                                  "comment", "src-address", "disabled"};
constexpr std::string_view http_properties[] = {"method", "path"};
constexpr std::string_view ip_properties[] = {
    "dst-address", "dst-address-list", "protocol", "src-address-list"};

bool has_property(std::string_view menu, std::string_view name)
{
    if (std::ranges::find(common_properties, name) != std::end(common_properties)) return true;
    if (menu == http_menu)
        return std::ranges::find(http_properties, name) != std::end(http_properties);
    return std::ranges::find(ip_properties, name) != std::end(ip_properties);
}

bool is_action(std::string_view menu, std::string_view action)
{
    if (menu == http_menu) return action == "allow" || action == "deny";
    return action == "accept" || action == "drop" || action == "reject";
}

void assign(Attributes& row, std::string_view name, std::string_view value)
{
    const auto there =
        std::ranges::find_if(row, [&](const auto& each) { return each.first == name; });
    if (there == row.end())
        row.emplace_back(name, value);
    else
        there->second = value;
}

} // namespace

bool RouterGarden::is_menu(std::string_view menu)
{
    return menu == http_menu || menu == ip_menu;
}

std::vector<Attributes> RouterGarden::rows(std::string_view menu) const
{
    std::vector<Attributes> all;
    for (const Row& row : rows_) {
        if (row.menu != menu) continue;
        Attributes shown{{".id", row.id}};
        shown.insert(shown.end(), row.attributes.begin(), row.attributes.end());
        assign(shown, "dynamic", "false");
        all.push_back(shown);
        const auto name = find(row.attributes, "dst-host");
        if (menu != ip_menu || !name || find(row.attributes, "disabled") == "true") continue;
        const auto host = outside.find(*name);
        if (host == outside.end()) continue;
        std::erase_if(shown, [](const auto& each) { return each.first == "dst-host"; });
        assign(shown, ".id", row.id + "D");
        assign(shown, "dst-address", to_string(host->second.ip));
        assign(shown, "dynamic", "true");
        all.push_back(std::move(shown));
    }
    return all;
}

Result<std::string, std::string> RouterGarden::add(
    std::string_view menu, const Attributes& attributes)
{
    if (rows_.size() >= rows_max) return std::unexpected{"failure: too many rows"};
    Row row{.menu = std::string{menu}, .attributes = {{"disabled", "false"}}};
    assign(row.attributes, "action", menu == http_menu ? "allow" : "accept");
    for (const auto& [name, value] : attributes) {
        if (!has_property(menu, name)) return std::unexpected{"unknown parameter " + name};
        if (name == "action" && !is_action(menu, value))
            return std::unexpected{"input does not match any value of action"};
        // RouterOS takes `yes` and prints `true`.
        const bool is_yes = name == "disabled" && (value == "yes" || value == "true");
        const bool is_no = name == "disabled" && !is_yes;
        assign(row.attributes, name, is_yes ? "true" : is_no ? "false" : value);
    }
    row.id = "*" + std::to_string(++last_id_);
    rows_.push_back(row);
    return row.id;
}

bool RouterGarden::set(std::string_view menu, std::string_view id, const Attributes& attributes)
{
    const auto row = std::ranges::find_if(
        rows_, [&](const Row& each) { return each.menu == menu && each.id == id; });
    if (row == rows_.end()) return false;
    for (const auto& [name, value] : attributes) {
        if (!has_property(menu, name)) continue;
        const bool is_yes = name == "disabled" && value == "yes";
        assign(row->attributes, name, is_yes ? "true" : value);
    }
    return true;
}

bool RouterGarden::remove(std::string_view menu, std::string_view id)
{
    return std::erase_if(
               rows_, [&](const Row& each) { return each.menu == menu && each.id == id; }) > 0;
}

} // namespace iwas::sim
