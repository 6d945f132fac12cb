// Differences that cannot be noted: what they are about is left alone, so that it is told later.
#include "tests/money/money_world.hpp"

#include <algorithm>

namespace iwas::testing_support {
namespace {

using domain::PaymentMethod;
using domain::TransactionState;
using ports::ComparisonOutcome;

class UnnotedTest : public MoneyTest {
protected:
    /// As `compare`, with a store that keeps one difference only.
    Result<ports::Comparison, ports::StoreError> compare_once_noted(const std::string& subject)
    {
        const auto& organization = view.catalog.organizations.begin()->second;
        const domain::LocalDay day{
            domain::date_from("2026-11-26").value(), clock.now - 34h, clock.now - 10h};
        return run(forgetful.compare(organization, day, {domain::OtherSide::gateway, subject}));
    }
    int in_state(const std::vector<domain::Transaction>& orders, TransactionState state)
    {
        return static_cast<int>(std::ranges::count_if(
            orders, [&](const auto& each) { return stored(each.id).state == state; }));
    }

    /// Two payments come unheard, and one of them can be noted at first.
    void expect_taken_in_with_its_note(PaymentMethod method, const std::string& account)
    {
        const std::vector orders{buy(method), buy(method)};
        pass(1min);
        for (const auto& each : orders)
            pay_unheard(each);
        const auto recorded = [&] {
            const auto id = domain::PaymentAccountId::trusted(account);
            return run(store->payments_between(id, clock.now - 34h, clock.now, 10)).value().size();
        };
        clock.now = from_rfc3339("2026-11-27T03:00:00Z").value();
        EXPECT_FALSE(compare_once_noted(account)) << "it is not said to be compared";
        EXPECT_EQ(differences().size(), 1U);
        EXPECT_EQ(recorded(), 1U);
        // The next comparison says a word about the other one too.
        EXPECT_EQ(compare(account, "2026-11-26").outcome, ComparisonOutcome::complete);
        EXPECT_EQ(differences().size(), 2U);
        EXPECT_EQ(recorded(), 2U);
    }

    StuckRandom stuck;
    workflows::Outside stuck_outside{*store, view,  pc_system, gateways, access, directory,
                                     clock,  stuck, tracer,    notifier, tasks};
    workflows::Reconcile forgetful{stuck_outside, purchases, {.pause = 0ms}};
};

TEST_F(UnnotedTest, WhatCannotBeNotedIsNotTakenInFromAList)
{
    expect_taken_in_with_its_note(PaymentMethod::vietqr, "bank");
}

TEST_F(UnnotedTest, WhatCannotBeNotedIsNotTakenInFromAnAnswer)
{
    expect_taken_in_with_its_note(PaymentMethod::momo, "momo");
}

TEST_F(UnnotedTest, AnOrderWhoseEndCannotBeNotedDoesNotEnd)
{
    const std::vector orders{buy(PaymentMethod::momo), buy(PaymentMethod::momo)};
    for (const auto& each : orders)
        gateways.refuse(each.order_id);
    clock.now = from_rfc3339("2026-11-27T03:00:00Z").value();
    EXPECT_FALSE(compare_once_noted("momo"));
    EXPECT_EQ(in_state(orders, TransactionState::failed), 1);
    EXPECT_EQ(compare("momo", "2026-11-26").outcome, ComparisonOutcome::complete);
    EXPECT_EQ(in_state(orders, TransactionState::failed), 2);
    EXPECT_EQ(differences().size(), 2U);
}

TEST_F(UnnotedTest, ARefusalThatCannotBeNotedIsAskedForAgain)
{
    const auto gateway = domain::PaymentAccountId::trusted("vnpay");
    const auto organization = view.catalog.organizations.begin()->first;
    domain::PaymentAccount account;
    account.id = gateway;
    account.organization = organization;
    account.method = PaymentMethod::vnpay;
    view.catalog.payment_accounts[gateway] = account;
    gateways.without_list.insert(gateway);
    std::vector<domain::Transaction> given_back;
    for (const char* key : {"k1", "k2"}) {
        const auto order = paid(buy(PaymentMethod::vnpay));
        ASSERT_TRUE(run(refunds.start(order.id, std::nullopt, {"lan", "did not work"}, key)));
        run_jobs();
        given_back.push_back(stored(order.id));
    }
    const auto turn = [&] {
        run(forgetful.handle(workflows::reconcile_job(organization, {}, clock.now)));
    };
    clock.now = from_rfc3339("2026-11-27T03:00:00Z").value();
    turn();
    ASSERT_TRUE(differences().empty());

    for (const auto& each : given_back)
        gateways.fail_refund(each.refund_id);
    pass(24h);
    turn();
    EXPECT_EQ(differences().size(), 1U);
    pass(1h);
    turn();
    EXPECT_EQ(differences().size(), 2U);
}

} // namespace
} // namespace iwas::testing_support
