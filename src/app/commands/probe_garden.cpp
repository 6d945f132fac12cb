// router probe-garden: what of the walled garden a router has, resolves and reaches.
#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "adapters/router/mikrotik/pool.hpp"
#include "app/commands/garden_findings.hpp"
#include "app/commands/garden_words.hpp"
#include "app/commands/router_commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace iwas::app {

namespace {

struct Words {
    GardenWords garden;
    std::string router;
    bool connects_not = false;
};

constexpr Milliseconds probe_within{300'000};
// RouterOS tries long before it says that a host does not answer.
constexpr Milliseconds answer_within{15'000};

using Report = adapters::ApiResult<adapters::GardenReport>;

boost::asio::awaitable<Report> ask_and_stop(
    adapters::MikrotikClient& client, WantedGarden wanted, adapters::GardenProbeOptions options)
{
    const SteadyTime by = std::chrono::steady_clock::now() + probe_within;
    auto report = co_await adapters::probe_garden(
        client, std::move(wanted.entries), std::move(wanted.rules), std::move(options), by);
    co_await client.stop();
    co_return report;
}

adapters::MikrotikOptions patient_options(const domain::RouterosApi& api)
{
    auto options = adapters::mikrotik_options_of(api);
    options.attempt_timeout = answer_within;
    // Hosts that the router waits for in vain say nothing of the router: never stop asking it.
    constexpr unsigned failures_never = 1'000'000;
    options.breaker.failures_to_open = failures_never;
    return options;
}

void probe(const Words& words, const std::string& config_file)
{
    const Config config = load_config(config_file);
    boost::asio::io_context io{1};
    const ConfiguredRouter configured = configured_router(config, io, words.router);
    const domain::Router& router = configured.router;
    if (router.kind != domain::RouterKind::mikrotik || !router.api)
        throw std::runtime_error{
            words.router + ": has no API in its configuration; only MikroTik routers have one"};
    const WantedGarden wanted = wanted_garden(words.garden, config, &configured);

    adapters::SystemClock clock{io.get_executor()};
    adapters::SystemRandom random;
    adapters::MikrotikClient client{io.get_executor(), patient_options(*router.api), clock, random};
    const auto report = run_now(
        io, ask_and_stop(
                client, wanted, {.server = words.garden.server, .connects = !words.connects_not}));
    if (!report)
        throw std::runtime_error{
            fmt::format("{}: the router: {}", words.router, report.error().message)};
    const GardenFindings findings = garden_findings(wanted.entries, *report);
    fmt::print("{}: {}\n{}", words.router, wanted.heading, findings.text);
    if (findings.faults > 0) throw CLI::RuntimeError(1);
}

} // namespace

void add_probe_garden(CLI::App& router, const CommonOptions& common)
{
    auto* command = router.add_subcommand(
        "probe-garden",
        "Ask a router over its API which entries of the walled garden it has, resolves and "
        "reaches, and whether something opens a system's probe. Exits with 1 when something is to "
        "be mended");
    auto words = std::make_shared<Words>();
    command->add_option("ROUTER", words->router, "Its name in the configuration")->required();
    add_garden_words(*command, words->garden);
    command->add_flag(
        "--no-connect", words->connects_not, "Try no connections (/tool/fetch) from the router");
    command->callback([&common, words] { probe(*words, common.config_file); });
}

} // namespace iwas::app
