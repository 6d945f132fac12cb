// The purchase, scenario by scenario: what the customer meets when one thing goes wrong.
#include "tests/simulation/scenario.hpp"

namespace iwas::sim {
namespace {

class PurchaseSim : public Scenario {};

TEST_F(PurchaseSim, PaysAndIsOnlineWithinASecond)
{
    const auto id = start(*alice, "hour", "k1");
    world.run_for(1s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_EQ(session(transaction(id).session).state, SessionState::active);
    EXPECT_TRUE(alice->is_online());
    EXPECT_EQ(balance(*alice), 38'000);
}

TEST_F(PurchaseSim, TooLittleMoneyDebitsNothingAndSaysHowMuchThereIs)
{
    Phone& bob = world.add_phone("bob", 4'000);
    (void)world.run(bob.sign_in());
    const auto txn = buy(bob, "quick", "k1");
    EXPECT_EQ(txn.state, TransactionState::failed);
    EXPECT_EQ(txn.reason, TransactionReason::insufficient_balance);
    EXPECT_EQ(txn.available, Money{4'000});
    EXPECT_EQ(balance(bob), 4'000);
    EXPECT_FALSE(bob.is_online());
}

TEST_F(PurchaseSim, AChargeWithoutAnswerIsFoundAndGranted)
{
    world.pc().forced["charge"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(15s); // three tries of five seconds
    EXPECT_EQ(transaction(id).state, TransactionState::pending);
    world.run_for(15s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
    EXPECT_EQ(balance(*alice), 38'000);
}

TEST_F(PurchaseSim, AChargeThatNeverArrivedExpiresWithoutDebit)
{
    world.pc().forced["charge"] = PcTrouble::request_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(20min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    EXPECT_EQ(transaction(id).reason, TransactionReason::payment_expired);
    EXPECT_EQ(balance(*alice), 50'000);
}

TEST_F(PurchaseSim, AnUnavailablePcSystemFailsAtOnce)
{
    world.pc().is_down = true;
    const auto txn = buy(*alice, "hour", "k1");
    EXPECT_EQ(txn.state, TransactionState::failed);
    EXPECT_EQ(txn.reason, TransactionReason::payment_unavailable);
    world.pc().is_down = false;
    // Nothing stands in the way of the next try.
    EXPECT_EQ(buy(*alice, "hour", "k2").state, TransactionState::success);
}

TEST_F(PurchaseSim, ALateDebitIsGivenBack)
{
    // Wanders for longer than the order lives, then debits.
    world.pc().late_by_min = 20min;
    world.pc().late_by_max = 20min;
    world.pc().forced["charge"] = PcTrouble::request_late;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(17min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    world.run_for(5min);
    EXPECT_EQ(world.pc().model.charges().size(), 1U);
    EXPECT_TRUE(world.run_until_quiet(3h));
    EXPECT_EQ(transaction(id).state, TransactionState::refunded);
    EXPECT_EQ(transaction(id).reason, TransactionReason::late_debit);
    EXPECT_EQ(balance(*alice), 50'000);
}

// Found by seed: the second try failed clearly while the first was still on its way.
TEST_F(PurchaseSim, ADebitThatOvertakesItsFailureIsGivenBack)
{
    world.pc().late_by_min = 40s;
    world.pc().late_by_max = 40s;
    world.pc().forced["charge"] = PcTrouble::request_late;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(16s); // three tries without an answer
    world.pc().forced["charge"] = PcTrouble::refused;
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::failed);
    EXPECT_TRUE(world.run_until_quiet(3h));
    EXPECT_EQ(transaction(id).state, TransactionState::refunded);
    EXPECT_EQ(balance(*alice), 50'000);
}

TEST_F(PurchaseSim, ARouterThatRefusesGivesTheMoneyBack)
{
    world.router().refuses_logins = true;
    const auto txn = buy(*alice, "hour", "k1");
    EXPECT_EQ(txn.state, TransactionState::refunded);
    EXPECT_EQ(txn.reason, TransactionReason::activation_failed);
    EXPECT_EQ(session(txn.session).state, SessionState::failed);
    EXPECT_EQ(balance(*alice), 50'000);
    EXPECT_FALSE(alice->is_online());
}

TEST_F(PurchaseSim, ARouterThatIsAwayForTooLongGivesTheMoneyBack)
{
    world.router().model.disappear();
    const auto id = start(*alice, "hour", "k1");
    world.run_for(2min);
    EXPECT_EQ(transaction(id).state, TransactionState::refunded);
    EXPECT_EQ(balance(*alice), 50'000);
}

TEST_F(PurchaseSim, ARouterThatComesBackInTimeLetsTheCustomerIn)
{
    world.router().model.disappear();
    const auto id = start(*alice, "hour", "k1");
    world.run_for(12s);
    world.router().model.reappear();
    (void)world.run(alice->watch(id));
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(PurchaseSim, ARefundWithoutAnswerIsMadeOnce)
{
    world.router().refuses_logins = true;
    world.pc().forced["refund"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(1min);
    EXPECT_EQ(transaction(id).state, TransactionState::refunding);
    world.pc().forced.clear();
    world.run_for(2min);
    EXPECT_EQ(transaction(id).state, TransactionState::refunded);
    EXPECT_EQ(balance(*alice), 50'000);
}

TEST_F(PurchaseSim, ARefusedRefundWaitsForAPerson)
{
    world.router().refuses_logins = true;
    world.pc().forced["refund"] = PcTrouble::refused;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(1min);
    EXPECT_TRUE(transaction(id).is_refund_queued);
    const auto queue = world.run(world.store().refund_queue(10));
    ASSERT_TRUE(queue);
    ASSERT_EQ(queue->size(), 1U);
    EXPECT_EQ(queue->front().transaction.id, id);
}

TEST_F(PurchaseSim, ADebitOfAnotherAmountWaitsForAPerson)
{
    world.pc().forced["charge"] = PcTrouble::request_lost;
    const auto id = start(*alice, "hour", "k1");
    (void)world.pc().model.charge(
        alice->member_id(), 11'000, domain::charge_reference(id), "", world.clock().utc_now());
    world.run_for(2min);
    EXPECT_EQ(transaction(id).state, TransactionState::refunding);
    EXPECT_EQ(transaction(id).reason, domain::TransactionReason::amount_mismatch);
    EXPECT_TRUE(transaction(id).is_refund_queued);
    const auto queue = world.run(world.store().refund_queue(10));
    ASSERT_TRUE(queue && queue->size() == 1U);
    EXPECT_NE(queue->front().why.find("AMOUNT_MISMATCH"), std::string::npos);
    // A person gives the money back and the books agree again.
    const auto charge = world.pc().model.charges_of(domain::charge_reference(id)).front()->id;
    (void)world.pc().model.refund(charge, 11'000, world.clock().utc_now());
    world.auditor().forget(id);
}

TEST_F(PurchaseSim, ALateDebitOfAnotherAmountWaitsForAPerson)
{
    world.pc().forced["charge"] = PcTrouble::request_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(20min);
    ASSERT_EQ(transaction(id).state, TransactionState::expired);
    (void)world.pc().model.charge(
        alice->member_id(), 11'000, domain::charge_reference(id), "", world.clock().utc_now());
    world.run_for(2h);
    EXPECT_TRUE(transaction(id).is_refund_queued);
    EXPECT_EQ(transaction(id).reason, TransactionReason::amount_mismatch);
    const auto charge = world.pc().model.charges_of(domain::charge_reference(id)).front()->id;
    (void)world.pc().model.refund(charge, 11'000, world.clock().utc_now());
    world.auditor().forget(id);
}

TEST_F(PurchaseSim, AChargeThatWasGivenBackByHandGrantsNothing)
{
    world.pc().forced["charge"] = PcTrouble::answer_lost;
    world.pc().forced["find_charge"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(1min);
    const auto charges = world.pc().model.charges_of(domain::charge_reference(id));
    ASSERT_EQ(charges.size(), 1U);
    (void)world.pc().model.refund(charges.front()->id, 12'000, world.clock().utc_now());
    world.pc().forced.clear();
    world.run_for(5min);
    EXPECT_EQ(transaction(id).state, TransactionState::refunded);
    EXPECT_EQ(balance(*alice), 50'000);
    EXPECT_FALSE(alice->is_online());
}

/// A PC system that cannot be asked what became of a debit, nor told a refund twice.
class LegacyPurchaseSim : public Scenario {
protected:
    LegacyPurchaseSim()
        : Scenario{
              {.pc_abilities = {.finds_charges = false, .repeats_refunds = false}, .listener = {}}}
    {
    }
};

TEST_F(LegacyPurchaseSim, AChargeWithoutAnswerIsRepeatedWithItsKey)
{
    world.pc().forced["charge"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(1min);
    EXPECT_EQ(transaction(id).state, TransactionState::pending);
    world.pc().forced.clear();
    world.run_for(3min);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
    EXPECT_EQ(balance(*alice), 38'000);
}

TEST_F(LegacyPurchaseSim, WhatNobodyCanTellGoesToAPerson)
{
    world.pc().forced["charge"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(20min);
    EXPECT_EQ(transaction(id).state, TransactionState::refunding);
    EXPECT_EQ(transaction(id).reason, TransactionReason::outcome_unknown);
    const auto queue = world.run(world.store().refund_queue(10));
    ASSERT_TRUE(queue && queue->size() == 1U);
    EXPECT_EQ(queue->front().transaction.id, id);
    // The device is free again.
    world.pc().forced.clear();
    EXPECT_EQ(buy(*alice, "quick", "k2").state, TransactionState::success);
}

TEST_F(LegacyPurchaseSim, AnUnreachablePcSystemAfterAnOpenChargeIsNoRefusal)
{
    world.pc().forced["charge"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(30s);
    world.pc().is_down = true;
    world.run_for(2min);
    EXPECT_EQ(transaction(id).state, TransactionState::pending);
    world.pc().is_down = false;
    world.pc().forced.clear();
    world.run_for(3min);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
}

TEST_F(LegacyPurchaseSim, ARefundWithoutAnswerIsNotRepeated)
{
    world.router().refuses_logins = true;
    world.pc().forced["refund"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(1min);
    world.pc().forced.clear();
    world.run_for(1h);
    EXPECT_TRUE(transaction(id).is_refund_queued);
    EXPECT_FALSE(world.pc().has_repeated_refund());
    EXPECT_EQ(balance(*alice), 50'000);
}

/// A router whose API IWAS may not use: the browser posts its login form.
class BrowserLoginSim : public Scenario {
protected:
    BrowserLoginSim()
    {
        alice->join("r3");
        (void)world.run(alice->sign_in());
    }
};

TEST_F(BrowserLoginSim, TheBrowserBringsTheDeviceOnline)
{
    const auto txn = buy(*alice, "hour", "k1");
    EXPECT_EQ(txn.state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
    EXPECT_EQ(session(txn.session).state, SessionState::active);
}

TEST_F(BrowserLoginSim, ACrashDoesNotLoseTheLoginPage)
{
    const auto id = start(*alice, "hour", "k1");
    world.run_for(2s); // the form waits for the browser
    EXPECT_FALSE(alice->is_online());
    world.crash(5s);
    world.run_for(10s);
    const auto seen = world.run(alice->watch(id));
    ASSERT_TRUE(seen);
    EXPECT_TRUE(alice->is_online());
    EXPECT_EQ(transaction(id).state, TransactionState::success);
}

TEST_F(BrowserLoginSim, AnUnknownChargeThatIsFoundStillGetsItsForm)
{
    world.pc().forced["charge"] = PcTrouble::answer_lost;
    const auto id = start(*alice, "hour", "k1");
    world.run_for(30s);
    world.pc().forced.clear();
    (void)world.run(alice->watch(id));
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(BrowserLoginSim, AFormThatNobodyPostsGivesTheMoneyBack)
{
    const auto id = start(*alice, "hour", "k1");
    world.run_for(3min);
    EXPECT_EQ(transaction(id).state, TransactionState::refunded);
    EXPECT_EQ(balance(*alice), 50'000);
}

TEST_F(PurchaseSim, TheSameKeyIsTheSamePurchase)
{
    const auto first = start(*alice, "hour", "k1");
    world.run_for(5s);
    EXPECT_EQ(start(*alice, "hour", "k1"), first);
    EXPECT_EQ(refusal(*alice, "quick", "k1"), workflows::PurchaseRejection::idempotency_conflict);
    EXPECT_EQ(refusal(*alice, "hour", "k2"), workflows::PurchaseRejection::device_already_active);
    EXPECT_EQ(balance(*alice), 38'000);
}

TEST_F(PurchaseSim, CapacityAndDailyLimitHold)
{
    Phone& bob = world.add_phone("bob", 50'000);
    Phone& carol = world.add_phone("carol", 50'000);
    (void)world.run(bob.sign_in());
    (void)world.run(carol.sign_in());
    EXPECT_EQ(buy(*alice, "scarce", "a1").state, TransactionState::success);
    EXPECT_EQ(buy(bob, "scarce", "b1").state, TransactionState::success);
    EXPECT_EQ(refusal(carol, "scarce", "c1"), workflows::PurchaseRejection::package_at_capacity);
    world.run_for(16min);
    EXPECT_EQ(buy(*alice, "scarce", "a2").state, TransactionState::success);
    world.run_for(16min);
    EXPECT_EQ(
        refusal(*alice, "scarce", "a3"), workflows::PurchaseRejection::purchase_limit_reached);
}

TEST_F(PurchaseSim, SignInIsLimitedToThreeWrongTries)
{
    Phone& bob = world.add_phone("bob", 0);
    for (int tries = 0; tries < 3; ++tries) {
        const auto answer = world.run(bob.sign_in("wrong"));
        ASSERT_TRUE(answer && !*answer);
        EXPECT_EQ(answer->error().error, workflows::LogInError::invalid_credentials);
    }
    const auto blocked = world.run(bob.sign_in());
    ASSERT_TRUE(blocked && !*blocked);
    EXPECT_EQ(blocked->error().error, workflows::LogInError::rate_limited);
    EXPECT_LE(blocked->error().retry_after, 5min);
    world.run_for(5min);
    const auto later = world.run(bob.sign_in());
    EXPECT_TRUE(later && *later);
}

TEST_F(PurchaseSim, SuspendedMembersAreTold)
{
    Phone& bob = world.add_phone("bob", 0);
    (void)world.pc().model.set_status(
        bob.member_id(), PcAccountStatus::suspended, world.clock().utc_now());
    const auto answer = world.run(bob.sign_in());
    ASSERT_TRUE(answer && !*answer);
    EXPECT_EQ(answer->error().error, workflows::LogInError::account_suspended);
}

} // namespace
} // namespace iwas::sim
