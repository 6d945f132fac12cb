// What the running program counts, read when /metrics is asked.
#include "app/wiring.hpp"

#include <numeric>

namespace iwas::app {

namespace {

adapters::ReadSamples one(std::function<double()> read)
{
    return [read = std::move(read)] {
        return std::vector<adapters::Sample>{{.labels = {}, .value = read()}};
    };
}

std::vector<adapters::Sample> radius_samples(const adapters::ClientRegistry& clients)
{
    std::vector<adapters::Sample> samples;
    for (const adapters::ClientCounts& each : clients.counts())
        for (std::size_t i = 0; i < each.counts.size(); ++i)
            samples.push_back(
                {.labels =
                     {{"router", each.router.text()},
                      {"event", std::string{to_text(static_cast<adapters::RadiusEvent>(i))}}},
                 .value = static_cast<double>(each.counts[i])});
    return samples;
}

/// One for each address, of which the registry keeps 256 at most.
std::vector<adapters::Sample> unknown_samples(
    const adapters::ClientRegistry& clients,
    const std::function<double(const adapters::UnknownClient&)>& read)
{
    std::vector<adapters::Sample> samples;
    for (const adapters::UnknownClient& each : clients.unknown_clients())
        samples.push_back({.labels = {{"address", to_string(each.address)}}, .value = read(each)});
    return samples;
}

std::vector<adapters::Sample> alert_samples(const api::EventHub& events)
{
    std::vector<adapters::Sample> samples;
    for (std::size_t i = 0; i < api::EventHub::alert_kinds; ++i) {
        const auto kind = static_cast<ports::AlertKind>(i);
        samples.push_back(
            {.labels = {{"kind", std::string{api::to_text(kind)}}},
             .value = static_cast<double>(events.alerts_of(kind))});
    }
    return samples;
}

std::vector<adapters::Sample> notice_samples(
    const std::map<std::pair<std::string, std::string>, std::uint64_t>& counts)
{
    std::vector<adapters::Sample> samples;
    for (const auto& [key, count] : counts)
        samples.push_back(
            {.labels = {{"account", key.first}, {"outcome", key.second}},
             .value = static_cast<double>(count)});
    return samples;
}

std::vector<adapters::Sample> gateway_samples(
    const domain::Catalog& catalog, const adapters::GatewayClient& gateways)
{
    std::vector<adapters::Sample> samples;
    for (const auto& [id, account] : catalog.payment_accounts) {
        const adapters::GatewayHealth health = gateways.health(id);
        const std::uint64_t failures =
            std::accumulate(health.failures.begin(), health.failures.end(), std::uint64_t{0});
        for (const auto& [outcome, count] :
             {std::pair{"answered", health.successes}, std::pair{"failed", failures},
              std::pair{"retried", health.retries}})
            samples.push_back(
                {.labels = {{"account", id.text()}, {"outcome", outcome}},
                 .value = static_cast<double>(count)});
    }
    return samples;
}

std::vector<adapters::Sample> circuit_samples(
    const domain::Catalog& catalog, const adapters::GatewayClient& gateways)
{
    std::vector<adapters::Sample> samples;
    for (const auto& [id, account] : catalog.payment_accounts)
        samples.push_back(
            {.labels = {{"account", id.text()}},
             .value = gateways.health(id).breaker == CircuitBreaker::State::closed ? 0.0 : 1.0});
    return samples;
}

} // namespace

void Program::add_metrics()
{
    metrics_.add_counter(
        "iwas_radius_packets_total", "RADIUS packets by router and by what became of them",
        [this] { return radius_samples(radius_clients_); });
    metrics_.add_counter(
        "iwas_radius_unknown_packets_total", "RADIUS packets from addresses that are no router",
        one([this] { return static_cast<double>(radius_clients_.unknown_packets()); }));
    metrics_.add_counter(
        "iwas_radius_unknown_client_packets_total",
        "RADIUS packets from each of the 256 latest addresses that are no router", [this] {
            return unknown_samples(radius_clients_, [](const adapters::UnknownClient& each) {
                return static_cast<double>(each.packets);
            });
        });
    metrics_.add_gauge(
        "iwas_radius_unknown_client_last_seen_seconds",
        "When each of these addresses last sent a packet, in Unix time", [this] {
            return unknown_samples(radius_clients_, [](const adapters::UnknownClient& each) {
                return static_cast<double>(to_unix_ms(each.last_seen) / 1000);
            });
        });
    metrics_.add_gauge(
        "iwas_radius_circuits_open", "Routers that do not answer orders and are left alone for now",
        one([this] { return static_cast<double>(radius_requester_.open_circuits()); }));
    metrics_.add_counter(
        "iwas_payment_notices_total", "Notices of gateways by account and by what became of them",
        [this] { return notice_samples(notices_); });
    metrics_.add_counter(
        "iwas_gateway_calls_total", "Calls to gateways by account and by what they came to",
        [this] { return gateway_samples(*catalog_.current(), gateways_); });
    metrics_.add_gauge(
        "iwas_gateway_circuits_open", "Payment accounts whose gateway is left alone for now",
        [this] { return circuit_samples(*catalog_.current(), gateways_); });
    metrics_.add_counter(
        "iwas_accounting_records_total", "Accounting records that are durable",
        one([this] { return static_cast<double>(accounting_.durable()); }));
    metrics_.add_counter(
        "iwas_accounting_rejected_total", "Accounting records that the journal did not take",
        one([this] { return static_cast<double>(accounting_.rejected()); }));
    metrics_.add_counter(
        "iwas_alerts_total", "Alerts by kind", [this] { return alert_samples(events_); });
    metrics_.add_counter(
        "iwas_trace_steps_dropped_total", "Steps of traces that were not kept",
        one([this] { return static_cast<double>(tracer_.dropped()); }));
    metrics_.add_counter(
        "iwas_tasks_failed_total", "Tasks that ended with an exception", one([this] {
            return static_cast<double>(work_.failed() + job_work_.failed() + loops_.failed());
        }));
    metrics_.add_gauge("iwas_directory_sessions", "Sessions that RADIUS may admit", one([this] {
                           return static_cast<double>(directory_.size());
                       }));
    metrics_.add_gauge("iwas_tasks_running", "Tasks under way", one([this] {
                           return static_cast<double>(work_.running() + job_work_.running());
                       }));
    metrics_.add_gauge("iwas_jobs_held", "Jobs that wait in memory for their moment", one([this] {
                           return static_cast<double>(job_runner_.held());
                       }));
    metrics_.add_gauge(
        "iwas_pc_systems_degraded", "PC systems that have not answered for three polls",
        one([this] {
            std::size_t degraded = 0;
            for (const auto& [location, pc_system] : catalog_.current()->pc_systems)
                if (pc_poller_.is_degraded(location)) ++degraded;
            return static_cast<double>(degraded);
        }));
    metrics_.add_gauge("iwas_event_watchers", "Subjects that browsers follow", one([this] {
                           return static_cast<double>(events_.watchers());
                       }));
}

} // namespace iwas::app
