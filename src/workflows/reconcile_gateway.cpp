// The half of Reconcile that asks gateways and banks: by their list where they have one, else order
// by order.
#include "workflows/purchase_package.hpp"
#include "workflows/reconcile.hpp"
#include "workflows/run_trace.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::Difference;
using domain::DifferenceKind;
using domain::Payment;
using domain::PaymentAccount;
using domain::PaymentSource;
using domain::Transaction;
using domain::TransactionState;
using ports::ComparisonOutcome;
using ports::GatewayError;
using ports::NoticeOutcome;

namespace {

std::string_view word_of(ports::PaymentState state)
{
    switch (state) {
    case ports::PaymentState::pending: return "pending";
    case ports::PaymentState::paid: return "paid";
    case ports::PaymentState::failed: return "failed";
    case ports::PaymentState::held: return "held";
    }
    return "pending";
}

std::string_view word_of(NoticeOutcome outcome)
{
    switch (outcome) {
    case NoticeOutcome::recorded: return "recorded";
    case NoticeOutcome::repeated: return "recorded meanwhile";
    case NoticeOutcome::unknown_order: return "no order is known for it: it waits for a person";
    case NoticeOutcome::wrong_amount: return "not what was asked for: it waits for a person";
    case NoticeOutcome::foreign: return "not ours";
    case NoticeOutcome::unreadable: return "not readable";
    case NoticeOutcome::not_kept: return "not kept";
    case NoticeOutcome::refused: return "refused";
    }
    return "refused";
}

/// A code beside a word, where there is one.
std::string with_code(std::string_view word, const std::string& code)
{
    return code.empty() ? std::string{word} : std::string{word} + ", code " + code;
}

bool is_attached(const Payment& payment)
{
    return payment.gateway_id.starts_with(domain::attached_payment_prefix);
}

bool goes_back(const Transaction& txn)
{
    return txn.state == TransactionState::refunding || txn.state == TransactionState::refunded;
}

/// Whether this payment went back, or is about to: then gateways tell of that instead of the
/// payment. `others`: what holds money that came for the order.
bool has_refund(
    const Payment& payment, const Transaction& order, const std::vector<Transaction>& others)
{
    return goes_back(order) || std::ranges::any_of(others, [&](const Transaction& each) {
               // Of several parts that go back together the first gives the name.
               const bool holds_it = each.charge_id == payment.gateway_id ||
                                     each.reason == domain::TransactionReason::partial_payment;
               return holds_it && goes_back(each);
           });
}

} // namespace

awaitable<void> Reconcile::compare_gateway(Work& work)
{
    const auto catalog = outside_.catalog.current();
    const PaymentAccount* found =
        catalog->payment_account(domain::PaymentAccountId::trusted(work.comparison.subject.name));
    if (!found) {
        work.comparison.outcome = ComparisonOutcome::not_comparable;
        work.comparison.remark = "the account is not in the configuration any more";
        co_return;
    }
    PaymentAccount account = *found;
    RunTrace trace{
        outside_.tracer, outside_.clock, "reconcile",
        outside_.random.make_id<domain::DifferenceId>(work.comparison.started_at).value()};
    const SteadyTime by = outside_.clock.steady_now() + limits_.list_within;
    auto call = trace.call(party::gateway, "list the payments of " + work.comparison.day);
    auto listed = co_await outside_.gateways.list(
        account.id, work.day.from - limits_.list_margin, work.day.to + limits_.list_margin, by);
    if (listed) {
        call.answered(std::to_string(listed->size()) + " payments");
        co_await compare_list(work, account, std::move(*listed));
    } else if (listed.error().error == GatewayError::not_supported) {
        call.answered("no list");
        co_await compare_orders(work, account);
    } else {
        call.failed(listed.error().code);
        work.comparison.outcome = ComparisonOutcome::incomplete;
        work.comparison.remark = with_code("the list was not given", listed.error().code);
        co_return;
    }
    co_await compare_refunds(work);
}

/// Both ways: what they list and we do not have, and what we have and they do not list.
awaitable<void> Reconcile::compare_list(
    Work& work, PaymentAccount account, std::vector<ports::ListedPayment> listed)
{
    std::set<std::string> theirs;
    for (const ports::ListedPayment& each : listed) {
        theirs.insert(each.money.gateway_id);
        const bool is_of_day =
            each.money.paid_at >= work.day.from && each.money.paid_at < work.day.to;
        if (!is_of_day) continue;
        ++work.comparison.asked;
        co_await compare_listed(work, account, each);
    }
    const auto ours = co_await outside_.store.payments_between(
        account.id, work.day.from, work.day.to, limits_.rows_max);
    if (!ours) {
        work.is_stored = false;
        co_return;
    }
    for (const Payment& payment : *ours) {
        if (is_attached(payment) || theirs.contains(payment.gateway_id)) continue;
        Difference missing{
            .kind = DifferenceKind::missing_there,
            .reference = payment.gateway_id,
            .transaction = payment.transaction,
            .ours_amount = payment.amount,
            .ours = "recorded by " + std::string{to_text(payment.source)},
            .theirs = "not in the list"};
        (void)co_await note(
            work, std::move(missing), "the ledger has a payment that the list lacks");
    }
}

