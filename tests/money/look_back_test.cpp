// Refunds that counted as made, and that the customer's bank refuses days later.
#include "tests/money/money_world.hpp"

#include <gmock/gmock.h>

namespace iwas::testing_support {
namespace {

using domain::DifferenceKind;
using domain::DifferenceState;
using domain::PaymentMethod;
using domain::TransactionState;
using ::testing::HasSubstr;

const auto vnpay = domain::PaymentAccountId::trusted("vnpay");

class LookBackTest : public MoneyTest {
protected:
    LookBackTest()
    {
        domain::PaymentAccount account;
        account.id = vnpay;
        account.organization = view.catalog.organizations.begin()->first;
        account.method = PaymentMethod::vnpay;
        view.catalog.payment_accounts[vnpay] = account;
        gateways.without_list.insert(vnpay);
        turn(); // the days before
    }
    /// A purchase of this day, given back on the same day.
    domain::Transaction refunded(const std::string& key = "k1")
    {
        const auto order = paid(buy(PaymentMethod::vnpay));
        EXPECT_TRUE(run(refunds.start(order.id, std::nullopt, {"lan", "did not work"}, key)));
        run_jobs();
        EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
        return stored(order.id);
    }
    /// A refund that the gateway refuses, and that a person makes in cash.
    domain::Transaction settled_by_hand(PaymentMethod method)
    {
        gateways.refunds_fail = true;
        const auto order = paid(buy(method));
        EXPECT_TRUE(run(refunds.start(order.id, std::nullopt, {"lan", "did not work"}, "k1")));
        run_jobs();
        EXPECT_TRUE(stored(order.id).is_refund_queued);
        EXPECT_TRUE(run(refunds.done_by_hand(order.id, "FT9", {"lan", "in cash"})));
        gateways.refunds_fail = false;
        return stored(order.id);
    }
    void turn()
    {
        run(reconcile.schedule());
        run_jobs();
    }
    /// The one difference that was found: open, of the first day, about the refund of `order`.
    domain::Difference found_for(const domain::Transaction& order)
    {
        const auto all = differences();
        EXPECT_EQ(all.size(), 1U);
        if (all.empty()) return {};
        EXPECT_EQ(all.front().kind, DifferenceKind::refund_differs);
        EXPECT_EQ(all.front().state, DifferenceState::open);
        EXPECT_EQ(all.front().day, "2026-11-26");
        EXPECT_EQ(all.front().transaction, order.id);
        return all.front();
    }
    /// The next daily turn; how often it asked for a refund.
    int next_night()
    {
        const int before = gateways.refund_questions();
        pass(24h);
        turn();
        return gateways.refund_questions() - before;
    }
};

TEST_F(LookBackTest, ARefundThatTheBankRefusesDaysLaterIsADifferenceOfItsDay)
{
    const auto refund = refunded();
    EXPECT_EQ(next_night(), 1);
    EXPECT_EQ(next_night(), 1);
    EXPECT_TRUE(differences().empty());
    gateways.fail_refund(refund.refund_id);
    EXPECT_EQ(next_night(), 1);

    const auto found = found_for(refund);
    EXPECT_EQ(found.reference, refund.refund_id);
    EXPECT_EQ(found.ours_amount, Money{12'000});
    EXPECT_THAT(found.theirs, HasSubstr("failed"));
    EXPECT_EQ(notifier.alerts[ports::AlertKind::ledger_mismatch], 1);
    // Nothing is corrected silently.
    EXPECT_EQ(stored(refund.id).state, TransactionState::refunded);
    EXPECT_EQ(stored(refund.id).version, refund.version);

    // It was told once, and is not asked for again; what a person made of it stays.
    EXPECT_EQ(next_night(), 0);
    ASSERT_TRUE(run(store->settle_difference(
        found, DifferenceState::corrected, "staff:lan", "paid in cash", clock.now)));
    EXPECT_EQ(next_night(), 0);
    ASSERT_EQ(differences().size(), 1U);
    EXPECT_EQ(differences().front().state, DifferenceState::corrected);
}

TEST_F(LookBackTest, ItIsAskedForOnceANightAndForFourteenDays)
{
    (void)refunded();
    int questions = 0;
    for (int nights = 0; nights < 20; ++nights) {
        const int asked = next_night();
        EXPECT_LE(asked, 1);
        questions += asked;
    }
    EXPECT_EQ(questions, 15); // with its own day's
}

TEST_F(LookBackTest, WhatWasAskedIsNotAskedAgainWhenTheTurnIsRepeated)
{
    (void)refunded();
    EXPECT_EQ(next_night(), 1);
    (void)buy(PaymentMethod::pc_balance);
    pc_system.is_down = true; // that side is asked again every hour
    EXPECT_EQ(next_night(), 1);
    const int before = gateways.refund_questions();
    for (int hours = 0; hours < 5; ++hours) {
        pass(1h);
        turn();
    }
    EXPECT_EQ(gateways.refund_questions(), before);
}

TEST_F(LookBackTest, ASilentGatewayIsAskedAgainAnHourLater)
{
    const auto refund = refunded();
    EXPECT_EQ(next_night(), 1);
    gateways.fail_refund(refund.refund_id);
    gateways.find_fails = ports::GatewayError::unavailable;
    (void)next_night();
    EXPECT_TRUE(differences().empty());
    gateways.find_fails.reset();
    pass(1h);
    turn();
    EXPECT_EQ(differences().size(), 1U);
}

TEST_F(LookBackTest, ThreeThatAreNeverAnsweredDoNotHideTheOthers)
{
    std::vector<domain::Transaction> refunds_made;
    for (const char* key : {"k1", "k2", "k3", "k4"}) {
        refunds_made.push_back(refunded(key));
        pass(1min);
    }
    EXPECT_EQ(next_night(), 4);
    for (std::size_t at = 0; at < 3; ++at)
        gateways.silent_refunds.insert(refunds_made[at].refund_id);
    gateways.fail_refund(refunds_made[3].refund_id);
    (void)next_night();
    EXPECT_TRUE(differences().empty()) << "after three silences the gateway is left alone";
    pass(1h);
    turn();
    ASSERT_EQ(differences().size(), 1U);
    EXPECT_EQ(differences().front().transaction, refunds_made[3].id);
}

TEST_F(LookBackTest, WhatAgreedAgainByItselfMayStillBeRefused)
{
    const auto refund = refunded();
    gateways.fail_refund(refund.refund_id);
    EXPECT_EQ(next_night(), 1);
    ASSERT_EQ(differences().size(), 1U);
    gateways.make_refund(refund.refund_id);
    (void)compare("vnpay", "2026-11-26");
    ASSERT_EQ(differences().front().state, DifferenceState::corrected);
    EXPECT_EQ(next_night(), 1);
    gateways.fail_refund(refund.refund_id);
    EXPECT_EQ(next_night(), 1);
    ASSERT_EQ(differences().size(), 1U);
    EXPECT_EQ(differences().front().state, DifferenceState::open);
    EXPECT_EQ(next_night(), 0);
}

TEST_F(LookBackTest, WhereTheBankIsWaitedForOnlyTheDayItselfIsAskedFor)
{
    view.catalog.payment_accounts[vnpay].refund_waits_for_bank = true;
    (void)refunded();
    EXPECT_EQ(next_night(), 1);
    EXPECT_EQ(next_night(), 0);
}

class MadeTwiceTest : public LookBackTest, public ::testing::WithParamInterface<PaymentMethod> {};

INSTANTIATE_TEST_SUITE_P(
    Wallets, MadeTwiceTest, ::testing::Values(PaymentMethod::vnpay, PaymentMethod::momo));

TEST_P(MadeTwiceTest, ARefundThatTheGatewayMakesAfterAPersonPaidIsADifference)
{
    const auto paid_by_hand = settled_by_hand(GetParam());
    EXPECT_EQ(paid_by_hand.refund_id, "by hand: FT9");
    ASSERT_FALSE(paid_by_hand.gateway_refund_id.empty());
    EXPECT_EQ(next_night(), 1);
    EXPECT_EQ(next_night(), 1);
    EXPECT_TRUE(differences().empty()) << "the gateway has not made it, nor need it";
    gateways.make_refund(paid_by_hand.gateway_refund_id);
    EXPECT_EQ(next_night(), 1);

    const auto found = found_for(paid_by_hand);
    EXPECT_EQ(found.ours, "settled by a person (by hand: FT9)");
    EXPECT_EQ(found.theirs, "done");
    const auto story = run(store->difference_events(found.id)).value();
    EXPECT_THAT(story.back().why, HasSubstr("went back twice"));
    EXPECT_THAT(story.back().why, HasSubstr(paid_by_hand.gateway_refund_id));
    EXPECT_EQ(stored(paid_by_hand.id).version, paid_by_hand.version);

    // Told once, and a person settles it.
    EXPECT_EQ(next_night(), 0);
    ASSERT_TRUE(run(store->settle_difference(
        found, DifferenceState::explained, "staff:lan", "he brought it", clock.now)));
    EXPECT_EQ(next_night(), 0);
}

TEST_F(LookBackTest, TheGatewaysOwnRefundNotedByHandWentBackOnce)
{
    auto noted = settled_by_hand(PaymentMethod::momo);
    gateways.make_refund(noted.gateway_refund_id);
    noted.refund_id = std::string{domain::by_hand_refund_prefix} + noted.gateway_refund_id;
    ASSERT_TRUE(run(store->commit(
        {.transaction = noted, .actor = "system", .why = "as noted", .now = clock.now})));
    EXPECT_EQ(next_night(), 1);
    EXPECT_TRUE(differences().empty());
}

TEST_F(LookBackTest, WhatAPersonSettledIsAskedForOnItsOwnDayToo)
{
    const auto paid_by_hand = settled_by_hand(PaymentMethod::momo);
    gateways.make_refund(paid_by_hand.gateway_refund_id);
    pass(24h);
    (void)compare("momo", "2026-11-26");
    ASSERT_EQ(differences().size(), 1U);
    (void)compare("momo", "2026-11-26");
    ASSERT_EQ(differences().size(), 1U);
    EXPECT_EQ(differences().front().state, DifferenceState::open);
    EXPECT_EQ(differences().front().reference, to_string(paid_by_hand.id));
}

TEST_F(LookBackTest, WhatNoGatewayWasAskedForIsNotAskedFor)
{
    const auto order = paid(buy(PaymentMethod::vietqr));
    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, {"lan", "did not work"}, "k1")));
    ASSERT_TRUE(run(refunds.done_by_hand(order.id, "FT9", {"lan", "in cash"})));
    EXPECT_TRUE(stored(order.id).gateway_refund_id.empty());
    EXPECT_EQ(next_night(), 0);
    EXPECT_EQ(next_night(), 0);
    EXPECT_TRUE(differences().empty());
}

} // namespace
} // namespace iwas::testing_support
