// radius unknown: who sends RADIUS to the running server and is no router of ours.
#include "app/commands/radius_unknown.hpp"

#include "adapters/http/client.hpp"
#include "asio/run_now.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace iwas::app {

namespace {

constexpr Milliseconds answer_within{5'000};
constexpr std::size_t metrics_octets_max = 16 << 20;

/// `address` and value of a line `NAME{address="10.0.0.9"} 42`; nothing for another line.
std::optional<std::pair<std::string, double>> sample_of(
    std::string_view line, std::string_view name)
{
    constexpr std::string_view label = "{address=\"";
    if (!line.starts_with(name)) return std::nullopt;
    line.remove_prefix(name.size());
    if (!line.starts_with(label)) return std::nullopt;
    line.remove_prefix(label.size());
    const auto end = line.find("\"} ");
    if (end == std::string_view::npos) return std::nullopt;
    const auto address = Ipv4Address::parse(line.substr(0, end));
    const std::string_view text = line.substr(end + 3);
    double value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!address || read.ec != std::errc{}) return std::nullopt;
    return std::pair{to_string(*address), value};
}

boost::asio::awaitable<std::string> metrics_of(boost::asio::io_context& io, http::BaseUrl server)
{
    http::Client client{
        io.get_executor(), {.body_octets_max = metrics_octets_max, .authorities_file = {}}};
    const http::Peer peer{
        .url = server,
        .addresses = {{Ipv4Prefix::parse("0.0.0.0/0").value()}}, // the operator says where
        .pinned_certificate = std::nullopt,
        .client_certificate = {},
        .client_key = {}};
    const http::OutboundRequest request{.target = "/metrics", .headers = {}, .body = {}};
    const SteadyTime by = std::chrono::steady_clock::now() + answer_within;
    const auto answer = co_await client.send(peer, request, by);
    if (!answer)
        throw std::runtime_error{
            fmt::format("{}: {}", to_string(server), to_string(answer.error()))};
    if (answer->status != 200)
        throw std::runtime_error{fmt::format(
            "{}/metrics: status {}; http.metrics_networks says who may read it", to_string(server),
            answer->status)};
    co_return answer->body;
}

} // namespace

std::vector<UnknownSender> unknown_senders(std::string_view metrics)
{
    std::vector<UnknownSender> senders;
    while (!metrics.empty()) {
        const auto end = metrics.find('\n');
        const std::string_view line = metrics.substr(0, end);
        metrics = end == std::string_view::npos ? std::string_view{} : metrics.substr(end + 1);
        if (const auto packets = sample_of(line, "iwas_radius_unknown_client_packets_total")) {
            senders.push_back({packets->first, static_cast<std::uint64_t>(packets->second), {}});
        } else if (
            const auto seen = sample_of(line, "iwas_radius_unknown_client_last_seen_seconds")) {
            const auto found = std::ranges::find(senders, seen->first, &UnknownSender::address);
            if (found != senders.end())
                found->last_seen = UtcTime{Seconds{static_cast<std::int64_t>(seen->second)}};
        }
    }
    std::ranges::sort(senders, std::greater{}, &UnknownSender::last_seen);
    return senders;
}

void print_unknown_senders(const std::string& server)
{
    const auto url = http::parse_base_url(server);
    if (!url) throw std::runtime_error{server + ": expected http[s]://host[:port]"};
    boost::asio::io_context io{1};
    const std::string metrics = run_now(io, metrics_of(io, *url));
    const auto senders = unknown_senders(metrics);
    if (senders.empty()) fmt::print("no unknown address has sent RADIUS packets\n");
    for (const UnknownSender& each : senders)
        fmt::print(
            "{:<15}  {:>10} packets  last {}\n", each.address, each.packets,
            to_rfc3339(each.last_seen));
}

} // namespace iwas::app
