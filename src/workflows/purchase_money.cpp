// Money that came in through a gateway: recorded once, and used for what it is good for.
//
// Whatever comes is durable before anybody hears that it was: as the payment of its order, as a
// part of it, or aside, in a transaction of its own that gives it back or waits for a person.
#include "domain/transfer_claim.hpp"
#include "workflows/limits.hpp"
#include "workflows/money_steps.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::MoneyUse;
using domain::PaymentSource;
using domain::Session;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;
using ports::NoticeOutcome;

namespace {

/// A transfer without a usable memo is taken for the one unpaid order of its very amount for so
/// long after the order was made.
constexpr Seconds amount_names_order_for = 1h;

} // namespace

awaitable<PurchasePackage::Taken> PurchasePackage::take_in_once(
    domain::PaymentAccount account, std::string order_id, ports::ReceivedMoney money,
    PaymentSource source, bool is_held)
{
    const auto known = co_await outside_.store.payment_by_gateway_id(account.id, money.gateway_id);
    if (!known) co_return NoticeOutcome::not_kept;
    if (*known) {
        const NoticeOutcome again =
            co_await told_again(std::move(**known), std::move(money), source);
        co_return again;
    }

    const auto order = co_await order_of(account, std::move(order_id), money);
    if (!order) co_return NoticeOutcome::not_kept;
    Incoming incoming{
        .account = std::move(account), .money = std::move(money), .source = source, .order = {}};
    if (!*order) {
        const Taken kept = co_await keep_unmatched(std::move(incoming));
        co_return kept;
    }
    incoming.order = **order;
    if (is_held) {
        const Taken kept =
            co_await set_aside(std::move(incoming), TransactionReason::doubtful_payment);
        co_return kept;
    }
    const auto before = co_await outside_.store.payments_of(incoming.order.id);
    if (!before) co_return NoticeOutcome::not_kept;
    for (const domain::Payment& each : *before)
        incoming.paid_before += each.amount;
    // What came before an order ended was let go with it.
    if (domain::is_final(incoming.order.state) && incoming.order.state != TransactionState::success)
        incoming.paid_before = Money{};

    Taken taken;
    switch (use_of(incoming.order, incoming.paid_before, incoming.money.amount)) {
    case MoneyUse::settles:
    case MoneyUse::reopens: taken = co_await pay_order(std::move(incoming)); break;
    case MoneyUse::part: taken = co_await keep_part(std::move(incoming)); break;
    case MoneyUse::wrong_amount:
        taken = co_await set_aside(std::move(incoming), TransactionReason::amount_mismatch);
        break;
    case MoneyUse::second:
        taken = co_await set_aside(std::move(incoming), TransactionReason::second_payment);
        break;
    case MoneyUse::late_part:
        taken = co_await set_aside(std::move(incoming), TransactionReason::partial_payment);
        break;
    }
    co_return taken;
}

/// By its name; a transfer that names none also by its amount, if that leaves no choice.
awaitable<Result<std::optional<Transaction>, ports::StoreError>> PurchasePackage::order_of(
    domain::PaymentAccount account, std::string order_id, ports::ReceivedMoney money)
{
    if (!order_id.empty()) {
        auto named = co_await outside_.store.transaction_of_order(account.id, std::move(order_id));
        co_return named;
    }
    if (account.unique_amount_max == Money{}) co_return std::optional<Transaction>{};
    // The list of a feed may tell of it hours later: then it is of an order of those days.
    const UtcTime paid_at = std::min(money.paid_at, outside_.clock.utc_now());
    const UtcTime since = paid_at - amount_names_order_for;
    auto fitting = co_await outside_.store.unpaid_orders_of_amount(account.id, money.amount, since);
    if (!fitting) co_return std::unexpected{fitting.error()};
    // A price is paid for many things; only an amount that was made for one order names it.
    std::erase_if(*fitting, [&](const Transaction& each) {
        const bool is_older = each.created_at <= paid_at + domain::bank_clock_error_max;
        return each.amount >= each.terms.price || !is_older;
    });
    if (fitting->size() != 1) co_return std::optional<Transaction>{};
    co_return std::move(fitting->front());
}

