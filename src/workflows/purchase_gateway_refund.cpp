// The way back through a gateway: a refund with a name of its own, durable before it is asked for.
#include "domain/reconciliation.hpp"
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::Transaction;
using ports::GatewayError;
using ports::JobKind;

namespace {

constexpr Seconds refund_within = 21s;

/// Whether asking again may still lead somewhere.
bool is_open(GatewayError error)
{
    switch (error) {
    case GatewayError::unknown:
    case GatewayError::unavailable:
    case GatewayError::duplicate:
    case GatewayError::not_found: return true;
    case GatewayError::refused:
    case GatewayError::misconfigured:
    case GatewayError::not_supported: return false;
    }
    return true;
}

} // namespace

awaitable<std::optional<ports::RefundOrder>> PurchasePackage::refund_order_of(Transaction txn)
{
    // Money that a person attached is the gateway's by the name under which it was held before.
    Transaction holder = txn;
    if (txn.charge_id.starts_with(domain::attached_payment_prefix)) {
        const auto held = domain::TransactionId::parse(
            txn.charge_id.substr(domain::attached_payment_prefix.size()));
        if (!held) co_return std::nullopt;
        auto loaded = co_await outside_.store.load_transaction(*held);
        if (!loaded) co_return std::nullopt;
        if (*loaded) holder = std::move(**loaded);
    }
    // A transaction that holds money of another's order names it by that order.
    Transaction order = holder;
    if (holder.origin) {
        auto origin = co_await outside_.store.load_transaction(*holder.origin);
        if (!origin) co_return std::nullopt;
        if (*origin) order = std::move(**origin);
    }
    std::string gateway_id = holder.charge_id;
    const auto payment =
        co_await outside_.store.payment_by_gateway_id(txn.payment_account, gateway_id);
    if (!payment) co_return std::nullopt;
    co_return ports::RefundOrder{
        .refund_id = txn.gateway_refund_id,
        .order_id = order.order_id,
        .gateway_id = std::move(gateway_id),
        .amount = due_of(txn),
        .paid = *payment ? (*payment)->amount : due_of(txn),
        .order_created_at = order.created_at,
        .created_at = txn.updated_at,
        .description = "WiFi refund",
        .payer_address = order.ip ? to_string(*order.ip) : std::string{},
    };
}

awaitable<ports::GatewayAnswer<ports::RefundStatus>> PurchasePackage::ask_for_refund(
    Transaction refund, SteadyTime by)
{
    const domain::PaymentAccountId account = refund.payment_account;
    auto order = co_await refund_order_of(std::move(refund));
    if (!order)
        co_return std::unexpected{
            ports::GatewayFailure{.error = GatewayError::unavailable, .code = "store"}};
    auto status = co_await outside_.gateways.find_refund(account, std::move(*order), by);
    co_return status;
}

awaitable<void> PurchasePackage::refund_at_gateway(
    Transaction txn, RunTrace& trace, bool is_new_try)
{
    const auto catalog = outside_.catalog.current();
    const domain::PaymentAccount* account = catalog->payment_account(txn.payment_account);
    if (!account) {
        co_await queue_refund(
            std::move(txn), "the organization's account at the gateway is gone", false, trace);
        co_return;
    }
    // Its name is durable before the first send, so that a repetition is the same refund.
    const bool may_be_sent = !txn.gateway_refund_id.empty();
    if (!may_be_sent) {
        const UtcTime now = outside_.clock.utc_now();
        // The event tells both names: of the one before, the gateway may still say that it was
        // made.
        const std::string before = txn.refund_id;
        txn.gateway_refund_id =
            outside_.gateways.new_refund_id(*account, now, outside_.random.next());
        txn.refund_id = txn.gateway_refund_id;
        ports::Step step{
            .transaction = txn,
            .actor = "system",
            .why = "refund " + txn.refund_id +
                   (before.empty() ? "" : "; the gateway refused " + before),
            .now = now};
        const auto committed = co_await commit(std::move(step));
        if (!committed) {
            co_await try_again(txn.id, JobKind::refund, 1s);
            co_return;
        }
        txn.version = committed->transaction_version;
    }
    auto order = co_await refund_order_of(txn);
    if (!order) {
        co_await try_again(txn.id, JobKind::refund, 1s);
        co_return;
    }

    const SteadyTime by = outside_.clock.steady_now() + refund_within;
    auto call =
        trace.call(party::gateway, "refund " + to_string(order->amount), limits::payment_target);
    ports::GatewayAnswer<ports::RefundStatus> status{
        std::unexpected{ports::GatewayFailure{.error = GatewayError::not_found}}};
    if (may_be_sent)
        status = co_await outside_.gateways.find_refund(txn.payment_account, *order, by);
    // The name of what clearly failed is used up at some gateways.
    const bool has_failed = status && status->state == ports::RefundState::failed;
    if (is_new_try && has_failed) {
        call.answered("failed before");
        txn.gateway_refund_id.clear();
        co_await refund_at_gateway(std::move(txn), trace);
        co_return;
    }
    const bool never_arrived = !status && status.error().error == GatewayError::not_found;
    if (never_arrived)
        status = co_await outside_.gateways.refund(txn.payment_account, std::move(*order), by);

    if (status && status->state == ports::RefundState::done) {
        call.answered("refunded, " + status->gateway_id);
        co_await finish_refund(std::move(txn), "", trace);
        co_return;
    }
    const bool may_end_well =
        status ? status->state == ports::RefundState::pending : is_open(status.error().error);
    const Milliseconds age = outside_.clock.utc_now() - txn.updated_at;
    if (may_end_well && age < limits_.refund_by_itself_for) {
        if (status)
            call.answered("under way");
        else
            call.failed(status.error().code.empty() ? "no answer" : status.error().code);
        const Milliseconds wait = std::clamp<Milliseconds>(age, 2s, 10min);
        co_await try_again(txn.id, JobKind::refund, wait);
        co_return;
    }
    // The refund keeps its name: a gateway that refused it may still say later that it was made,
    // and whoever tries again asks first.
    const std::string code = status ? status->code : status.error().code;
    call.failed(code.empty() ? "refused" : code);
    std::string why = may_end_well ? "the gateway does not tell what became of the refund"
                                   : "the gateway refuses the refund, code " + code;
    co_await queue_refund(std::move(txn), std::move(why), false, trace);
}

} // namespace iwas::workflows
