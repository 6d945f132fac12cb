// Money whose order was found: it leaves the queue for its order, and nothing else changes its way.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"

namespace iwas::workflows {

using domain::MoneyUse;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;

namespace {

bool is_held_for_its_owner(const Transaction& aside)
{
    return aside.state == TransactionState::refunding && aside.is_refund_queued &&
           aside.reason == TransactionReason::unmatched_payment;
}

/// An order that money would pay, or pay late.
bool is_paid_by(MoneyUse use)
{
    return use == MoneyUse::settles || use == MoneyUse::reopens;
}

} // namespace

awaitable<PurchasePackage::Attached> PurchasePackage::attach(
    domain::Payment payment, domain::TransactionId order)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto attached = co_await attach_once(payment, order);
        if (attached) co_return *attached;
    }
    co_return Attached::try_later;
}

/// One commit: the payment moves, what kept it is empty, and the order is paid. Of two that claim
/// the same money one finds a version that is no more, looks again, and finds nothing.
awaitable<std::optional<PurchasePackage::Attached>> PurchasePackage::attach_once(
    domain::Payment payment, domain::TransactionId order)
{
    const auto kept_by = co_await outside_.store.load_transaction(payment.transaction);
    const auto loaded = co_await outside_.store.load_transaction(order);
    const auto before = co_await outside_.store.payments_of(order);
    if (!kept_by || !loaded || !before) co_return Attached::try_later;
    if (!*kept_by || !*loaded || !is_held_for_its_owner(**kept_by)) co_return Attached::gone;
    const auto catalog = outside_.catalog.current();
    const domain::PaymentAccount* account = catalog->payment_account(payment.account);
    if (!account || (*loaded)->payment_account != payment.account) co_return Attached::gone;

    Incoming incoming{
        .account = *account,
        .money =
            {.gateway_id = payment.gateway_id,
             .amount = payment.amount,
             .paid_at = payment.paid_at,
             .memo = payment.memo,
             .payer = payment.payer},
        .source = payment.source,
        .order = **loaded,
        .paid_before = {},
        .found = payment.id,
        .kept_by = **kept_by,
    };
    // What came before an order ended was let go with it.
    if (incoming.order.state == TransactionState::pending)
        for (const domain::Payment& each : *before)
            incoming.paid_before += each.amount;
    // Who typed the whole price paid what was left off the order's amount, too.
    const Money left_off = incoming.order.terms.price - incoming.order.amount;
    const bool is_right =
        is_paid_by(use_of(incoming.order, incoming.paid_before, payment.amount)) &&
        surplus_of(incoming.order, incoming.paid_before, payment.amount) <= left_off;
    if (!is_right) co_return Attached::gone;

    const Taken taken = co_await pay_order(std::move(incoming));
    if (!taken) co_return std::nullopt;
    co_return *taken == ports::NoticeOutcome::not_kept ? Attached::try_later : Attached::yes;
}

} // namespace iwas::workflows
