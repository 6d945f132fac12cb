// The simulated router as a program, for clients in other languages. Prints one line of JSON with
// its ports and runs until its standard input ends.
//
//   iwas_sim_router [--no-empty] [--old-login] [--tls CERTIFICATE KEY]
#include "sim/router/router_server.hpp"
#include "tests/support/udp_radius.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <array>
#include <cstdio>
#include <unistd.h>

namespace {

using namespace iwas;

sim::RouterServerOptions options_of(std::span<char*> arguments, const tests::UdpRadius& radius)
{
    sim::RouterServerOptions options;
    options.router.radius_secret = SecretText{"secret"};
    options.radius_authentication_port = radius.authentication_port();
    options.radius_accounting_port = radius.accounting_port();
    for (std::size_t at = 1; at < arguments.size(); ++at) {
        const std::string_view argument{arguments[at]};
        if (argument == "--no-empty") options.api.sends_empty = false;
        if (argument == "--old-login") options.api.old_login = true;
        if (argument == "--tls" && at + 2 < arguments.size())
            options.api_tls = http::TlsFiles{arguments[at + 1], arguments[at + 2]};
    }
    return options;
}

boost::asio::awaitable<void> run(sim::RouterServer& router)
{
    router.start();
    fmt::print(
        "{{\"api_port\":{},\"coa_port\":{},\"control_port\":{}}}\n", router.api_port(),
        router.coa_port(), router.control_port());
    std::fflush(stdout);
    boost::asio::posix::stream_descriptor input{
        co_await boost::asio::this_coro::executor, ::dup(STDIN_FILENO)};
    std::array<char, 256> ignored{};
    while (true) {
        const auto read = co_await input.async_read_some(
            boost::asio::buffer(ignored), boost::asio::as_tuple(boost::asio::use_awaitable));
        if (std::get<0>(read)) break;
    }
    co_await router.stop();
}

} // namespace

int main(int argc, char** argv)
{
    boost::asio::io_context io;
    tests::RealClock clock{io.get_executor()};
    tests::SeededRandom random;
    tests::UdpRadius radius{io.get_executor(), "secret"};
    radius.script.users["ticket"] = {.password = "4711", .grant = {}};
    sim::RouterServer router{
        io.get_executor(), options_of({argv, static_cast<std::size_t>(argc)}, radius), clock,
        random};
    int status = 0;
    boost::asio::co_spawn(io, run(router), [&](std::exception_ptr error) {
        if (error) status = 1;
        io.stop();
    });
    io.run();
    return status;
}
