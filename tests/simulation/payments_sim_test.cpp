// Paying at gateways and by bank transfer, scenario by scenario: whatever payers, gateways and
// notices do, each đồng is WiFi, on its way back, store credit, or in the queue.
#include "tests/simulation/payments_scenario.hpp"

namespace iwas::sim {
namespace {

class PaymentsSim : public PaymentsScenario {};

TEST_F(PaymentsSim, AGuestPaysInEveryWayAndIsOnline)
{
    for (const PaymentMethod method : gateway_methods) {
        SCOPED_TRACE(to_text(method));
        Phone& phone = guest();
        const auto id = order(phone, method);
        world.run_for(20s);
        pay(id);
        world.run_for(10s);
        EXPECT_EQ(transaction(id).state, TransactionState::success);
        EXPECT_TRUE(phone.is_online());
    }
    EXPECT_EQ(sums().granted, model().taken());
}

TEST_F(PaymentsSim, WhoHasPaidWhenIwasDiesIsOnlineSoonAfterItIsBack)
{
    const auto id = order(*alice, PaymentMethod::momo);
    bool has_died = false;
    world.tamper_with_steps([&](ports::Step& step) {
        const bool is_paid = step.transaction && step.transaction->id == id &&
                             step.transaction->state == TransactionState::success;
        if (!is_paid || std::exchange(has_died, true)) return;
        world.clock().after(1ms, [&] { world.crash(2s); });
    });
    pay(id);
    world.run_for(10s);
    EXPECT_EQ(world.lives(), 2U);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(PaymentsSim, AMemberPaysAtAGatewayAndKeepsHisBalance)
{
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id);
    world.run_for(5s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_EQ(transaction(id).fee, Money{180}); // 1.5 % of 12,000
    EXPECT_EQ(balance(*alice), 50'000);
}

TEST_F(PaymentsSim, AGuestCannotPayFromABalanceHeDoesNotHave)
{
    Phone& phone = guest();
    EXPECT_EQ(refusal(phone, "hour", "k1"), workflows::PurchaseRejection::payment_method_inactive);
}

TEST_F(PaymentsSim, NobodyPaysAndTheOrderExpires)
{
    const auto id = order(*alice, PaymentMethod::vnpay);
    world.run_for(16min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    EXPECT_EQ(sums().received, Money{});
}

TEST_F(PaymentsSim, LateMoneyStillBuys)
{
    const auto id = order(*alice, PaymentMethod::zalopay);
    world.run_for(20min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    pay(id);
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(PaymentsSim, LateMoneyOfWhoBoughtAgainGoesBack)
{
    const auto late = order(*alice, PaymentMethod::momo);
    world.run_for(20min);
    EXPECT_EQ(buy(*alice, "hour", "k2").state, TransactionState::success);
    pay(late);
    world.run_for(10s);
    EXPECT_EQ(transaction(late).state, TransactionState::refunded);
    EXPECT_EQ(transaction(late).reason, TransactionReason::late_debit);
    EXPECT_EQ(model().given_back(), Money{12'000});
}

TEST_F(PaymentsSim, LateTransferOfWhoBoughtAgainWaitsForAPerson)
{
    const auto late = order(*alice, PaymentMethod::vietqr);
    world.run_for(20min);
    EXPECT_EQ(buy(*alice, "hour", "k2").state, TransactionState::success);
    pay(late);
    world.run_for(10s);
    EXPECT_TRUE(transaction(late).is_refund_queued);
    EXPECT_EQ(queued(), 1);
    EXPECT_TRUE(model().refunds().empty());
}

TEST_F(PaymentsSim, WhoPaysTwiceGetsOneOfThemBack)
{
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id);
    pay(id);
    world.run_for(30s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_EQ(asides(id).front().reason, TransactionReason::second_payment);
    EXPECT_EQ(asides(id).front().state, TransactionState::refunded);
    EXPECT_EQ(sums().granted, Money{12'000});
    EXPECT_EQ(sums().returned, Money{12'000});
}

TEST_F(PaymentsSim, WhatIsPaidTooMuchBecomesCreditAndIsSpentFirst)
{
    Phone& phone = guest();
    const auto id = order(phone, PaymentMethod::vietqr, "quick");
    pay(id, {.amount = due(id) + Money{7'000}});
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_EQ(asides(id).front().amount, Money{7'000});
    EXPECT_TRUE(asides(id).front().is_refund_queued);

    const auto kept = world.run(phone.keep_as_credit(asides(id).front().id));
    ASSERT_TRUE(kept && *kept);
    EXPECT_EQ(credit(phone), Money{7'000});
    EXPECT_EQ(queued(), 0);

    // Agreeing twice gives nothing more.
    (void)world.run(phone.keep_as_credit(asides(id).front().id));
    EXPECT_EQ(credit(phone), Money{7'000});

    const auto next = order(phone, PaymentMethod::momo, "hour", transaction(id).session);
    EXPECT_EQ(transaction(next).credit_used, Money{7'000});
    EXPECT_EQ(credit(phone), Money{});
    pay(next);
    world.run_for(10s);
    EXPECT_EQ(transaction(next).state, TransactionState::success);
    EXPECT_EQ(model().orders().at(transaction(next).order_id).asked.amount, Money{5'000});
}

TEST_F(PaymentsSim, CreditOfAnOrderThatExpiresComesBack)
{
    Phone& phone = guest();
    const auto first = order(phone, PaymentMethod::payos, "quick");
    pay(first, {.amount = due(first) + Money{3'000}});
    world.run_for(10s);
    (void)world.run(phone.keep_as_credit(asides(first).front().id));
    const auto next = order(phone, PaymentMethod::momo, "hour", transaction(first).session);
    EXPECT_EQ(credit(phone), Money{});
    world.run_for(16min);
    EXPECT_EQ(transaction(next).state, TransactionState::expired);
    EXPECT_EQ(credit(phone), Money{3'000});
}

TEST_F(PaymentsSim, PartsOfATransferAddUp)
{
    const auto id = order(*alice, PaymentMethod::vietqr);
    pay(id, {.amount = Money{4'000}});
    world.run_for(14min);
    EXPECT_EQ(transaction(id).state, TransactionState::pending);
    pay(id, {.amount = due(id) - Money{4'000}});
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(asides(id).empty());
}

TEST_F(PaymentsSim, APartAloneWaitsForAPersonWhenTheOrderEnds)
{
    const auto id = order(*alice, PaymentMethod::payos);
    pay(id, {.amount = Money{4'000}});
    world.run_for(30min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_EQ(asides(id).front().amount, Money{4'000});
    EXPECT_EQ(queued(), 1);
}

TEST_F(PaymentsSim, ATransferWithoutMemoIsKnownByItsAmount)
{
    Phone& bob = guest();
    const auto hers = order(*alice, PaymentMethod::vietqr);
    const auto his = order(bob, PaymentMethod::vietqr);
    EXPECT_NE(due(hers), due(his));
    pay(his, {.amount = due(his), .memo = Memo::missing});
    world.run_for(10s);
    EXPECT_EQ(transaction(his).state, TransactionState::success);
    EXPECT_EQ(transaction(hers).state, TransactionState::pending);
}

TEST_F(PaymentsSim, ATransferWithAWrongMemoWaitsForAPerson)
{
    const auto id = order(*alice, PaymentMethod::vietqr);
    pay(id, {.amount = due(id), .memo = Memo::mistyped});
    world.run_for(20min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    EXPECT_EQ(queued(), 1);
    EXPECT_EQ(sums().queued, due(id));
}

TEST_F(PaymentsSim, AStrangersTransferWaitsForAPersonAndIsNobodysCredit)
{
    const auto account = gateway_account(PaymentMethod::vietqr);
    world.gateways().transfer(account, Money{99'000}, "rent");
    world.run_for(10s);
    const auto queue = world.run(world.store().refund_queue(10)).value();
    ASSERT_EQ(queue.size(), 1U);
    EXPECT_EQ(queue.front().transaction.reason, TransactionReason::unmatched_payment);
    (void)world.run(alice->keep_as_credit(queue.front().transaction.id));
    EXPECT_EQ(queued(), 1);
}

TEST_F(PaymentsSim, WhoGivesUpAndPaysAllTheSameIsServed)
{
    const auto id = order(*alice, PaymentMethod::momo);
    (void)world.run(alice->cancel(id));
    EXPECT_EQ(transaction(id).reason, TransactionReason::cancelled);
    pay(id);
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(PaymentsSim, AnExtensionIsPaidAtAGateway)
{
    const auto first = buy(*alice, "hour", "k1");
    const auto id = order(*alice, PaymentMethod::zalopay, "hour", first.session);
    pay(id);
    world.run_for(5s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_GT(left(first.session), Seconds{115min});
}

TEST_F(PaymentsSim, MoneyForAnExtensionOfAnEndedSessionGoesBack)
{
    const auto first = buy(*alice, "quick", "k1");
    const auto id = order(*alice, PaymentMethod::zalopay, "quick", first.session);
    (void)world.run(alice->sign_out(first.session));
    pay(id);
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::refunded);
    EXPECT_EQ(model().given_back(), Money{5'000});
}

TEST_F(PaymentsSim, ARouterThatRefusesGivesTheMoneyBack)
{
    world.router().refuses_logins = true;
    Phone& bob = guest();
    const auto wallet = order(*alice, PaymentMethod::vnpay);
    const auto bank = order(bob, PaymentMethod::vietqr);
    pay(wallet);
    pay(bank);
    world.run_for(2min);
    EXPECT_EQ(transaction(wallet).state, TransactionState::refunded);
    EXPECT_TRUE(transaction(bank).is_refund_queued);
    EXPECT_EQ(sums().returned, due(wallet));
    EXPECT_EQ(sums().queued, due(bank));
}

} // namespace
} // namespace iwas::sim
