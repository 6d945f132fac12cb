// The part of Reconcile that asks gateways for the refunds of a day.
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

/// Whether a person, and not the gateway, gave it back.
bool is_settled_by_people(const std::string& refund_id)
{
    return refund_id.empty() || refund_id == domain::credit_refund ||
           refund_id.starts_with(domain::attached_refund_prefix) ||
           refund_id.starts_with(domain::dismissed_refund_prefix) ||
           refund_id.starts_with(domain::by_hand_refund_prefix);
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
        const bool is_by_hand =
            is_bank_transfer(refund.method) || is_settled_by_people(refund.refund_id);
        are_by_hand = are_by_hand || is_by_hand;
        if (is_by_hand || !asked.insert(refund.id).second) continue;
        const bool may_go_on = co_await may_ask(work);
        if (!may_go_on) co_return;
        co_await compare_refund(work, refund);
    }
    if (are_by_hand && work.comparison.outcome != ComparisonOutcome::not_comparable)
        work.comparison.remark.append(work.comparison.remark.empty() ? "" : "; ")
            .append("refunds made by hand are not compared: nobody lists them");
}

awaitable<void> Reconcile::compare_refund(Work& work, Transaction refund)
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
        co_return;
    } else {
        unanswered(work);
        co_return;
    }
    const bool is_done_there = status && status->state == ports::RefundState::done;
    const bool is_done_here = refund.state == TransactionState::refunded;
    // What is under way by itself ends by itself.
    const bool is_under_way = !is_done_here && !refund.is_refund_queued;
    // Of a part some gateways only say that there is something.
    const bool may_be_done_there = status && status->state == ports::RefundState::pending;
    const bool agrees =
        is_done_there == is_done_here || is_under_way || (is_done_here && may_be_done_there);
    if (agrees) co_return;
    Difference differs{
        .kind = DifferenceKind::refund_differs,
        .reference = refund.refund_id,
        .transaction = refund.id,
        .ours_amount = due_of(refund),
        .ours = is_done_here ? "refunded" : "waits for a person",
        .theirs_amount = is_done_there ? due_of(refund) : Money{},
        .theirs = std::move(theirs)};
    (void)co_await note(
        work, std::move(differs),
        is_done_there ? "the gateway has made the refund" : "the gateway has not made the refund");
}

} // namespace iwas::workflows