awaitable<void> Reconcile::compare_listed(
    Work& work, PaymentAccount account, ports::ListedPayment listed)
{
    const auto stored =
        co_await outside_.store.payment_by_gateway_id(account.id, listed.money.gateway_id);
    if (!stored) {
        work.is_stored = false;
        co_return;
    }
    if (*stored) {
        if ((*stored)->amount == listed.money.amount) co_return;
        Difference other{
            .kind = DifferenceKind::amount_differs,
            .reference = listed.money.gateway_id,
            .transaction = (*stored)->transaction,
            .ours_amount = (*stored)->amount,
            .ours = "recorded by " + std::string{to_text((*stored)->source)},
            .theirs_amount = listed.money.amount,
            .theirs = "in the list"};
        (void)co_await note(work, std::move(other), "both have the payment, in other amounts");
        co_return;
    }
    // What came to the account before IWAS sold anything through it is none of its business.
    ports::TransactionFilter earlier{
        .payment_account = account.id, .to = listed.money.paid_at + Milliseconds{1}};
    const auto first = co_await outside_.store.find_transactions(std::move(earlier), 1);
    if (!first) work.is_stored = false;
    if (!first || first->empty()) co_return;

    Difference missing{
        .kind = DifferenceKind::missing_here,
        .reference = listed.money.gateway_id,
        .ours = "not known",
        .theirs_amount = listed.money.amount,
        .theirs = "in the list"};
    auto noted = co_await note(work, std::move(missing), "the list has a payment that nobody told");
    if (!noted) co_return; // taken in without a word it would never be told
    const NoticeOutcome outcome = co_await purchases_.take_in(
        std::move(account), listed.order_id, listed.money, PaymentSource::list);
    if (outcome != NoticeOutcome::not_kept)
        co_await settle(
            work, std::move(noted), "taken in from the list: " + std::string{word_of(outcome)});
    else
        work.is_stored = false;
}

/// The orders that were made or paid on the day and that the gateway can be asked for.
awaitable<std::vector<Transaction>> Reconcile::orders_of_day(Work& work)
{
    const auto account = domain::PaymentAccountId::trusted(work.comparison.subject.name);
    std::vector<Transaction> orders =
        co_await transactions_of_day(work, {.payment_account = account});
    std::set<domain::TransactionId> known;
    for (const Transaction& order : orders)
        known.insert(order.id);
    // Paid on this day, ordered on another one.
    const auto payments = co_await outside_.store.payments_between(
        account, work.day.from, work.day.to, limits_.rows_max);
    if (!payments) {
        work.is_stored = false;
        co_return orders;
    }
    for (const Payment& payment : *payments) {
        if (!known.insert(payment.transaction).second) continue;
        auto loaded = co_await outside_.store.load_transaction(payment.transaction);
        if (!loaded) work.is_stored = false;
        if (loaded && *loaded && (*loaded)->origin && known.insert(*(*loaded)->origin).second)
            loaded = co_await outside_.store.load_transaction(*(*loaded)->origin);
        if (loaded && *loaded) orders.push_back(std::move(**loaded));
    }
    for (const Transaction& each : orders)
        if (each.state == TransactionState::refunding) work.refunds.push_back(each);
    const UtcTime now = outside_.clock.utc_now();
    std::erase_if(orders, [&](const Transaction& order) {
        const bool is_open =
            order.state == TransactionState::created || order.state == TransactionState::pending;
        return order.order_id.empty() || (is_open && order.expires_at.value_or(now) >= now);
    });
    co_return orders;
}

awaitable<void> Reconcile::compare_orders(Work& work, PaymentAccount account)
{
    const std::vector<Transaction> orders = co_await orders_of_day(work);
    for (const Transaction& order : orders) {
        const bool may_go_on = co_await may_ask(work);
        if (!may_go_on) co_return;
        co_await compare_order(work, account, order);
        if (work.comparison.outcome == ComparisonOutcome::not_comparable) co_return;
    }
    if (work.comparison.remark.empty())
        work.comparison.remark =
            "this gateway has no list of payments: each order of the day was asked for, and money "
            "for orders that are not known here is not seen";
}

