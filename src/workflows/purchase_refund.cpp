// The way back of PurchasePackage: money that bought nothing is returned, or queued for a person.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>
#include <array>

namespace iwas::workflows {

using domain::Session;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;

namespace {

constexpr Seconds refund_within = 25s;

/// Banks take nothing back by themselves.
bool must_be_made_by_hand(const Transaction& txn)
{
    return domain::is_bank_transfer(txn.method) && due_of(txn) > Money{};
}

/// The refund's idempotency key: as unique as the transaction, and another one than the charge's.
Ulid refund_key(const domain::TransactionId& id)
{
    return {id.value().high(), id.value().low() ^ 1};
}

ports::Job refund_job(const Transaction& txn, UtcTime now, UtcTime lease_until)
{
    return {
        .id = job_id(JobKind::refund, txn.id.value()),
        .kind = JobKind::refund,
        .subject = txn.id.value(),
        .target = txn.location.text(),
        .due_at = now,
        .lease_until = lease_until,
    };
}

} // namespace

/// A debit under our reference with another amount grants nothing and is left to a person.
awaitable<void> PurchasePackage::refuse_amount(
    Transaction txn, ports::PcCharge charge, RunTrace& trace)
{
    const bool holds_credit = !domain::is_final(txn.state);
    txn.state = TransactionState::refunding;
    txn.reason = TransactionReason::amount_mismatch;
    txn.charge_id = charge.id;
    txn.updated_at = outside_.clock.utc_now();
    std::string why = "AMOUNT_MISMATCH: debited " + to_string(charge.amount);
    co_await queue_refund(std::move(txn), std::move(why), holds_credit, trace);
}

/// Undoes in reverse: no access, then the money. Durable before either: a crash resumes here.
awaitable<void> PurchasePackage::compensate(Transaction txn, Session session, RunTrace& trace)
{
    const UtcTime now = outside_.clock.utc_now();
    forms_.erase(txn.id);
    txn.state = TransactionState::refunding;
    txn.reason = TransactionReason::activation_failed;
    txn.updated_at = now;
    txn.is_refund_queued = must_be_made_by_hand(txn);
    ports::Step step{
        .transaction = txn,
        .finished = {job_id(JobKind::resume_purchase, txn.id.value())},
        .actor = "system",
        .why = "not confirmed by the router",
        .now = now,
    };
    return_credit(step, txn);
    if (!txn.is_refund_queued) step.jobs.push_back(refund_job(txn, now, now + limits_.lease));
    std::vector<ports::Job> closing;
    if (session.state == domain::SessionState::pending) {
        closing = close_jobs(session, now, now + limits_.lease);
        step.jobs.insert(step.jobs.end(), closing.begin(), closing.end());
        session = domain::ended(
            session, domain::SessionState::failed, domain::EndReason::activation_failed, now);
        step.session = session;
    }
    trace.condition("activation failed: refund");
    const bool has_failed = step.session.has_value();
    const auto committed = co_await commit(std::move(step));
    if (!committed) {
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }
    if (has_failed) {
        session.version = committed->session_version;
        sessions_.publish(session);
    }
    outside_.notifier.alert(
        ports::AlertKind::activation_failed, txn.location, "router " + txn.router.text());
    for (ports::Job& job : closing)
        outside_.tasks.start("close_access", sessions_.handle(std::move(job)));

    txn.version = committed->transaction_version;
    if (txn.is_refund_queued)
        tell_queued(txn, "not confirmed by the router", trace);
    else
        co_await refund(std::move(txn), trace);
}

void PurchasePackage::tell_queued(
    const Transaction& txn, const std::string& why, RunTrace& trace) const
{
    trace.condition("refund queued for staff: " + why);
    outside_.notifier.alert(
        ports::AlertKind::refund_queued, txn.location, to_string(due_of(txn)) + ", " + why);
}

/// The same where no session is in the way. `txn` names its charge.
awaitable<void> PurchasePackage::give_back(
    Transaction txn, TransactionReason reason, std::string why, RunTrace& trace)
{
    const UtcTime now = outside_.clock.utc_now();
    // What ended before has let its credit go already.
    const bool holds_credit = !domain::is_final(txn.state);
    txn.state = TransactionState::refunding;
    txn.reason = reason;
    txn.updated_at = now;
    ports::Step step{
        .transaction = txn,
        .jobs = {refund_job(txn, now, now + limits_.lease)},
        .finished =
            {job_id(JobKind::resume_purchase, txn.id.value()),
             job_id(JobKind::watch_late_debit, txn.id.value())},
        .actor = "system",
        .why = why,
        .now = now,
    };
    if (holds_credit) return_credit(step, txn);
    const auto committed = co_await commit(std::move(step));
    if (!committed) {
        // Whichever job led here.
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_await try_again(txn.id, JobKind::watch_late_debit, 60s);
        co_return;
    }
    trace.condition(why + ": refund");
    txn.version = committed->transaction_version;
    co_await refund(std::move(txn), trace);
}

/// Nobody could say whether it was debited: no access, and a person finds out.
awaitable<void> PurchasePackage::give_up_asking(Transaction txn, RunTrace& trace)
{
    txn.state = TransactionState::refunding;
    txn.reason = TransactionReason::outcome_unknown;
    txn.updated_at = outside_.clock.utc_now();
    co_await queue_refund(
        std::move(txn), "the PC system never told whether it was debited", true, trace);
}

awaitable<void> PurchasePackage::resume_refund(Transaction txn, RunTrace& trace, bool is_new_try)
{
    if (txn.is_refund_queued)
        (void)co_await outside_.store.finish_job(job_id(JobKind::refund, txn.id.value()));
    else if (domain::is_gateway(txn.method))
        co_await refund_at_gateway(std::move(txn), trace, is_new_try);
    else if (is_new_try || outside_.pc_system.abilities(txn.location).repeats_refunds)
        co_await refund(std::move(txn), trace);
    else // The first may have been made.
        co_await queue_refund(
            std::move(txn), "the PC system did not tell whether it was refunded", false, trace);
}

awaitable<void> PurchasePackage::refund(Transaction txn, RunTrace& trace)
{
    if (due_of(txn) == Money{}) {
        co_await finish_refund(std::move(txn), "store credit", trace);
        co_return;
    }
    if (domain::is_gateway(txn.method)) {
        co_await refund_at_gateway(std::move(txn), trace);
        co_return;
    }
    ports::PcRefundOrder order{
        .idempotency_key = refund_key(txn.id),
        .charge_id = txn.charge_id,
        .amount = due_of(txn),
        .reason = std::string{to_text(txn.reason)},
    };
    const SteadyTime by = outside_.clock.steady_now() + refund_within;
    auto call =
        trace.call(party::pc_system, "refund " + to_string(due_of(txn)), limits::payment_target);
    const auto refunded = co_await outside_.pc_system.refund(txn.location, std::move(order), by);
    if (refunded) {
        call.answered("refunded, " + *refunded);
        co_await finish_refund(std::move(txn), *refunded, trace);
        co_return;
    }

    switch (refunded.error().error) {
    case ports::PcError::unknown:
    case ports::PcError::unavailable:
    case ports::PcError::rate_limited: {
        call.failed("no answer");
        if (!outside_.pc_system.abilities(txn.location).repeats_refunds) {
            co_await resume_refund(std::move(txn), trace);
            co_return;
        }
        const Milliseconds age = outside_.clock.utc_now() - txn.updated_at;
        if (age < limits_.refund_by_itself_for) {
            const Milliseconds wait = std::clamp<Milliseconds>(age, 2s, 10min);
            co_await try_again(txn.id, JobKind::refund, wait);
            co_return;
        }
        co_await queue_refund(std::move(txn), "the PC system does not answer", false, trace);
        co_return;
    }
    case ports::PcError::invalid_credentials:
    case ports::PcError::account_suspended:
    case ports::PcError::not_found:
    case ports::PcError::insufficient_balance:
    case ports::PcError::refused:
        call.failed("refused");
        co_await queue_refund(std::move(txn), "the PC system refuses the refund", false, trace);
        co_return;
    }
}

awaitable<void> PurchasePackage::finish_refund(
    Transaction txn, std::string refund_id, RunTrace& trace)
{
    txn.state = TransactionState::refunded;
    if (!refund_id.empty()) txn.refund_id = std::move(refund_id); // a gateway's is known before
    txn.updated_at = outside_.clock.utc_now();
    ports::Step step{
        .transaction = txn,
        .finished = {job_id(JobKind::refund, txn.id.value())},
        .actor = domain::is_gateway(txn.method) ? "gateway" : "pc_system",
        .why = "refund " + txn.refund_id,
        .now = txn.updated_at,
    };
    if (!co_await commit(std::move(step))) {
        co_await try_again(txn.id, JobKind::refund, 1s);
        co_return;
    }
    trace.async(party::iwas, party::phone, "money returned");
}

/// The visible queue: amount, reason and age, until a person has made the refund.
awaitable<void> PurchasePackage::queue_refund(
    Transaction txn, std::string why, bool holds_credit, RunTrace& trace)
{
    txn.is_refund_queued = true;
    const UtcTime now = outside_.clock.utc_now();
    ports::Step step{
        .transaction = txn,
        .finished =
            {job_id(JobKind::refund, txn.id.value()),
             job_id(JobKind::resume_purchase, txn.id.value()),
             job_id(JobKind::watch_late_debit, txn.id.value())},
        .actor = "system",
        .why = why,
        .now = now,
    };
    if (holds_credit) return_credit(step, txn);
    if (!co_await commit(std::move(step))) {
        // Whichever job led here.
        co_await try_again(txn.id, JobKind::refund, 1s);
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_await try_again(txn.id, JobKind::watch_late_debit, 60s);
        co_return;
    }
    tell_queued(txn, why, trace);
}

/// The next look for late money, while one is worth it. `is_absent`: the other side said so.
awaitable<void> PurchasePackage::look_again_later(
    Transaction txn, domain::JobId job, bool is_absent)
{
    // By age and not by number: looks that found nobody to ask do not count.
    constexpr std::array<Seconds, 5> looks{Seconds{60}, 5min, 30min, 2h, 24h};
    const UtcTime now = outside_.clock.utc_now();
    const auto age = now - txn.updated_at;
    const auto next = std::ranges::upper_bound(looks, std::chrono::floor<Seconds>(age));
    if ((is_absent && next == looks.end()) || age > limits_.watch_for)
        (void)co_await outside_.store.finish_job(job);
    else if (is_absent)
        (void)co_await outside_.store.postpone_job(job, txn.updated_at + *next);
    else
        (void)co_await outside_.store.postpone_job(job, now + 60s);
}

/// Looks for a debit that came after its order had ended; one that shows up is given back.
awaitable<void> PurchasePackage::watch_late_debit(ports::Job job)
{
    const domain::TransactionId id{job.subject};
    RunTrace trace{outside_.tracer, outside_.clock, "watch_late_debit", id.value()};
    trace.leave_unmeasured();
    const auto loaded = co_await outside_.store.load_transaction(id);
    if (!loaded) {
        (void)co_await outside_.store.postpone_job(job.id, outside_.clock.utc_now() + 60s);
        co_return;
    }
    const bool is_ended = *loaded && ((*loaded)->state == TransactionState::expired ||
                                      (*loaded)->state == TransactionState::failed);
    if (!is_ended) {
        (void)co_await outside_.store.finish_job(job.id);
        co_return;
    }

    Transaction txn = **loaded;
    if (domain::is_gateway(txn.method)) {
        co_await look_for_late_money(std::move(txn), job.id);
        co_return;
    }
    const SteadyTime by = outside_.clock.steady_now() + limits::look_up_within;
    const auto found =
        co_await outside_.pc_system.find_charge(txn.location, domain::charge_reference(id), by);
    if (!found) {
        co_await look_again_later(txn, job.id, found.error().error == ports::PcError::not_found);
        co_return;
    }

    if (found->amount != due_of(txn)) {
        co_await refuse_amount(std::move(txn), *found, trace);
        co_return;
    }
    txn.charge_id = found->id;
    co_await give_back(std::move(txn), TransactionReason::late_debit, "the debit came late", trace);
}

} // namespace iwas::workflows
