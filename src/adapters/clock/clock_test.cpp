#include "adapters/clock/system_clock.hpp"
#include "adapters/clock/system_random.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include <array>

namespace iwas::adapters {
namespace {

TEST(SystemClock, KnowsLocalTime)
{
    // A Monday, 14:13:20 UTC: 21:13 in Ho Chi Minh City, whose day began at 17:00 UTC on Sunday.
    const UtcTime time = *from_rfc3339("2026-09-21T14:13:20Z");
    const domain::LocalTime local = local_time_in(time, "Asia/Ho_Chi_Minh");
    EXPECT_EQ(local.weekday, 0);
    EXPECT_EQ(local.minute_of_day, 21 * 60 + 13);
    EXPECT_EQ(local.day_start, *from_rfc3339("2026-09-20T17:00:00Z"));
    const domain::LocalTime late = local_time_in(time + 3h, "Asia/Ho_Chi_Minh");
    EXPECT_EQ(late.weekday, 1);
    EXPECT_EQ(late.minute_of_day, 13);
    EXPECT_EQ(local_time_in(time, "Nowhere/Town").minute_of_day, 14 * 60 + 13);
    EXPECT_TRUE(is_time_zone("Europe/Paris"));
    EXPECT_FALSE(is_time_zone("Nowhere/Town"));
}

TEST(SystemClock, Sleeps)
{
    boost::asio::io_context io;
    SystemClock clock{io.get_executor()};
    const SteadyTime until = clock.steady_now() + 5ms;
    auto slept = boost::asio::co_spawn(io, clock.sleep_until(until), boost::asio::use_future);
    io.run();
    slept.get();
    EXPECT_GE(clock.steady_now(), until);
    EXPECT_GT(to_unix_ms(clock.utc_now()), 1'700'000'000'000);
}

TEST(SystemRandom, FillsEveryOctet)
{
    SystemRandom random;
    std::array<std::uint8_t, 64> one{};
    std::array<std::uint8_t, 64> other{};
    random.fill(one);
    random.fill(other);
    EXPECT_NE(one, other);
    EXPECT_NE(random.next(), random.next());
}

} // namespace
} // namespace iwas::adapters
