// PurchasePackage: from "Buy" to online, or the money back.
#pragma once

#include "domain/account.hpp"
#include "workflows/outside.hpp"

#include <map>
#include <optional>
#include <string>

namespace iwas::workflows {

class RunSession;
class RunTrace;

struct PurchaseRequest {
    domain::Account account;
    domain::Visit visit;
    domain::PackageId package;
    Money quoted_price;
    std::string idempotency_key;              // 1-64 characters, chosen by the client
    std::optional<domain::SessionId> extends; // more time for this session instead of a new one
};

enum class PurchaseRejection {
    package_not_available,
    payment_method_inactive, // the location has no PC system
    package_at_capacity,
    price_changed,
    device_blocked,
    device_already_active,
    purchase_limit_reached,
    session_not_extendable,
    idempotency_conflict,
    try_later,
};

struct PurchaseRejected {
    PurchaseRejection why = PurchaseRejection::try_later;
    std::optional<Money> current_price; // with price_changed
};

/// What the customer sees while and after he pays.
struct PurchaseView {
    domain::Transaction transaction;
    std::optional<domain::Session> session;
    std::optional<ports::LoginForm> form; // the browser has to post it
};

struct PurchaseLimits {
    Seconds charge_within = 25s;        // one charge with its retries (SPEC section 2)
    Seconds charge_again_for = 60s;     // after a crash: how long the customer is thought to wait
    Seconds expire_after = 15min;       // no debit found by then: the order expires
    Seconds unknown_for = 24h;          // nobody could tell for so long: a person gets it
    Seconds activate_for = 30s;         // after the payment: online by then, or money back
    Seconds activate_by_browser = 60s;  // the same where the browser must post a form
    Seconds refund_by_itself_for = 24h; // then a person gets it
    Seconds watch_for = 48h;            // a debit that may still come
    Seconds lease = 120s;
};

class PurchasePackage {
public:
    PurchasePackage(Outside outside, RunSession& sessions, PurchaseLimits limits = {});

    /// Checks the order and makes it durable, with its resume job; no money has moved. The same
    /// idempotency key and request give the same transaction. The caller starts `carry_out`,
    /// unless `is_new` is false.
    awaitable<Result<ports::OpenedPurchase, PurchaseRejected>> begin(PurchaseRequest request);

    /// Carries out what `begin` opened for `request`: debit, session, router, or refund. Where it
    /// stops, by a crash or an unknown outcome, its job goes on.
    awaitable<void> carry_out(domain::Transaction opened, PurchaseRequest request);
    /// For who cannot start `carry_out` now: the job does it, at once.
    awaitable<void> leave_to_job(domain::TransactionId id);
    /// Handles resume_purchase, refund and watch_late_debit: brings the transaction as far as it
    /// goes now, from any step. Running it twice does no harm.
    awaitable<void> handle(ports::Job job);

    awaitable<Result<std::optional<PurchaseView>, ports::StoreError>> view(
        domain::TransactionId id);

private:
    /// A fresh run debits; a resumed one first asks what happened.
    enum class Run { fresh, resumed };
    awaitable<void> resume(ports::Job job);

    awaitable<void> pay(domain::Transaction txn, domain::Account buyer, Run run, RunTrace& trace);
    awaitable<void> find_payment(domain::Transaction txn, RunTrace& trace);
    awaitable<void> pay_again(domain::Transaction txn, RunTrace& trace);
    awaitable<void> give_up_asking(domain::Transaction txn, RunTrace& trace);
    awaitable<void> settle(domain::Transaction txn, ports::PcCharge charge, RunTrace& trace);
    awaitable<void> settle_extension(
        domain::Transaction txn, ports::PcCharge charge, RunTrace& trace);
    awaitable<void> refuse_amount(domain::Transaction txn, ports::PcCharge charge, RunTrace& trace);
    /// `is_watched`: a request that was sent earlier may still debit.
    awaitable<void> decline(
        domain::Transaction txn, domain::TransactionState state, domain::TransactionReason reason,
        std::optional<Money> available, bool is_watched, RunTrace& trace);
    awaitable<void> resume_activation(domain::Transaction txn, RunTrace& trace);
    awaitable<void> activate(domain::Transaction txn, domain::Session session, RunTrace& trace);
    awaitable<void> compensate(domain::Transaction txn, domain::Session session, RunTrace& trace);
    awaitable<void> give_back(
        domain::Transaction txn, domain::TransactionReason reason, std::string why,
        RunTrace& trace);
    awaitable<void> resume_refund(domain::Transaction txn, RunTrace& trace);
    awaitable<void> refund(domain::Transaction txn, RunTrace& trace);
    awaitable<void> finish_refund(domain::Transaction txn, std::string refund_id, RunTrace& trace);
    awaitable<void> queue_refund(domain::Transaction txn, std::string why, RunTrace& trace);
    awaitable<void> watch_late_debit(ports::Job job);

    /// Commits and tells the watchers. Nothing: nothing may be assumed; the job brings it back.
    awaitable<std::optional<ports::Committed>> commit(ports::Step step);
    awaitable<void> try_again(domain::TransactionId id, ports::JobKind kind, Milliseconds after);
    [[nodiscard]] domain::Session session_for(const domain::Transaction& txn);
    [[nodiscard]] ports::LoginChallenge known_challenge(const domain::TransactionId& id) const;

    Outside outside_;
    RunSession& sessions_;
    PurchaseLimits limits_;
    struct WaitingForm {
        ports::LoginForm form;
        UtcTime until;
    };
    /// Forms that browsers have to post, until the wait is over.
    std::map<domain::TransactionId, WaitingForm> forms_;
    /// Of the runs under way. A resumed one has it from its job.
    std::map<domain::TransactionId, ports::LoginChallenge> challenges_;
};

} // namespace iwas::workflows
