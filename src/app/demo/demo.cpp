// The command `iwas demo`: IWAS with a simulated café on 127.0.0.1.
#include "adapters/cafe_file/apply_catalog.hpp"
#include "adapters/cafe_file/cafe_file.hpp"
#include "app/commands/commands.hpp"
#include "app/demo/demo_run.hpp"
#include "app/secrets.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace iwas::app {

namespace {

namespace asio = boost::asio;

struct DemoOptions {
    bool is_headless = false;
    std::string method = "pc_balance"; // headless only
    std::uint16_t port = 8080;
    std::uint16_t control_port = 8090;
    std::uint16_t device_port = 8101;
    std::uint16_t gateway_port = 9100;
    std::uint16_t pc_port = 0;
    std::uint16_t radius_port = 0;
    std::size_t devices = 3;
};

/// A folder of its own that goes with the demonstration.
class TemporaryFolder {
public:
    TemporaryFolder()
    {
        std::string path = (std::filesystem::temp_directory_path() / "iwas-demo-XXXXXX").string();
        if (!mkdtemp(path.data())) throw std::runtime_error{"cannot make a temporary folder"};
        path_ = path;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    [[nodiscard]] std::string file(std::string_view name) const { return (path_ / name).string(); }

private:
    std::filesystem::path path_;
};

Config demo_config(const DemoOptions& options, const TemporaryFolder& folder)
{
    Config config;
    config.http.port = options.port;
    config.http.requests_per_second = 0; // all phones share one address here
    // Links to banking apps open the simulated bank's page, which pays by a click. A port that is
    // taken later cannot be named yet: then the links are as in a café.
    if (options.gateway_port != 0)
        config.http.bank_app_url =
            fmt::format("http://127.0.0.1:{}/bank/app", options.gateway_port);
    config.radius.authentication_port = options.radius_port;
    config.radius.accounting_port = options.radius_port == 0
                                        ? std::uint16_t{0}
                                        : static_cast<std::uint16_t>(options.radius_port + 1);
    config.outbound.allowed_networks = {*Ipv4Prefix::parse("127.0.0.0/8")};
    config.store.url = "sqlite:" + folder.file("iwas.db");
    config.secrets.key_file = folder.file("iwas.key"); // for `iwas apply` and `trace` beside it
    add_key(config.secrets.key_file);
    config.secrets.portal_key_file = folder.file("portal.key");
    return config;
}

/// Keeps the café's file beside its database, so that a changed copy can be applied.
std::string write_cafe_file(const sim::SimulatedCafe& cafe, const TemporaryFolder& folder)
{
    std::string path = folder.file("cafe.toml");
    std::ofstream file{path};
    file << cafe.cafe_file();
    if (!file.flush()) throw std::runtime_error{path + " cannot be written"};
    return path;
}

void print_welcome(const Program& program, sim::SimulatedCafe& cafe, const std::string& cafe_file)
{
    fmt::print("\nIWAS and a simulated café are running.\n\n"
               "  Phones      open one in a browser: the router sends it to the portal\n");
    for (const sim::CafeDevice& device : cafe.devices())
        fmt::print(
            "                http://127.0.0.1:{}/   {}\n", device.port, to_string(device.mac));
    fmt::print(
        "  Portal      {}\n"
        "  Accounts    alice / alice123   200.000 ₫\n"
        "              binh  / binh123    5.000 ₫\n"
        "              chi   / chi123     suspended\n"
        "  Metrics     {}/metrics\n"
        "  Router      http://127.0.0.1:{}/_sim/state\n"
        "  PC system   http://127.0.0.1:{}/_sim/accounts\n"
        "  Payments    choose MoMo, ZaloPay, VNPay, PayOS or a bank transfer: the simulated "
        "gateway's page\n"
        "              pays by a click; so does the bank's app, which the portal's page of a "
        "transfer opens\n"
        "  Bank app    {}/bank/app   (also takes amount and text by hand)\n"
        "  Café file   {}\n\n"
        "Ctrl-C stops everything.\n",
        program.public_url(), program.public_url(), cafe.router().control_port(),
        cafe.pc_system_port(), cafe.gateways().url(), cafe_file);
    std::fflush(stdout);
}

ports::awaitable<void> declare_cafe(
    Program& program, const sim::SimulatedCafe& cafe, ports::Clock& clock)
{
    auto wanted = adapters::parse_cafe(cafe.cafe_file(), adapters::system_secrets());
    if (!wanted) throw std::runtime_error{"café file: " + to_string(wanted.error().front())};
    const UtcTime now = clock.utc_now();
    const auto applied =
        co_await adapters::apply_catalog(program.store(), std::move(*wanted), "demo", now, false);
    if (!applied) throw std::runtime_error{"the café could not be stored"};
    const bool is_loaded = co_await program.catalog().load();
    if (!is_loaded) throw std::runtime_error{"the café could not be loaded"};
}

ports::awaitable<bool> play(
    asio::io_context& io, Program& program, LeapingClock& clock, DemoOptions options,
    const TemporaryFolder& folder)
{
    co_await program.start();
    adapters::SystemRandom random;
    sim::CafeOptions cafe_options{
        .iwas_port = program.http_port(),
        .radius_authentication_port = program.authentication_port(),
        .radius_accounting_port = program.accounting_port(),
        .pc_system_port = options.pc_port,
        .control_port = options.control_port,
        .gateway_port = options.gateway_port,
        .first_device_port = options.device_port,
        .devices = options.devices,
        .leap = [&clock](Milliseconds by) { clock.leap(by); },
    };
    sim::SimulatedCafe cafe{io.get_executor(), clock, random, std::move(cafe_options)};
    cafe.start();
    co_await declare_cafe(program, cafe, clock);

    bool is_good = true;
    if (options.is_headless) {
        http::Client client{io.get_executor()};
        if (options.method == "pc_balance")
            is_good = co_await run_demo_purchase(program, cafe, client, clock);
        else
            is_good =
                co_await run_demo_gateway_purchase(program, cafe, client, clock, options.method);
    } else {
        const std::string cafe_file = write_cafe_file(cafe, folder);
        print_welcome(program, cafe, cafe_file);
        asio::signal_set signals{io, SIGINT, SIGTERM};
        co_await signals.async_wait(asio::as_tuple(asio::use_awaitable));
        fmt::print("\nStopping.\n");
    }
    co_await cafe.stop();
    co_return is_good;
}

/// Starts, plays, stops. What kept it from starting is thrown after the clean-up.
ports::awaitable<bool> run(
    asio::io_context& io, Program& program, LeapingClock& clock, DemoOptions options,
    const TemporaryFolder& folder)
{
    std::exception_ptr failure;
    bool is_good = false;
    try {
        is_good = co_await play(io, program, clock, options, folder);
    } catch (...) {
        failure = std::current_exception();
    }
    co_await program.stop();
    if (failure) std::rethrow_exception(failure);
    co_return is_good;
}

bool demo(DemoOptions options)
{
    if (options.is_headless) {
        // Beside a running demonstration, and in tests: any free ports.
        options.port = options.control_port = options.device_port = options.pc_port = 0;
        options.radius_port = options.gateway_port = 0;
        spdlog::set_level(spdlog::level::warn);
    }
    const TemporaryFolder folder;
    asio::io_context io{1};
    LeapingClock clock{io.get_executor()};
    Program program{io, demo_config(options, folder), &clock};
    bool is_good = false;
    std::exception_ptr failure;
    asio::co_spawn(
        io, run(io, program, clock, options, folder), [&](std::exception_ptr error, bool good) {
            failure = error;
            is_good = good;
            io.stop();
        });
    io.run();
    if (failure) std::rethrow_exception(failure);
    return is_good;
}

} // namespace

void add_demo(CLI::App& app, const CommonOptions&)
{
    auto options = std::make_shared<DemoOptions>();
    auto* command = app.add_subcommand(
        "demo", "Run IWAS with a simulated café on 127.0.0.1, until SIGINT or SIGTERM");
    command->add_flag(
        "--headless", options->is_headless,
        "Play one purchase to the end of its session, print its diagram, and exit 0 only if the "
        "router let the phone through and stopped it");
    command->add_option("--method", options->method, "With --headless: how the purchase is paid")
        ->check(CLI::IsMember({"pc_balance", "momo", "zalopay", "vnpay", "vietqr", "payos"}))
        ->capture_default_str();
    command->add_option("--port", options->port, "Port of the portal and the API")
        ->capture_default_str();
    command->add_option("--control-port", options->control_port, "Port of the router's control API")
        ->capture_default_str();
    command
        ->add_option(
            "--device-port", options->device_port,
            "Port of the first phone; the others take the next ones")
        ->capture_default_str();
    command->add_option("--pc-port", options->pc_port, "Port of the PC system; 0 takes a free one")
        ->capture_default_str();
    command->add_option("--radius-port", options->radius_port, "RADIUS port; 0 takes a free one")
        ->capture_default_str();
    command
        ->add_option(
            "--gateway-port", options->gateway_port,
            "Port of the payment gateways and the bank; 0 takes a free one")
        ->capture_default_str();
    command->add_option("--devices", options->devices, "How many phones")->capture_default_str();
    command->callback([options] {
        if (!demo(*options)) throw CLI::RuntimeError{1};
    });
}

} // namespace iwas::app
