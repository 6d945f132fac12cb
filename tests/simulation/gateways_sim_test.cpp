// What gateways and their notices do, scenario by scenario: late, lost, repeated, overtaken,
// untrue, and money that a gateway takes back.
#include "tests/simulation/payments_scenario.hpp"

namespace iwas::sim {
namespace {

class GatewaysSim : public PaymentsScenario {};

TEST_F(GatewaysSim, AskingFindsWhatNoNoticeTells)
{
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id, {.amount = due(id), .is_told = false});
    world.run_for(2min);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
}

TEST_F(GatewaysSim, AskingFindsLateMoneyThatNoNoticeTells)
{
    const auto id = order(*alice, PaymentMethod::vietqr);
    world.run_for(17min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    pay(id, {.amount = due(id), .is_told = false});
    world.run_for(30min);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
}

TEST_F(GatewaysSim, TwentyNoticesAtOnceGrantOnce)
{
    const auto id = order(*alice, PaymentMethod::momo);
    const std::string paid = pay(id, {.amount = due(id), .is_told = false});
    int taken = 0;
    for (int copy = 0; copy < 20; ++copy)
        world.deliver_notice(
            gateway_account(PaymentMethod::momo),
            "paid " + transaction(id).order_id + " 12000 " + paid,
            [&](bool is_durable) { taken += is_durable ? 1 : 0; });
    world.run_for(10s);
    EXPECT_EQ(taken, 20);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(asides(id).empty());
    EXPECT_EQ(world.auditor().sessions().size(), 1U);
}

TEST_F(GatewaysSim, ARefusalThatComesAfterTheMoneyChangesNothing)
{
    const auto id = order(*alice, PaymentMethod::vnpay);
    pay(id);
    world.run_for(10s);
    world.gateways().refuse(transaction(id).order_id);
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(GatewaysSim, ARefusalThatOvertakesTheMoneyOnlyDelaysIt)
{
    const auto id = order(*alice, PaymentMethod::vnpay);
    world.gateways().refuse(transaction(id).order_id);
    world.run_for(5s);
    EXPECT_EQ(transaction(id).state, TransactionState::failed);
    EXPECT_EQ(transaction(id).reason, TransactionReason::declined);
    pay(id);
    world.run_for(5s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
}

TEST_F(GatewaysSim, ANoticeOfAnotherAmountGrantsNothingAndWaitsForAPerson)
{
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id, {.amount = due(id), .told_more = Money{1'000}});
    world.run_for(20min);
    EXPECT_EQ(transaction(id).state, TransactionState::expired);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_EQ(asides(id).front().reason, TransactionReason::amount_mismatch);
    EXPECT_TRUE(asides(id).front().is_refund_queued);
}

TEST_F(GatewaysSim, MoneyThatTheGatewayDoubtsWaitsForAPerson)
{
    const auto id = order(*alice, PaymentMethod::zalopay);
    model().doubt(transaction(id).order_id);
    pay(id);
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::failed);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_EQ(asides(id).front().reason, TransactionReason::doubtful_payment);
    EXPECT_FALSE(alice->is_online());
}

TEST_F(GatewaysSim, AGatewayThatIsDownIsNoWayToPayAndTakesNothing)
{
    model().is_down = true;
    const auto opened = world.run(alice->buy("hour", "k1", std::nullopt, PaymentMethod::momo));
    ASSERT_TRUE(opened && *opened);
    const auto id = (*opened)->transaction.id;
    world.run_for(5s);
    EXPECT_EQ(transaction(id).state, TransactionState::failed);
    EXPECT_EQ(transaction(id).reason, TransactionReason::payment_unavailable);
    // Nothing stands in the way of another.
    EXPECT_EQ(buy(*alice, "hour", "k2").state, TransactionState::success);
}

TEST_F(GatewaysSim, AnInvitationThatGetsLostEndsTheOrder)
{
    world.nature().faults.gateway_answer_lost = 1;
    const auto opened = world.run(alice->buy("hour", "k1", std::nullopt, PaymentMethod::momo));
    ASSERT_TRUE(opened && *opened);
    const auto id = (*opened)->transaction.id;
    world.run_for(30s);
    EXPECT_EQ(transaction(id).state, TransactionState::failed);
    EXPECT_EQ(transaction(id).reason, TransactionReason::payment_unavailable);
    EXPECT_EQ(model().orders().size(), 1U); // made once, whatever was repeated
}

TEST_F(GatewaysSim, ASlowRefundIsAskedAboutUntilItIsMade)
{
    model().refunds_take_time = true;
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id);
    pay(id);
    world.run_for(2min);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_EQ(asides(id).front().state, TransactionState::refunded);
    EXPECT_EQ(model().refunds().size(), 1U);
}

TEST_F(GatewaysSim, ARefundWhoseAnswersGetLostIsMadeOnce)
{
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id);
    world.run_for(10s);
    world.nature().faults.gateway_answer_lost = 0.8;
    pay(id);
    world.run_for(30min);
    world.nature().faults.gateway_answer_lost = 0;
    ASSERT_TRUE(world.run_until_quiet(3h));
    EXPECT_EQ(model().refunds().size(), 1U);
    EXPECT_EQ(model().given_back(), Money{12'000});
}

TEST_F(GatewaysSim, ARefundThatTheGatewayRefusesWaitsForAPersonAndIsNeverCreditAsWell)
{
    model().refunds_fail = true;
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id);
    pay(id);
    world.run_for(2min);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_TRUE(asides(id).front().is_refund_queued);
    EXPECT_EQ(queued(), 1);
    // The gateway may still say that it was made.
    (void)world.run(alice->keep_as_credit(asides(id).front().id));
    EXPECT_EQ(credit(*alice), Money{});
    EXPECT_EQ(queued(), 1);
    EXPECT_EQ(model().given_back(), Money{});
}

TEST_F(GatewaysSim, ARefundThatFailsInTheEndWaitsForAPerson)
{
    model().refunds_take_time = true;
    model().slow_refunds_fail = true;
    const auto id = order(*alice, PaymentMethod::vnpay);
    pay(id);
    pay(id);
    world.run_for(2min);
    ASSERT_EQ(asides(id).size(), 1U);
    EXPECT_TRUE(asides(id).front().is_refund_queued);
    EXPECT_EQ(queued(), 1);
}

TEST_F(GatewaysSim, ARefundOfWhichNobodyHearsIsNeverCreditAsWell)
{
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id);
    world.run_for(10s);
    // Made at the gateway, which does not answer for days.
    model().refund_fails = ports::GatewayError::unknown;
    model().find_fails = ports::GatewayError::unavailable;
    pay(id);
    world.run_for(26h);
    ASSERT_EQ(asides(id).size(), 1U);
    const domain::Transaction aside = asides(id).front();
    EXPECT_TRUE(aside.is_refund_queued);
    EXPECT_EQ(model().given_back(), Money{12'000});
    (void)world.run(alice->keep_as_credit(aside.id));
    EXPECT_EQ(credit(*alice), Money{});
    EXPECT_TRUE(transaction(aside.id).is_refund_queued);
}

TEST_F(GatewaysSim, ASuccessThatTheGatewayTakesBackIsNotRefundedAgain)
{
    const auto id = order(*alice, PaymentMethod::momo);
    const std::string first = pay(id);
    const std::string second = pay(id, {.amount = due(id), .is_told = false});
    EXPECT_TRUE(model().reverse(second));
    world.run_for(10s);
    EXPECT_EQ(transaction(id).state, TransactionState::success);
    // The one that bought WiFi is taken back as well; then the order is not refunded a second time.
    EXPECT_TRUE(model().reverse(first));
    EXPECT_FALSE(model().reverse(first));
    world.run_for(10min);
    EXPECT_EQ(model().given_back(), Money{});
    EXPECT_TRUE(model().refunds().empty());
}

TEST_F(GatewaysSim, AReversedPaymentThatHasToGoBackWaitsForAPerson)
{
    world.router().refuses_logins = true;
    const auto id = order(*alice, PaymentMethod::momo);
    const std::string paid = pay(id);
    model().is_down = true; // the refund has to wait
    world.run_for(5s);
    EXPECT_TRUE(model().reverse(paid));
    model().is_down = false;
    world.run_for(2min);
    EXPECT_TRUE(transaction(id).is_refund_queued);
    EXPECT_EQ(model().given_back(), Money{});
}

} // namespace
} // namespace iwas::sim
