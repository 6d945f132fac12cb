// radius: for technicians. Reads a packet aloud, and asks a server the way a router would.
#include "adapters/clock/system_clock.hpp"
#include "adapters/radius/probe.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/radius_unknown.hpp"
#include "asio/run_now.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <memory>

namespace iwas::app {

namespace {

constexpr Milliseconds radius_test_within{8'000};

struct DecodeOptions {
    std::string packet;
    std::string secret;
    std::string request;
};

struct TestOptions {
    std::string server = "127.0.0.1";
    std::uint16_t port = 1812;
    std::string secret;
    std::string kind = "status";
    std::string user;
    std::string password;
    std::string mac;
};

void decode(const DecodeOptions& options)
{
    const auto text =
        adapters::describe_packet(options.packet, SecretText{options.secret}, options.request);
    if (!text) throw std::runtime_error{text.error()};
    fmt::print("{}", *text);
    if (!text->ends_with('\n')) fmt::print("\n");
}

adapters::ProbeKind kind_of(const std::string& text)
{
    if (text == "pap") return adapters::ProbeKind::pap;
    if (text == "chap") return adapters::ProbeKind::chap;
    return adapters::ProbeKind::status;
}

void test(const TestOptions& options)
{
    const auto address = Ipv4Address::parse(options.server);
    if (!address) throw std::runtime_error{options.server + ": expected an IPv4 address"};
    boost::asio::io_context io{1};
    adapters::RadiusRequester requester{io.get_executor()};
    const adapters::RadiusTarget target{
        .address = *address,
        .port = options.port,
        .secret = std::make_shared<const radius::SharedSecret>(SecretText{options.secret}),
        .requires_message_authenticator = true,
    };
    adapters::ProbeRequest request{
        .kind = kind_of(options.kind),
        .user_name = options.user,
        .password = SecretText{options.password},
        .calling_station_id = options.mac,
    };
    const SteadyTime by = std::chrono::steady_clock::now() + radius_test_within;
    const auto result = run_now(io, adapters::probe(requester, target, std::move(request), by));
    fmt::print("{}\n", result.text);
    if (result.is_answered) fmt::print("answered in {} ms\n", result.took.count());
    if (!result.is_positive) throw CLI::RuntimeError{2};
}

} // namespace

void add_radius(CLI::App& app, const CommonOptions&)
{
    auto* command = app.add_subcommand("radius", "Look at and test RADIUS");
    command->require_subcommand(1);

    auto* decoding = command->add_subcommand(
        "decode", "Print a packet as text, and say of each authenticator whether it is right");
    auto packet = std::make_shared<DecodeOptions>();
    decoding->add_option("HEX", packet->packet, "The packet's octets in hexadecimal")->required();
    decoding->add_option("--secret", packet->secret, "The secret shared with the router")
        ->envname("IWAS_RADIUS_SECRET");
    decoding->add_option(
        "--request", packet->request, "The request that it answers, in hexadecimal");
    decoding->callback([packet] { decode(*packet); });

    auto* testing =
        command->add_subcommand("test", "Send a request as a router would, and explain the answer");
    auto options = std::make_shared<TestOptions>();
    testing->add_option("SERVER", options->server, "IPv4 address")->capture_default_str();
    testing->add_option("--port", options->port, "UDP port")->capture_default_str();
    testing->add_option("--secret", options->secret, "The shared secret")
        ->envname("IWAS_RADIUS_SECRET")
        ->required();
    testing->add_option("--kind", options->kind, "status, pap or chap")
        ->check(CLI::IsMember({"status", "pap", "chap"}))
        ->capture_default_str();
    testing->add_option("--user", options->user, "User-Name");
    testing->add_option("--password", options->password, "User-Password")
        ->envname("IWAS_RADIUS_PASSWORD");
    testing->add_option("--mac", options->mac, "Calling-Station-Id");
    testing->callback([options] { test(*options); });

    auto* unknown = command->add_subcommand(
        "unknown", "List the addresses that send RADIUS to the running server and are no router");
    auto server = std::make_shared<std::string>("http://127.0.0.1:8080");
    unknown->add_option("SERVER", *server, "Where its /metrics are")->capture_default_str();
    unknown->callback([server] { print_unknown_senders(*server); });
}

} // namespace iwas::app
