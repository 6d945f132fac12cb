// The story of a transaction: each step that meant something is told, also where no state changed.
#include "tests/money/money_world.hpp"

#include <gmock/gmock.h>

#include <algorithm>

namespace iwas::testing_support {
namespace {

using domain::PaymentMethod;
using domain::TransactionState;
using ::testing::HasSubstr;

class StoryTest : public MoneyTest {
protected:
    std::vector<ports::TransactionEvent> story(const domain::Transaction& transaction)
    {
        return run(store->events_of(transaction.id)).value();
    }
    bool tells(const domain::Transaction& transaction, std::string_view text)
    {
        return std::ranges::any_of(story(transaction), [&](const auto& event) {
            return event.why.find(text) != std::string::npos;
        });
    }
};

TEST_F(StoryTest, KeepsTheNamesOfRefundsAndWhyTheyWaited)
{
    const auto order = paid(buy(PaymentMethod::momo));
    gateways.refunds_fail = true;
    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, {"lan", "slow"}, "k1")));
    run_jobs();
    const auto first = stored(order.id).gateway_refund_id;
    EXPECT_TRUE(tells(order, "refund " + first));
    EXPECT_TRUE(tells(order, "the gateway refuses the refund"));
    EXPECT_EQ(story(order).back().why, queue().front().why);

    gateways.refunds_fail = false;
    ASSERT_TRUE(run(refunds.retry(order.id, {"lan", "again"})));
    run_jobs();
    ASSERT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_TRUE(queue().empty());
    EXPECT_TRUE(tells(order, "the gateway refuses the refund"));
    EXPECT_TRUE(tells(order, "; the gateway refused " + first));
    EXPECT_EQ(story(order).back().state_after, "refunded");
}

TEST_F(StoryTest, TellsOfAPartAndHowLongTheRestIsWaitedFor)
{
    const auto order = buy(PaymentMethod::vietqr);
    (void)paid(order, Money{5'000});
    ASSERT_EQ(stored(order.id).state, TransactionState::pending);
    const auto last = story(order).back();
    EXPECT_THAT(last.why, HasSubstr("part "));
    EXPECT_THAT(last.why, HasSubstr("5.000"));
    EXPECT_THAT(last.why, HasSubstr(to_rfc3339(*stored(order.id).expires_at)));
    EXPECT_EQ(last.actor, "gateway");
    EXPECT_EQ(last.state_before, last.state_after);
}

TEST_F(StoryTest, TellsThatMoneyCameASecondTime)
{
    const auto order = paid(buy(PaymentMethod::vietqr));
    (void)paid(order);
    EXPECT_THAT(story(order).back().why, HasSubstr("second_payment"));
    EXPECT_EQ(story(order).back().state_after, "success");
}

TEST_F(StoryTest, AsksAreNoPartOfIt)
{
    const auto order = buy(PaymentMethod::momo);
    const auto before = story(order).size();
    for (int asked = 0; asked < 30; ++asked) {
        pass(10s);
        run_jobs();
    }
    ASSERT_EQ(stored(order.id).state, TransactionState::pending);
    EXPECT_EQ(story(order).size(), before);
    // Nor are the questions after a refund of which the gateway tells nothing.
    const auto given_back = paid(order);
    gateways.refund_fails = ports::GatewayError::unknown;
    gateways.find_fails = ports::GatewayError::unknown;
    ASSERT_TRUE(run(refunds.start(given_back.id, std::nullopt, {"lan", "slow"}, "k1")));
    run_jobs();
    const auto sent = story(order).size();
    for (int hours = 0; hours < 10; ++hours) {
        pass(1h);
        run_jobs();
    }
    EXPECT_EQ(story(order).size(), sent);
}

} // namespace
} // namespace iwas::testing_support
