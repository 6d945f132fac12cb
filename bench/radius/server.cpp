// IWAS's RADIUS server with 100,000 sessions, and accounting into the real store on SQLite.
// Usage: iwas_bench_radius_server AUTH_PORT ACCT_PORT USERS DATABASE_FILE
#include "adapters/radius/server.hpp"

#include "adapters/store/store.hpp"
#include "bench/radius/population.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>

#include <cstdio>
#include <cstdlib>
#include <fstream>

using namespace iwas;
using namespace iwas::adapters;

namespace {

ports::Admission admission(std::uint32_t number, UtcTime now)
{
    ports::Admission one;
    one.session = domain::SessionId{Ulid::make(now, 1, number * 0x9E3779B97F4A7C15U)};
    one.location = domain::LocationId::trusted("bench");
    one.user_name = bench::user_name(number);
    one.password = SecretText{bench::password(number)};
    one.devices = {MacAddress::parse(bench::mac(number)).value()};
    one.ends_at = now + std::chrono::hours{4};
    one.rate = {2'000'000, 10'000'000, 12'000'000};
    return one;
}

long resident_kib()
{
    std::ifstream file{"/proc/self/statm"};
    long total = 0;
    long resident = 0;
    file >> total >> resident;
    return resident * 4;
}

std::uint16_t port_of(const char* word)
{
    return static_cast<std::uint16_t>(std::atoi(word));
}

} // namespace

int main(int, char** words)
{
    const auto users = static_cast<std::uint32_t>(std::atoi(words[3]));
    boost::asio::io_context io{1};
    const auto store = open_store({
        .url = std::string{"sqlite:"} + words[4],
        .keys = KeyRing::parse(KeyRing::generate("bench").reveal()).value(),
        .io = io.get_executor(),
    });

    const SteadyTime began = SteadyTime::clock::now();
    const long before_kib = resident_kib();
    ClientRegistry clients;
    RadiusClient client;
    client.router = domain::RouterId::trusted("bench-router");
    client.location = domain::LocationId::trusted("bench");
    client.source = Ipv4Prefix::parse("127.0.0.0/8").value();
    client.secrets = {SecretText{bench::shared_secret}};
    client.packets_per_second_max = 0;
    clients.replace({client});
    Directory directory;
    const UtcTime now = moment_now().utc;
    for (std::uint32_t i = 0; i < users; ++i)
        directory.admit(admission(i, now));
    const auto took = std::chrono::duration_cast<Milliseconds>(SteadyTime::clock::now() - began);
    std::printf(
        "directory: %u sessions in %ld ms, %ld KiB\n", users, static_cast<long>(took.count()),
        resident_kib() - before_kib);

    RadiusServerSettings settings;
    settings.authentication_port = port_of(words[1]);
    settings.accounting_port = port_of(words[2]);
    RadiusServer server{settings, clients, directory, *store};
    std::printf("ready\n");
    std::fflush(stdout);
    boost::asio::signal_set signals{io, SIGTERM, SIGINT};
    signals.async_wait([&](auto, auto) { io.stop(); });
    const auto work = boost::asio::make_work_guard(io);
    io.run();
    server.stop();
}
