// Looks at a router's walled garden from the router's side, over its API: the lists it has, what it
// resolves and what it reaches.
#pragma once

#include "adapters/router/mikrotik/client.hpp"
#include "protocol/captive/walled_garden/compare.hpp"

namespace iwas::adapters {

/// `not_asked`: a wildcard, or the router cannot or may not do it; the words say which.
enum class Finding : std::uint8_t { good, bad, not_asked };

/// One host and port of the garden.
struct GardenHostReport {
    std::string host;
    std::uint16_t port = 443;
    Finding resolves = Finding::not_asked;
    std::optional<Ipv4Address> address;
    std::string resolve_words; // the router's, when it does not resolve
    Finding is_reached = Finding::not_asked;
    std::string reach_words;
};

struct GardenReport {
    captive::GardenComparison comparison;
    std::vector<GardenHostReport> hosts;
    /// Probe hosts whose address is known, and hence compared with what is open by address.
    std::size_t probes_resolved = 0;
};

struct GardenProbeOptions {
    std::string server; // as captive::RouterosOptions
    /// Whether the router is to try a connection to each host: one GET of its root page.
    bool connects = true;
};

/// Asks one thing after the other; ends by `deadline`. Changes nothing at the router. Errors: those
/// of the API, when the lists themselves cannot be read or the router goes away meanwhile; more
/// than 10,000 rows are refused.
///
/// The lists: /ip/hotspot/walled-garden/print and its ip (RouterOS manual, "HotSpot"). Names by
/// /resolve with `domain-name`, whose answer is the `ret` of `!done`, one address of perhaps many;
/// connections by /tool/fetch with `keep-result=no`, for which the API user needs the policies
/// `ftp` and `test`. Neither is documented for the API; both are what clients in the field do. A
/// router that answers otherwise is reported as not asked, never as good.
awaitable<ApiResult<GardenReport>> probe_garden(
    MikrotikClient& client, std::vector<captive::GardenEntry> entries,
    std::vector<captive::GardenRule> rules, GardenProbeOptions options, SteadyTime deadline);

/// What the answer to /tool/fetch says of the host: good when it finished, or failed with an HTTP
/// status in its words, for then the host has answered.
std::pair<Finding, std::string> read_fetch(const ApiResult<ApiAnswer>& answer);

} // namespace iwas::adapters
