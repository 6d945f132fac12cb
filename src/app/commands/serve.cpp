#include "app/commands/commands.hpp"
#include "app/wiring.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <exception>

namespace iwas::app {

namespace {

namespace asio = boost::asio;

/// Starts, waits for a signal, stops. What kept it from starting is thrown after the clean-up.
asio::awaitable<void> run(Program& program)
{
    std::exception_ptr failure;
    try {
        asio::signal_set signals{co_await asio::this_coro::executor, SIGINT, SIGTERM};
        co_await program.start();
        fmt::print(
            "IWAS is ready: portal {}  RADIUS {},{}\n", program.public_url(),
            program.authentication_port(), program.accounting_port());
        std::fflush(stdout);
        co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
    } catch (...) {
        failure = std::current_exception();
    }
    co_await program.stop();
    if (failure) std::rethrow_exception(failure);
}

void serve(const std::string& config_file)
{
    Config config = load_config(config_file);
    // Standard output is for what commands print; the log goes beside it.
    spdlog::set_default_logger(spdlog::stderr_color_mt("iwas"));
    spdlog::set_level(spdlog::level::from_str(config.log_level));
    asio::io_context io{1};
    Program program{io, std::move(config)};
    std::exception_ptr failure;
    asio::co_spawn(io, run(program), [&](std::exception_ptr error) {
        failure = error;
        io.stop();
    });
    io.run();
    if (failure) std::rethrow_exception(failure);
}

} // namespace

void add_serve(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand("serve", "Run the server until SIGINT or SIGTERM");
    command->add_flag_callback(
        "--keys",
        [] {
            for (const ConfigKey& key : config_keys())
                fmt::print("{:30} {:36} {}\n", key.name, environment_name(key.name), key.expected);
            throw CLI::Success{};
        },
        "Print every configuration key with its environment variable, and exit");
    command->callback([&common] { serve(common.config_file); });
}

} // namespace iwas::app
