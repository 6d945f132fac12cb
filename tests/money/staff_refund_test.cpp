// Money that a person gives back, and the queue of what waits for one.
#include "tests/money/money_world.hpp"
#include "workflows/session_steps.hpp"

#include <gmock/gmock.h>

namespace iwas::testing_support {
namespace {

using domain::PaymentMethod;
using domain::SessionState;
using domain::TransactionReason;
using domain::TransactionState;
using ::testing::HasSubstr;
using workflows::StaffRefundError;

const workflows::StaffAction lan{"lan", "the game did not load"};

class StaffRefundTest : public MoneyTest {
protected:
    domain::Transaction unmatched(Money amount)
    {
        const auto bank = domain::PaymentAccountId::trusted("bank");
        const auto money = gateways.transfer(bank, amount, "no memo");
        (void)run(purchases.take_in(
            *view.catalog.payment_account(bank), "", money, domain::PaymentSource::list));
        for (const auto& line : queue())
            if (line.transaction.charge_id == money.gateway_id) return line.transaction;
        throw std::runtime_error{"it does not wait"};
    }
    std::vector<ports::TransactionEvent> story(const domain::Transaction& transaction)
    {
        return run(store->events_of(transaction.id)).value();
    }
};

TEST_F(StaffRefundTest, AllOfAPaymentGoesBackAndItsSessionEnds)
{
    const auto order = paid(buy(PaymentMethod::momo));
    ASSERT_EQ(session_of(order).state, SessionState::active);
    ASSERT_EQ(access.online.size(), 1U);
    const auto started = run(refunds.start(order.id, std::nullopt, lan, "k1"));
    ASSERT_TRUE(started);
    EXPECT_EQ(started->id, order.id);
    EXPECT_EQ(started->state, TransactionState::refunding);
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_EQ(gateways.given_back(), Money{12'000});
    EXPECT_EQ(session_of(order).state, SessionState::terminated);
    EXPECT_EQ(access.online.size(), 0U);
    bool is_told = false;
    for (const auto& event : story(order))
        is_told = is_told || (event.actor == "staff:lan" && event.state_after == "refunding");
    EXPECT_TRUE(is_told);
}

TEST_F(StaffRefundTest, APartGoesBackAndTheSessionStays)
{
    const auto order = paid(buy(PaymentMethod::momo));
    const auto part = run(refunds.start(order.id, Money{5'000}, lan, "k1"));
    ASSERT_TRUE(part);
    EXPECT_NE(part->id, order.id);
    run_jobs();
    EXPECT_EQ(stored(part->id).state, TransactionState::refunded);
    EXPECT_EQ(stored(part->id).reason, TransactionReason::staff_refund);
    EXPECT_EQ(stored(order.id).state, TransactionState::success);
    EXPECT_EQ(stored(order.id).refunded, Money{5'000});
    EXPECT_EQ(gateways.given_back(), Money{5'000});
    EXPECT_EQ(session_of(order).state, SessionState::active);
}

TEST_F(StaffRefundTest, NeverMoreThanWhatIsLeft)
{
    const auto order = paid(buy(PaymentMethod::momo));
    EXPECT_EQ(
        run(refunds.start(order.id, Money{12'001}, lan, "k0")).error(), StaffRefundError::too_much);
    EXPECT_EQ(
        run(refunds.start(order.id, Money{0}, lan, "k0")).error(), StaffRefundError::too_much);
    EXPECT_EQ(
        run(refunds.start(order.id, Money{-5}, lan, "k0")).error(), StaffRefundError::too_much);
    // What is still on its way counts.
    gateways.refund_fails = ports::GatewayError::unknown;
    ASSERT_TRUE(run(refunds.start(order.id, Money{8'000}, lan, "k1")));
    run_jobs();
    EXPECT_EQ(
        run(refunds.start(order.id, Money{4'001}, lan, "k2")).error(), StaffRefundError::too_much);
    const auto rest = run(refunds.start(order.id, std::nullopt, lan, "k3"));
    ASSERT_TRUE(rest);
    EXPECT_EQ(rest->amount, Money{4'000});
    EXPECT_EQ(session_of(order).state, SessionState::terminated); // nothing is paid any more
    EXPECT_EQ(
        run(refunds.start(order.id, Money{1}, lan, "k4")).error(), StaffRefundError::too_much);
    gateways.refund_fails.reset();
    pass(1min);
    run_jobs();
    EXPECT_EQ(gateways.given_back(), Money{12'000});
}

TEST_F(StaffRefundTest, TheSameKeyRefundsOnce)
{
    const auto order = paid(buy(PaymentMethod::momo));
    const auto first = run(refunds.start(order.id, Money{5'000}, lan, "k1"));
    const auto again = run(refunds.start(order.id, Money{5'000}, lan, "k1"));
    ASSERT_TRUE(first && again);
    EXPECT_EQ(first->id, again->id);
    EXPECT_EQ(
        run(refunds.start(order.id, Money{6'000}, lan, "k1")).error(),
        StaffRefundError::key_reused);
    const auto whole = paid(buy(PaymentMethod::momo));
    ASSERT_TRUE(run(refunds.start(whole.id, std::nullopt, lan, "all")));
    run_jobs();
    const auto whole_again = run(refunds.start(whole.id, std::nullopt, lan, "all"));
    ASSERT_TRUE(whole_again);
    EXPECT_EQ(whole_again->state, TransactionState::refunded);
    run_jobs();
    EXPECT_EQ(gateways.given_back(), Money{17'000});
}

TEST_F(StaffRefundTest, OnlyWhatIsPaidCanGoBack)
{
    const auto open = buy(PaymentMethod::momo);
    EXPECT_EQ(
        run(refunds.start(open.id, std::nullopt, lan, "k")).error(),
        StaffRefundError::not_refundable);
    EXPECT_EQ(
        run(refunds.start(domain::TransactionId{Ulid{1, 1}}, std::nullopt, lan, "k")).error(),
        StaffRefundError::not_found);
}

TEST_F(StaffRefundTest, WhileTheRouterDecidesNothingGoesBack)
{
    access.is_undecided = true;
    const auto order = paid(buy(PaymentMethod::momo));
    ASSERT_EQ(order.state, TransactionState::success);
    ASSERT_EQ(session_of(order).state, SessionState::pending);
    for (const auto amount : {std::optional<Money>{}, std::optional{Money{5'000}}})
        EXPECT_EQ(
            run(refunds.start(order.id, amount, lan, "k1")).error(),
            StaffRefundError::still_opening);
    EXPECT_EQ(stored(order.id).version, order.version);
    EXPECT_EQ(stored(order.id).refunded, Money{});

    access.is_undecided = false;
    pass(11s); // the form is made again, and this time the router confirms
    run_jobs();
    ASSERT_EQ(session_of(order).state, SessionState::active);
    ASSERT_TRUE(run(refunds.start(order.id, Money{5'000}, lan, "k1")));
    run_jobs();
    EXPECT_EQ(gateways.given_back(), Money{5'000});
}

TEST_F(StaffRefundTest, ABalanceOfThePcSystemComesBackInParts)
{
    const auto order = buy(PaymentMethod::pc_balance);
    ASSERT_TRUE(run(refunds.start(order.id, Money{5'000}, lan, "k1")));
    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, lan, "k2")));
    run_jobs();
    EXPECT_EQ(pc_system.charges.begin()->second.refunded_total, Money{12'000});
    pass(24h);
    (void)compare("q7", "2026-11-26");
    EXPECT_TRUE(differences().empty());
}

TEST_F(StaffRefundTest, WhatBoughtMoreTimeTakesOnlyThatTimeAway)
{
    const auto order = paid(buy(PaymentMethod::momo));
    const UtcTime ends_at = *session_of(order).ends_at;
    const auto more = paid(buy(PaymentMethod::momo, order.session));
    ASSERT_EQ(more.state, TransactionState::success);
    ASSERT_EQ(*session_of(order).ends_at, ends_at + 3h);
    ASSERT_TRUE(run(refunds.start(more.id, std::nullopt, lan, "k1")));
    run_jobs();
    EXPECT_EQ(session_of(order).state, SessionState::active);
    EXPECT_EQ(*session_of(order).ends_at, ends_at);
}

TEST_F(StaffRefundTest, ATransferIsGivenBackByHandWithItsReference)
{
    const auto order = paid(buy(PaymentMethod::vietqr));
    ASSERT_TRUE(run(refunds.start(order.id, Money{5'000}, lan, "k1")));
    run_jobs();
    ASSERT_EQ(queue().size(), 1U);
    const auto waiting = queue().front().transaction;
    EXPECT_EQ(waiting.amount, Money{5'000});
    EXPECT_EQ(run(refunds.retry(waiting.id, lan)).error(), StaffRefundError::not_possible);
    ASSERT_TRUE(run(refunds.done_by_hand(waiting.id, "FT2633", lan)));
    EXPECT_TRUE(queue().empty());
    EXPECT_EQ(stored(waiting.id).state, TransactionState::refunded);
    EXPECT_EQ(stored(waiting.id).refund_id, "by hand: FT2633");
    EXPECT_EQ(story(waiting).back().actor, "staff:lan");
    EXPECT_EQ(
        run(refunds.done_by_hand(waiting.id, "FT2634", lan)).error(), StaffRefundError::not_queued);
}

TEST_F(StaffRefundTest, ARefundThatTheGatewayRefusedIsTriedAnewUnderAnotherName)
{
    const auto order = paid(buy(PaymentMethod::momo));
    gateways.refunds_fail = true;
    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, lan, "k1")));
    run_jobs();
    const auto waiting = stored(order.id);
    ASSERT_TRUE(waiting.is_refund_queued);
    gateways.refunds_fail = false;
    ASSERT_TRUE(run(refunds.retry(order.id, lan)));
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_NE(stored(order.id).refund_id, waiting.refund_id);
    EXPECT_EQ(stored(order.id).gateway_refund_id, stored(order.id).refund_id);
    EXPECT_EQ(gateways.given_back(), Money{12'000});
    EXPECT_TRUE(queue().empty());
}

TEST_F(StaffRefundTest, ARefundThatWasMadeAfterAllIsNotMadeTwice)
{
    const auto order = paid(buy(PaymentMethod::momo));
    gateways.refunds_fail = true;
    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, lan, "k1")));
    run_jobs();
    gateways.refunds_fail = false;
    gateways.make_refund(stored(order.id).refund_id);
    ASSERT_TRUE(run(refunds.retry(order.id, lan)));
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_EQ(gateways.given_back(), Money{12'000});
    EXPECT_EQ(gateways.refunds().size(), 1U);
}

TEST_F(StaffRefundTest, MoneyThatAGatewayMayStillGiveBackBuysNothingElse)
{
    const auto order = paid(buy(PaymentMethod::momo));
    const auto unpaid = buy(PaymentMethod::momo);
    gateways.refund_fails = ports::GatewayError::unknown;
    gateways.find_fails = ports::GatewayError::unknown;
    (void)paid(order); // a second time
    for (int hours = 0; hours < 26; ++hours) {
        pass(1h);
        run_jobs();
    }
    ASSERT_EQ(queue().size(), 1U);
    EXPECT_THAT(queue().front().why, HasSubstr("does not tell"));
    const auto held = queue().front().transaction;
    EXPECT_EQ(held.reason, TransactionReason::second_payment);
    ASSERT_FALSE(held.gateway_refund_id.empty());

    using workflows::QueueAction;
    EXPECT_EQ(
        workflows::actions_for(held), (std::vector{QueueAction::retry, QueueAction::done_by_hand}));
    EXPECT_EQ(
        run(refunds.attach(held.id, unpaid.id, lan)).error(), StaffRefundError::refund_in_doubt);
    EXPECT_EQ(run(refunds.keep_as_credit(held.id, lan)).error(), StaffRefundError::refund_in_doubt);
    EXPECT_EQ(run(purchases.keep_as_credit(held.id)).value().state, TransactionState::refunding);
    // An order to attach it from before the gateway was asked does not come through either.
    run(purchases.handle(
        {.id = workflows::job_id(ports::JobKind::attach_money, held.id.value()),
         .kind = ports::JobKind::attach_money,
         .subject = held.id.value(),
         .target = to_string(unpaid.id),
         .detail = "staff:lan",
         .due_at = clock.now}));
    EXPECT_TRUE(stored(held.id).is_refund_queued);
    EXPECT_THAT(story(held).back().why, HasSubstr("a gateway was asked"));

    ASSERT_TRUE(run(refunds.done_by_hand(held.id, "FT7", lan)));
    EXPECT_EQ(stored(held.id).refund_id, "by hand: FT7");
    EXPECT_EQ(stored(held.id).gateway_refund_id, held.gateway_refund_id);
}

TEST_F(StaffRefundTest, UnmatchedMoneyBecomesThePaymentOfItsOrder)
{
    const auto order = buy(PaymentMethod::vietqr);
    pass(16min);
    run_jobs();
    ASSERT_EQ(stored(order.id).state, TransactionState::expired);
    pass(48h); // longer than late money finds its order by itself
    const auto held = unmatched(due_of(order));
    ASSERT_TRUE(run(refunds.attach(held.id, order.id, lan)));
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::success);
    EXPECT_EQ(session_of(order).state, SessionState::active);
    EXPECT_EQ(stored(held.id).state, TransactionState::refunded);
    EXPECT_EQ(stored(held.id).refund_id, "attached to " + to_string(order.id));
    EXPECT_TRUE(queue().empty());
    // The bank's list has one transfer, and so has the day.
    pass(10min);
    const auto done = compare("bank", "2026-11-28");
    EXPECT_TRUE(differences().empty());
    EXPECT_EQ(done.figures.received, Money{12'000});
    EXPECT_EQ(done.figures.attached_in, Money{12'000});
    EXPECT_EQ(done.figures.attached_out, Money{12'000});
    EXPECT_EQ(done.figures.granted, Money{12'000});
}

TEST_F(StaffRefundTest, AttachedMoneyGoesBackUnderTheGatewaysOwnName)
{
    const auto momo = domain::PaymentAccountId::trusted("momo");
    const auto order = buy(PaymentMethod::momo);
    const auto money = gateways.transfer(momo, due_of(order), "");
    (void)run(purchases.take_in(
        *view.catalog.payment_account(momo), "an order of before", money,
        domain::PaymentSource::notice));
    ASSERT_EQ(queue().size(), 1U);
    auto held = queue().front().transaction;
    ASSERT_TRUE(run(refunds.attach(held.id, order.id, lan)));
    run_jobs();
    ASSERT_EQ(stored(order.id).state, TransactionState::success);

    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, lan, "k1")));
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    ASSERT_EQ(gateways.refunds().size(), 1U);
    EXPECT_EQ(gateways.refunds().begin()->second.asked.gateway_id, money.gateway_id);
    EXPECT_EQ(gateways.given_back(), due_of(order));

    // VNPay knows money by its order alone: asked for without one, it could only be in doubt.
    using workflows::QueueAction;
    EXPECT_EQ(workflows::actions_for(held).front(), QueueAction::retry);
    held.method = PaymentMethod::vnpay;
    EXPECT_EQ(
        workflows::actions_for(held),
        (std::vector{QueueAction::done_by_hand, QueueAction::attach, QueueAction::dismiss}));
}

TEST_F(StaffRefundTest, MoneyThatItsOrderCannotUseStaysAndTheStorySaysWhy)
{
    const auto order = paid(buy(PaymentMethod::vietqr));
    const auto held = unmatched(Money{12'000});
    ASSERT_TRUE(run(refunds.attach(held.id, order.id, lan)));
    run_jobs();
    EXPECT_TRUE(stored(held.id).is_refund_queued);
    EXPECT_THAT(story(held).back().why, HasSubstr("the order is paid"));
    EXPECT_EQ(story(held).back().actor, "staff:lan");
    const auto wallet = buy(PaymentMethod::momo);
    ASSERT_TRUE(run(refunds.attach(held.id, wallet.id, lan)));
    run_jobs();
    EXPECT_THAT(story(held).back().why, HasSubstr("another account"));
    EXPECT_EQ(stored(wallet.id).state, TransactionState::pending);
}

TEST_F(StaffRefundTest, WhatIsNoCustomersMoneyCanBeDismissedAndNothingElse)
{
    const auto held = unmatched(Money{500'000});
    ASSERT_TRUE(run(refunds.dismiss(held.id, {"lan", "the rent of the shop next door"})));
    EXPECT_TRUE(queue().empty());
    EXPECT_EQ(stored(held.id).refund_id, "dismissed: staff:lan");
    EXPECT_THAT(story(held).back().why, HasSubstr("the rent of the shop next door"));

    const auto order = paid(buy(PaymentMethod::vietqr));
    const auto part = run(refunds.start(order.id, Money{5'000}, lan, "k1"));
    ASSERT_TRUE(part);
    EXPECT_EQ(run(refunds.dismiss(part->id, lan)).error(), StaffRefundError::not_possible);
}

TEST_F(StaffRefundTest, TheCustomerMayKeepItAsCredit)
{
    const auto order = paid(buy(PaymentMethod::vietqr), Money{15'000});
    ASSERT_EQ(order.state, TransactionState::success);
    ASSERT_EQ(queue().size(), 1U);
    const auto surplus = queue().front().transaction;
    ASSERT_TRUE(run(refunds.keep_as_credit(surplus.id, lan)));
    EXPECT_EQ(run(store->credit_of(member.id)).value(), Money{3'000});
    EXPECT_EQ(run(refunds.keep_as_credit(surplus.id, lan)).error(), StaffRefundError::not_queued);
    const auto held = unmatched(Money{1'000});
    EXPECT_EQ(run(refunds.keep_as_credit(held.id, lan)).error(), StaffRefundError::not_possible);
}

} // namespace
} // namespace iwas::testing_support
