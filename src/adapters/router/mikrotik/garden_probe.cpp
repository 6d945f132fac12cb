#include "adapters/router/mikrotik/garden_probe.hpp"

#include "adapters/router/mikrotik/rows.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace iwas::adapters {

namespace {

using captive::GardenEntry;
using captive::GardenMenu;
using captive::RouterGardenRow;
using routeros::Command;
using routeros::TrapKind;
using Repeat = MikrotikClient::Repeat;
using Rows = std::vector<RouterGardenRow>;

constexpr std::size_t rows_max = 10'000;
constexpr std::string_view row_properties =
    ".id,action,dst-host,dst-address,dst-address-list,dst-port,protocol,server,src-address,"
    "src-address-list,path,method,comment,disabled,dynamic,invalid";

/// Whether the router refused the question, not the host.
bool is_no_answer(const ApiFailure& failure)
{
    switch (failure.trap) {
    case TrapKind::no_such_command:
    case TrapKind::not_permitted:
    case TrapKind::bad_value: return true;
    case TrapKind::no_such_item:
    case TrapKind::already_exists:
    case TrapKind::bad_login:
    case TrapKind::interrupted:
    case TrapKind::no_answer:
    case TrapKind::other: return false;
    }
    return false;
}

/// `<404` and the like.
bool names_http_status(std::string_view words)
{
    const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
    for (auto at = words.find('<'); at != std::string_view::npos; at = words.find('<', at + 1)) {
        const auto status = words.substr(at + 1, 3);
        if (status.size() == 3 && std::ranges::all_of(status, is_digit)) return true;
    }
    return false;
}

awaitable<ApiResult<Rows>> read_menu(MikrotikClient& client, GardenMenu menu, SteadyTime deadline)
{
    auto command =
        Command{
            menu == GardenMenu::http ? "/ip/hotspot/walled-garden/print"
                                     : "/ip/hotspot/walled-garden/ip/print"}
            .with_properties(row_properties);
    const auto answer = co_await client.run(std::move(command), Repeat::always, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    if (answer->rows.size() > rows_max)
        co_return std::unexpected{ApiFailure{
            .error = ApiError::refused, .message = "the walled garden has too many rows"}};
    Rows rows;
    for (const auto& row : answer->rows)
        rows.push_back(read_garden_row(menu, row));
    co_return rows;
}

/// The address of a name, or what the router says instead.
awaitable<ApiResult<Ipv4Address>> resolve(
    MikrotikClient& client, std::string host, SteadyTime deadline)
{
    auto command = Command{"/resolve"}.with("domain-name", host);
    const auto answer = co_await client.run(std::move(command), Repeat::always, deadline);
    if (!answer) co_return std::unexpected{answer.error()};
    const auto text = routeros::find(answer->done, "ret").value_or("");
    const auto address = Ipv4Address::parse(text);
    if (!address)
        co_return std::unexpected{ApiFailure{
            .error = ApiError::refused,
            .trap = TrapKind::bad_value,
            .message = "answered with no IPv4 address"}};
    co_return *address;
}

awaitable<ApiResult<GardenHostReport>> with_address(
    MikrotikClient& client, GardenHostReport report, SteadyTime deadline)
{
    if (report.host.starts_with('*')) {
        report.resolve_words = "a wildcard";
        co_return report;
    }
    if (const auto address = Ipv4Address::parse(report.host)) {
        report.resolves = Finding::good;
        report.address = *address;
        co_return report;
    }
    const auto found = co_await resolve(client, report.host, deadline);
    if (found) {
        report.resolves = Finding::good;
        report.address = *found;
    } else if (found.error().error == ApiError::unreachable) {
        co_return std::unexpected{found.error()};
    } else {
        report.resolves = is_no_answer(found.error()) ? Finding::not_asked : Finding::bad;
        report.resolve_words = found.error().message;
    }
    co_return report;
}

awaitable<ApiResult<GardenHostReport>> with_connection(
    MikrotikClient& client, GardenHostReport report, SteadyTime deadline)
{
    // A name that does not resolve is not reached either: said once is enough. Where the router
    // could not be asked for the name, it may still connect.
    const bool is_wildcard = report.host.starts_with('*');
    if (is_wildcard || report.resolves == Finding::bad) co_return report;
    constexpr std::uint16_t https_port = 443;
    const std::string scheme = report.port == https_port ? "https://" : "http://";
    auto command = Command{"/tool/fetch"}
                       .with("url", scheme + report.host + ":" + std::to_string(report.port) + "/")
                       .with("keep-result", "no");
    const auto answer = co_await client.run(std::move(command), Repeat::if_not_sent, deadline);
    if (!answer && answer.error().error == ApiError::unreachable)
        co_return std::unexpected{answer.error()};
    std::tie(report.is_reached, report.reach_words) = read_fetch(answer);
    co_return report;
}

/// The addresses of probe hosts. What does not resolve cannot be opened by address.
awaitable<ApiResult<captive::ProbeAddresses>> resolve_probes(
    MikrotikClient& client, SteadyTime deadline)
{
    captive::ProbeAddresses addresses;
    for (const captive::ProbeHost& probe : captive::probe_hosts()) {
        const auto found = co_await resolve(client, std::string{probe.host}, deadline);
        if (found)
            addresses.emplace(probe.host, *found);
        else if (found.error().error == ApiError::unreachable)
            co_return std::unexpected{found.error()};
    }
    co_return addresses;
}

/// What the router will open by address once a device has resolved the name.
void add_addresses_to_come(
    Rows& rows, const std::vector<captive::GardenRule>& rules,
    const std::vector<GardenHostReport>& hosts)
{
    for (const captive::GardenRule& rule : rules) {
        if (rule.menu != GardenMenu::ip) continue;
        for (const GardenHostReport& host : hosts)
            if (host.host == rule.host && host.port == rule.port && host.address)
                rows.push_back({
                    .menu = GardenMenu::ip,
                    .action = "accept",
                    .dst_address = to_string(*host.address),
                    .dst_port = std::to_string(rule.port),
                    .protocol = "tcp",
                    .comment = rule.comment + " " + rule.host,
                    .is_dynamic = true,
                });
    }
}

} // namespace

awaitable<ApiResult<GardenReport>> probe_garden(
    MikrotikClient& client, std::vector<GardenEntry> entries,
    std::vector<captive::GardenRule> rules, GardenProbeOptions options, SteadyTime deadline)
{
    auto rows = co_await read_menu(client, GardenMenu::http, deadline);
    if (!rows) co_return std::unexpected{rows.error()};
    auto by_address = co_await read_menu(client, GardenMenu::ip, deadline);
    if (!by_address) co_return std::unexpected{by_address.error()};
    std::ranges::move(*by_address, std::back_inserter(*rows));

    GardenReport report;
    for (const GardenEntry& entry : entries) {
        GardenHostReport asked{.host = entry.host, .port = entry.port};
        auto host = co_await with_address(client, std::move(asked), deadline);
        if (host && options.connects) {
            GardenHostReport resolved = std::move(*host);
            host = co_await with_connection(client, std::move(resolved), deadline);
        }
        if (!host) co_return std::unexpected{host.error()};
        report.hosts.push_back(std::move(*host));
    }
    const auto probes = co_await resolve_probes(client, deadline);
    if (!probes) co_return std::unexpected{probes.error()};
    report.probes_resolved = probes->size();

    add_addresses_to_come(*rows, rules, report.hosts);
    report.comparison = captive::compare(rules, *rows, options.server, *probes);
    co_return report;
}

std::pair<Finding, std::string> read_fetch(const ApiResult<ApiAnswer>& answer)
{
    if (!answer) {
        const ApiFailure& failure = answer.error();
        switch (failure.error) {
        case ApiError::unknown: return {Finding::bad, "no answer in time"};
        case ApiError::unreachable: return {Finding::not_asked, failure.message};
        case ApiError::refused: break;
        }
        if (names_http_status(failure.message)) return {Finding::good, failure.message};
        return {is_no_answer(failure) ? Finding::not_asked : Finding::bad, failure.message};
    }
    std::string last;
    for (const auto& row : answer->rows)
        if (const auto status = routeros::find(row, "status")) last = *status;
    if (last == "finished") return {Finding::good, {}};
    if (last == "failed") return {Finding::bad, last};
    return {Finding::not_asked, "the router did not say how it ended"};
}

} // namespace iwas::adapters
