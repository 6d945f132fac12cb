// Ledger: transactions, sessions and jobs, changed together or not at all.
#pragma once

#include "core/digest.hpp"
#include "domain/accounting.hpp"
#include "domain/session.hpp"
#include "domain/transaction.hpp"
#include "ports/store/jobs.hpp"
#include "ports/store/payments.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

/// A purchase about to begin. Everything in it becomes durable at once, before any money moves.
struct PurchaseIntent {
    domain::Transaction transaction; // state pending, version 0
    std::string idempotency_key;     // unique for the account
    Sha256Digest request_hash{};     // the same key with another body is refused
    Job resume;                      // leased to this node from the beginning
    // Limits that must hold in the same database transaction, because others buy at this moment.
    std::optional<int> capacity;              // open sessions and purchases of the package here
    std::optional<int> purchases_per_day_max; // of the package by the account since `day_start`
    UtcTime day_start;
    /// The amount becomes smaller, by at least 1 and at most so much, so that no other unpaid order
    /// at the payment account has the same to pay, and nobody pays it for something else; where
    /// that is not enough it stays as it is. 0: it always does.
    Money unique_amount_max;
};

enum class OpenPurchaseError {
    key_reused,            // this idempotency key came before with another request
    device_already_active, // the device is online, or a purchase for it is under way
    at_capacity,
    purchase_limit,
    credit_changed, // there is less store credit than the transaction uses
    unavailable,
};

struct OpenedPurchase {
    domain::Transaction transaction;
    bool is_new = true; // false: the same key and request came before; this is its transaction
};

/// Money that was kept for want of an order, whose order was found. The one thing about a payment
/// that ever changes is the transaction that it belongs to, and only so.
struct FoundPayment {
    domain::PaymentId payment;
    domain::TransactionId kept_by;
    domain::TransactionId order;
};

/// One atomic change. Versions are those of the rows as they were loaded; 0 inserts. A transaction
/// that changes state, that a person changed, or of which `why` tells something leaves an
/// append-only event with `actor` and `why`. A session that is over moves to history.
/// `is_refund_queued` keeps the refund queue in step.
struct Step {
    std::optional<domain::Transaction> transaction;
    std::vector<domain::Transaction> others; // changed with it
    std::vector<domain::Payment> payments;   // added; conflict when one was recorded before
    std::vector<FoundPayment> found;         // moved; conflict when one is not where it was
    std::vector<CreditEntry> credit;         // conflict when the credit would be below zero
    std::optional<domain::Session> session;
    std::vector<Job> jobs;               // added; a job with the same id is replaced
    std::vector<domain::JobId> finished; // removed
    std::optional<HeldJob> held;         // due now, and leased to this node
    std::string actor;                   // customer, system, router, pc_system, or staff:NAME
    std::string why;
    UtcTime now;
};

/// What a step left: the new versions of its rows.
struct Committed {
    std::int64_t transaction_version = 0;
    std::int64_t session_version = 0;
};

/// One line of the queue of refunds that a person must make.
struct QueuedRefund {
    domain::Transaction transaction;
    std::string why;
    UtcTime since;
};

/// Which lines of the queue are asked for.
struct QueueFilter {
    domain::OrganizationId organization;
    std::vector<domain::LocationId> locations{}; // one of these; empty: all, and what has none
    /// Behind this line, whether or not it still waits: the next page.
    UtcTime after_since;
    domain::TransactionId after;
};

class Ledger {
public:
    virtual ~Ledger() = default;

    virtual awaitable<Result<OpenedPurchase, OpenPurchaseError>> open_purchase(
        PurchaseIntent intent) = 0;

    /// All of the step, durable when the call returns, or nothing. conflict: a version was not
    /// the stored one. device_taken: a device that is new in a stored session is in another open
    /// one here, or a purchase for it is under way.
    virtual awaitable<Result<Committed, StoreError>> commit(Step step) = 0;

    virtual awaitable<Result<std::optional<domain::Transaction>, StoreError>> load_transaction(
        domain::TransactionId id) = 0;
    /// The session, open or over. `used_octets` and the devices' `is_online`, `ip` and
    /// `acct_session_id` come from accounting.
    virtual awaitable<Result<std::optional<domain::Session>, StoreError>> load_session(
        domain::SessionId id) = 0;

    /// Open sessions of the account at the location, newest first.
    virtual awaitable<Result<std::vector<domain::Session>, StoreError>> open_sessions_of(
        domain::AccountId account) = 0;
    /// The open session that the device belongs to at the location.
    virtual awaitable<Result<std::optional<domain::Session>, StoreError>> open_session_of_device(
        domain::LocationId location, MacAddress mac) = 0;
    /// All open sessions with a device at the router; for comparing both sides.
    virtual awaitable<Result<std::vector<domain::Session>, StoreError>> open_sessions_at(
        domain::RouterId router) = 0;
    /// At most `limit` open sessions with ids after `after`, in order; for the rebuild at start.
    virtual awaitable<Result<std::vector<domain::Session>, StoreError>> open_sessions_after(
        domain::SessionId after, int limit) = 0;

    /// The account's transaction for the device that is not final yet.
    virtual awaitable<Result<std::optional<domain::Transaction>, StoreError>>
    unfinished_transaction_of_device(domain::LocationId location, MacAddress mac) = 0;
    /// Newest first.
    virtual awaitable<Result<std::vector<domain::Transaction>, StoreError>> transactions_of(
        domain::AccountId account, int limit) = 0;
    /// Oldest first.
    virtual awaitable<Result<std::vector<QueuedRefund>, StoreError>> refund_queue(int limit) = 0;
    /// Of one organization, oldest first.
    virtual awaitable<Result<std::vector<QueuedRefund>, StoreError>> queued_refunds(
        QueueFilter filter, int limit) = 0;

    /// Online network sessions of a session (started, not stopped).
    virtual awaitable<Result<std::vector<domain::NetworkSession>, StoreError>> network_sessions_of(
        domain::SessionId session) = 0;
};

} // namespace iwas::ports
