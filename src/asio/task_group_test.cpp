#include "asio/task_group.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>

namespace iwas {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

asio::awaitable<void> wait_then_count(std::chrono::milliseconds time, int* count)
{
    asio::steady_timer timer{co_await asio::this_coro::executor, time};
    co_await timer.async_wait(asio::use_awaitable);
    ++*count;
}

asio::awaitable<void> fail()
{
    throw std::runtime_error{"broken on purpose"};
    co_return;
}

asio::awaitable<void> join_then_set(TaskGroup* group, bool* joined)
{
    co_await group->join();
    *joined = true;
}

void rethrow(std::exception_ptr error)
{
    if (error) std::rethrow_exception(error);
}

TEST(TaskGroup, CountsLimitsAndJoins)
{
    asio::io_context io;
    TaskGroup group{io.get_executor(), 2};
    int count = 0;
    bool joined = false;
    EXPECT_TRUE(group.spawn("first", wait_then_count(5ms, &count)));
    EXPECT_TRUE(group.spawn("second", wait_then_count(1ms, &count)));
    EXPECT_FALSE(group.spawn("third", wait_then_count(1ms, &count)));
    EXPECT_EQ(group.running(), 2U);
    EXPECT_EQ(group.refused(), 1U);
    asio::co_spawn(io, join_then_set(&group, &joined), rethrow);
    io.run();
    EXPECT_EQ(count, 2);
    EXPECT_TRUE(joined);
    EXPECT_EQ(group.running(), 0U);
    EXPECT_TRUE(group.spawn("fourth", wait_then_count(1ms, &count)));
    io.restart();
    io.run();
    EXPECT_EQ(count, 3);
}

TEST(TaskGroup, LogsExceptionsAndGoesOn)
{
    asio::io_context io;
    TaskGroup group{io.get_executor(), 10};
    int count = 0;
    EXPECT_TRUE(group.spawn("bad", fail()));
    EXPECT_TRUE(group.spawn("good", wait_then_count(1ms, &count)));
    EXPECT_NO_THROW(io.run());
    EXPECT_EQ(group.failed(), 1U);
    EXPECT_EQ(count, 1);
}

TEST(TaskGroup, CancelWakesEveryTaskAndCloses)
{
    asio::io_context io;
    TaskGroup group{io.get_executor(), 10};
    int count = 0;
    bool joined = false;
    EXPECT_TRUE(group.spawn("long", wait_then_count(1h, &count)));
    EXPECT_TRUE(group.spawn("longer", wait_then_count(2h, &count)));
    io.poll();
    group.cancel();
    asio::co_spawn(io, join_then_set(&group, &joined), rethrow);
    io.restart();
    io.run();
    EXPECT_TRUE(joined);
    EXPECT_EQ(count, 0);
    EXPECT_EQ(group.failed(), 0U) << "an asked-for end is no failure";
    EXPECT_FALSE(group.spawn("late", wait_then_count(1ms, &count)));
}

} // namespace
} // namespace iwas
