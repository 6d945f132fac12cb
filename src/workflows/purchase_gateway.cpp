// The branch of PurchasePackage where the customer pays at a gateway: the invitation, the wait, and
// the questions that find what no notice told.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/saved_method_steps.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::PaymentSource;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;

namespace {

/// Gateways take letters, digits and spaces everywhere; the package's name has more than those.
std::string description_of(const Transaction& txn)
{
    return "WiFi " + txn.order_id;
}

ports::PaymentOrder order_for(
    const Transaction& txn, const domain::Account& buyer, const PaymentWay& way)
{
    return {
        .order_id = txn.order_id,
        .amount = due_of(txn),
        .description = description_of(txn),
        .created_at = txn.created_at,
        .expires_at = txn.expires_at.value_or(txn.created_at),
        .return_url = way.return_url + to_string(txn.id),
        .notify_url = way.notify_url,
        .payer_address = way.payer_address,
        .language = way.language,
        .customer = customer_of(buyer.id),
    };
}

ports::PaymentQuery query_of(const Transaction& txn, const std::optional<domain::Invitation>& sent)
{
    return {
        .order_id = txn.order_id,
        .gateway_order = sent ? sent->gateway_order : std::string{},
        .amount = due_of(txn),
        .created_at = txn.created_at,
        .payer_address = txn.ip ? to_string(*txn.ip) : std::string{},
    };
}

} // namespace

/// Asks the gateway how the customer can pay. Without an invitation nobody can pay, so whatever
/// went wrong, the order ends at once and the customer chooses again; money that comes all the
/// same is late money.
awaitable<void> PurchasePackage::invite(
    Transaction txn, domain::Account buyer, PaymentWay way, RunTrace& trace)
{
    trace.leave_unmeasured();
    ports::PaymentOrder order = order_for(txn, buyer, way);
    const SteadyTime by = outside_.clock.steady_now() + limits_.invite_within;
    auto call =
        trace.call(party::gateway, "ask for " + to_string(order.amount), limits::payment_target);
    auto invited = co_await outside_.gateways.create(txn.payment_account, std::move(order), by);
    if (!invited) {
        call.failed(invited.error().code);
        const bool may_exist = invited.error().error == ports::GatewayError::unknown ||
                               invited.error().error == ports::GatewayError::duplicate;
        co_await decline(
            std::move(txn), TransactionState::failed, TransactionReason::payment_unavailable,
            std::nullopt, may_exist, trace);
        co_return;
    }
    call.answered("invited");

    const auto kept = co_await outside_.store.keep_invitation(txn.id, std::move(*invited));
    if (!kept) {
        co_await decline(
            std::move(txn), TransactionState::failed, TransactionReason::payment_unavailable,
            std::nullopt, true, trace);
        co_return;
    }
    trace.async(party::iwas, party::phone, "pay " + to_string(due_of(txn)));
    outside_.notifier.changed(txn.id.value());
    co_await try_again(txn.id, JobKind::resume_purchase, limits_.poll_first);
}

awaitable<Result<void, PurchaseRejection>> PurchasePackage::check_saved_method(
    PurchaseRequest request, Money due)
{
    const auto loaded = co_await outside_.store.load_saved_method(*request.saved_method);
    if (!loaded) co_return std::unexpected{PurchaseRejection::try_later};
    const auto catalog = outside_.catalog.current();
    const domain::Location* location = catalog->location(request.visit.location);
    const domain::PaymentAccount* account =
        location ? catalog->payment_account(location->organization, request.method) : nullptr;
    const UtcTime now = outside_.clock.utc_now();
    const bool is_his = *loaded && (*loaded)->account == request.account.id;
    if (!is_his || !account || !domain::is_usable(**loaded, now))
        co_return std::unexpected{PurchaseRejection::payment_method_inactive};
    // From a bank account he pays himself, at his bank, which asks for its own proof.
    if (domain::is_bank_account(**loaded) && domain::is_bank_transfer(request.method))
        co_return Result<void, PurchaseRejection>{};
    if ((*loaded)->method != request.method || (*loaded)->payment_account != account->id)
        co_return std::unexpected{PurchaseRejection::payment_method_inactive};
    if (due > domain::saved_method_free_max &&
        !domain::is_proven(request.visit, request.account.id, now))
        co_return std::unexpected{PurchaseRejection::reauthentication_required};
    co_return Result<void, PurchaseRejection>{};
}

