#include "domain/payment_window.hpp"

namespace iwas::domain {

namespace {

constexpr std::string_view prefix = "p-"; // sessions have "w-"

} // namespace

std::string user_name_of(const PaymentWindow& window)
{
    constexpr std::size_t characters = 8;
    const std::string id = to_string(window.id);
    return std::string{prefix} + id.substr(id.size() - characters);
}

bool is_payment_window_name(std::string_view user_name)
{
    return user_name.starts_with(prefix);
}

} // namespace iwas::domain
