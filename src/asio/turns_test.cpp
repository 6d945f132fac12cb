#include "asio/turns.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <exception>
#include <stdexcept>
#include <vector>

namespace iwas {
namespace {

namespace asio = boost::asio;

struct Log {
    std::vector<int> order;
    int inside = 0;
    int inside_max = 0;
    int refused = 0;
};

asio::awaitable<void> work(Turns* turns, std::string name, int number, Log* log)
{
    const auto turn = co_await turns->take(std::move(name));
    if (!turn) {
        ++log->refused;
        co_return;
    }
    log->inside_max = std::max(log->inside_max, ++log->inside);
    for (int i = 0; i < 3; ++i)
        co_await asio::post(asio::use_awaitable);
    --log->inside;
    log->order.push_back(number);
}

void rethrow(std::exception_ptr error)
{
    if (error) std::rethrow_exception(error);
}

TEST(Turns, OneAtATimeInOrder)
{
    asio::io_context io;
    Turns turns{100};
    Log log;
    for (int i = 0; i < 50; ++i)
        asio::co_spawn(io, work(&turns, "a", i, &log), rethrow);
    io.run();
    ASSERT_EQ(log.order.size(), 50U);
    for (int i = 0; i < 50; ++i)
        EXPECT_EQ(log.order[static_cast<std::size_t>(i)], i);
    EXPECT_EQ(log.inside_max, 1);
}

TEST(Turns, OtherNamesDoNotWait)
{
    asio::io_context io;
    Turns turns{100};
    Log log;
    asio::co_spawn(io, work(&turns, "a", 1, &log), rethrow);
    asio::co_spawn(io, work(&turns, "b", 2, &log), rethrow);
    io.run();
    EXPECT_EQ(log.inside_max, 2);
}

TEST(Turns, TheLineIsBounded)
{
    asio::io_context io;
    Turns turns{2};
    Log log;
    for (int i = 0; i < 5; ++i)
        asio::co_spawn(io, work(&turns, "a", i, &log), rethrow);
    io.run();
    EXPECT_EQ(log.refused, 2);
    EXPECT_EQ(log.order, (std::vector{0, 1, 2}));
}

TEST(Turns, AreGivenOnWhenTheHolderThrows)
{
    asio::io_context io;
    Turns turns{10};
    Log log;
    asio::co_spawn(
        io,
        [](Turns* line) -> asio::awaitable<void> {
            const auto turn = co_await line->take("a");
            throw std::runtime_error{"on purpose"};
        }(&turns),
        [](std::exception_ptr) {});
    asio::co_spawn(io, work(&turns, "a", 1, &log), rethrow);
    io.run();
    EXPECT_EQ(log.order, std::vector{1});
}

} // namespace
} // namespace iwas
