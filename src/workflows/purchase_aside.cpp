// Money that its order cannot use: aside in a transaction of its own, back to its payer, or kept
// for a person.
#include "workflows/money_steps.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/session_steps.hpp"

namespace iwas::workflows {

using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;
using ports::NoticeOutcome;

namespace {

ports::Job refund_job_of(const Transaction& aside, UtcTime now, UtcTime lease_until)
{
    return {
        .id = job_id(JobKind::refund, aside.id.value()),
        .kind = JobKind::refund,
        .subject = aside.id.value(),
        .target = aside.location.text(),
        .due_at = now,
        .lease_until = lease_until,
    };
}

} // namespace

/// Money that its order cannot use, in a transaction of its own. The order's version guards what
/// was decided of it.
awaitable<PurchasePackage::Taken> PurchasePackage::set_aside(
    Incoming incoming, TransactionReason reason)
{
    const UtcTime now = outside_.clock.utc_now();
    const auto id = outside_.random.make_id<domain::TransactionId>(now);
    Transaction aside = aside_of(incoming.order, id, incoming.money.amount, reason, now);
    aside.charge_id = incoming.money.gateway_id;
    // Nobody asked for that amount, or the gateway itself doubts it: a person finds out.
    if (reason == TransactionReason::amount_mismatch ||
        reason == TransactionReason::doubtful_payment)
        aside.is_refund_queued = true;
    ports::Step step{
        .transaction = incoming.order,
        .others = {aside},
        .payments = {payment_of(incoming, aside.id)},
        .actor = std::string{actor_of(incoming.source)},
        .why = std::string{to_text(reason)} + " " + incoming.money.gateway_id,
        .now = now,
    };
    if (!aside.is_refund_queued) step.jobs.push_back(refund_job_of(aside, now, now));
    const auto stored = co_await outside_.store.commit(std::move(step));
    if (!stored && stored.error() != ports::StoreError::unavailable) co_return std::nullopt;
    if (!stored) co_return NoticeOutcome::not_kept;
    tell_of_asides({aside});
    co_return reason == TransactionReason::amount_mismatch ? NoticeOutcome::wrong_amount
                                                           : NoticeOutcome::recorded;
}

/// The whole order's money, for which there is nothing to give any more.
awaitable<PurchasePackage::Taken> PurchasePackage::give_late_money_back(Incoming incoming)
{
    const UtcTime now = outside_.clock.utc_now();
    Transaction order = incoming.order;
    const bool holds_credit = !domain::is_final(order.state);
    order.charge_id = incoming.money.gateway_id;
    order.state = TransactionState::refunding;
    order.reason = TransactionReason::late_debit;
    order.is_refund_queued = domain::is_bank_transfer(order.method);
    order.updated_at = now;
    ports::Step step{
        .transaction = order,
        .finished =
            {job_id(JobKind::resume_purchase, order.id.value()),
             job_id(JobKind::watch_late_debit, order.id.value())},
        .actor = std::string{actor_of(incoming.source)},
        .why = "paid " + incoming.money.gateway_id + ", and nothing can be given for it",
        .now = now,
    };
    if (incoming.kept_by) {
        step.found.push_back({*incoming.found, incoming.kept_by->id, order.id});
        step.others.push_back(without_money(*incoming.kept_by, order.id, now));
    } else {
        step.payments.push_back(payment_of(incoming, order.id));
    }
    if (holds_credit) return_credit(step, order);
    const Money surplus = surplus_of(order, incoming.paid_before, incoming.money.amount);
    if (surplus > Money{}) {
        const auto id = outside_.random.make_id<domain::TransactionId>(now);
        step.others.push_back(
            aside_of(order, id, surplus, TransactionReason::surplus_payment, now));
        step.others.back().charge_id = order.charge_id;
    }
    if (!order.is_refund_queued) step.jobs.push_back(refund_job_of(order, now, now));
    const auto stored = co_await outside_.store.commit(std::move(step));
    if (!stored && stored.error() != ports::StoreError::unavailable) co_return std::nullopt;
    if (!stored) co_return NoticeOutcome::not_kept;
    outside_.notifier.changed(order.id.value());
    tell_of_asides({order});
    co_return NoticeOutcome::recorded;
}

/// No order is known for it: kept for a person, who finds its owner or gives it back.
awaitable<PurchasePackage::Taken> PurchasePackage::keep_unmatched(Incoming incoming)
{
    const UtcTime now = outside_.clock.utc_now();
    Transaction origin{
        .organization = incoming.account.organization,
        .method = incoming.account.method,
        .payment_account = incoming.account.id,
    };
    const auto id = outside_.random.make_id<domain::TransactionId>(now);
    Transaction aside =
        aside_of(origin, id, incoming.money.amount, TransactionReason::unmatched_payment, now);
    aside.charge_id = incoming.money.gateway_id;
    aside.is_refund_queued = true;
    ports::Step step{
        .transaction = aside,
        .payments = {payment_of(incoming, aside.id)},
        .actor = std::string{actor_of(incoming.source)},
        .why = "no order is known for it",
        .now = now,
    };
    const auto stored = co_await outside_.store.commit(std::move(step));
    if (!stored && stored.error() != ports::StoreError::unavailable) co_return std::nullopt;
    if (!stored) co_return NoticeOutcome::not_kept;
    outside_.notifier.alert(
        ports::AlertKind::refund_queued, aside.location,
        to_string(aside.amount) + ", no order is known for it");
    co_return NoticeOutcome::unknown_order;
}

awaitable<bool> PurchasePackage::release_parts(ports::Step& step, Transaction txn)
{
    if (!domain::is_bank_transfer(txn.method)) co_return true;
    const auto parts = co_await outside_.store.payments_of(txn.id);
    if (!parts) co_return false;
    Money sum;
    for (const domain::Payment& part : *parts)
        sum += part.amount;
    if (sum == Money{}) co_return true;
    const auto id = outside_.random.make_id<domain::TransactionId>(step.now);
    Transaction aside = aside_of(txn, id, sum, TransactionReason::partial_payment, step.now);
    aside.charge_id = parts->front().gateway_id;
    step.others.push_back(std::move(aside));
    co_return true;
}

void PurchasePackage::tell_of_asides(const std::vector<Transaction>& asides) const
{
    for (const Transaction& aside : asides) {
        outside_.notifier.changed(aside.id.value());
        if (aside.is_refund_queued)
            outside_.notifier.alert(
                ports::AlertKind::refund_queued, aside.location,
                to_string(due_of(aside)) + ", " + std::string{to_text(aside.reason)});
    }
}

} // namespace iwas::workflows
