// What each kind of difference comes from, and what a comparison does about it.
#include "tests/money/money_world.hpp"

#include <gmock/gmock.h>

namespace iwas::testing_support {
namespace {

using domain::DifferenceKind;
using domain::DifferenceState;
using domain::PaymentMethod;
using domain::TransactionState;
using ports::ComparisonOutcome;
using ::testing::HasSubstr;

constexpr auto today = "2026-11-26";

class ReconcileTest : public MoneyTest {
protected:
    /// The one difference that there is.
    domain::Difference only()
    {
        const auto all = differences();
        if (all.size() != 1) {
            ADD_FAILURE() << all.size() << " differences";
            return {};
        }
        return all.front();
    }
    std::vector<ports::DifferenceEvent> story(const domain::Difference& difference)
    {
        return run(store->difference_events(difference.id)).value();
    }
};

TEST_F(ReconcileTest, ADayOnWhichBothSidesAgreeHasNoDifference)
{
    (void)paid(buy(PaymentMethod::momo));
    (void)paid(buy(PaymentMethod::vietqr));
    (void)buy(PaymentMethod::pc_balance);
    pass(24h);
    for (const auto* subject : {"momo", "bank", "q7"}) {
        const auto done = compare(subject, today);
        EXPECT_EQ(done.outcome, ComparisonOutcome::complete) << subject;
        EXPECT_EQ(done.asked, 1) << subject;
        EXPECT_EQ(done.figures.received, Money{12'000}) << subject;
        EXPECT_EQ(done.figures.granted, Money{12'000}) << subject;
        EXPECT_EQ(done.figures.unaccounted, Money{}) << subject;
    }
    EXPECT_EQ(compare("momo", today).figures.fees, Money{120});
    EXPECT_TRUE(differences().empty());
}

TEST_F(ReconcileTest, AWalletsPaymentThatNobodyToldIsTakenInAndStillBuys)
{
    const auto order = buy(PaymentMethod::momo);
    pay_unheard(order);
    pass(16min);
    gateways.find_fails = ports::GatewayError::unavailable; // the polls do not hear it either
    run_jobs();
    gateways.find_fails.reset();
    ASSERT_EQ(stored(order.id).state, TransactionState::expired);

    const auto done = compare("momo", today);
    EXPECT_EQ(done.outcome, ComparisonOutcome::complete);
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::success);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::missing_here);
    EXPECT_EQ(difference.state, DifferenceState::corrected);
    EXPECT_EQ(difference.transaction, order.id);
    EXPECT_EQ(difference.theirs_amount, Money{12'000});
    const auto events = story(difference);
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[0].state_after, "open");
    EXPECT_THAT(events[1].why, HasSubstr("taken in from the answer"));
    EXPECT_EQ(done.figures.granted, Money{12'000});
}

TEST_F(ReconcileTest, ATransferThatNobodyToldIsTakenInFromTheList)
{
    const auto order = buy(PaymentMethod::vietqr);
    pass(1min);
    pay_unheard(order);
    pass(24h);
    (void)compare("bank", today);
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::success);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::missing_here);
    EXPECT_EQ(difference.state, DifferenceState::corrected);
}

TEST_F(ReconcileTest, AListedTransferWithoutAnOrderWaitsForAPerson)
{
    (void)paid(buy(PaymentMethod::vietqr));
    pass(1min);
    (void)gateways.transfer(domain::PaymentAccountId::trusted("bank"), Money{7'000}, "hello");
    pass(24h);
    const auto done = compare("bank", today);
    ASSERT_EQ(queue().size(), 1U);
    EXPECT_EQ(queue().front().transaction.reason, domain::TransactionReason::unmatched_payment);
    EXPECT_THAT(story(only()).back().why, HasSubstr("waits for a person"));
    EXPECT_EQ(done.figures.received, Money{19'000});
    EXPECT_EQ(done.figures.queued, Money{7'000});
}

TEST_F(ReconcileTest, WhatCameBeforeTheFirstOrderIsNoneOfItsBusiness)
{
    (void)gateways.transfer(domain::PaymentAccountId::trusted("bank"), Money{7'000}, "rent");
    pass(1min);
    (void)paid(buy(PaymentMethod::vietqr));
    pass(24h);
    (void)compare("bank", today);
    EXPECT_TRUE(differences().empty());
    EXPECT_TRUE(queue().empty());
}

TEST_F(ReconcileTest, APaymentThatTheOtherSideDoesNotKnowIsAnOpenDifference)
{
    const auto transfer = paid(buy(PaymentMethod::vietqr));
    const auto wallet = paid(buy(PaymentMethod::momo));
    gateways.forget(transfer.charge_id);
    gateways.forget(wallet.charge_id);
    pass(24h);
    (void)compare("bank", today);
    (void)compare("momo", today);
    const auto all = differences();
    ASSERT_EQ(all.size(), 2U);
    for (const auto& each : all) {
        EXPECT_EQ(each.kind, DifferenceKind::missing_there);
        EXPECT_EQ(each.state, DifferenceState::open);
        EXPECT_EQ(each.ours_amount, Money{12'000});
    }
    EXPECT_EQ(notifier.alerts[ports::AlertKind::ledger_mismatch], 2);
    // Nothing is corrected silently.
    EXPECT_EQ(stored(transfer.id).state, TransactionState::success);
}

TEST_F(ReconcileTest, AnotherAmountThereIsADifference)
{
    const auto transfer = paid(buy(PaymentMethod::vietqr));
    gateways.change_amount(transfer.charge_id, Money{11'000});
    pass(24h);
    (void)compare("bank", today);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::amount_differs);
    EXPECT_EQ(difference.ours_amount, Money{12'000});
    EXPECT_EQ(difference.theirs_amount, Money{11'000});
}

TEST_F(ReconcileTest, AnOrderThatEndedThereEndsHereAndTheStorySaysSo)
{
    const auto order = buy(PaymentMethod::momo);
    pass(16min); // nothing has polled: IWAS stood still
    gateways.refuse(order.order_id);
    (void)compare("momo", today);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::state_differs);
    EXPECT_EQ(difference.state, DifferenceState::corrected);
    EXPECT_EQ(stored(order.id).state, TransactionState::failed);
}

TEST_F(ReconcileTest, ARefundThatTheGatewayDoesNotKnowIsADifference)
{
    const auto order = paid(buy(PaymentMethod::momo));
    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, {"lan", "did not work"}, "k1")));
    run_jobs();
    ASSERT_EQ(stored(order.id).state, TransactionState::refunded);
    pass(24h);
    (void)compare("momo", today);
    EXPECT_TRUE(differences().empty());
    gateways.forget_refund(stored(order.id).refund_id);
    const auto done = compare("momo", today);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::refund_differs);
    EXPECT_EQ(difference.theirs, "not known");
    EXPECT_EQ(done.figures.refunds, 1);
    EXPECT_EQ(done.figures.refunded, Money{12'000});
    EXPECT_EQ(done.figures.returned, Money{12'000});
}

TEST_F(ReconcileTest, ARefundThatWaitsHereAndIsDoneThereIsADifference)
{
    const auto order = paid(buy(PaymentMethod::momo));
    gateways.refunds_fail = true;
    ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, {"lan", "did not work"}, "k1")));
    run_jobs();
    const auto waiting = stored(order.id);
    ASSERT_TRUE(waiting.is_refund_queued);
    gateways.make_refund(waiting.refund_id);
    pass(24h);
    const auto done = compare("momo", today);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::refund_differs);
    EXPECT_EQ(difference.ours, "waits for a person");
    EXPECT_EQ(difference.theirs, "done");
    EXPECT_EQ(done.figures.queued, Money{12'000});
}

TEST_F(ReconcileTest, ADebitThatThePcSystemDoesNotKnowIsADifference)
{
    (void)buy(PaymentMethod::pc_balance);
    pc_system.charges.clear();
    pass(24h);
    (void)compare("q7", today);
    EXPECT_EQ(only().kind, DifferenceKind::missing_there);
}

TEST_F(ReconcileTest, ADebitOfAnOrderThatHadEndedIsGivenBack)
{
    pc_system.loses_answers = true; // it says no, and debits
    const auto order = buy(PaymentMethod::pc_balance);
    ASSERT_EQ(order.state, TransactionState::failed);
    pass(24h);
    (void)compare("q7", today);
    run_jobs();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::missing_here);
    EXPECT_EQ(difference.state, DifferenceState::corrected);
    EXPECT_EQ(pc_system.charges.begin()->second.refunded_total, Money{12'000});
}

TEST_F(ReconcileTest, WhatThePcSystemGaveBackByItselfIsADifference)
{
    (void)buy(PaymentMethod::pc_balance);
    pc_system.charges.begin()->second.refunded_total = Money{2'000};
    pass(24h);
    (void)compare("q7", today);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::refund_differs);
    EXPECT_EQ(difference.ours_amount, Money{});
    EXPECT_EQ(difference.theirs_amount, Money{2'000});
}

TEST_F(ReconcileTest, WhatGoesBackWhileThePcSystemAnswersIsNoDifference)
{
    const auto order = buy(PaymentMethod::pc_balance);
    const auto goes_back = [&](ports::PcCharge& charge) -> ports::awaitable<void> {
        if (charge.refunded_total > Money{}) co_return;
        auto refund = co_await refunds.start(order.id, std::nullopt, {"lan", "it was slow"}, "k1");
        charge.refunded_total = due_of(order);
        refund->state = TransactionState::refunded;
        refund->refund_id = "rf_1";
        (void)co_await store->commit(
            {.transaction = *refund, .actor = "system", .why = "refund rf_1", .now = clock.now});
    };
    pc_system.meanwhile = goes_back;
    pass(24h);
    EXPECT_EQ(compare("q7", today).outcome, ComparisonOutcome::complete);
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_TRUE(differences().empty());

    // It does not wait for ever for a side that keeps changing.
    const auto other = buy(PaymentMethod::pc_balance);
    int changes = 0;
    pc_system.meanwhile = [&](ports::PcCharge&) -> ports::awaitable<void> {
        auto changed = (co_await store->load_transaction(other.id)).value().value();
        ++changes;
        (void)co_await store->commit(
            {.transaction = changed, .actor = "system", .why = "again", .now = clock.now});
    };
    pass(24h);
    EXPECT_EQ(compare("q7", "2026-11-27").outcome, ComparisonOutcome::incomplete);
    EXPECT_EQ(changes, 3);
    EXPECT_TRUE(differences().empty());
}

TEST_F(ReconcileTest, APcSystemThatCannotBeAskedIsNotSaidToAgree)
{
    (void)buy(PaymentMethod::pc_balance);
    pc_system.can.finds_charges = false;
    pass(24h);
    const auto done = compare("q7", today);
    EXPECT_EQ(done.outcome, ComparisonOutcome::not_comparable);
    EXPECT_THAT(done.remark, HasSubstr("nothing to compare with"));
    EXPECT_EQ(done.figures.received, Money{12'000}); // the ledger can be counted all the same
}

TEST_F(ReconcileTest, WhatWasNotAnsweredIsNotSaidToAgree)
{
    (void)paid(buy(PaymentMethod::momo));
    (void)paid(buy(PaymentMethod::vietqr));
    (void)buy(PaymentMethod::pc_balance);
    pass(24h);
    gateways.find_fails = ports::GatewayError::unknown;
    pc_system.is_down = true;
    for (const auto* subject : {"momo", "bank", "q7"}) {
        const auto done = compare(subject, today);
        EXPECT_EQ(done.outcome, ComparisonOutcome::incomplete) << subject;
        EXPECT_THAT(done.remark, HasSubstr("not")) << subject;
    }
    EXPECT_TRUE(differences().empty());
}

TEST_F(ReconcileTest, ABankAccountWithoutAFeedIsNotComparable)
{
    const auto bank = domain::PaymentAccountId::trusted("bank");
    (void)paid(buy(PaymentMethod::vietqr));
    pass(24h);
    gateways.without_list.insert(bank);
    gateways.find_fails = ports::GatewayError::not_supported;
    const auto done = compare("bank", today);
    EXPECT_EQ(done.outcome, ComparisonOutcome::not_comparable);
    EXPECT_THAT(done.remark, HasSubstr("no bank feed"));
}

TEST_F(ReconcileTest, OfTwoPartsTheOneThatTheBankDoesNotConfirmIsFound)
{
    gateways.without_list.insert(domain::PaymentAccountId::trusted("bank"));
    const auto order = buy(PaymentMethod::vietqr);
    (void)paid(order, Money{5'000});
    const auto whole = paid(order, Money{7'000});
    ASSERT_EQ(whole.state, TransactionState::success);
    gateways.forget(whole.charge_id);
    pass(24h);
    (void)compare("bank", today);
    const auto difference = only();
    EXPECT_EQ(difference.kind, DifferenceKind::missing_there);
    EXPECT_EQ(difference.reference, whole.charge_id);
    EXPECT_EQ(difference.ours_amount, Money{7'000});
}

TEST_F(ReconcileTest, ComparingAgainChangesNothingAndSaysWhatAgreesNow)
{
    const auto transfer = paid(buy(PaymentMethod::vietqr));
    gateways.change_amount(transfer.charge_id, Money{11'000});
    pass(24h);
    (void)compare("bank", today);
    (void)compare("bank", today);
    EXPECT_EQ(story(only()).size(), 1U);

    gateways.change_amount(transfer.charge_id, Money{12'000});
    (void)compare("bank", today);
    EXPECT_EQ(only().state, DifferenceState::corrected);
    EXPECT_EQ(story(only()).back().why, "both sides agree now");

    gateways.change_amount(transfer.charge_id, Money{10'000});
    (void)compare("bank", today);
    EXPECT_EQ(only().state, DifferenceState::open);
    EXPECT_EQ(story(only()).size(), 3U);
}

TEST_F(ReconcileTest, WhatAPersonExplainedStaysExplained)
{
    const auto transfer = paid(buy(PaymentMethod::vietqr));
    gateways.forget(transfer.charge_id);
    pass(24h);
    (void)compare("bank", today);
    ASSERT_TRUE(run(store->settle_difference(
        only(), DifferenceState::explained, "staff:lan", "the feed lost it", clock.now)));
    (void)compare("bank", today);
    EXPECT_EQ(only().state, DifferenceState::explained);
    EXPECT_EQ(story(only()).size(), 2U);
}

TEST_F(ReconcileTest, QuestionsArePacedAndBounded)
{
    workflows::Reconcile small{outside, purchases, {.pause = 1s, .asked_max = 3}};
    for (int i = 0; i < 5; ++i)
        (void)paid(buy(PaymentMethod::momo));
    pass(24h);
    const UtcTime before = clock.now;
    const auto& organization = view.catalog.organizations.begin()->second;
    const domain::LocalDay day{domain::date_from(today).value(), before - 34h, before - 10h};
    const auto done =
        run(small.compare(organization, day, {domain::OtherSide::gateway, "momo"})).value();
    EXPECT_EQ(done.asked, 3);
    EXPECT_EQ(done.outcome, ComparisonOutcome::incomplete);
    EXPECT_THAT(done.remark, HasSubstr("more than 3"));
    EXPECT_GE(clock.now - before, 2s);
}

} // namespace
} // namespace iwas::testing_support
