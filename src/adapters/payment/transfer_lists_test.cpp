#include "adapters/payment/transfer_lists.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters {
namespace {

class SharedLists : public ::testing::Test {
protected:
    /// Looks for money of the last `age`; counts in `answered` when a list has come.
    void look(Seconds age)
    {
        boost::asio::co_spawn(io, find(age), boost::asio::detached);
        clock.run_for(Milliseconds{0});
    }
    ports::awaitable<void> find(Seconds age)
    {
        const TransferLists::Ask ask = [this](UtcTime, SteadyTime) { return slow_list(); };
        const SteadyTime by = clock.steady_now() + Seconds{20};
        const auto list = co_await lists.since(
            domain::PaymentAccountId::trusted("bank"), clock.utc_now() - age, by, ask);
        if (list->has_value()) ++answered;
    }
    ports::awaitable<ports::GatewayAnswer<TransferList>> slow_list()
    {
        ++asked;
        co_await clock.sleep_until(clock.steady_now() + takes);
        co_return TransferList{};
    }

    boost::asio::io_context io;
    tests::ManualClock clock{io};
    TransferLists lists{clock};
    Seconds takes{3};
    int asked = 0;
    int answered = 0;
};

TEST_F(SharedLists, ASlowOneServesAllWhoWaitedForIt)
{
    for (int order = 0; order < 5; ++order)
        look(Seconds{60});
    clock.run_for(Seconds{4});
    EXPECT_EQ(asked, 1);
    EXPECT_EQ(answered, 5);
    // Who comes now has not waited for it, and it is old.
    look(Seconds{60});
    EXPECT_EQ(asked, 2);
    clock.run_for(Seconds{4}); // nothing is under way when all of it ends
}

TEST_F(SharedLists, WhatIsFarBackHoldsUpNobody)
{
    takes = Seconds{10};
    look(std::chrono::hours{20});
    takes = Seconds{1};
    look(Seconds{60});
    clock.run_for(Seconds{2});
    EXPECT_EQ(asked, 2);
    EXPECT_EQ(answered, 1);
    clock.run_for(Seconds{10});
    EXPECT_EQ(answered, 2);
}

} // namespace
} // namespace iwas::adapters
