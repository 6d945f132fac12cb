// Vietnamese wall time (GMT+7, no summer time), as gateways and banks write it.
#pragma once

#include "core/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim {

/// "20261122101500", as VNPay writes times.
std::string to_compact_time(UtcTime time);
/// Nothing unless `text` is fourteen digits that name a time from 1970 on.
std::optional<UtcTime> from_compact_time(std::string_view text);

/// "2026-11-22 10:15:00", as banks and their feeds write times.
std::string to_bank_time(UtcTime time);
/// The same, or a day alone, which is its first moment. Nothing for anything else.
std::optional<UtcTime> from_bank_time(std::string_view text);

} // namespace iwas::sim
