// The branch of PurchasePackage where the café's PC system debits the member: the debit, and the
// questions that find what became of it. What store credit pays in full goes the same way.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::Session;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;

namespace {

/// Why a charge that was clearly not made ends the transaction; nothing while it is not clear.
std::optional<TransactionReason> reason_of(ports::PcError error)
{
    switch (error) {
    case ports::PcError::insufficient_balance: return TransactionReason::insufficient_balance;
    case ports::PcError::account_suspended: return TransactionReason::account_suspended;
    case ports::PcError::invalid_credentials:
    case ports::PcError::not_found:
    case ports::PcError::refused: return TransactionReason::declined;
    case ports::PcError::rate_limited:
    case ports::PcError::unavailable: return TransactionReason::payment_unavailable;
    case ports::PcError::unknown: return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

awaitable<void> PurchasePackage::pay(
    Transaction txn, domain::Account buyer, Run run, RunTrace& trace)
{
    if (due_of(txn) == Money{}) {
        co_await settle_paid(std::move(txn), "customer", trace);
        co_return;
    }
    // Debit, keyed by the transaction. Unknown stays pending; the resume job asks what happened.
    ports::PcChargeOrder order{
        .idempotency_key = txn.id.value(),
        .reference = domain::charge_reference(txn.id),
        .member_id = std::move(buyer.member_id),
        .amount = due_of(txn),
        .description = "WiFi " + txn.terms.name,
    };
    const SteadyTime charge_by = outside_.clock.steady_now() + limits_.charge_within;
    auto call =
        trace.call(party::pc_system, "charge " + to_string(due_of(txn)), limits::payment_target);
    auto charge = co_await outside_.pc_system.charge(txn.location, std::move(order), charge_by);
    if (charge) {
        call.answered("charged, " + charge->id);
        co_await settle(std::move(txn), std::move(*charge), trace);
        co_return;
    }

    auto reason = reason_of(charge.error().error);
    const bool can_find = outside_.pc_system.abilities(txn.location).finds_charges;
    // Not reached this time says nothing of the times before, and nobody can be asked about them.
    const bool is_open = run == Run::resumed && !can_find;
    if (is_open && reason == TransactionReason::payment_unavailable) reason.reset();
    if (!reason) {
        call.failed("no answer");
        trace.condition("outcome unknown: ask again");
        trace.leave_unmeasured();
        const Milliseconds age = outside_.clock.utc_now() - txn.created_at;
        const Milliseconds wait = run == Run::fresh ? 2s : std::min<Milliseconds>(age, 60s) + 1s;
        co_await try_again(txn.id, JobKind::resume_purchase, wait);
        co_return;
    }
    call.failed(std::string{to_text(*reason)});
    if (*reason == TransactionReason::payment_unavailable)
        outside_.notifier.alert(
            ports::AlertKind::pc_system_unavailable, txn.location, "charges cannot be made");
    // This try debited nothing; one from before a crash or without an answer still may.
    const auto available = charge.error().available;
    const bool is_watched = run == Run::resumed && can_find;
    co_await decline(
        std::move(txn), TransactionState::failed, *reason, available, is_watched, trace);
}

/// After a crash or an unknown outcome: ask, then decide. The charge is repeated with its key only
/// while the customer can be thought to wait; later an absent debit lets the order expire.
awaitable<void> PurchasePackage::find_payment(Transaction txn, RunTrace& trace)
{
    if (due_of(txn) == Money{}) {
        co_await settle_paid(std::move(txn), "customer", trace);
        co_return;
    }
    const Milliseconds age = outside_.clock.utc_now() - txn.created_at;
    if (!outside_.pc_system.abilities(txn.location).finds_charges) {
        // Only the debit itself, repeated with its key, tells what became of it.
        if (age < limits_.expire_after)
            co_await pay_again(std::move(txn), trace);
        else
            co_await give_up_asking(std::move(txn), trace);
        co_return;
    }

    const SteadyTime by = outside_.clock.steady_now() + limits::look_up_within;
    auto call = trace.call(party::pc_system, "look up the charge", limits::payment_target);
    auto found =
        co_await outside_.pc_system.find_charge(txn.location, domain::charge_reference(txn.id), by);
    if (found) {
        call.answered("found, " + found->id);
        co_await settle(std::move(txn), std::move(*found), trace);
        co_return;
    }
    if (found.error().error != ports::PcError::not_found) {
        call.failed("no answer");
        const Milliseconds wait = std::min<Milliseconds>(age, 60s) + 1s;
        if (age < limits_.unknown_for)
            co_await try_again(txn.id, JobKind::resume_purchase, wait);
        else
            co_await give_up_asking(std::move(txn), trace);
        co_return;
    }

    call.answered("not found");
    if (age < limits_.charge_again_for)
        co_await pay_again(std::move(txn), trace);
    else if (age < limits_.expire_after)
        co_await try_again(txn.id, JobKind::resume_purchase, 30s);
    else
        co_await decline(
            std::move(txn), TransactionState::expired, TransactionReason::payment_expired,
            std::nullopt, true, trace);
}

awaitable<void> PurchasePackage::pay_again(Transaction txn, RunTrace& trace)
{
    auto buyer = co_await outside_.store.load_account(txn.account);
    if (buyer && *buyer)
        co_await pay(std::move(txn), std::move(**buyer), Run::resumed, trace);
    else
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
}

awaitable<void> PurchasePackage::settle(Transaction txn, ports::PcCharge charge, RunTrace& trace)
{
    if (charge.amount != due_of(txn)) {
        co_await refuse_amount(std::move(txn), std::move(charge), trace);
        co_return;
    }
    txn.charge_id = charge.id;
    if (charge.refunded_total > Money{}) {
        // A person gave it back while nobody knew what had become of it.
        co_await give_back(
            std::move(txn), TransactionReason::payment_expired, "refunded at the PC system", trace);
        co_return;
    }
    co_await settle_paid(std::move(txn), "pc_system", trace);
}

/// Success and session in one database transaction: money is never without its session.
awaitable<void> PurchasePackage::settle_paid(Transaction txn, std::string actor, RunTrace& trace)
{
    if (txn.is_extension) {
        Receipt receipt{.actor = std::move(actor)};
        const Extended extended = co_await extend(txn, std::move(receipt), trace);
        if (extended == Extended::session_over)
            co_await give_back(
                std::move(txn), TransactionReason::activation_failed, "session ended meanwhile",
                trace);
        else if (extended == Extended::not_stored)
            co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }

    Transaction paid = txn;
    paid.state = TransactionState::success;
    paid.updated_at = outside_.clock.utc_now();
    Session session = session_for(paid);
    ports::Step step{
        .transaction = paid,
        .session = session,
        .actor = std::move(actor),
        .why = paid.charge_id.empty() ? "store credit" : "charge " + paid.charge_id,
        .now = paid.updated_at,
    };
    auto call = trace.call(party::store, "paid, with its session");
    const auto settled = co_await outside_.store.commit(std::move(step));
    // While nobody knew of the debit, late money or time that went on again took the device: no
    // number of tries would give it a second session.
    if (!settled && settled.error() == ports::StoreError::device_taken) {
        call.failed("the device has another session");
        co_await give_back(
            std::move(txn), TransactionReason::activation_failed,
            "the device has another session meanwhile", trace);
        co_return;
    }
    if (!settled) {
        call.failed("not stored");
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }
    call.answered("durable");
    outside_.notifier.changed(paid.id.value());
    outside_.notifier.changed(session.id.value());

    paid.version = settled->transaction_version;
    session.version = settled->session_version;
    co_await activate(std::move(paid), std::move(session), trace);
}

} // namespace iwas::workflows
