// Transaction: one movement of money, its states and what may follow what.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/money.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/package.hpp"

#include <optional>
#include <string>

namespace iwas::domain {

/// created -> pending -> success -> refunding -> refunded
///            pending -> failed | expired
///            pending -> refunding            (debited another amount: for a person)
///            failed | expired -> refunding   (late money: a debit that shows up afterwards)
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
};

enum class PaymentMethod { pc_balance };

struct Transaction {
    TransactionId id;
    OrganizationId organization;
    LocationId location;
    AccountId account;
    PaymentMethod method = PaymentMethod::pc_balance;
    Money amount;
    TransactionState state = TransactionState::created;
    TransactionReason reason = TransactionReason::none;
    std::string charge_id; // the outside reference, once the debit is known
    std::string refund_id;
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

/// The reference under which the payer's side files the debit; unique for ever.
std::string charge_reference(const TransactionId& id);

std::string_view to_text(TransactionState state);
std::string_view to_text(TransactionReason reason);
std::string_view to_text(PaymentMethod method);
std::optional<TransactionState> transaction_state_from(std::string_view text);
std::optional<TransactionReason> transaction_reason_from(std::string_view text);

} // namespace iwas::domain
