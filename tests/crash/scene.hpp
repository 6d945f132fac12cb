// What the crash tests share: the real program with SQLite on disk, the simulated café around it,
// kill -9 at random moments, and the wait until everything has settled.
#pragma once

#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"
#include "sim/cafe/simulated_cafe.hpp"
#include "sim/phone/phone.hpp"
#include "tests/crash/database_rows.hpp"
#include "tests/support/served_iwas.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <map>
#include <random>
#include <string>

namespace iwas::tests {

namespace asio = boost::asio;
using ports::awaitable;

/// The price of the package "quick" in the simulated café.
constexpr std::int64_t quick_vnd = 2000;

/// A number that the environment may set, else `otherwise`.
int wanted(const char* variable, int otherwise);

struct CrashScene {
    /// Orders that nobody pays end after `order_expires`, so that nobody waits 15 minutes.
    CrashScene(Seconds order_expires, std::uint64_t seed);

    asio::io_context io{1};
    adapters::SystemClock clock{io.get_executor()};
    adapters::SystemRandom random;
    TemporaryFolder folder;
    ServedIwas iwas;
    std::mt19937_64 dice;
    http::Client client{io.get_executor(), {.calls_max = 4096}};
    std::unique_ptr<sim::SimulatedCafe> cafe;
    int started = 0; // purchases
    int online = 0;
    int kills = 0;
    int phones_done = 0;
    bool is_over = false;

    /// Opens the café with `phones` devices, each with a PC account "crash0", "crash1", ... that
    /// has enough money, and starts IWAS. `set_faults` is called before IWAS starts.
    void open(int phones, std::size_t notice_copies, const std::function<void()>& set_faults);
    /// Runs a coroutine; what it throws ends the test.
    void start(awaitable<void> work);
    /// Runs until `conduct` ends.
    void run(awaitable<void> conduct);
    /// The phone of customer `number`.
    sim::Phone phone(int number);
    /// In a hundred.
    bool chance(unsigned percent) { return dice() % 100 < percent; }
    /// For an Idempotency-Key.
    std::string new_key();
    /// The integer that a query of IWAS's database gives; 0 for none.
    std::int64_t number(const std::string& sql);
};

awaitable<void> nap(CrashScene& scene, Milliseconds time);

/// Repeats the purchase with its key until an answer comes.
awaitable<sim::PhoneAnswer> order_until_answered(
    CrashScene& scene, sim::Phone& phone, std::string method);
/// The purchase's name in the answer to an order.
std::string purchase_id(const sim::PhoneAnswer& answer);
/// IWAS still has to do something, and the customer nothing.
bool is_under_way(const std::string& state);
/// Ends the session, so that the phone is behind the portal again.
awaitable<void> leave(CrashScene& scene, sim::Phone& phone, std::string session);

/// Kills IWAS and starts it again after `shortest` to `longest`, over and over, until it is over.
awaitable<void> kill_again_and_again(
    CrashScene& scene, Milliseconds shortest, Milliseconds longest);
/// Waits until no transaction, session or job is open and `is_complete` says so too, at most for
/// `at_most`; then stops IWAS and the café. Fails the test when time runs out.
awaitable<void> settle(CrashScene& scene, Seconds at_most, std::function<bool()> is_complete);

} // namespace iwas::tests
