// TransferClaim: what a customer says of a bank transfer that lost its memo, and what proves it.
#pragma once

#include "domain/payment.hpp"
#include "domain/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::domain {

struct TransferClaim {
    Money amount;
    std::string bank_reference; // as his bank app shows it; empty: he does not say
    std::optional<UtcTime> sent_at;
    std::string sender_last4; // of the account that sent it; empty: he does not say
};

/// How well a claim fits a payment. Only the sender's bank shows the reference to anybody but the
/// receiver; amount, minute and four digits together are known to few, but can be guessed.
enum class ClaimProof { none, details, reference };

/// `details` asks for all three: the amount, `sent_at` within `sent_at_error_max` of the bank's
/// time, and the last four digits. Neither fits money that came before the order was made.
ClaimProof proof_of(const TransferClaim& claim, const Payment& payment, const Transaction& order);

inline constexpr Seconds sent_at_error_max{600};
/// Banks' clocks and ours differ by less.
inline constexpr Seconds bank_clock_error_max{300};

/// Letters and digits in capitals: bank apps write a reference with dots, blanks, or neither.
std::string bare_reference(std::string_view text);

} // namespace iwas::domain
