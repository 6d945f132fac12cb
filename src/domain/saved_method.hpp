// SavedMethod: a way to pay that a customer keeps, so that the next purchase takes one tap.
#pragma once

#include "core/money.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/payment.hpp"
#include "domain/payment_method.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::domain {

/// asked -> usable <-> expired
/// asked -> failed;  failed -> usable   (the customer agreed after IWAS had given up)
/// usable, expired -> leaving -> removed
/// usable -> removed;  removed -> usable (the PC account only: no gateway has to forget it)
enum class SavedMethodState {
    asked, // the customer has to agree at the gateway, which is asked or about to be
    usable,
    expired, // run out, or withdrawn at the gateway
    failed,  // the customer did not agree, or the gateway refused
    leaving, // the customer removed it; the gateway has still to forget it
    removed,
};

bool may_follow(SavedMethodState from, SavedMethodState to);

struct SavedMethod {
    SavedMethodId id;
    AccountId account;
    PaymentMethod method = PaymentMethod::momo;
    PaymentAccountId payment_account; // gateways only; a bank account is of no one gateway
    SavedMethodState state = SavedMethodState::asked;
    std::string order_id;   // the gateway's name of the binding; gateways only
    Invitation invitation;  // how the customer agrees, once the gateway has said
    SecretText token;       // charges him; empty before he agreed and after it was removed
    std::string binding_id; // the gateway's name of the agreement
    std::string label;      // the customer's own name for it, at most 40 characters; may be empty
    std::string masked;     // of the wallet, card or account, such as "09****123"
    std::optional<UtcTime> expires_at; // of the token
    bool is_default = false;           // of at most one that the account has
    int position = 0;                  // in the customer's order; 0 is the first
    UtcTime created_at;
    UtcTime updated_at;
    std::int64_t version = 0; // of the stored row; 0 before it exists
};

/// Payments above this amount with a saved method, and what adds or removes one, want the password
/// once more.
inline constexpr Money saved_method_free_max{100'000};

/// A bank account: `token` is its number and `binding_id` its bank's BIN. Nothing can be taken from
/// it. It says whose app pays the next transfer, and where money goes back to.
bool is_bank_account(const SavedMethod& saved);
/// "•••• 6789": the end of an account's number, and less of it where the whole is short.
std::string masked_account_number(std::string_view number);

/// Whether the customer sees it in his wallet.
bool is_listed(const SavedMethod& saved);
/// Whether it can pay at `now`.
bool is_usable(const SavedMethod& saved, UtcTime now);

/// The PC account of a member, as his wallet shows it before he ever changed it: the first, and the
/// default. Its id is the account's own.
SavedMethod pc_account_method(AccountId account);

/// Puts `wallet` in the customer's order.
void sort_by_position(std::vector<SavedMethod>& wallet);
/// Moves the method to `position` (the last one when it is beyond the end) and numbers all anew.
/// `wallet` is in order. False: it is not among them.
bool move_to(std::vector<SavedMethod>& wallet, SavedMethodId id, std::size_t position);

std::string_view to_text(SavedMethodState state);
std::optional<SavedMethodState> saved_method_state_from(std::string_view text);

} // namespace iwas::domain
