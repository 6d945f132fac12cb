#include "domain/transfer_claim.hpp"

#include <algorithm>

namespace iwas::domain {

namespace {

/// Shorter ones are counters that begin anew, and could be guessed.
constexpr std::size_t reference_characters_min = 8;

/// Names that a feed made for want of the bank's own carry these; they count up.
bool is_made_by_feed(std::string_view gateway_id)
{
    return gateway_id.find_first_of("-/") != std::string_view::npos;
}

bool names(const TransferClaim& claim, const Payment& payment)
{
    const std::string claimed = bare_reference(claim.bank_reference);
    if (claimed.size() < reference_characters_min) return false;
    if (!is_made_by_feed(payment.gateway_id) && bare_reference(payment.gateway_id) == claimed)
        return true;
    // Some banks put their own reference into the memo, where the payer's text should be.
    const auto digits = std::ranges::count_if(claimed, [](char c) { return c >= '0' && c <= '9'; });
    return static_cast<std::size_t>(digits) >= reference_characters_min &&
           bare_reference(payment.memo).contains(claimed);
}

bool has_details(const TransferClaim& claim, const Payment& payment)
{
    if (!claim.sent_at || claim.sender_last4.empty()) return false;
    return std::chrono::abs(payment.paid_at - *claim.sent_at) <= sent_at_error_max &&
           payment.payer == "****" + claim.sender_last4;
}

} // namespace

std::string bare_reference(std::string_view text)
{
    std::string bare;
    for (const char c : text) {
        if (c >= 'a' && c <= 'z')
            bare += static_cast<char>(c - 'a' + 'A');
        else if ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'))
            bare += c;
    }
    return bare;
}

ClaimProof proof_of(const TransferClaim& claim, const Payment& payment, const Transaction& order)
{
    if (payment.amount != claim.amount) return ClaimProof::none;
    if (payment.paid_at < order.created_at - bank_clock_error_max) return ClaimProof::none;
    if (names(claim, payment)) return ClaimProof::reference;
    return has_details(claim, payment) ? ClaimProof::details : ClaimProof::none;
}

} // namespace iwas::domain
