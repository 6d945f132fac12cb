// Comparisons, differences and their events, on every engine.
#include "tests/store/suites.hpp"

namespace iwas::testing_support {

using domain::Difference;
using domain::DifferenceKind;
using domain::DifferenceState;
using domain::OtherSide;
using ports::StoreError;

namespace {

const domain::OrganizationId galaxy = domain::OrganizationId::trusted("galaxy");
const domain::ReconciliationSubject bank{OtherSide::gateway, "bank"};

Difference difference_of(std::uint64_t number, std::string reference)
{
    Difference found;
    found.id = id_of<domain::DifferenceId>(number);
    found.organization = galaxy;
    found.day = "2026-11-26";
    found.subject = bank;
    found.kind = DifferenceKind::missing_there;
    found.reference = std::move(reference);
    found.transaction = id_of<domain::TransactionId>(7);
    found.ours_amount = Money{12'000};
    found.ours = "success";
    found.theirs = "not_found";
    found.found_at = noon;
    found.updated_at = noon;
    return found;
}

} // namespace

TEST_P(ReconciliationContract, TheLatestComparisonOfADayReplacesTheOneBefore)
{
    ports::Comparison comparison;
    comparison.organization = galaxy;
    comparison.day = "2026-11-26";
    comparison.subject = bank;
    comparison.remark = "2 orders were not answered";
    comparison.from = noon;
    comparison.to = noon + 24h;
    comparison.started_at = noon + 25h;
    comparison.finished_at = noon + 26h;
    comparison.asked = 9;
    comparison.unanswered = 2;
    comparison.figures.received = Money{70'000};
    comparison.figures.unaccounted = Money{3};
    comparison.figures.payments = 4;
    ASSERT_TRUE(wait(store().keep_comparison(comparison)));
    comparison.outcome = ports::ComparisonOutcome::complete;
    comparison.remark.clear();
    ASSERT_TRUE(wait(store().keep_comparison(comparison)));
    const auto kept = wait(store().comparisons_of(galaxy, "2026-11-26")).value();
    ASSERT_EQ(kept.size(), 1U);
    EXPECT_EQ(kept.front().outcome, ports::ComparisonOutcome::complete);
    EXPECT_EQ(kept.front().remark, "");
    EXPECT_EQ(kept.front().asked, 9);
    EXPECT_EQ(kept.front().unanswered, 2);
    EXPECT_EQ(kept.front().figures, comparison.figures);
    EXPECT_EQ(kept.front().to, noon + 24h);
    EXPECT_TRUE(wait(store().comparisons_of(galaxy, "2026-11-25")).value().empty());
}

TEST_P(ReconciliationContract, DaysAreReadAtOnceAndEachSubjectHasAFirst)
{
    const domain::ReconciliationSubject q7{OtherSide::pc_system, "q7"};
    const auto keep = [&](std::string day, const domain::ReconciliationSubject& subject) {
        ports::Comparison comparison;
        comparison.organization = galaxy;
        comparison.day = std::move(day);
        comparison.subject = subject;
        ASSERT_TRUE(wait(store().keep_comparison(comparison)));
    };
    keep("2026-11-24", bank);
    keep("2026-11-26", bank);
    keep("2026-11-26", q7);
    keep("2026-11-27", bank);
    const auto between =
        wait(store().comparisons_between(galaxy, "2026-11-25", "2026-11-27")).value();
    ASSERT_EQ(between.size(), 3U);
    EXPECT_EQ(between[0].day, "2026-11-26");
    EXPECT_EQ(between[1].subject, q7);
    EXPECT_EQ(between[2].day, "2026-11-27");
    const auto first = wait(store().first_comparisons(galaxy)).value();
    ASSERT_EQ(first.size(), 2U);
    EXPECT_EQ(first[0].subject, bank);
    EXPECT_EQ(first[0].day, "2026-11-24");
    EXPECT_EQ(first[1].day, "2026-11-26");
    EXPECT_TRUE(
        wait(store().first_comparisons(domain::OrganizationId::trusted("arena"))).value().empty());
}

TEST_P(ReconciliationContract, DifferencesAreCountedByDayStateAndScope)
{
    for (const std::uint64_t number : {1U, 2U, 3U, 4U}) {
        auto found = difference_of(number, "IW" + std::to_string(number));
        if (number == 3) found.subject = {OtherSide::pc_system, "q7"};
        if (number == 4) found.day = "2026-11-25";
        if (number == 2) found.state = DifferenceState::dismissed;
        ASSERT_TRUE(wait(store().keep_difference(found, "r", "")));
    }
    const auto count = [&](std::vector<domain::LocationId> locations) {
        return wait(store().count_differences(
                        galaxy, "2026-11-25", "2026-11-26", std::move(locations)))
            .value();
    };
    const auto all = count({});
    ASSERT_EQ(all.size(), 2U);
    EXPECT_EQ(all[0].day, "2026-11-25");
    EXPECT_EQ(all[0].open, 1);
    EXPECT_EQ(all[0].settled, 0);
    EXPECT_EQ(all[1].open, 2);
    EXPECT_EQ(all[1].settled, 1);
    const auto here = count({domain::LocationId::trusted("q7")});
    ASSERT_EQ(here.size(), 1U);
    EXPECT_EQ(here.front().open, 1);
    EXPECT_TRUE(count({domain::LocationId::trusted("q_7")}).empty());
}

TEST_P(ReconciliationContract, ADifferenceIsKeptOnceHoweverOftenItIsFound)
{
    const auto first = wait(store().keep_difference(difference_of(1, "IW1"), "r", "found")).value();
    EXPECT_EQ(first.version, 1);
    const auto again = wait(store().keep_difference(difference_of(2, "IW1"), "r", "found")).value();
    EXPECT_EQ(again.id, first.id);
    EXPECT_EQ(again.ours_amount, Money{12'000});
    EXPECT_EQ(again.ours, "success");
    EXPECT_EQ(again.theirs, "not_found");
    EXPECT_EQ(again.transaction, id_of<domain::TransactionId>(7));
    EXPECT_EQ(wait(store().difference_events(first.id)).value().size(), 1U);
    EXPECT_EQ(wait(store().find_differences({.organization = galaxy}, 10)).value().size(), 1U);
}

TEST_P(ReconciliationContract, EveryMoveOfADifferenceIsAnEvent)
{
    const auto found = wait(store().keep_difference(difference_of(1, "IW1"), "r", "found")).value();
    const auto explained = wait(store().settle_difference(
        found, DifferenceState::explained, "staff:lan", "paid twice", noon + 1s));
    ASSERT_TRUE(explained);
    EXPECT_EQ(explained->state, DifferenceState::explained);
    // As it was loaded it is no more, and what is explained stays so.
    EXPECT_EQ(
        wait(store().settle_difference(
                 found, DifferenceState::dismissed, "staff:lan", "x", noon + 2s))
            .error(),
        StoreError::conflict);
    EXPECT_EQ(
        wait(store().settle_difference(
                 *explained, DifferenceState::dismissed, "staff:lan", "x", noon + 2s))
            .error(),
        StoreError::conflict);
    const auto events = wait(store().difference_events(found.id)).value();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].actor, "staff:lan");
    EXPECT_EQ(events[1].why, "paid twice");
    EXPECT_EQ(events[1].state_before, "open");
    EXPECT_EQ(events[1].state_after, "explained");
    // Found again, it stays explained.
    const auto again = wait(store().keep_difference(difference_of(3, "IW1"), "r", "found")).value();
    EXPECT_EQ(again.state, DifferenceState::explained);
}

TEST_P(ReconciliationContract, WhatWasCorrectedAndDiffersAgainIsOpenAgain)
{
    const auto found = wait(store().keep_difference(difference_of(1, "IW1"), "r", "found")).value();
    ASSERT_TRUE(wait(store().settle_difference(
        found, DifferenceState::corrected, "r", "no longer differs", noon + 1s)));
    const auto again =
        wait(store().keep_difference(difference_of(2, "IW1"), "r", "differs again")).value();
    EXPECT_EQ(again.state, DifferenceState::open);
    EXPECT_EQ(wait(store().load_difference(found.id)).value()->state, DifferenceState::open);
    EXPECT_EQ(wait(store().difference_events(found.id)).value().size(), 3U);
}

TEST_P(ReconciliationContract, DifferencesAreFoundByWhatIsAskedFor)
{
    ASSERT_TRUE(wait(store().keep_difference(difference_of(1, "IW1"), "r", "")));
    auto other = difference_of(2, "IW2");
    other.day = "2026-11-25";
    other.subject = {OtherSide::pc_system, "q7"};
    other.state = DifferenceState::corrected;
    ASSERT_TRUE(wait(store().keep_difference(other, "r", "")));
    const auto count = [&](ports::DifferenceFilter filter) {
        return wait(store().find_differences(std::move(filter), 10)).value().size();
    };
    EXPECT_EQ(count({}), 2U);
    EXPECT_EQ(count({.organization = galaxy}), 2U);
    EXPECT_EQ(count({.organization = domain::OrganizationId::trusted("arena")}), 0U);
    EXPECT_EQ(count({.day = "2026-11-25"}), 1U);
    EXPECT_EQ(count({.subject = bank}), 1U);
    EXPECT_EQ(count({.state = DifferenceState::open}), 1U);
    EXPECT_EQ(count({.day = "2026-11-25", .state = DifferenceState::open}), 0U);
    EXPECT_EQ(count({.organization = galaxy, .day = "2026-11-25", .subject = other.subject}), 1U);
    EXPECT_EQ(count({.organization = galaxy, .day = "2026-11-25", .subject = bank}), 0U);
    EXPECT_EQ(count({.organization = galaxy, .subject = other.subject}), 1U);
    EXPECT_EQ(count({.organization = galaxy, .state = DifferenceState::corrected}), 1U);
    EXPECT_EQ(
        count({.organization = galaxy, .subject = bank, .state = DifferenceState::corrected}), 0U);
}

TEST_P(ReconciliationContract, RefundsAreFoundByWhenTheyEnded)
{
    auto txn = transaction_of(1);
    txn.payment_account = domain::PaymentAccountId::trusted("bank");
    const auto opened = buy(intent_of(txn, "k1"));
    ASSERT_TRUE(opened);
    ports::Step step;
    step.transaction = opened->transaction;
    step.transaction->state = domain::TransactionState::refunding;
    step.transaction->updated_at = noon + 2s;
    const auto stored = commit(step);
    ASSERT_TRUE(stored);
    EXPECT_TRUE(wait(store().refunds_between(bank, noon, noon + 24h, 10)).value().empty());
    step.transaction->version = stored->transaction_version;
    step.transaction->state = domain::TransactionState::refunded;
    ASSERT_TRUE(commit(step));
    EXPECT_EQ(wait(store().refunds_between(bank, noon, noon + 24h, 10)).value().size(), 1U);
    EXPECT_TRUE(wait(store().refunds_between(bank, noon + 3s, noon + 24h, 10)).value().empty());
    const domain::ReconciliationSubject pc{OtherSide::pc_system, txn.location.text()};
    EXPECT_EQ(wait(store().refunds_between(pc, noon, noon + 24h, 10)).value().size(), 1U);
}

TEST_P(ReconciliationContract, CreditOfADayIsSummedByWhatMovedIt)
{
    const auto opened = buy(intent_of(transaction_of(1), "k1"));
    ASSERT_TRUE(opened);
    const auto& txn = opened->transaction;
    ports::Step step;
    step.credit = {
        {txn.account, txn.id, noon, Money{5'000}, "kept_refund"},
        {txn.account, txn.id, noon + 1s, Money{-2'000}, "spent"},
        {txn.account, txn.id, noon + 2s, Money{-1'000}, "spent"},
        {txn.account, txn.id, noon + 25h, Money{-1'000}, "spent"}};
    ASSERT_TRUE(commit(step));
    const auto movements =
        wait(store().credit_movements(txn.organization, noon, noon + 24h)).value();
    ASSERT_EQ(movements.size(), 2U);
    EXPECT_EQ(movements[0].why, "kept_refund");
    EXPECT_EQ(movements[0].amount, Money{5'000});
    EXPECT_EQ(movements[1].why, "spent");
    EXPECT_EQ(movements[1].entries, 2);
    EXPECT_EQ(movements[1].amount, Money{3'000});
}

TEST_P(ReconciliationContract, AJobIsOfferedOnce)
{
    ports::Job job;
    job.id = id_of<domain::JobId>(5);
    job.kind = ports::JobKind::reconcile;
    job.target = "galaxy";
    job.subject = Ulid{7, 8};
    job.due_at = noon;
    EXPECT_FALSE(wait(store().load_job(job.id)).value());
    EXPECT_TRUE(wait(store().offer_job(job)).value());
    EXPECT_TRUE(wait(store().load_job(job.id)).value());
    job.due_at = noon + 5s;
    EXPECT_FALSE(wait(store().offer_job(job)).value());
    const auto leased = wait(store().lease_jobs(noon, noon + 1s, noon + 60s, 10)).value();
    ASSERT_EQ(leased.size(), 1U);
    EXPECT_EQ(leased.front().kind, ports::JobKind::reconcile);
    const auto loaded = wait(store().load_job(job.id)).value();
    ASSERT_TRUE(loaded);
    EXPECT_EQ(loaded->kind, job.kind);
    EXPECT_EQ(loaded->target, job.target);
    EXPECT_EQ(loaded->subject, job.subject);
    ASSERT_TRUE(wait(store().finish_job(job.id)));
    EXPECT_FALSE(wait(store().load_job(job.id)).value());
}

TEST_P(ReconciliationContract, WhatAPersonDoesIsAnEventAlsoWhereNoStateChanges)
{
    const auto opened = buy(intent_of(transaction_of(1), "k1"));
    ASSERT_TRUE(opened);
    const auto before = wait(store().events_of(opened->transaction.id)).value().size();
    ports::Step step;
    step.transaction = opened->transaction;
    step.actor = "staff:lan";
    step.why = "looked at";
    step.now = noon + 1s;
    ASSERT_TRUE(wait(store().commit(step)));
    const auto events = wait(store().events_of(opened->transaction.id)).value();
    ASSERT_EQ(events.size(), before + 1);
    EXPECT_EQ(events.back().actor, "staff:lan");
}

TEST_P(ReconciliationContract, AStepThatSaysWhyIsAnEventAlsoWhereNoStateChanges)
{
    const auto opened = buy(intent_of(transaction_of(1), "k1"));
    ASSERT_TRUE(opened);
    const auto before = wait(store().events_of(opened->transaction.id)).value().size();
    ports::Step step;
    step.transaction = opened->transaction;
    step.transaction->gateway_refund_id = "RF1";
    step.actor = "system";
    step.why = "refund RF1";
    step.now = noon + 1s;
    ASSERT_TRUE(wait(store().commit(step)));
    const auto events = wait(store().events_of(opened->transaction.id)).value();
    ASSERT_EQ(events.size(), before + 1);
    EXPECT_EQ(events.back().at, noon + 1s);
    EXPECT_EQ(events.back().actor, "system");
    EXPECT_EQ(events.back().why, "refund RF1");
    EXPECT_EQ(events.back().state_before, events.back().state_after);

    // A step that says nothing, and one that meets another version, leave none.
    step.transaction->version = 2;
    step.why.clear();
    ASSERT_TRUE(wait(store().commit(step)));
    step.why = "too late";
    EXPECT_FALSE(wait(store().commit(step)));
    EXPECT_EQ(wait(store().events_of(opened->transaction.id)).value().size(), before + 1);
}

} // namespace iwas::testing_support
