#include "adapters/payment/order_ids.hpp"

#include "adapters/payment/vietnam_time.hpp"

#include <fmt/format.h>

namespace iwas::adapters {

std::string vietnam_day(UtcTime time)
{
    return vietnam_digits(time).substr(2, 6);
}

std::string hex_of(std::uint64_t number)
{
    return fmt::format("{:016x}", number);
}

} // namespace iwas::adapters
