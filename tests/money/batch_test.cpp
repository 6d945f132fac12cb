// A bank that tells of several transfers at once: each is for its own order, and none is lost.
#include "tests/money/money_world.hpp"

namespace iwas::testing_support {
namespace {

using domain::PaymentMethod;
using domain::PaymentSource;
using domain::TransactionState;
using ports::NoticeOutcome;

class BatchTest : public MoneyTest {
protected:
    [[nodiscard]] ports::ListedPayment transfer(
        const std::string& order, const std::string& id, Money amount) const
    {
        return {order, {.gateway_id = id, .amount = amount, .paid_at = clock.now}};
    }
    NoticeOutcome take(
        workflows::PurchasePackage& by, const std::vector<ports::ListedPayment>& transfers)
    {
        const auto account = *view.current()->payment_account(bank);
        return run(by.take_in_transfers(account, transfers, PaymentSource::notice));
    }
    std::size_t recorded()
    {
        return run(store->payments_between(bank, clock.now - 1h, clock.now + 1h, 10))
            .value()
            .size();
    }

    const domain::PaymentAccountId bank = domain::PaymentAccountId::trusted("bank");
};

TEST_F(BatchTest, EachTransferPaysTheOrderThatItNames)
{
    const auto first = buy(PaymentMethod::vietqr);
    const auto second = buy(PaymentMethod::vietqr);
    const std::vector batch{
        transfer(second.order_id, "b-2", due_of(second)),
        transfer(first.order_id, "b-1", due_of(first))};
    EXPECT_EQ(take(purchases, batch), NoticeOutcome::recorded);
    EXPECT_EQ(stored(first.id).state, TransactionState::success);
    EXPECT_EQ(stored(second.id).state, TransactionState::success);
    EXPECT_EQ(take(purchases, batch), NoticeOutcome::repeated);
    EXPECT_EQ(recorded(), 2U);
    EXPECT_TRUE(queue().empty());
}

TEST_F(BatchTest, WhatCouldNotBeKeptComesAgainWithTheWholeNotice)
{
    StuckRandom stuck;
    const workflows::Outside stuck_outside{*store, view,  pc_system, gateways, access, directory,
                                           clock,  stuck, tracer,    notifier, tasks};
    workflows::RunSession stuck_sessions{stuck_outside};
    workflows::PurchasePackage forgetful{stuck_outside, stuck_sessions};
    const std::vector batch{
        transfer({}, "b-1", Money{5'000}), transfer({}, "b-2", Money{6'000}),
        transfer({}, "b-3", Money{7'000})};
    EXPECT_EQ(take(forgetful, batch), NoticeOutcome::not_kept) << "and is not answered as kept";
    EXPECT_EQ(recorded(), 1U);
    EXPECT_EQ(take(purchases, batch), NoticeOutcome::unknown_order);
    EXPECT_EQ(recorded(), 3U);
    EXPECT_EQ(queue().size(), 3U);
}

TEST_F(BatchTest, AnotherAmountForAKnownPaymentIsToldAndChangesNothing)
{
    const auto order = buy(PaymentMethod::vietqr);
    EXPECT_EQ(
        take(purchases, {transfer(order.order_id, "b-1", due_of(order))}), NoticeOutcome::recorded);
    EXPECT_EQ(
        take(purchases, {transfer(order.order_id, "b-1", Money{1'000})}),
        NoticeOutcome::wrong_amount);
    EXPECT_EQ(notifier.alerts[ports::AlertKind::ledger_mismatch], 1);
    const auto payments = run(store->payments_of(order.id)).value();
    ASSERT_EQ(payments.size(), 1U);
    EXPECT_EQ(payments.front().amount, due_of(order));
    EXPECT_TRUE(queue().empty());
}

TEST_F(BatchTest, ARepeatedNoticeIsAnsweredAsTheFirstWhileThatStands)
{
    const auto unknown = transfer("IWnobody", "b-1", Money{5'000});
    EXPECT_EQ(take(purchases, {unknown}), NoticeOutcome::unknown_order);
    EXPECT_EQ(take(purchases, {unknown}), NoticeOutcome::unknown_order);
    const auto order = buy(PaymentMethod::vietqr);
    const auto right = transfer(order.order_id, "b-2", due_of(order));
    EXPECT_EQ(take(purchases, {right}), NoticeOutcome::recorded);
    EXPECT_EQ(take(purchases, {right}), NoticeOutcome::repeated);
    EXPECT_EQ(recorded(), 2U);
}

} // namespace
} // namespace iwas::testing_support
