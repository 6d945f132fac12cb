// Days are closed over books that were falsified, and the audit that watches it can fail.
#include "sim/world/day_end.hpp"
#include "sim/world/forger.hpp"
#include "tests/simulation/payments_scenario.hpp"
#include "workflows/local_days.hpp"

#include <gmock/gmock.h>

namespace iwas::sim {
namespace {

using domain::Difference;
using domain::DifferenceKind;
using domain::DifferenceState;
using domain::OtherSide;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ReconciliationSim : public PaymentsScenario {
protected:
    ReconciliationSim() { model().without_list.insert(gateway_account(PaymentMethod::momo)); }
    /// A world with a paid order at a wallet, one at a bank and a debit.
    void sell()
    {
        momo_ = order(guest(), PaymentMethod::momo);
        (void)pay(momo_);
        bank_ = order(guest(), PaymentMethod::vietqr, "quick");
        (void)pay(bank_);
        debit_ = buy(*alice, "quick", "debit").id;
        world.run_for(std::chrono::minutes{6});
    }
    DayEndReport end(const DayEndPlan& plan = {}) { return end_days(world, plan, random_); }
    std::vector<Difference> stored()
    {
        return world.run(world.store().find_differences({}, 1'000)).value();
    }
    [[nodiscard]] ReconciliationAudit audit()
    {
        return {
            world.auditor(), world.gateways(), world.pc(), world.catalog(),
            [this](std::string rule) { rules_.push_back(std::move(rule)); }};
    }
    [[nodiscard]] domain::LocalDay today()
    {
        domain::LocalDay day = workflows::day_at(world.clock(), world.clock().utc_now(), "");
        day.to = world.clock().utc_now() - Seconds{300};
        return day;
    }
    std::string payment_of(domain::TransactionId id) { return transaction(id).charge_id; }
    /// The book of a gateway loses a payment.
    void lose(const std::string& payment)
    {
        world.gateways().spoiled.payments.insert(payment);
        model().forget(payment);
    }

    SimRandom random_{7};
    std::vector<std::string> rules_;
    domain::TransactionId momo_;
    domain::TransactionId bank_;
    domain::TransactionId debit_;
};

TEST_F(ReconciliationSim, DaysOfWhichAllAgreeHaveNoDifferences)
{
    sell();
    const auto report = end();
    EXPECT_EQ(report.found, 0U);
    EXPECT_EQ(report.runs, 6U); // five accounts and the PC system
    EXPECT_EQ(transaction(debit_).state, TransactionState::success);
}

TEST_F(ReconciliationSim, ALostPaymentIsFoundWithAndWithoutAList)
{
    sell();
    lose(payment_of(momo_));
    lose(payment_of(bank_));
    const auto report = end();
    EXPECT_EQ(report.open, 2U);
    for (const Difference& each : stored())
        EXPECT_EQ(each.kind, DifferenceKind::missing_there);
}

TEST_F(ReconciliationSim, MoneyThatNobodyToldIsTakenInOnceThroughTroubleAndDeath)
{
    sell();
    const auto account = gateway_account(PaymentMethod::vietqr);
    ports::ReceivedMoney stray;
    ports::ReceivedMoney second;
    const auto lives = world.lives();
    const auto report = end(
        {.forge =
             [&] {
                 const UtcTime paid_at = world.clock().utc_now() - Seconds{310};
                 stray = model().enter(account, "", Money{7'777}, paid_at);
                 second = model().enter(account, transaction(bank_).order_id, due(bank_), paid_at);
             },
         .has_trouble = true,
         .dies_after = 40,
         .waits = true});
    EXPECT_EQ(world.lives(), lives + 1);
    EXPECT_EQ(report.found, 2U);
    EXPECT_EQ(report.open, 0U);
    EXPECT_TRUE(world.auditor().money().recorded().contains(stray.gateway_id));
    EXPECT_TRUE(world.auditor().money().recorded().contains(second.gateway_id));
    EXPECT_EQ(queued(), 2); // both wait for a person: banks give nothing back by themselves
}

TEST_F(ReconciliationSim, TheAuditSeesWhatWasNotFound)
{
    sell();
    lose(payment_of(momo_));
    const auto told = audit().truth(today());
    ASSERT_EQ(told.size(), 1U);
    audit().check_found(told, {}, {});
    EXPECT_THAT(rules_, Contains(HasSubstr("did not find: missing_there")));
    rules_.clear();
    audit().check_open(told, {});
    EXPECT_THAT(rules_, Contains(HasSubstr("it differs and is not open")));
}

TEST_F(ReconciliationSim, TheAuditSeesWhatIsNotSo)
{
    sell();
    Difference invented;
    invented.id = random_.make_id<domain::DifferenceId>(world.clock().utc_now());
    invented.organization = cafe_organization;
    invented.day = domain::to_text(today().date);
    invented.subject = {OtherSide::gateway, "momo"};
    invented.kind = DifferenceKind::missing_there;
    invented.reference = payment_of(momo_);
    invented.ours_amount = due(momo_);
    audit().check_found({}, {invented}, {});
    EXPECT_THAT(rules_, Contains(HasSubstr("tells what is not so: missing_there")));
    rules_.clear();
    audit().check_open({}, {invented});
    EXPECT_THAT(rules_, Contains(HasSubstr("it is open and does not differ")));
}

TEST_F(ReconciliationSim, TheAuditSeesAnotherAmount)
{
    sell();
    lose(payment_of(momo_));
    const auto told = audit().truth(today());
    (void)end();
    auto found = stored();
    ASSERT_EQ(found.size(), 1U);
    audit().check_found(told, found, {});
    EXPECT_THAT(rules_, IsEmpty());
    found.front().ours_amount += Money{1};
    audit().check_found(told, found, {});
    EXPECT_THAT(rules_, Contains(HasSubstr("did not find")));
}

TEST_F(ReconciliationSim, TheAuditSeesThatTheLedgerWasTouched)
{
    sell();
    auto before = audit().ledger();
    audit().check_ledger(before, {});
    EXPECT_THAT(rules_, IsEmpty());
    before.transactions.at(momo_).state = TransactionState::refunding;
    audit().check_ledger(before, {});
    EXPECT_THAT(rules_, Contains(HasSubstr("reconciling changed")));
    rules_.clear();
    before = audit().ledger();
    before.transactions.erase(debit_);
    audit().check_ledger(before, {});
    EXPECT_THAT(rules_, Contains(HasSubstr("reconciling made")));
}

TEST_F(ReconciliationSim, TheAuditSeesWrongSums)
{
    sell();
    (void)end();
    auto all =
        world.run(world.store().comparisons_of(cafe_organization, domain::to_text(today().date)))
            .value();
    for (ports::Comparison& each : all) {
        audit().check_figures(each, {});
        EXPECT_THAT(rules_, IsEmpty());
        each.figures.received += Money{1};
        audit().check_figures(each, {});
        EXPECT_THAT(rules_, Contains(HasSubstr("the figures of")));
        EXPECT_THAT(rules_, Contains(HasSubstr("money without a place")));
        rules_.clear();
    }
    model().change_amount(payment_of(bank_), due(bank_) + Money{500});
    world.gateways().spoiled.payments.insert(payment_of(bank_));
    for (ports::Comparison& each : all)
        each.figures.received -= Money{1};
    for (const ports::Comparison& each : all)
        audit().check_figures(each, {});
    EXPECT_THAT(rules_, Contains(HasSubstr("the book of vietqr has")));
}

} // namespace
} // namespace iwas::sim