awaitable<void> Reconcile::compare_order(Work& work, PaymentAccount account, Transaction order)
{
    const SteadyTime by = outside_.clock.steady_now() + limits_.ask_within;
    auto status = co_await purchases_.ask_for_order(order, by);
    if (status) {
        co_await compare_status(work, std::move(account), std::move(order), std::move(*status));
        co_return;
    }
    switch (status.error().error) {
    case GatewayError::not_found:
        co_await compare_unconfirmed(work, std::move(order), "not known", {});
        co_return;
    case GatewayError::not_supported:
        work.comparison.outcome = ComparisonOutcome::not_comparable;
        work.comparison.remark =
            "nothing to compare with: no bank feed with an API is configured for this account";
        co_return;
    case GatewayError::refused:
    case GatewayError::duplicate:
    case GatewayError::misconfigured:
    case GatewayError::unavailable:
    case GatewayError::unknown: unanswered(work);
    }
}

awaitable<void> Reconcile::compare_status(
    Work& work, PaymentAccount account, Transaction order, ports::PaymentStatus status)
{
    const std::string theirs = with_code(word_of(status.state), status.code);
    const bool is_told = !status.received.empty() || status.state != ports::PaymentState::paid;
    if (is_told) co_await compare_unconfirmed(work, order, theirs, status.received);

    std::vector<std::optional<Difference>> missing;
    for (const ports::ReceivedMoney& money : status.received) {
        const auto stored =
            co_await outside_.store.payment_by_gateway_id(account.id, money.gateway_id);
        if (!stored) {
            work.is_stored = false;
            co_return;
        }
        if (*stored && (*stored)->amount == money.amount) continue;
        Difference difference{
            .kind = *stored ? DifferenceKind::amount_differs : DifferenceKind::missing_here,
            .reference = money.gateway_id,
            .transaction = order.id,
            .ours_amount = *stored ? (*stored)->amount : Money{},
            .ours = std::string{to_text(order.state)},
            .theirs_amount = money.amount,
            .theirs = theirs};
        const std::string why = *stored ? "both have the payment, in other amounts"
                                        : "the gateway has a payment that nobody told";
        auto noted = co_await note(work, std::move(difference), why);
        if (!noted) co_return; // taken in without a word it would never be told
        if (!*stored) missing.push_back(std::move(noted));
    }
    const bool ended_there =
        status.state == ports::PaymentState::failed && order.state == TransactionState::pending;
    if (missing.empty() && !ended_there) co_return;

    std::optional<Difference> ended;
    if (ended_there) {
        Difference differs{
            .kind = DifferenceKind::state_differs,
            .reference = order.order_id,
            .transaction = order.id,
            .ours_amount = due_of(order),
            .ours = std::string{to_text(order.state)},
            .theirs = theirs};
        ended = co_await note(work, std::move(differs), "the order has ended at the gateway");
        if (!ended) co_return; // the same
    }
    const NoticeOutcome outcome = co_await purchases_.take_in_status(
        std::move(account), order.order_id, std::move(status), PaymentSource::query);
    if (outcome == NoticeOutcome::not_kept) {
        work.is_stored = false;
        co_return;
    }
    missing.push_back(std::move(ended));
    for (std::optional<Difference>& each : missing)
        co_await settle(
            work, std::move(each), "taken in from the answer: " + std::string{word_of(outcome)});
}

/// Of the order's payments the gateway confirms `confirmed`. The ledger should have no others.
awaitable<void> Reconcile::compare_unconfirmed(
    Work& work, Transaction order, std::string theirs, std::vector<ports::ReceivedMoney> confirmed)
{
    const auto payments = co_await outside_.store.payments_of(order.id);
    const auto others = co_await outside_.store.transactions_from(order.id);
    if (!payments || !others) {
        work.is_stored = false;
        co_return;
    }
    for (const Payment& payment : *payments) {
        const bool is_confirmed = std::ranges::any_of(
            confirmed, [&](const auto& each) { return each.gateway_id == payment.gateway_id; });
        if (is_attached(payment) || is_confirmed || has_refund(payment, order, *others)) continue;
        Difference missing{
            .kind = theirs.starts_with("held") ? DifferenceKind::state_differs
                                               : DifferenceKind::missing_there,
            .reference = payment.gateway_id,
            .transaction = order.id,
            .ours_amount = payment.amount,
            .ours = std::string{to_text(order.state)},
            .theirs = theirs};
        (void)co_await note(
            work, std::move(missing), "the ledger has a payment that the gateway does not confirm");
    }
}

} // namespace iwas::workflows
