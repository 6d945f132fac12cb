#include "core/money.hpp"

namespace iwas {

std::string to_string(Money amount)
{
    std::string digits = std::to_string(amount.vnd());
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    for (std::size_t at = digits.size(); at > first + 3;) {
        at -= 3;
        digits.insert(at, ".");
    }
    return digits + " \u20ab";
}

} // namespace iwas
