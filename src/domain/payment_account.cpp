#include "domain/payment_account.hpp"

#include <algorithm>

namespace iwas::domain {

Money fee_of(const FeeRule& rule, Money amount)
{
    constexpr std::int64_t whole = 10'000;
    Money fee{(amount.vnd() * rule.basis_points + whole / 2) / whole};
    fee = std::max(fee, rule.minimum);
    if (rule.maximum > Money{}) fee = std::min(fee, rule.maximum);
    return std::min(fee, amount);
}

} // namespace iwas::domain