/// One tap: the token pays. It is sent once for the order, whatever comes back; an answer that is
/// lost is asked for by the order's name, and the customer is never charged anew.
awaitable<void> PurchasePackage::charge_saved(
    Transaction txn, domain::Account buyer, PaymentWay way, RunTrace& trace)
{
    trace.leave_unmeasured();
    const auto loaded = co_await outside_.store.load_saved_method(*txn.saved_method);
    const bool is_usable =
        loaded && *loaded && domain::is_usable(**loaded, outside_.clock.utc_now());
    if (!is_usable) {
        const auto why =
            loaded ? TransactionReason::method_expired : TransactionReason::payment_unavailable;
        co_await decline(std::move(txn), TransactionState::failed, why, std::nullopt, false, trace);
        co_return;
    }
    ports::PaymentOrder order = order_for(txn, buyer, way);
    ports::BoundToken token = token_of(**loaded);
    const SteadyTime by = outside_.clock.steady_now() + limits_.invite_within;
    auto call =
        trace.call(party::gateway, "charge " + to_string(order.amount), limits::payment_target);
    auto charged = co_await outside_.gateways.charge(
        txn.payment_account, std::move(order), std::move(token), by);
    if (charged)
        call.answered(charged->state == ports::PaymentState::paid ? "charged" : "under way");
    else
        call.failed(charged.error().code);
    co_await take_in_charge(std::move(txn), std::move(charged), trace);
}

awaitable<void> PurchasePackage::take_in_charge(
    Transaction txn, ports::GatewayAnswer<ports::PaymentStatus> charged, RunTrace& trace)
{
    const domain::TransactionId id = txn.id;
    if (!charged) {
        switch (charged.error().error) {
        case ports::GatewayError::unknown:
        case ports::GatewayError::duplicate:
            trace.condition("outcome unknown: ask");
            co_await try_again(id, JobKind::resume_purchase, limits_.poll_charge);
            co_return;
        case ports::GatewayError::not_found:
            co_await expire_method(
                outside_.store, *txn.saved_method, "refused, " + charged.error().code,
                outside_.clock.utc_now());
            charged.error().reason = TransactionReason::method_expired;
            break;
        case ports::GatewayError::refused: break;
        case ports::GatewayError::misconfigured:
        case ports::GatewayError::not_supported:
        case ports::GatewayError::unavailable:
            charged.error().reason = TransactionReason::payment_unavailable;
            break;
        }
        const TransactionReason why = charged.error().reason;
        co_await decline(std::move(txn), TransactionState::failed, why, std::nullopt, false, trace);
        co_return;
    }
    if (charged->invitation) {
        // This gateway wants the customer's yes on its page each time.
        const auto kept = co_await outside_.store.keep_invitation(id, *charged->invitation);
        if (kept) outside_.notifier.changed(id.value());
    }
    const bool has_news = charged->state != ports::PaymentState::pending;
    const auto catalog = outside_.catalog.current();
    const domain::PaymentAccount* account = catalog->payment_account(txn.payment_account);
    if (has_news && account) {
        const domain::PaymentAccount at = *account;
        const auto outcome =
            co_await take_in_status(at, txn.order_id, std::move(*charged), PaymentSource::query);
        if (outcome != ports::NoticeOutcome::not_kept) co_return;
    }
    co_await try_again(
        id, JobKind::resume_purchase,
        charged->invitation ? limits_.poll_first : limits_.poll_charge);
}

/// The fallback for notices that do not come: asks, less and less often, until the order expires.
awaitable<void> PurchasePackage::find_money(Transaction txn, RunTrace& trace)
{
    const auto invited = co_await outside_.store.load_invitation(txn.id);
    const auto catalog = outside_.catalog.current();
    const domain::PaymentAccount* account = catalog->payment_account(txn.payment_account);
    const UtcTime expires_at = txn.expires_at.value_or(txn.created_at);
    // A charge is found by its order alone; who was to pay himself must have been told how.
    const bool is_charge = pays_by_token(txn) && invited && !*invited;
    const Milliseconds age = outside_.clock.utc_now() - txn.created_at;
    if (invited && (*invited || is_charge) && account) {
        ports::PaymentQuery query = query_of(txn, *invited);
        const SteadyTime by = outside_.clock.steady_now() + limits_.invite_within;
        auto call = trace.call(party::gateway, "look up the order", limits::payment_target);
        auto status = co_await outside_.gateways.find(txn.payment_account, std::move(query), by);
        if (status) {
            const bool has_news = status->state != ports::PaymentState::pending;
            call.answered(has_news ? "news" : "not paid yet");
            if (has_news) {
                (void)co_await take_in_status(
                    *account, txn.order_id, std::move(*status), PaymentSource::query);
                const auto now_stored = co_await outside_.store.load_transaction(txn.id);
                const bool is_open =
                    now_stored && *now_stored && (*now_stored)->state == TransactionState::pending;
                if (now_stored && !is_open) co_return;
                if (is_open) txn = **now_stored;
            }
        } else {
            call.failed(status.error().code);
            const bool is_absent = status.error().error == ports::GatewayError::not_found;
            if (is_charge && is_absent && age >= limits_.absent_for) {
                co_await decline(
                    std::move(txn), TransactionState::failed,
                    TransactionReason::payment_unavailable, std::nullopt, true, trace);
                co_return;
            }
        }
    } else if (invited && !*invited) {
        // Stopped before anybody was invited.
        co_await decline(
            std::move(txn), TransactionState::failed, TransactionReason::payment_unavailable,
            std::nullopt, true, trace);
        co_return;
    }

    const UtcTime now = outside_.clock.utc_now();
    if (now >= expires_at) {
        co_await decline(
            std::move(txn), TransactionState::expired, TransactionReason::payment_expired,
            std::nullopt, true, trace);
        co_return;
    }
    const Seconds first = is_charge ? limits_.poll_charge : limits_.poll_first;
    const Milliseconds wait = std::clamp<Milliseconds>(age / 2, first, limits_.poll_max);
    co_await try_again(
        txn.id, JobKind::resume_purchase, std::min<Milliseconds>(wait, expires_at - now));
}