domain::Payment PurchasePackage::payment_of(
    const Incoming& incoming, domain::TransactionId transaction)
{
    const UtcTime now = outside_.clock.utc_now();
    return {
        .id = outside_.random.make_id<domain::PaymentId>(now),
        .account = incoming.account.id,
        .gateway_id = incoming.money.gateway_id,
        .transaction = transaction,
        .amount = incoming.money.amount,
        .source = incoming.source,
        .memo = incoming.money.memo,
        .payer = incoming.money.payer,
        .paid_at = incoming.money.paid_at,
        .recorded_at = now,
    };
}

/// Success, session and payment in one step; what was paid too much goes aside in the same one.
awaitable<PurchasePackage::Taken> PurchasePackage::pay_order(Incoming incoming)
{
    const UtcTime now = outside_.clock.utc_now();
    Transaction paid = incoming.order;
    const bool is_late = paid.state != TransactionState::pending;
    Receipt receipt{
        .actor = incoming.staff.empty() ? std::string{actor_of(incoming.source)} : incoming.staff};
    if (incoming.kept_by) {
        receipt.found.push_back({*incoming.found, incoming.kept_by->id, paid.id});
        receipt.others.push_back(without_money(*incoming.kept_by, paid.id, now));
    } else {
        receipt.payments.push_back(payment_of(incoming, paid.id));
    }
    if (incoming.taken_from) receipt.others.push_back(*incoming.taken_from);
    const bool is_by_staff = incoming.taken_from.has_value();
    if (is_late) {
        const auto catalog = outside_.catalog.current();
        const auto credit = co_await outside_.store.credit_of(paid.account);
        if (!credit) co_return NoticeOutcome::not_kept;
        // A person who gives an order its money knows how old it is.
        const bool is_recent = is_by_staff || now - paid.updated_at < limits_.reopens_for;
        const bool can_reopen = is_recent && *credit >= paid.credit_used &&
                                !domain::is_blocked(*catalog, paid.location, paid.mac);
        if (!can_reopen && is_by_staff) co_return NoticeOutcome::refused;
        if (!can_reopen) {
            const Taken returned = co_await give_late_money_back(std::move(incoming));
            co_return returned;
        }
        if (paid.credit_used > Money{})
            receipt.credit.push_back(
                {paid.account, paid.id, now, Money{} - paid.credit_used, "spent"});
        // Whatever fails from here, somebody has to come back to it.
        receipt.jobs.push_back(
            {.id = job_id(JobKind::resume_purchase, paid.id.value()),
             .kind = JobKind::resume_purchase,
             .subject = paid.id.value(),
             .target = paid.location.text(),
             .due_at = now,
             .lease_until = now + limits_.lease});
        receipt.finished.push_back(job_id(JobKind::watch_late_debit, paid.id.value()));
    }
    paid.charge_id = incoming.money.gateway_id;
    paid.fee = domain::fee_of(incoming.account.fee, due_of(paid));
    const Money surplus = surplus_of(paid, incoming.paid_before, incoming.money.amount);
    if (surplus > Money{}) {
        const auto id = outside_.random.make_id<domain::TransactionId>(now);
        Transaction aside = aside_of(paid, id, surplus, TransactionReason::surplus_payment, now);
        aside.charge_id = paid.charge_id;
        receipt.others.push_back(std::move(aside));
    }
    incoming.order = paid;
    if (paid.is_extension) {
        const Taken extended = co_await extend_paid(std::move(incoming), std::move(receipt));
        co_return extended;
    }

    paid.state = TransactionState::success;
    paid.reason = TransactionReason::none;
    paid.updated_at = now;
    Session session = session_for(paid);
    ports::Step step{
        .transaction = paid,
        .others = receipt.others,
        .payments = receipt.payments,
        .found = receipt.found,
        .credit = receipt.credit,
        .session = session,
        .jobs = receipt.jobs,
        .finished = receipt.finished,
        .held = {},
        .actor = receipt.actor,
        .why = (is_late ? "late payment " : "payment ") + paid.charge_id,
        .now = now,
    };
    // It waited for the gateway to be asked. From now on it opens the router, at once after a
    // crash.
    if (!is_late)
        step.held = {job_id(JobKind::resume_purchase, paid.id.value()), now + limits_.lease};
    const auto stored = co_await outside_.store.commit(std::move(step));
    const bool is_device_taken = !stored && stored.error() == ports::StoreError::device_taken;
    if (is_device_taken && is_by_staff) co_return NoticeOutcome::refused;
    if (is_device_taken) {
        const Taken returned = co_await give_late_money_back(std::move(incoming));
        co_return returned;
    }
    if (!stored && stored.error() == ports::StoreError::conflict) co_return std::nullopt;
    if (!stored) co_return NoticeOutcome::not_kept;
    outside_.notifier.changed(paid.id.value());
    paid.version = stored->transaction_version;
    session.version = stored->session_version;
    tell_of_asides(receipt.others);
    co_await continue_activation(std::move(paid), std::move(session));
    co_return NoticeOutcome::recorded;
}

