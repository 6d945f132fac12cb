#include "adapters/payment/order_ids.hpp"

#include <fmt/format.h>

namespace iwas::adapters {

std::string vietnam_day(UtcTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time + std::chrono::hours{7});
    const std::chrono::year_month_day date{day};
    return fmt::format(
        "{:02}{:02}{:02}", static_cast<int>(date.year()) % 100, static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()));
}

std::string hex_of(std::uint64_t number)
{
    return fmt::format("{:016x}", number);
}

} // namespace iwas::adapters
