// Transaction: one movement of money, its states and what may follow what.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/money.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/package.hpp"
#include "domain/payment_method.hpp"

#include <optional>
#include <string>

namespace iwas::domain {

/// created -> pending -> success -> refunding -> refunded
///            pending -> failed | expired
///            pending -> refunding            (debited another amount: for a person)
///            failed | expired -> success     (late money: a payment that came afterwards, and
///                                             still buys what was ordered)
///            failed | expired -> refunding   (late money that buys nothing any more)
/// `refunding` lasts while a refund's outcome is not known or a person has to make it.
enum class TransactionState { created, pending, success, refunding, refunded, failed, expired };

bool may_follow(TransactionState from, TransactionState to);
/// Whether nothing more happens to it by itself.
bool is_final(TransactionState state);

/// Why a transaction failed, expired or is refunded. Stored and shown.
enum class TransactionReason {
    none,
    declined,             // the payer's side refused
    insufficient_balance, // the payer had too little
    account_suspended,
    payment_unavailable, // the payer's side could not be asked; nothing was debited
    payment_expired,     // no debit was found in the time allowed
    outcome_unknown,     // nobody could tell whether it was debited
    amount_mismatch,     // another amount was debited than was asked for
    activation_failed,   // the router refused or did not confirm in time
    late_debit,          // a debit appeared after the transaction had ended
    cancelled,           // the customer refused at the gateway, or took another method
    method_expired,      // the saved method that was to pay is not good any more
    // Of transactions that hold money which fits no order:
    surplus_payment,   // more was paid than was due
    second_payment,    // paid again
    partial_payment,   // less was paid than was due, and the order has ended
    unmatched_payment, // no order is known for it
    doubtful_payment,  // the gateway holds it for suspicious
    staff_refund,      // a person gives part of a paid transaction back
};

struct Transaction {
    TransactionId id;
    OrganizationId organization;
    LocationId location;
    AccountId account;
    PaymentMethod method = PaymentMethod::pc_balance;
    PaymentAccountId payment_account; // where the money goes; gateways only
    std::string order_id;             // the gateway's name of the order (of a transfer: its memo)
    std::optional<SavedMethodId>
        saved_method; // which pays, or the bank account from which he does; gateways only
    /// What is paid in all; `credit_used` of it from store credit. Below the price of the terms
    /// where a bank transfer needs an amount of its own.
    Money amount;
    Money credit_used;
    Money refunded; // of a success: what staff gave back; each part is a transaction of its own
    Money fee;      // what the gateway keeps of the organization's money
    TransactionState state = TransactionState::created;
    TransactionReason reason = TransactionReason::none;
    std::string charge_id; // the outside reference, once the debit is known
    std::string refund_id; // of what gave it back: the gateway's name of it, or a person's note
    /// The name under which a gateway was asked to give it back; empty: none was. Kept whatever
    /// else settles it, because the gateway may still say that it made the refund.
    std::string gateway_refund_id;
    std::optional<TransactionId> origin; // whose money or order this one came from
    std::optional<UtcTime> expires_at;   // until when it is to be paid; gateways only
    /// Whether a person must make the refund (a row of the refund queue exists).
    bool is_refund_queued = false;
    Terms terms;
    SessionId session;              // the session that it pays for, also before it exists
    bool is_extension = false;      // `session` existed before and gets more time
    std::optional<Money> available; // with insufficient_balance: what there was
    // Where the customer stood when he paid; needed to go on after a crash.
    MacAddress mac;
    std::optional<Ipv4Address> ip;
    RouterId router;
    UtcTime created_at;
    UtcTime updated_at;
    std::int64_t version = 0; // of the stored row; 0 before it exists
};

/// What the outside has to pay: the amount without the store credit.
Money due_of(const Transaction& transaction);

/// The reference under which the payer's side files the debit; unique for ever.
std::string charge_reference(const TransactionId& id);

std::string_view to_text(TransactionState state);
std::string_view to_text(TransactionReason reason);
std::optional<TransactionState> transaction_state_from(std::string_view text);
std::optional<TransactionReason> transaction_reason_from(std::string_view text);

} // namespace iwas::domain
