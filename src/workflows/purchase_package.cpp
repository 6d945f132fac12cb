#include "workflows/purchase_package.hpp"

#include "core/digest.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/saved_method_steps.hpp"
#include "workflows/session_steps.hpp"

// Transaction: pending -> success | failed | expired;  success -> refunding -> refunded
// Session:     pending -> active;  pending -> failed   (not confirmed in time: money back)
//
// Every step is: make the intent durable, act outside, make the outcome durable. The resume job is
// written with the transaction and removed with its last step, so whatever stops in between is
// found again. Two runs of one transaction meet at the row's version: one of them goes on.

namespace iwas::workflows {

using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;

namespace {

Sha256Digest hash_of(const PurchaseRequest& request)
{
    const std::string text =
        request.package.text() + "|" + std::to_string(request.quoted_price.vnd()) + "|" +
        (request.extends ? to_string(*request.extends) : "new") + "|" +
        to_string(request.visit.mac) + "|" + std::string{to_text(request.method)} + "|" +
        (request.uses_credit ? "credit" : "no credit") + "|" +
        (request.saved_method ? to_string(*request.saved_method) : "");
    return sha256({as_bytes(text)});
}

PurchaseRejection rejection_of(ports::OpenPurchaseError error)
{
    switch (error) {
    case ports::OpenPurchaseError::key_reused: return PurchaseRejection::idempotency_conflict;
    case ports::OpenPurchaseError::device_already_active:
        return PurchaseRejection::device_already_active;
    case ports::OpenPurchaseError::at_capacity: return PurchaseRejection::package_at_capacity;
    case ports::OpenPurchaseError::purchase_limit: return PurchaseRejection::purchase_limit_reached;
    case ports::OpenPurchaseError::credit_changed: return PurchaseRejection::credit_changed;
    case ports::OpenPurchaseError::unavailable: return PurchaseRejection::try_later;
    }
    return PurchaseRejection::try_later;
}

/// Whether the location offers this way of paying to this account.
bool is_offered(
    const domain::Catalog& catalog, const domain::Location& location,
    const PurchaseRequest& request)
{
    switch (request.method) {
    case domain::PaymentMethod::pc_balance:
        return catalog.pc_system(location.id) && !domain::is_guest(request.account);
    case domain::PaymentMethod::store_credit: return request.uses_credit;
    case domain::PaymentMethod::momo:
    case domain::PaymentMethod::zalopay:
    case domain::PaymentMethod::vnpay:
    case domain::PaymentMethod::vietqr:
    case domain::PaymentMethod::payos:
        return catalog.payment_account(location.organization, request.method) != nullptr;
    }
    return false;
}

} // namespace

PurchasePackage::PurchasePackage(Outside outside, RunSession& sessions, PurchaseLimits limits)
    : outside_{outside}, sessions_{sessions}, limits_{limits}
{
}

awaitable<Result<ports::OpenedPurchase, PurchaseRejected>> PurchasePackage::begin(
    PurchaseRequest request)
{
    const auto rejected = [](PurchaseRejection why, std::optional<Money> price = std::nullopt) {
        return std::unexpected{PurchaseRejected{why, price}};
    };

    // Validate: pure rules over a snapshot.
    const auto catalog = outside_.catalog.current();
    const UtcTime now = outside_.clock.utc_now();
    const domain::Location* location = catalog->location(request.visit.location);
    const domain::Package* package = catalog->package(request.package);
    if (!location || !package ||
        !domain::is_offered_at(*package, location->organization, location->id))
        co_return rejected(PurchaseRejection::package_not_available);
    if (domain::is_blocked(*catalog, location->id, request.visit.mac))
        co_return rejected(PurchaseRejection::device_blocked);
    const domain::LocalTime local = outside_.clock.local_time(now, location->time_zone);
    if (!domain::is_on_sale(package->schedule, local))
        co_return rejected(PurchaseRejection::package_not_available);
    if (package->terms.price != request.quoted_price)
        co_return rejected(PurchaseRejection::price_changed, package->terms.price);
    if (!is_offered(*catalog, *location, request))
        co_return rejected(PurchaseRejection::payment_method_inactive);
    if (request.extends) {
        const auto session = co_await outside_.store.load_session(*request.extends);
        if (!session) co_return rejected(PurchaseRejection::try_later);
        const bool is_extendable = *session && (*session)->account == request.account.id &&
                                   domain::time_left(**session, now) > Seconds{0} &&
                                   ((*session)->state == domain::SessionState::active ||
                                    (*session)->state == domain::SessionState::paused);
        if (!is_extendable) co_return rejected(PurchaseRejection::session_not_extendable);
    }

    // Store credit is spent first.
    const Money price = package->terms.price;
    Money credit;
    if (request.uses_credit) {
        const auto balance = co_await outside_.store.credit_of(request.account.id);
        if (!balance) co_return rejected(PurchaseRejection::try_later);
        credit = domain::credit_to_use(price, *balance, request.method);
    }
    const bool is_all_credit = credit == price && price > Money{};
    if (request.method == domain::PaymentMethod::store_credit && !is_all_credit)
        co_return rejected(PurchaseRejection::credit_changed);

    // The PC account pays without its owner, too: whoever finds a phone signed in must not empty
    // it.
    if (request.method == domain::PaymentMethod::pc_balance &&
        price - credit > domain::saved_method_free_max &&
        !domain::is_proven(request.visit, request.account.id, now))
        co_return rejected(PurchaseRejection::reauthentication_required);
    if (request.saved_method && !is_all_credit) {
        const auto checked = co_await check_saved_method(request, price - credit);
        if (!checked) co_return rejected(checked.error());
    }

    // Pending: the durable intent, with the limits that others could break at this moment.
    const auto id = outside_.random.make_id<domain::TransactionId>(now);
    ports::PurchaseIntent intent;
    intent.transaction = Transaction{
        .id = id,
        .organization = location->organization,
        .location = location->id,
        .account = request.account.id,
        .method = is_all_credit ? domain::PaymentMethod::store_credit : request.method,
        .amount = price,
        .credit_used = credit,
        .state = TransactionState::pending,
        .terms = package->terms,
        .session = request.extends.value_or(outside_.random.make_id<domain::SessionId>(now)),
        .is_extension = request.extends.has_value(),
        .mac = request.visit.mac,
        .ip = request.visit.ip,
        .router = request.visit.router,
        .created_at = now,
        .updated_at = now,
    };
    if (domain::is_gateway(intent.transaction.method)) {
        const domain::PaymentAccount& at =
            *catalog->payment_account(location->organization, request.method);
        intent.transaction.payment_account = at.id;
        intent.transaction.order_id =
            outside_.gateways.new_order_id(at, now, outside_.random.next());
        intent.transaction.expires_at = now + limits_.expire_after;
        intent.transaction.saved_method = request.saved_method;
        if (at.method == domain::PaymentMethod::vietqr)
            intent.unique_amount_max = at.unique_amount_max;
    }
    intent.idempotency_key = request.idempotency_key;
    intent.request_hash = hash_of(request);
    intent.resume = ports::Job{
        .id = job_id(JobKind::resume_purchase, id.value()),
        .kind = JobKind::resume_purchase,
        .subject = id.value(),
        .target = location->id.text(),
        .detail = challenge_detail(challenge_of(request.visit)),
        .due_at = now,
        .lease_until = now + limits_.lease,
    };
    intent.capacity = package->capacity;
    intent.purchases_per_day_max = package->purchases_per_day_max;
    intent.day_start = local.day_start;
    auto opened = co_await outside_.store.open_purchase(std::move(intent));
    if (!opened) co_return rejected(rejection_of(opened.error()));
    co_return std::move(*opened);
}

awaitable<void> PurchasePackage::carry_out(Transaction opened, PurchaseRequest request)
{
    const domain::TransactionId id = opened.id;
    RunTrace trace{outside_.tracer, outside_.clock, "purchase", id.value()};
    trace.leave_unmeasured(); // who comes online is counted there
    trace.async(party::phone, party::iwas, "buy " + opened.terms.name);
    keep_challenge(id, challenge_of(request.visit));
    if (domain::is_gateway(opened.method)) {
        // The challenge stays: money may come at any moment, and then the login must not wait.
        if (pays_by_token(opened))
            co_await charge_saved(
                std::move(opened), std::move(request.account), std::move(request.way), trace);
        else
            co_await invite(
                std::move(opened), std::move(request.account), std::move(request.way), trace);
        co_return;
    }
    co_await pay(std::move(opened), std::move(request.account), Run::fresh, trace);
    challenges_.erase(id);
}

awaitable<void> PurchasePackage::leave_to_job(domain::TransactionId id)
{
    co_await try_again(id, JobKind::resume_purchase, 0s);
}

awaitable<void> PurchasePackage::handle(ports::Job job)
{
    if (job.kind == JobKind::watch_late_debit)
        co_await watch_late_debit(std::move(job));
    else if (job.kind == JobKind::attach_money)
        co_await attach_money(std::move(job));
    else
        co_await resume(std::move(job));
}

awaitable<void> PurchasePackage::resume(ports::Job job)
{
    const domain::TransactionId id{job.subject};
    RunTrace trace{outside_.tracer, outside_.clock, "purchase", id.value()};
    trace.leave_unmeasured();
    const auto loaded = co_await outside_.store.load_transaction(id);
    if (!loaded || !*loaded) {
        co_await try_again(id, job.kind, 1s);
        co_return;
    }
    const Transaction& txn = **loaded;
    if (job.kind == JobKind::resume_purchase && !job.detail.empty())
        keep_challenge(id, challenge_in(job.detail));
    const bool is_new_try =
        job.kind == JobKind::refund && job.detail == refund_again_detail && job.attempt == 0;
    trace.condition("resumed as " + std::string{to_text(txn.state)});

    switch (txn.state) {
    case TransactionState::created:
    case TransactionState::pending:
        if (domain::is_gateway(txn.method)) {
            co_await find_money(txn, trace);
            co_return; // its challenge is needed until it ends
        }
        co_await find_payment(txn, trace);
        break;
    case TransactionState::success: co_await resume_activation(txn, trace); break;
    case TransactionState::refunding: co_await resume_refund(txn, trace, is_new_try); break;
    case TransactionState::refunded:
    case TransactionState::failed:
    case TransactionState::expired:
        for (const JobKind kind : {JobKind::resume_purchase, JobKind::refund})
            (void)co_await outside_.store.finish_job(job_id(kind, id.value()));
        break;
    }
    challenges_.erase(id);
}

awaitable<void> PurchasePackage::decline(
    Transaction txn, TransactionState state, TransactionReason reason,
    std::optional<Money> available, bool is_watched, RunTrace& trace)
{
    const UtcTime now = outside_.clock.utc_now();
    txn.state = state;
    txn.reason = reason;
    txn.available = available;
    txn.updated_at = now;
    ports::Step step{
        .transaction = txn,
        .finished = {job_id(JobKind::resume_purchase, txn.id.value())},
        .actor = domain::is_gateway(txn.method) ? "gateway" : "pc_system",
        .why = std::string{to_text(reason)},
        .now = now,
    };
    return_credit(step, txn);
    if (!co_await release_parts(step, txn)) {
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }
    // "Not found" is true for the moment only: a request on its way may still debit.
    if (is_watched)
        step.jobs.push_back({
            .id = job_id(JobKind::watch_late_debit, txn.id.value()),
            .kind = JobKind::watch_late_debit,
            .subject = txn.id.value(),
            .target = txn.location.text(),
            .due_at = now + 60s,
        });
    if (!co_await commit(std::move(step))) {
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }
    trace.async(party::iwas, party::phone, std::string{to_text(reason)});
}

} // namespace iwas::workflows
