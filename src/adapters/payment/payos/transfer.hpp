// A transfer as PayOS tells of it, in answers and notices alike.
#pragma once

#include "ports/payment_gateway.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>

namespace iwas::adapters::payos {

inline constexpr std::int64_t order_code_max = (std::int64_t{1} << 53) - 1; // JavaScript's numbers

/// Whether the amounts in an answer, notice or transfer are in đồng. PayOS names the currency in
/// some of them only; where it names none, it is VND.
bool is_in_vnd(const boost::json::object& data);

/// Nothing without the bank's reference and an amount above 0. `now` stands for a time that cannot
/// be read.
std::optional<ports::ReceivedMoney> money_from(const boost::json::object& transfer, UtcTime now);

} // namespace iwas::adapters::payos
