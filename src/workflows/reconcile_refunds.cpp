// The part of Reconcile that asks gateways for the refunds of a day.
#include "workflows/local_days.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/reconcile.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::Difference;
using domain::DifferenceKind;
using domain::Transaction;
using domain::TransactionState;
using ports::ComparisonOutcome;
using ports::GatewayError;

namespace {

/// The reference of a difference about the refund. What a person settled has one of its own: what
/// was said before, while it waited for him, was something else.
std::string reference_of(const Transaction& refund)
{
    return domain::is_settled_by_people(refund) ? to_string(refund.id) : refund.gateway_refund_id;
}

/// Whether a person noted the gateway's own refund as the way in which the money went back: then it
/// went once.
bool is_noted_as_its_own(const Transaction& refund, std::string_view gateway_id)
{
    std::string_view noted = refund.refund_id;
    if (!noted.starts_with(domain::by_hand_refund_prefix)) return false;
    noted.remove_prefix(domain::by_hand_refund_prefix.size());
    return noted == refund.gateway_refund_id || (!gateway_id.empty() && noted == gateway_id);
}

} // namespace

awaitable<void> Reconcile::compare_refunds(Work& work)
{
    auto ended = co_await outside_.store.refunds_between(
        work.comparison.subject, work.day.from, work.day.to, limits_.rows_max);
    if (!ended) {
        work.is_stored = false;
        co_return;
    }
    std::ranges::move(*ended, std::back_inserter(work.refunds));
    bool are_by_hand = false;
    std::set<domain::TransactionId> asked;
    for (const Transaction& refund : work.refunds) {
        // A gateway that was asked may make the refund also after a person has settled it.
        const bool was_asked = !refund.gateway_refund_id.empty();
        are_by_hand = are_by_hand || !was_asked || domain::is_settled_by_people(refund);
        if (!was_asked || !asked.insert(refund.id).second) continue;
        const bool may_go_on = co_await may_ask(work);
        if (!may_go_on) co_return;
        const bool is_answered = co_await compare_refund(work, refund);
        if (!is_answered) unanswered(work);
    }
    if (are_by_hand && work.comparison.outcome != ComparisonOutcome::not_comparable)
        work.comparison.remark.append(work.comparison.remark.empty() ? "" : "; ")
            .append("refunds made by hand are not compared: nobody lists them");
}

awaitable<bool> Reconcile::compare_refund(Work& work, Transaction refund)
{
    const SteadyTime by = outside_.clock.steady_now() + limits_.ask_within;
    const auto status = co_await purchases_.ask_for_refund(refund, by);
    std::string theirs;
    if (status) {
        switch (status->state) {
        case ports::RefundState::done: theirs = "done"; break;
        case ports::RefundState::pending: theirs = "under way"; break;
        case ports::RefundState::failed:
            theirs = status->code.empty() ? "failed" : "failed, code " + status->code;
            break;
        }
    } else if (status.error().error == GatewayError::not_found) {
        theirs = "not known";
    } else if (status.error().error == GatewayError::not_supported) {
        co_return true;
    } else {
        co_return false;
    }
    const bool is_done_there = status && status->state == ports::RefundState::done;
    const bool is_done_here = refund.state == TransactionState::refunded;
    if (is_done_here && domain::is_settled_by_people(refund)) {
        const bool is_same = is_done_there && is_noted_as_its_own(refund, status->gateway_id);
        if (is_done_there && !is_same)
            co_await note_twice_returned(work, std::move(refund), std::move(theirs));
        co_return true;
    }
    // What is under way by itself ends by itself.
    const bool is_under_way = !is_done_here && !refund.is_refund_queued;
    // Of a part some gateways only say that there is something.
    const bool may_be_done_there = status && status->state == ports::RefundState::pending;
    const bool agrees =
        is_done_there == is_done_here || is_under_way || (is_done_here && may_be_done_there);
    if (agrees) co_return true;
    // It belongs to the day on which the refund ended, whenever that comes out.
    std::string day;
    if (is_done_here)
        day = domain::to_text(day_at(outside_.clock, refund.updated_at, work.time_zone).date);
    Difference differs{
        .day = std::move(day),
        .kind = DifferenceKind::refund_differs,
        .reference = reference_of(refund),
        .transaction = refund.id,
        .ours_amount = due_of(refund),
        .ours = is_done_here ? "refunded" : "waits for a person",
        .theirs_amount = is_done_there ? due_of(refund) : Money{},
        .theirs = std::move(theirs)};
    (void)co_await note(
        work, std::move(differs),
        is_done_there ? "the gateway has made the refund" : "the gateway has not made the refund");
    co_return true;
}