awaitable<PurchasePackage::Taken> PurchasePackage::extend_paid(Incoming incoming, Receipt receipt)
{
    RunTrace trace{outside_.tracer, outside_.clock, "purchase", incoming.order.id.value()};
    trace.leave_unmeasured();
    // An extension ends with its own step: nothing has to be activated that a job would resume.
    receipt.jobs.clear();
    const std::vector<Transaction> asides = receipt.others;
    const Extended extended = co_await extend(incoming.order, std::move(receipt), trace);
    switch (extended) {
    case Extended::yes: tell_of_asides(asides); co_return NoticeOutcome::recorded;
    case Extended::session_over: {
        if (incoming.taken_from) co_return NoticeOutcome::refused;
        const Taken returned = co_await give_late_money_back(std::move(incoming));
        co_return returned;
    }
    case Extended::not_stored: break;
    }
    co_return std::nullopt;
}

/// The router need not keep the gateway waiting: the money is durable. Where the login has to know
/// what only the job kept, or too much runs, the job does it.
awaitable<void> PurchasePackage::continue_activation(Transaction txn, Session session)
{
    const domain::TransactionId id = txn.id;
    const bool is_started =
        challenges_.contains(id) &&
        outside_.tasks.start("activate", activate_paid(std::move(txn), std::move(session)));
    if (!is_started) co_await try_again(id, JobKind::resume_purchase, 0s);
}

awaitable<void> PurchasePackage::activate_paid(Transaction txn, Session session)
{
    const domain::TransactionId id = txn.id;
    RunTrace trace{outside_.tracer, outside_.clock, "purchase", id.value()};
    trace.leave_unmeasured();
    trace.async(party::gateway, party::iwas, "paid " + to_string(due_of(txn)));
    co_await activate(std::move(txn), std::move(session), trace);
    challenges_.erase(id);
}

/// Less than is due. The order waits for the rest, a little longer than before.
awaitable<PurchasePackage::Taken> PurchasePackage::keep_part(Incoming incoming)
{
    const UtcTime now = outside_.clock.utc_now();
    Transaction order = incoming.order;
    order.expires_at = std::max(order.expires_at.value_or(now), now + limits_.after_part);
    order.updated_at = now;
    ports::Step step{
        .transaction = order,
        .payments = {payment_of(incoming, order.id)},
        .actor = incoming.staff.empty() ? std::string{actor_of(incoming.source)} : incoming.staff,
        .why = "part " + incoming.money.gateway_id + " of " + to_string(incoming.money.amount) +
               ", waits for the rest until " + to_rfc3339(*order.expires_at),
        .now = now,
    };
    if (incoming.taken_from) step.others.push_back(*incoming.taken_from);
    const auto stored = co_await outside_.store.commit(std::move(step));
    if (!stored && stored.error() != ports::StoreError::unavailable) co_return std::nullopt;
    if (!stored) co_return NoticeOutcome::not_kept;
    outside_.notifier.changed(order.id.value());
    co_return NoticeOutcome::recorded;
}

} // namespace iwas::workflows
