#include "adapters/router/mikrotik/rows.hpp"

#include "protocol/routeros/value.hpp"

namespace iwas::adapters {

namespace {

std::string_view text_of(const routeros::Attributes& row, std::string_view name)
{
    return routeros::find(row, name).value_or("");
}

std::optional<Seconds> seconds_of(const routeros::Attributes& row, std::string_view name)
{
    const auto duration = routeros::parse_duration(text_of(row, name));
    if (!duration) return std::nullopt;
    return std::chrono::duration_cast<Seconds>(*duration);
}

} // namespace

std::optional<HotspotHost> read_host(const routeros::Attributes& row)
{
    const auto mac = MacAddress::parse(text_of(row, "mac-address"));
    // RADIUS and the active list know the device by its address after translation.
    auto ip = Ipv4Address::parse(text_of(row, "to-address"));
    if (!ip) ip = Ipv4Address::parse(text_of(row, "address"));
    if (!mac || !ip) return std::nullopt;
    return HotspotHost{
        .id = std::string{text_of(row, ".id")},
        .mac = *mac,
        .ip = *ip,
        .is_authorized = routeros::parse_boolean(text_of(row, "authorized")).value_or(false),
        .is_bypassed = routeros::parse_boolean(text_of(row, "bypassed")).value_or(false),
    };
}

std::optional<HotspotActive> read_active(const routeros::Attributes& row)
{
    const auto mac = MacAddress::parse(text_of(row, "mac-address"));
    const auto id = text_of(row, ".id");
    if (!mac || id.empty()) return std::nullopt;
    return HotspotActive{
        .id = std::string{id},
        .user_name = std::string{text_of(row, "user")},
        .mac = *mac,
        .ip = Ipv4Address::parse(text_of(row, "address")),
        .uptime = seconds_of(row, "uptime").value_or(Seconds{0}),
        .time_left = seconds_of(row, "session-time-left"),
        .up_octets = routeros::parse_octet_count(text_of(row, "bytes-in")).value_or(0),
        .down_octets = routeros::parse_octet_count(text_of(row, "bytes-out")).value_or(0),
    };
}

std::vector<HotspotActive> read_active_rows(const std::vector<routeros::Attributes>& rows)
{
    std::vector<HotspotActive> active;
    for (const auto& row : rows)
        if (auto device = read_active(row)) active.push_back(std::move(*device));
    return active;
}

SystemResource read_resource(const routeros::Attributes& row)
{
    return {
        .version = std::string{text_of(row, "version")},
        .board_name = std::string{text_of(row, "board-name")},
        .uptime = seconds_of(row, "uptime").value_or(Seconds{0}),
    };
}

captive::RouterGardenRow read_garden_row(captive::GardenMenu menu, const routeros::Attributes& row)
{
    const auto text = [&](std::string_view name) { return std::string{text_of(row, name)}; };
    const auto is_set = [&](std::string_view name) {
        return routeros::parse_boolean(text_of(row, name)).value_or(false);
    };
    return {
        .menu = menu,
        .id = text(".id"),
        .action = text("action"),
        .dst_host = text("dst-host"),
        .dst_address = text("dst-address"),
        .dst_address_list = text("dst-address-list"),
        .dst_port = text("dst-port"),
        .protocol = text("protocol"),
        .server = text("server"),
        .src_address = text("src-address") + text("src-address-list"),
        .path = text("path"),
        .method = text("method"),
        .comment = text("comment"),
        .is_disabled = is_set("disabled"),
        .is_dynamic = is_set("dynamic"),
        .is_invalid = is_set("invalid"),
    };
}

} // namespace iwas::adapters
