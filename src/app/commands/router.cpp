// router: asks a configured router over its API how it is.
#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "adapters/router/mikrotik/pool.hpp"
#include "app/commands/configured_router.hpp"
#include "app/commands/router_commands.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace iwas::app {

namespace {

constexpr Milliseconds test_within{10'000};

template <class T>
T told(adapters::ApiResult<T> answer, std::string_view what)
{
    if (answer) return std::move(*answer);
    std::string_view why = "refused";
    switch (answer.error().error) {
    case adapters::ApiError::refused: break;
    case adapters::ApiError::unreachable: why = "not reachable"; break;
    case adapters::ApiError::unknown: why = "no answer"; break;
    }
    throw std::runtime_error{fmt::format("{}: {}: {}", what, why, answer.error().message)};
}

boost::asio::awaitable<bool> ask(adapters::MikrotikPool& pool, domain::Router router)
{
    const auto api = pool.api_of(router);
    if (!api)
        throw std::runtime_error{
            router.id.text() + ": has no API in its configuration; only MikroTik routers have one"};
    const SteadyTime by = std::chrono::steady_clock::now() + test_within;
    const auto began = std::chrono::steady_clock::now();
    auto identity = co_await api->identity(by);
    const std::string name = told(std::move(identity), "identity");
    const auto took =
        std::chrono::duration_cast<Milliseconds>(std::chrono::steady_clock::now() - began);
    auto resource = co_await api->resource(by);
    const adapters::SystemResource system = told(std::move(resource), "resource");
    auto active = co_await api->active(by);
    const auto devices = told(std::move(active), "hotspot active");
    fmt::print(
        "{}: reached and logged in within {} ms\n  identity  {}\n  board     {}\n"
        "  RouterOS  {}\n  uptime    {} s\n  devices   {} logged in at the hotspot\n",
        router.id.text(), took.count(), name, system.board_name, system.version,
        system.uptime.count(), devices.size());
    co_return true;
}

boost::asio::awaitable<bool> ask_and_stop(adapters::MikrotikPool& pool, domain::Router router)
{
    std::exception_ptr failure;
    try {
        co_await ask(pool, std::move(router));
    } catch (...) {
        failure = std::current_exception();
    }
    co_await pool.stop();
    if (failure) std::rethrow_exception(failure);
    co_return true;
}

void test(const std::string& config_file, const std::string& name)
{
    const Config config = load_config(config_file);
    boost::asio::io_context io{1};
    const ConfiguredRouter configured = configured_router(config, io, name);

    adapters::SystemClock clock{io.get_executor()};
    adapters::SystemRandom random;
    adapters::MikrotikPool pool{io.get_executor(), clock, random};
    run_now(io, ask_and_stop(pool, configured.router));
}

} // namespace

void add_router(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand("router", "Look at the configured routers");
    command->require_subcommand(1);
    auto* testing = command->add_subcommand("test", "Log in at a router's API and say how it is");
    auto name = std::make_shared<std::string>();
    testing->add_option("ROUTER", *name, "Its name in the configuration")->required();
    testing->callback([&common, name] { test(common.config_file, *name); });
    add_walled_garden(*command, common);
    add_probe_garden(*command, common);
}

} // namespace iwas::app
