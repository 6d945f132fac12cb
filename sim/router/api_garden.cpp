// The API of the simulated router: the walled garden, /resolve and /tool/fetch. How RouterOS words
// failures of the latter two is what clients in the field have seen, not a document.
#include "core/text.hpp"
#include "sim/router/api_session.hpp"

#include <algorithm>
#include <charconv>

namespace iwas::sim {

namespace {

using routeros::Attributes;
using routeros::find;
using routeros::ReplyKind;

/// The host and port of `http[s]://host[:port]/...`; port 0 for another text.
std::pair<std::string, unsigned> target_of(std::string_view url)
{
    unsigned port = 0;
    if (url.starts_with("https://")) {
        port = 443;
        url.remove_prefix(8);
    } else if (url.starts_with("http://")) {
        port = 80;
        url.remove_prefix(7);
    }
    const auto authority = url.substr(0, url.find('/'));
    const auto colon = authority.find(':');
    if (colon != std::string_view::npos) {
        const auto digits = authority.substr(colon + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), port);
    }
    return {std::string{authority.substr(0, colon)}, port};
}

} // namespace

bool ApiSession::run_garden(
    const std::string& menu, const std::string& action, const Command& command)
{
    RouterGarden& garden = model_.garden();
    Attributes properties = command.attributes;
    std::erase_if(properties, [](const auto& each) { return each.first.starts_with('.'); });
    const std::string id{find(command.attributes, ".id").value_or("")};
    if (action == "add") {
        const auto added = garden.add(menu, properties);
        if (!added) {
            trap(command.tag, added.error(), "1");
        } else {
            done(command.tag, {{"ret", *added}});
        }
        return true;
    }
    if (action != "set" && action != "remove") return false;
    const bool is_there =
        action == "set" ? garden.set(menu, id, properties) : garden.remove(menu, id);
    if (!is_there) {
        trap(command.tag, "no such item", "0");
    } else {
        done(command.tag);
    }
    return true;
}

void ApiSession::resolve(const Command& command)
{
    const auto name = find(command.attributes, "domain-name");
    if (!name) return trap(command.tag, "missing value(s) of argument(s) domain-name", "1");
    const auto& outside = model_.garden().outside;
    const auto host = outside.find(*name);
    if (host == outside.end()) return trap(command.tag, "failure: dns name does not exist");
    done(command.tag, {{"ret", to_string(host->second.ip)}});
}

void ApiSession::fetch(const Command& command)
{
    const auto [name, port] = target_of(find(command.attributes, "url").value_or(""));
    if (port == 0) return trap(command.tag, "failure: invalid URL protocol");
    const auto& outside = model_.garden().outside;
    // An address in place of the name reaches the host that has it.
    const auto host = std::ranges::find_if(outside, [&](const auto& each) {
        return equal_ignoring_case(each.first, name) || to_string(each.second.ip) == name;
    });
    if (host == outside.end()) {
        const bool is_address = Ipv4Address::parse(name).has_value();
        return trap(
            command.tag, is_address ? "failure: connection timeout" : "failure: resolving error");
    }
    send({ReplyKind::re, command.tag, {{"status", "connecting"}, {".section", "0"}}, {}});
    const OutsideHost& found = host->second;
    if (!found.is_reachable) return trap(command.tag, "failure: connection timeout");
    if (found.status >= 400)
        return trap(
            command.tag, "failure: closing connection: <" + std::to_string(found.status) +
                             " Not Found> " + to_string(found.ip) + ":" + std::to_string(port) +
                             " (4)");
    send({ReplyKind::re, command.tag, {{"status", "finished"}, {".section", "1"}}, {}});
    done(command.tag);
}

} // namespace iwas::sim
