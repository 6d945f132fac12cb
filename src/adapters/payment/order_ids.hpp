// Parts of the names that gateways demand for orders and refunds.
#pragma once

#include "core/time.hpp"

#include <cstdint>
#include <string>

namespace iwas::adapters {

/// yymmdd of the day in Vietnam.
std::string vietnam_day(UtcTime time);
/// 16 hexadecimal digits.
std::string hex_of(std::uint64_t number);

} // namespace iwas::adapters
