// The auditor itself: a ledger or gateway with a bug is caught, each by the rule that it breaks.
// Without this, worlds in which nothing is ever found would prove nothing.
#include "tests/simulation/payments_scenario.hpp"

namespace iwas::sim {
namespace {

class AuditorSim : public PaymentsScenario {
protected:
    /// Here rules shall break.
    void TearDown() override {}

    void settle()
    {
        world.stop_faults();
        if (world.run_until_quiet(2h)) world.check_settled();
        world.auditor().check_money();
    }
    bool has_broken(std::string_view rule)
    {
        settle();
        for (const std::string& each : world.broken())
            if (each.find(rule) != std::string::npos) return true;
        for (const std::string& each : world.broken())
            std::puts(each.c_str());
        return false;
    }
};

TEST_F(AuditorSim, FindsNothingWrongInAWorldWithoutBugs)
{
    const auto id = order(*alice, PaymentMethod::vietqr);
    pay(id, {.amount = due(id) + Money{5'000}});
    settle();
    EXPECT_TRUE(world.broken().empty());
    EXPECT_EQ(sums().received, due(id) + Money{5'000});
}

TEST_F(AuditorSim, SeesASurplusThatIsForgotten)
{
    world.tamper_with_steps([](ports::Step& step) { step.others.clear(); });
    const auto id = order(*alice, PaymentMethod::vietqr);
    pay(id, {.amount = due(id) + Money{5'000}});
    EXPECT_TRUE(has_broken("granted for another amount than was paid"));
    EXPECT_TRUE(has_broken("money: received"));
}

TEST_F(AuditorSim, SeesAPaymentThatIsNotRecorded)
{
    world.tamper_with_steps([](ports::Step& step) { step.payments.clear(); });
    pay(order(*alice, PaymentMethod::momo));
    EXPECT_TRUE(has_broken("granted for another amount than was paid"));
    EXPECT_TRUE(has_broken("does not become quiet"));
}

TEST_F(AuditorSim, SeesAccessForTooLittle)
{
    world.tamper_with_steps([](ports::Step& step) {
        if (step.payments.empty() || step.session) return;
        step.transaction->state = TransactionState::success;
    });
    const auto id = order(*alice, PaymentMethod::vietqr);
    pay(id, {.amount = Money{1'000}});
    EXPECT_TRUE(has_broken("granted for another amount than was paid"));
    EXPECT_TRUE(has_broken("paid without a session"));
}

TEST_F(AuditorSim, SeesAnInventedAmount)
{
    world.tamper_with_steps([](ports::Step& step) {
        for (domain::Payment& payment : step.payments)
            payment.amount += Money{1};
    });
    pay(order(*alice, PaymentMethod::zalopay));
    EXPECT_TRUE(has_broken("recorded with another amount"));
}

TEST_F(AuditorSim, SeesAnInventedPayment)
{
    world.tamper_with_steps([](ports::Step& step) {
        for (domain::Payment& payment : step.payments)
            payment.gateway_id = "never-paid";
    });
    pay(order(*alice, PaymentMethod::zalopay));
    EXPECT_TRUE(has_broken("a payment that nobody made"));
}

TEST_F(AuditorSim, SeesCreditThatIsGivenTwice)
{
    const auto id = order(*alice, PaymentMethod::vietqr);
    pay(id, {.amount = due(id) + Money{5'000}});
    world.run_for(10s);
    world.tamper_with_steps([](ports::Step& step) {
        for (ports::CreditEntry& entry : step.credit)
            entry.amount += entry.amount;
    });
    (void)world.run(alice->keep_as_credit(asides(id).front().id));
    EXPECT_TRUE(has_broken("not refunded exactly once"));
    EXPECT_TRUE(has_broken("money: received"));
}

TEST_F(AuditorSim, SeesMoneyThatIsKeptWithNothingGiven)
{
    // The order ends and takes a part of its money with it.
    const auto id = order(*alice, PaymentMethod::payos);
    pay(id, {.amount = Money{2'000}});
    world.run_for(10s);
    world.tamper_with_steps([](ports::Step& step) { step.others.clear(); });
    world.run_for(20min);
    EXPECT_TRUE(has_broken("an ended order keeps money"));
}

TEST_F(AuditorSim, SeesARefundThatIsOnlySaidToBeMade)
{
    world.router().refuses_logins = true;
    model().refunds_fail = true;
    const auto id = order(*alice, PaymentMethod::momo);
    world.tamper_with_steps([](ports::Step& step) {
        if (step.transaction && step.transaction->state == TransactionState::refunding)
            step.transaction->state = TransactionState::refunded;
    });
    pay(id);
    world.run_for(2min);
    EXPECT_TRUE(has_broken("not refunded exactly once"));
}

TEST_F(AuditorSim, SeesARefundOfWhatIsGranted)
{
    const auto id = order(*alice, PaymentMethod::momo);
    const std::string paid = pay(id);
    world.run_for(10s);
    (void)world.run(model().refund(
        gateway_account(PaymentMethod::momo),
        {.refund_id = "by mistake",
         .order_id = transaction(id).order_id,
         .gateway_id = paid,
         .amount = due(id),
         .paid = due(id)},
        world.clock().steady_now()));
    EXPECT_TRUE(has_broken("a refund that is not ours: by mistake"));
}

TEST_F(AuditorSim, SeesAPaymentOfWhichIwasNeverLearns)
{
    const auto id = order(*alice, PaymentMethod::vietqr);
    (void)model().transfer(gateway_account(PaymentMethod::vietqr), due(id), "");
    EXPECT_TRUE(has_broken("IWAS never learned of payment"));
}

TEST_F(AuditorSim, SeesAQueueThatForgets)
{
    const auto id = order(*alice, PaymentMethod::vietqr);
    pay(id, {.amount = due(id) + Money{5'000}});
    world.run_for(10s);
    world.auditor().check_queue({});
    EXPECT_TRUE(has_broken("the refund queue lacks"));
}

TEST_F(AuditorSim, SeesTwoGrantsForOneOrder)
{
    const auto id = order(*alice, PaymentMethod::momo);
    pay(id);
    world.run_for(10s);
    ports::Step again{.transaction = transaction(id), .session = session(transaction(id).session)};
    again.session->id = world.random().make_id<domain::SessionId>(world.clock().utc_now());
    world.auditor().committed(again);
    EXPECT_TRUE(has_broken("two sessions for one order"));
}

} // namespace
} // namespace iwas::sim