awaitable<ports::GatewayAnswer<ports::PaymentStatus>> PurchasePackage::ask_for_order(
    Transaction order, SteadyTime by)
{
    const auto invited = co_await outside_.store.load_invitation(order.id);
    if (!invited)
        co_return std::unexpected{
            ports::GatewayFailure{.error = ports::GatewayError::unavailable, .code = "store"}};
    ports::PaymentQuery query = query_of(order, *invited);
    auto status = co_await outside_.gateways.find(order.payment_account, std::move(query), by);
    co_return status;
}

/// Of an order that has ended; its job goes on until nothing can be expected any more.
awaitable<void> PurchasePackage::look_for_late_money(Transaction txn, domain::JobId job)
{
    const auto invited = co_await outside_.store.load_invitation(txn.id);
    const auto catalog = outside_.catalog.current();
    const domain::PaymentAccount* account = catalog->payment_account(txn.payment_account);
    if (!invited || !account) {
        (void)co_await outside_.store.postpone_job(job, outside_.clock.utc_now() + 60s);
        co_return;
    }
    ports::PaymentQuery query = query_of(txn, *invited);
    const SteadyTime by = outside_.clock.steady_now() + limits_.invite_within;
    auto status = co_await outside_.gateways.find(txn.payment_account, std::move(query), by);
    const bool has_money = status && !status->received.empty();
    if (has_money) {
        const auto outcome = co_await take_in_status(
            *account, txn.order_id, std::move(*status), PaymentSource::query);
        const auto stored = co_await outside_.store.load_transaction(txn.id);
        const bool is_still_ended = stored && *stored &&
                                    ((*stored)->state == TransactionState::failed ||
                                     (*stored)->state == TransactionState::expired);
        if (outcome != ports::NoticeOutcome::not_kept && stored && !is_still_ended) {
            (void)co_await outside_.store.finish_job(job);
            co_return;
        }
    }
    const bool was_told = status || status.error().error == ports::GatewayError::not_found ||
                          status.error().error == ports::GatewayError::not_supported;
    co_await look_again_later(std::move(txn), job, was_told);
}

awaitable<void> PurchasePackage::look_now(domain::TransactionId id)
{
    const auto loaded = co_await outside_.store.load_transaction(id);
    const bool waits = loaded && *loaded && (*loaded)->state == TransactionState::pending &&
                       domain::is_gateway((*loaded)->method);
    if (waits) co_await try_again(id, JobKind::resume_purchase, 0s);
}

awaitable<Result<Transaction, ports::StoreError>> PurchasePackage::cancel(domain::TransactionId id)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        auto loaded = co_await outside_.store.load_transaction(id);
        if (!loaded) co_return std::unexpected{loaded.error()};
        if (!*loaded) co_return std::unexpected{ports::StoreError::conflict};
        Transaction txn = std::move(**loaded);
        if (txn.state != TransactionState::pending || !domain::is_gateway(txn.method))
            co_return txn;
        RunTrace trace{outside_.tracer, outside_.clock, "purchase", id.value()};
        trace.leave_unmeasured();
        trace.async(party::phone, party::iwas, "pays another way");
        co_await decline(
            std::move(txn), TransactionState::failed, TransactionReason::cancelled, std::nullopt,
            true, trace);
    }
    co_return std::unexpected{ports::StoreError::unavailable};
}

awaitable<Result<Transaction, ports::StoreError>> PurchasePackage::keep_as_credit(
    domain::TransactionId id)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        auto loaded = co_await outside_.store.load_transaction(id);
        if (!loaded) co_return std::unexpected{loaded.error()};
        if (!*loaded) co_return std::unexpected{ports::StoreError::conflict};
        Transaction txn = std::move(**loaded);
        if (!domain::may_keep_as_credit(txn)) co_return txn;
        const UtcTime now = outside_.clock.utc_now();
        txn.state = TransactionState::refunded;
        txn.refund_id = credit_refund_id;
        txn.is_refund_queued = false;
        txn.updated_at = now;
        ports::Step step{
            .transaction = txn,
            .credit = {{txn.account, id, now, due_of(txn), "kept_refund"}},
            .actor = "customer",
            .why = "kept as store credit",
            .now = now,
        };
        const auto committed = co_await commit(std::move(step));
        if (!committed) continue;
        txn.version = committed->transaction_version;
        co_return txn;
    }
    co_return std::unexpected{ports::StoreError::unavailable};
}

} // namespace iwas::workflows
