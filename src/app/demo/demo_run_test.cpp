#include "adapters/clock/system_random.hpp"
#include "app/demo/demo_run.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace iwas::app {
namespace {

namespace asio = boost::asio;
using ports::awaitable;

class DemoChecks : public ::testing::Test {
protected:
    /// Runs the steps with a café that is open, and closes it.
    void play(std::function<awaitable<void>()> steps)
    {
        std::exception_ptr failure;
        const auto all = [&]() -> awaitable<void> {
            cafe.start();
            co_await steps();
            co_await cafe.stop();
        };
        asio::co_spawn(io, all(), [&](std::exception_ptr error) {
            failure = error;
            io.stop();
        });
        io.run();
        if (failure) std::rethrow_exception(failure);
    }

    asio::io_context io{1};
    LeapingClock clock{io.get_executor()};
    adapters::SystemRandom random;
    sim::SimulatedCafe cafe{io.get_executor(), clock, random, {.devices = 1}};
    http::Client client{io.get_executor()};
};

TEST_F(DemoChecks, ADeadRouterHoldsNobodyBack)
{
    play([&]() -> awaitable<void> {
        const sim::CafeDevice device = cafe.devices().front();
        sim::Phone phone{client, device.port};
        const bool is_held = co_await is_held_back(phone, cafe.router(), device.mac);
        EXPECT_TRUE(is_held) << "it works and nobody is logged in";

        co_await cafe.router().stop();
        const bool is_open = co_await phone.has_internet();
        EXPECT_FALSE(is_open) << "the phone is cut off, but by no decision of the router";
        EXPECT_FALSE(cafe.router().model().is_online(device.mac));
        const bool is_held_now = co_await is_held_back(phone, cafe.router(), device.mac);
        EXPECT_FALSE(is_held_now);
    });
}

} // namespace
} // namespace iwas::app
