#include "domain/payment_account.hpp"

#include "domain/enum_text.hpp"

#include <algorithm>

namespace iwas::domain {

namespace {

constexpr EnumText feed_kinds{std::to_array<std::pair<BankFeedKind, std::string_view>>({
    {BankFeedKind::sepay, "sepay"},
    {BankFeedKind::casso, "casso"},
})};
constexpr EnumText feed_proofs{std::to_array<std::pair<BankFeedProof, std::string_view>>({
    {BankFeedProof::api_key, "api_key"},
    {BankFeedProof::hmac, "hmac"},
})};

} // namespace

Money fee_of(const FeeRule& rule, Money amount)
{
    constexpr std::int64_t whole = 10'000;
    Money fee{(amount.vnd() * rule.basis_points + whole / 2) / whole};
    fee = std::max(fee, rule.minimum);
    if (rule.maximum > Money{}) fee = std::min(fee, rule.maximum);
    return std::min(fee, amount);
}

bool may_refuse_refund_later(const PaymentAccount& account)
{
    return account.method == PaymentMethod::vnpay && !account.refund_waits_for_bank;
}

std::string_view to_text(BankFeedKind kind)
{
    return feed_kinds.text_of(kind);
}
std::optional<BankFeedKind> bank_feed_kind_from(std::string_view text)
{
    return feed_kinds.value_of(text);
}
std::string_view to_text(BankFeedProof proof)
{
    return feed_proofs.text_of(proof);
}
std::optional<BankFeedProof> bank_feed_proof_from(std::string_view text)
{
    return feed_proofs.value_of(text);
}

} // namespace iwas::domain
