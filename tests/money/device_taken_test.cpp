// A device that got another session while nobody knew what had become of its purchase.
#include "tests/money/money_world.hpp"
#include "workflows/session_steps.hpp"

namespace iwas::testing_support {
namespace {

using domain::PaymentMethod;
using domain::SessionState;
using domain::TransactionReason;
using domain::TransactionState;

class DeviceTakenTest : public MoneyTest {
protected:
    domain::Visit visit()
    {
        domain::Visit here;
        here.id = random.make_id<domain::VisitId>(clock.now);
        here.location = domain::LocationId::trusted("q7");
        here.router = domain::RouterId::trusted("r1");
        here.mac = *MacAddress::parse("A4:5E:60:33:44:55");
        here.ip = Ipv4Address::parse("192.168.20.33");
        here.created_at = clock.now;
        return here;
    }
    /// A purchase for the phone of `visit` that stops where its debit is asked for.
    domain::Transaction begun(PaymentMethod method)
    {
        const auto opened = run(purchases.begin(request(method)));
        if (!opened) throw std::runtime_error{"the purchase is refused"};
        return opened->transaction;
    }
    domain::Transaction bought(PaymentMethod method)
    {
        const auto wish = request(method);
        const auto opened = run(purchases.begin(wish));
        if (!opened) throw std::runtime_error{"the purchase is refused"};
        run(purchases.carry_out(opened->transaction, wish));
        return stored(opened->transaction.id);
    }
    /// The time of a session that the phone had stands still.
    domain::Transaction with_time_that_stands()
    {
        auto before = bought(PaymentMethod::pc_balance);
        EXPECT_TRUE(run(sessions.pause(session_of(before), "customer")));
        EXPECT_EQ(session_of(before).state, SessionState::paused);
        return before;
    }
    void go_on(const domain::Transaction& before)
    {
        ASSERT_TRUE(run(sessions.admit_device(member.id, before.session, visit())));
        ASSERT_EQ(session_of(before).state, SessionState::active);
    }
    /// The PC system has debited, and nobody heard of it.
    void debit(const domain::Transaction& order)
    {
        const std::string reference = domain::charge_reference(order.id);
        pc_system.charges[reference] = {
            "ch-" + reference, reference, member.member_id, due_of(order), Money{}};
    }
    /// Until the job of an interrupted purchase is taken up, and a little longer.
    void wait_for_job()
    {
        for (int tries = 0; tries < 5; ++tries) {
            pass(1min);
            run_jobs();
        }
    }
    bool has_job(const domain::Transaction& order)
    {
        using ports::JobKind;
        for (const auto kind : {JobKind::resume_purchase, JobKind::refund})
            if (run(store->load_job(workflows::job_id(kind, order.id.value()))).value())
                return true;
        return false;
    }

private:
    workflows::PurchaseRequest request(PaymentMethod method)
    {
        return {
            .account = member,
            .visit = visit(),
            .package = domain::PackageId::trusted("pkg_3h"),
            .quoted_price = Money{12'000},
            .idempotency_key = "phone-" + std::to_string(++orders_),
            .method = method};
    }
    int orders_ = 0;
};

TEST_F(DeviceTakenTest, ADebitGoesBackWhenTimeThatStoodStillHasTheDeviceAgain)
{
    const auto before = with_time_that_stands();
    const auto order = begun(PaymentMethod::pc_balance);
    debit(order);
    go_on(before);
    wait_for_job();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_EQ(stored(order.id).reason, TransactionReason::activation_failed);
    EXPECT_EQ(
        pc_system.charges.at(domain::charge_reference(order.id)).refunded_total, Money{12'000});
    EXPECT_FALSE(has_job(order)) << "nothing is left to be tried again";
    EXPECT_EQ(session_of(before).state, SessionState::active);
    EXPECT_FALSE(run(store->load_session(order.session)).value());
    pass(24h);
    (void)compare("q7", "2026-11-26");
    EXPECT_TRUE(differences().empty());
}

TEST_F(DeviceTakenTest, ADebitGoesBackWhenLateMoneyHasTheDevice)
{
    const auto cancelled = bought(PaymentMethod::momo);
    ASSERT_TRUE(run(purchases.cancel(cancelled.id)));
    const auto order = begun(PaymentMethod::pc_balance);
    debit(order);
    ASSERT_EQ(paid(cancelled).state, TransactionState::success);
    wait_for_job();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_EQ(
        pc_system.charges.at(domain::charge_reference(order.id)).refunded_total, Money{12'000});
    EXPECT_FALSE(has_job(order));
    EXPECT_EQ(session_of(cancelled).state, SessionState::active);
}

TEST_F(DeviceTakenTest, StoreCreditComesBackInTheSameWay)
{
    const auto before = with_time_that_stands();
    ports::Step gift;
    gift.credit = {{member.id, before.id, clock.now, Money{12'000}, "kept_refund"}};
    gift.now = clock.now;
    ASSERT_TRUE(run(store->commit(gift)));
    const auto order = begun(PaymentMethod::pc_balance);
    ASSERT_EQ(order.method, PaymentMethod::store_credit);
    ASSERT_EQ(run(store->credit_of(member.id)).value(), Money{});
    go_on(before);
    wait_for_job();
    EXPECT_EQ(stored(order.id).state, TransactionState::refunded);
    EXPECT_EQ(run(store->credit_of(member.id)).value(), Money{12'000});
    EXPECT_FALSE(has_job(order));
    EXPECT_EQ(session_of(before).state, SessionState::active);
}

} // namespace
} // namespace iwas::testing_support
