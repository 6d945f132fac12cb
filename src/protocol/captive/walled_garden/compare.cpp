#include "protocol/captive/walled_garden/compare.hpp"

#include "core/text.hpp"
#include "protocol/captive/walled_garden/host_name.hpp"

#include <algorithm>

namespace iwas::captive {

namespace {

using Row = RouterGardenRow;

constexpr std::uint16_t http_port = 80;
constexpr std::uint16_t https_port = 443;

bool allows(const Row& row)
{
    // The older manual says `allow` of the IP level too.
    return row.action.empty() || row.action == "allow" || row.action == "accept";
}

bool is_in_force(const Row& row)
{
    return !row.is_disabled && !row.is_invalid;
}

bool is_for_every_request(const Row& row)
{
    return row.path.empty() && row.method.empty() && row.src_address.empty();
}

bool is_tcp(const Row& row)
{
    return row.menu == GardenMenu::http || row.protocol.empty() || row.protocol == "tcp" ||
           row.protocol == "6";
}

bool serves(const Row& row, std::string_view server)
{
    return row.server.empty() || row.server == server;
}

/// Whether this cannot tell what the row covers.
bool is_beyond_us(const Row& row)
{
    return row.dst_host.starts_with(':') || !row.dst_address_list.empty() ||
           (row.dst_host.empty() && !row.dst_address.empty() &&
            !address_text_covers(row.dst_address, Ipv4Address{}));
}

/// Whether the row's destination is `host`, which resolves to `address` where that is known.
bool covers_host(const Row& row, std::string_view host, std::optional<Ipv4Address> address)
{
    if (is_beyond_us(row)) return false;
    if (!row.dst_host.empty()) return host_pattern_covers(row.dst_host, host);
    // The HTTP menu shows addresses that it has met; they are no condition there.
    if (row.menu == GardenMenu::http || row.dst_address.empty()) return true;
    return address && address_text_covers(row.dst_address, *address).value_or(false);
}

bool covers_rule(const Row& row, const GardenRule& rule)
{
    return row.menu == rule.menu && is_tcp(row) && port_list_covers(row.dst_port, rule.port) &&
           covers_host(row, rule.host, Ipv4Address::parse(rule.host));
}

RuleState state_of(const GardenRule& rule, const std::vector<Row>& rows, std::string_view server)
{
    for (const Row& row : rows) {
        // A row that the router made of an address is no promise for the name.
        if (!is_in_force(row) || row.is_dynamic || !is_for_every_request(row)) continue;
        if (!serves(row, server) || !covers_rule(row, rule)) continue;
        return allows(row) ? RuleState::present : RuleState::denied;
    }
    return RuleState::missing;
}

bool is_row_of(const Row& row, const GardenRule& rule)
{
    const std::string& target = row.dst_host.empty() ? row.dst_address : row.dst_host;
    return row.menu == rule.menu && equal_ignoring_case(target, rule.host) &&
           row.dst_port == std::to_string(rule.port);
}

void find_extra(
    const std::vector<GardenRule>& rules, const std::vector<Row>& rows, std::string_view server,
    std::vector<RowFinding>& found)
{
    std::vector<bool> is_taken(rules.size(), false);
    for (const Row& row : rows) {
        if (row.is_dynamic || !row.comment.starts_with(garden_tag)) continue;
        if (!server.empty() && !row.server.empty() && row.server != server) continue;
        const auto rule =
            std::ranges::find_if(rules, [&](const auto& each) { return is_row_of(row, each); });
        const auto index = static_cast<std::size_t>(rule - rules.begin());
        if (rule == rules.end()) {
            found.push_back({row, RowFault::extra, "made by IWAS, belongs to nothing enabled"});
        } else if (is_taken[index]) {
            found.push_back({row, RowFault::extra, "stands twice"});
        } else {
            is_taken[index] = true;
        }
    }
}

bool covers_probe(const Row& row, const ProbeHost& probe, std::optional<Ipv4Address> address)
{
    const bool has_port = (probe.over_http && port_list_covers(row.dst_port, http_port)) ||
                          (probe.over_https && port_list_covers(row.dst_port, https_port));
    return is_tcp(row) && has_port && covers_host(row, probe.host, address);
}

/// The first row that decides about the probe, if it lets it through. A row with conditions may let
/// it through but keeps nobody else's from doing so.
const Row* opening_of(
    GardenMenu menu, const ProbeHost& probe, std::optional<Ipv4Address> address,
    const std::vector<Row>& rows)
{
    for (const Row& row : rows) {
        if (row.menu != menu || !is_in_force(row) || !covers_probe(row, probe, address)) continue;
        if (allows(row)) return &row;
        if (is_for_every_request(row) && row.server.empty()) return nullptr;
    }
    return nullptr;
}

void find_opened_probes(
    const std::vector<Row>& rows, const ProbeAddresses& addresses, std::vector<RowFinding>& found)
{
    for (const ProbeHost& probe : probe_hosts()) {
        const auto resolved = addresses.find(probe.host);
        const auto address =
            resolved == addresses.end() ? std::nullopt : std::optional{resolved->second};
        for (const GardenMenu menu : {GardenMenu::http, GardenMenu::ip}) {
            const Row* const row = opening_of(menu, probe, address, rows);
            if (row == nullptr) continue;
            std::string what = "opens " + std::string{probe.host} + ", at which " +
                               std::string{probe.asked_by} + " asks whether it is online";
            if (row->dst_host.empty() && !row->dst_address.empty())
                what += ", for it has the same address";
            found.push_back({*row, RowFault::opens_probe, std::move(what)});
        }
    }
}

} // namespace

GardenComparison compare(
    const std::vector<GardenRule>& rules, const std::vector<RouterGardenRow>& rows,
    std::string_view server, const ProbeAddresses& probe_addresses)
{
    GardenComparison comparison;
    for (const GardenRule& rule : rules)
        comparison.rules.push_back({rule, state_of(rule, rows, server)});
    find_extra(rules, rows, server, comparison.rows);
    find_opened_probes(rows, probe_addresses, comparison.rows);
    for (const Row& row : rows)
        if (is_in_force(row) && allows(row) && is_beyond_us(row))
            comparison.rows.push_back(
                {row, RowFault::unjudged, "cannot be weighed here; look whether it opens a probe"});
    return comparison;
}

bool port_list_covers(std::string_view list, std::uint16_t port)
{
    if (list.empty()) return true;
    while (!list.empty()) {
        const auto part = list.substr(0, list.find(','));
        list.remove_prefix(std::min(part.size() + 1, list.size()));
        const auto dash = part.find('-');
        const auto first = parse_port(part.substr(0, dash));
        const auto last =
            dash == std::string_view::npos ? first : parse_port(part.substr(dash + 1));
        if (first && last && *first <= port && port <= *last) return true;
    }
    return false;
}

std::optional<bool> address_text_covers(std::string_view text, Ipv4Address address)
{
    if (const auto dash = text.find('-'); dash != std::string_view::npos) {
        const auto first = Ipv4Address::parse(text.substr(0, dash));
        const auto last = Ipv4Address::parse(text.substr(dash + 1));
        if (!first || !last) return std::nullopt;
        return *first <= address && address <= *last;
    }
    const auto prefix = Ipv4Prefix::parse(text);
    if (!prefix) return std::nullopt;
    return prefix->contains(address);
}

std::string_view to_text(RowFault fault)
{
    switch (fault) {
    case RowFault::extra: return "extra";
    case RowFault::opens_probe: return "opens a probe";
    case RowFault::unjudged: return "not judged";
    }
    return {};
}

} // namespace iwas::captive
