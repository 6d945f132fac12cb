// Compares a router's own walled garden with the rules that should be there, and finds what in it
// opens a probe host.
#pragma once

#include "protocol/captive/walled_garden/probe_hosts.hpp"
#include "protocol/captive/walled_garden/routeros.hpp"

#include <map>

namespace iwas::captive {

/// A row of either menu, in the router's words; absent properties are empty.
struct RouterGardenRow {
    GardenMenu menu = GardenMenu::http;
    std::string id;
    std::string action;
    std::string dst_host;
    std::string dst_address;
    std::string dst_address_list;
    std::string dst_port;
    std::string protocol;
    std::string server;
    std::string src_address; // or the name of a list of them
    std::string path;
    std::string method;
    std::string comment;
    bool is_disabled = false;
    bool is_dynamic = false; // made by the router of the addresses of a name
    bool is_invalid = false; // which RouterOS passes over
};

/// `denied`: a row further up takes the opening away, for the first row that fits decides.
enum class RuleState : std::uint8_t { present, missing, denied };

struct RuleFinding {
    GardenRule rule;
    RuleState state = RuleState::missing;
};

/// `extra`: a rule of IWAS that should not be there, or stands twice. `opens_probe`: because of it
/// a system believes that it is online. `unjudged`: a regular expression, an address list or
/// something else that this cannot weigh; somebody has to look.
enum class RowFault : std::uint8_t { extra, opens_probe, unjudged };

struct RowFinding {
    RouterGardenRow row;
    RowFault fault = RowFault::extra;
    std::string what;
};

struct GardenComparison {
    std::vector<RuleFinding> rules; // one for each expected rule, in their order
    std::vector<RowFinding> rows;
};

/// Addresses of probe hosts as the router resolves them, by host.
using ProbeAddresses = std::map<std::string, Ipv4Address, std::less<>>;

/// `rows` in the router's order, the dynamic ones among them; `server` as in RouterosOptions. Pure;
/// takes time of rows times rules and probes.
GardenComparison compare(
    const std::vector<GardenRule>& rules, const std::vector<RouterGardenRow>& rows,
    std::string_view server, const ProbeAddresses& probe_addresses);

/// Whether a RouterOS port list (`443`, `80,443`, `1-1024`; empty: every port) names `port`.
bool port_list_covers(std::string_view list, std::uint16_t port);

/// Whether `10.0.0.1`, `10.0.0.0/8` or `10.0.0.1-10.0.0.9` covers `address`; nothing when the text
/// is none of these.
std::optional<bool> address_text_covers(std::string_view text, Ipv4Address address);

std::string_view to_text(RowFault fault);

} // namespace iwas::captive
