// Payments: money that came in through gateways, how it was asked for, and store credit.
#pragma once

#include "domain/payment.hpp"
#include "domain/transaction.hpp"
#include "ports/store/jobs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

/// A change of a customer's store credit; positive: he has more.
struct CreditEntry {
    domain::AccountId account;
    domain::TransactionId transaction; // which it came from or pays for
    UtcTime at;
    Money amount;
    std::string why; // kept_refund, surplus, spent, returned or adjusted
};

/// What a gateway said, as it is kept for audit: 400 days.
struct KeptNotice {
    domain::PaymentAccountId account;
    UtcTime at;
    std::string order_id;
    std::string outcome; // recorded, repeated, unknown_order, wrong_amount or refused: why
    std::string body;    // personal data masked
};

/// Which transactions are asked for. What is not set does not matter.
struct TransactionFilter {
    std::optional<domain::AccountId> account;
    std::optional<domain::OrganizationId> organization;
    std::optional<domain::LocationId> location;
    std::optional<domain::PaymentAccountId> payment_account;
    std::optional<domain::PaymentMethod> method;
    std::optional<domain::TransactionState> state;
    std::optional<UtcTime> from;                 // created at or after
    std::optional<UtcTime> to;                   // created before
    std::optional<domain::TransactionId> before; // older than this one: the next page
    // Of the organization, which must be set:
    std::vector<domain::LocationId> locations{}; // one of these; empty: all, and what has none
    bool is_queued = false;                      // waits for a person
    std::optional<std::string> user_name;        // of the customer, whatever its case
    /// Exactly: the transaction's id, which is its receipt's number; its order's id; or the
    /// gateway's id of a payment for it.
    std::optional<std::string> reference;
};

/// One line of a transaction's story.
struct TransactionEvent {
    UtcTime at;
    std::string state_before;
    std::string state_after;
    std::string actor;
    std::string why;
};

class Payments {
public:
    virtual ~Payments() = default;

    virtual awaitable<Result<std::optional<domain::Payment>, StoreError>> payment_by_gateway_id(
        domain::PaymentAccountId account, std::string gateway_id) = 0;
    /// In the order in which they were recorded.
    virtual awaitable<Result<std::vector<domain::Payment>, StoreError>> payments_of(
        domain::TransactionId transaction) = 0;
    /// Paid in [from, to), in that order.
    virtual awaitable<Result<std::vector<domain::Payment>, StoreError>> payments_between(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, int limit) = 0;

    virtual awaitable<Result<std::optional<domain::Transaction>, StoreError>> transaction_of_order(
        domain::PaymentAccountId account, std::string order_id) = 0;
    /// Orders at the account that were opened since `since`, are not paid, and have `due` to pay.
    virtual awaitable<Result<std::vector<domain::Transaction>, StoreError>> unpaid_orders_of_amount(
        domain::PaymentAccountId account, Money due, UtcTime since) = 0;
    /// Money for which no order is known and that waits for a person, of this very amount, paid
    /// since `since`; oldest first.
    virtual awaitable<Result<std::vector<domain::Payment>, StoreError>> unmatched_payments(
        domain::PaymentAccountId account, Money amount, UtcTime since) = 0;
    /// What holds money that came from this one: surplus, second payments, parts given back.
    virtual awaitable<Result<std::vector<domain::Transaction>, StoreError>> transactions_from(
        domain::TransactionId origin) = 0;
    /// Newest first.
    virtual awaitable<Result<std::vector<domain::Transaction>, StoreError>> find_transactions(
        TransactionFilter filter, int limit) = 0;
    virtual awaitable<Result<std::vector<TransactionEvent>, StoreError>> events_of(
        domain::TransactionId transaction) = 0;

    virtual awaitable<Result<void, StoreError>> keep_invitation(
        domain::TransactionId transaction, domain::Invitation invitation) = 0;
    virtual awaitable<Result<std::optional<domain::Invitation>, StoreError>> load_invitation(
        domain::TransactionId transaction) = 0;

    virtual awaitable<Result<void, StoreError>> append_notice(KeptNotice notice) = 0;

    virtual awaitable<Result<Money, StoreError>> credit_of(domain::AccountId account) = 0;
    /// Newest first.
    virtual awaitable<Result<std::vector<CreditEntry>, StoreError>> credit_entries(
        domain::AccountId account, int limit) = 0;
};

} // namespace iwas::ports