/// What a person has settled need not be made there, and must not be.
awaitable<void> Reconcile::note_twice_returned(Work& work, Transaction refund, std::string theirs)
{
    Difference differs{
        .day = domain::to_text(day_at(outside_.clock, refund.updated_at, work.time_zone).date),
        .kind = DifferenceKind::refund_differs,
        .reference = reference_of(refund),
        .transaction = refund.id,
        .ours_amount = due_of(refund),
        .ours = "settled by a person (" + refund.refund_id + ")",
        .theirs_amount = due_of(refund),
        .theirs = std::move(theirs)};
    (void)co_await note(
        work, std::move(differs),
        "the money went back twice: a person has settled it (" + refund.refund_id +
            "), and the gateway has made the refund " + refund.gateway_refund_id + " as well");
}

/// The refunds of the subject's day of which enough was said: what a person has ended, and what
/// waits for one. What agreed again by itself may still be refused.
awaitable<std::set<std::string>> Reconcile::told_refunds(Work& work, std::string day)
{
    std::set<std::string> told;
    ports::DifferenceFilter filter{
        .organization = work.comparison.organization,
        .day = std::move(day),
        .subject = work.comparison.subject,
        .state = std::nullopt};
    const auto known =
        co_await outside_.store.find_differences(std::move(filter), limits_.rows_max);
    if (!known) {
        work.is_stored = false;
        co_return told;
    }
    for (const Difference& each : *known) {
        if (each.kind != DifferenceKind::refund_differs) continue;
        if (each.state == domain::DifferenceState::corrected) {
            const auto story = co_await outside_.store.difference_events(each.id);
            if (!story) work.is_stored = false;
            const bool is_by_person =
                story && !story->empty() && story->back().actor.starts_with("staff:");
            if (!is_by_person) continue;
        }
        told.insert(each.reference);
    }
    co_return told;
}

/// The subject's refunds of the days before which may still change at the gateway and of which
/// nothing was said yet: what a person settled may be made there after all, and what counts as made
/// may be refused where `may_be_refused`.
awaitable<std::vector<Transaction>> Reconcile::doubtful_refunds(Work& work, bool may_be_refused)
{
    std::vector<Transaction> doubtful;
    auto ended = co_await outside_.store.refunds_between(
        work.comparison.subject, work.day.from - limits_.refunds_asked_for, work.day.from,
        limits_.rows_max);
    if (!ended) {
        work.is_stored = false;
        co_return doubtful;
    }
    std::string day;
    std::set<std::string> told;
    for (Transaction& refund : *ended) {
        const bool may_change = may_be_refused || domain::is_settled_by_people(refund);
        if (refund.gateway_refund_id.empty() || !may_change) continue;
        const std::string own =
            domain::to_text(day_at(outside_.clock, refund.updated_at, work.time_zone).date);
        if (std::exchange(day, own) != own) told = co_await told_refunds(work, own);
        if (!told.contains(reference_of(refund))) doubtful.push_back(std::move(refund));
    }
    co_return doubtful;
}

/// Asks for refunds of earlier days, each once a day, until they do not change any more. False:
/// not all were answered, and the next turn asks for the others.
awaitable<bool> Reconcile::look_back(
    ports::Job job, domain::Organization organization, domain::LocalDay day)
{
    const auto catalog = outside_.catalog.current();
    bool is_answered = true;
    for (const auto& [id, account] : catalog->payment_accounts) {
        if (account.organization != organization.id || domain::is_bank_transfer(account.method))
            continue;
        co_await hold(job.id);
        const bool is_all = co_await look_back_at(organization, day, account);
        is_answered = is_answered && is_all;
    }
    co_return is_answered;
}

awaitable<bool> Reconcile::look_back_at(
    domain::Organization organization, domain::LocalDay day, domain::PaymentAccount account)
{
    const domain::ReconciliationSubject subject{domain::OtherSide::gateway, account.id.text()};
    LookedBack& before = looked_back_[subject];
    if (before.day != day.date) before = {.day = day.date, .asked = {}, .silent = {}};
    Work work;
    work.day = day;
    work.time_zone = organization.time_zone;
    work.comparison.organization = organization.id;
    work.comparison.day = domain::to_text(day.date);
    work.comparison.subject = subject;
    std::vector<Transaction> refunds =
        co_await doubtful_refunds(work, domain::may_refuse_refund_later(account));
    // Those that were silent come last, so that they do not hide the others.
    std::ranges::sort(refunds, {}, [&](const Transaction& refund) {
        return std::pair{before.silent.contains(refund.id), refund.id};
    });
    int silences = 0;
    bool is_answered = work.is_stored;
    for (const Transaction& refund : refunds) {
        if (before.asked.contains(refund.id)) continue;
        if (silences >= limits_.silences_max) co_return false;
        const bool may_go_on = co_await may_ask(work);
        if (!may_go_on) co_return false;
        const bool is_told = co_await compare_refund(work, refund);
        // What was told but could not be noted is asked for again.
        if (is_told && work.is_stored)
            before.asked.insert(refund.id);
        else
            before.silent.insert(refund.id);
        silences = is_told ? 0 : silences + 1;
        is_answered = is_answered && is_told;
    }
    const bool is_all = is_answered && work.is_stored;
    co_return is_all;
}

} // namespace iwas::workflows
