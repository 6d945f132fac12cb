// What gateways and banks say, taken apart into money and ends: each payment by the order that it
// names itself, and what was said before answered as it was then.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_trace.hpp"

#include <utility>

namespace iwas::workflows {

using domain::PaymentSource;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::NoticeOutcome;

namespace {

/// The most serious outcome of several.
NoticeOutcome worse(NoticeOutcome a, NoticeOutcome b)
{
    const auto rank = [](NoticeOutcome outcome) {
        switch (outcome) {
        case NoticeOutcome::repeated: return 0;
        case NoticeOutcome::recorded: return 1;
        case NoticeOutcome::foreign: return 2;
        case NoticeOutcome::unreadable: return 3;
        case NoticeOutcome::wrong_amount: return 4;
        case NoticeOutcome::unknown_order: return 5;
        case NoticeOutcome::refused: return 6;
        case NoticeOutcome::not_kept: return 7;
        }
        return 7;
    };
    return rank(a) < rank(b) ? b : a;
}

} // namespace

awaitable<NoticeOutcome> PurchasePackage::take_in_status(
    domain::PaymentAccount account, std::string order_id, ports::PaymentStatus status,
    PaymentSource source)
{
    const bool is_held = status.state == ports::PaymentState::held;
    NoticeOutcome all = NoticeOutcome::repeated;
    for (const ports::ReceivedMoney& money : status.received) {
        const NoticeOutcome one = co_await take_in(account, order_id, money, source, is_held);
        all = worse(all, one);
    }
    if (!status.received.empty() && !is_held) co_return all;
    if (all == NoticeOutcome::not_kept) co_return all;
    if (is_held) status.reason = TransactionReason::doubtful_payment;
    const bool is_open = status.state != ports::PaymentState::failed && !is_held;
    if (is_open && !status.order_amount) co_return NoticeOutcome::recorded;

    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto order = co_await outside_.store.transaction_of_order(account.id, order_id);
        if (!order) co_return NoticeOutcome::not_kept;
        if (!*order) co_return NoticeOutcome::unknown_order;
        // Before its state: VNPay wants to hear of the amount first.
        if (status.order_amount && *status.order_amount != due_of(**order))
            co_return NoticeOutcome::wrong_amount;
        if (is_open) co_return NoticeOutcome::recorded;
        if ((*order)->state != TransactionState::pending)
            co_return conflicts == 0 ? NoticeOutcome::repeated : NoticeOutcome::recorded;
        const auto reason =
            status.reason == TransactionReason::none ? TransactionReason::declined : status.reason;
        RunTrace trace{outside_.tracer, outside_.clock, "purchase", (*order)->id.value()};
        trace.leave_unmeasured();
        trace.async(party::gateway, party::iwas, "not paid, " + status.code);
        Transaction txn = **order;
        co_await decline(
            std::move(txn), TransactionState::failed, reason, std::nullopt, true, trace);
    }
    co_return NoticeOutcome::not_kept;
}

/// One that could not be kept does not stop the others; the notice comes again, and money that is
/// known by then changes nothing.
awaitable<NoticeOutcome> PurchasePackage::take_in_transfers(
    domain::PaymentAccount account, std::vector<ports::ListedPayment> transfers,
    PaymentSource source)
{
    NoticeOutcome all = NoticeOutcome::repeated;
    for (ports::ListedPayment& each : transfers) {
        const NoticeOutcome one =
            co_await take_in(account, std::move(each.order_id), std::move(each.money), source);
        all = worse(all, one);
    }
    co_return all;
}

awaitable<NoticeOutcome> PurchasePackage::take_in(
    domain::PaymentAccount account, std::string order_id, ports::ReceivedMoney money,
    PaymentSource source, bool is_held)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const Taken taken = co_await take_in_once(account, order_id, money, source, is_held);
        if (taken) co_return *taken;
    }
    co_return NoticeOutcome::not_kept;
}

/// Of money that is recorded. What is stored stays as it is, whatever is said now; the answer is
/// what the first one was, as long as that still stands.
awaitable<NoticeOutcome> PurchasePackage::told_again(
    domain::Payment known, ports::ReceivedMoney money, PaymentSource source)
{
    // Questions and lists repeat what they say every few seconds; the reconciliation tells of
    // those.
    if (source != PaymentSource::notice)
        co_return known.amount == money.amount ? NoticeOutcome::repeated
                                               : NoticeOutcome::wrong_amount;
    const auto holder = co_await outside_.store.load_transaction(known.transaction);
    if (!holder) co_return NoticeOutcome::not_kept;
    if (known.amount != money.amount) {
        outside_.notifier.alert(
            ports::AlertKind::ledger_mismatch, *holder ? (*holder)->location : domain::LocationId{},
            "a notice of account " + known.account.text() + " says " + to_string(money.amount) +
                " of a payment that is recorded with " + to_string(known.amount));
        co_return NoticeOutcome::wrong_amount;
    }
    const bool still_stands = *holder && (*holder)->state == TransactionState::refunding;
    if (!still_stands) co_return NoticeOutcome::repeated;
    if ((*holder)->reason == TransactionReason::amount_mismatch)
        co_return NoticeOutcome::wrong_amount;
    if ((*holder)->reason == TransactionReason::unmatched_payment)
        co_return NoticeOutcome::unknown_order;
    co_return NoticeOutcome::repeated;
}

} // namespace iwas::workflows
