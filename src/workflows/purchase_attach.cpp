// The branch of PurchasePackage where a person has found out whose money it is: what waits in the
// queue becomes the payment of an order.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/session_steps.hpp"

namespace iwas::workflows {

using domain::MoneyUse;
using domain::Transaction;
using domain::TransactionState;
using ports::JobKind;
using ports::NoticeOutcome;

namespace {

/// Why the order cannot use that money; empty: it can.
std::string_view obstacle_of(const Transaction& held, const Transaction& order, MoneyUse use)
{
    // Whoever tried the refund again after the order to attach may have been faster.
    if (!domain::may_be_spent_otherwise(held))
        return "a gateway was asked to give this money back, and may still do so";
    if (held.payment_account != order.payment_account || order.order_id.empty())
        return "the order is of another account";
    switch (use) {
    case MoneyUse::settles:
    case MoneyUse::reopens:
    case MoneyUse::part: return {};
    case MoneyUse::wrong_amount: return "it is not the amount of the order";
    case MoneyUse::second: return "the order is paid, or its money is on its way back";
    case MoneyUse::late_part: return "it is less than the order costs, and the order has ended";
    }
    return "the order cannot use it";
}

} // namespace

/// `job`: subject holds the money, target is the order, detail is who wants it. The money and the
/// order change in one step, or neither does.
awaitable<void> PurchasePackage::attach_money(ports::Job job)
{
    const UtcTime later = outside_.clock.utc_now() + 5s;
    const auto order_id = domain::TransactionId::parse(job.target);
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto held =
            co_await outside_.store.load_transaction(domain::TransactionId{job.subject});
        if (!held) break;
        const bool waits =
            *held && (*held)->state == TransactionState::refunding && (*held)->is_refund_queued;
        if (!waits || !order_id) {
            (void)co_await outside_.store.finish_job(job.id);
            co_return;
        }
        const auto order = co_await outside_.store.load_transaction(*order_id);
        if (!order) break;
        Taken taken;
        if (*order)
            taken = co_await attach_once(job, **held, **order);
        else
            taken = co_await refuse_to_attach(job, **held, "there is no such order");
        if (!taken) continue;
        if (*taken == NoticeOutcome::not_kept) break;
        (void)co_await outside_.store.finish_job(job.id);
        co_return;
    }
    (void)co_await outside_.store.postpone_job(job.id, later);
}

awaitable<PurchasePackage::Taken> PurchasePackage::attach_once(
    ports::Job job, Transaction held, Transaction order)
{
    const auto before = co_await outside_.store.payments_of(order.id);
    if (!before) co_return NoticeOutcome::not_kept;
    const UtcTime now = outside_.clock.utc_now();
    const auto catalog = outside_.catalog.current();
    const domain::PaymentAccount* account = catalog->payment_account(order.payment_account);
    Incoming incoming{.source = domain::PaymentSource::staff, .order = order, .staff = job.detail};
    incoming.money = {
        .gateway_id = std::string{domain::attached_payment_prefix} + to_string(held.id),
        .amount = due_of(held),
        .paid_at = now,
    };
    // What came before an order ended was let go with it.
    const bool has_ended =
        domain::is_final(order.state) && order.state != TransactionState::success;
    if (!has_ended)
        for (const domain::Payment& each : *before)
            incoming.paid_before += each.amount;
    const MoneyUse use = use_of(order, incoming.paid_before, incoming.money.amount);
    std::string_view obstacle = obstacle_of(held, order, use);
    if (!account) obstacle = "the account is not in the configuration any more";
    if (!obstacle.empty()) {
        const Taken refused = co_await refuse_to_attach(std::move(job), std::move(held), obstacle);
        co_return refused;
    }

    incoming.account = *account;
    incoming.taken_from = held;
    incoming.taken_from->state = TransactionState::refunded;
    incoming.taken_from->refund_id =
        std::string{domain::attached_refund_prefix} + to_string(order.id);
    incoming.taken_from->is_refund_queued = false;
    incoming.taken_from->updated_at = now;
    Taken taken;
    if (use == MoneyUse::part)
        taken = co_await keep_part(std::move(incoming));
    else
        taken = co_await pay_order(std::move(incoming));
    if (taken == NoticeOutcome::refused)
        taken = co_await refuse_to_attach(
            std::move(job), std::move(held), "nothing can be given for it any more");
    co_return taken;
}

/// The money stays where it is, and its story says why.
awaitable<PurchasePackage::Taken> PurchasePackage::refuse_to_attach(
    ports::Job job, Transaction held, std::string_view why)
{
    ports::Step step{
        .transaction = std::move(held),
        .finished = {job.id},
        .actor = job.detail,
        .why = "not attached to " + job.target + ": " + std::string{why},
        .now = outside_.clock.utc_now(),
    };
    const auto stored = co_await outside_.store.commit(std::move(step));
    if (!stored && stored.error() == ports::StoreError::unavailable)
        co_return NoticeOutcome::not_kept;
    if (!stored) co_return std::nullopt;
    co_return NoticeOutcome::refused;
}

} // namespace iwas::workflows
