#include "sim/payment/money_book.hpp"

namespace iwas::sim {

void MoneyBook::set_balance(const std::string& payer, Money balance)
{
    balances_.insert_or_assign(payer, balance);
}

Money MoneyBook::balance(std::string_view payer) const
{
    const auto found = balances_.find(payer);
    return found == balances_.end() ? opening_balance : found->second;
}

bool MoneyBook::take(
    std::string_view order_id, std::string id, const std::string& payer, Money amount, UtcTime now)
{
    const Money has = balance(payer);
    if (has < amount) return false;
    set_balance(payer, has - amount);
    lost_[payer] += amount;
    by_order_[std::string{order_id}].taken += amount;
    total_taken_ += amount;
    lines_.push_back({MoneyMove::taken, std::string{order_id}, std::move(id), payer, amount, now});
    return true;
}

void MoneyBook::give_back(
    MoneyMove how, std::string_view order_id, std::string id, const std::string& payer,
    Money amount, UtcTime now)
{
    set_balance(payer, balance(payer) + amount);
    lost_[payer] -= amount;
    by_order_[std::string{order_id}].refunded += amount;
    total_refunded_ += amount;
    lines_.push_back({how, std::string{order_id}, std::move(id), payer, amount, now});
}

Money MoneyBook::taken(std::string_view order_id) const
{
    const auto found = by_order_.find(order_id);
    return found == by_order_.end() ? Money{} : found->second.taken;
}

Money MoneyBook::refunded(std::string_view order_id) const
{
    const auto found = by_order_.find(order_id);
    return found == by_order_.end() ? Money{} : found->second.refunded;
}

Money MoneyBook::lost_by(std::string_view payer) const
{
    const auto found = lost_.find(payer);
    return found == lost_.end() ? Money{} : found->second;
}

std::string_view to_string(MoneyMove move)
{
    switch (move) {
    case MoneyMove::taken: return "taken";
    case MoneyMove::given_back: return "given_back";
    case MoneyMove::reversed: break;
    }
    return "reversed";
}

} // namespace iwas::sim
