// LocalDay: one day as people count it where they live; 23 to 25 hours where clocks are changed.
#pragma once

#include "core/time.hpp"
#include "domain/package.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::domain {

struct LocalDay {
    std::chrono::year_month_day date;
    UtcTime from;
    UtcTime to; // exclusive: the next day's beginning
};

/// The date of the day that `local` is in.
std::chrono::year_month_day date_of(const LocalTime& local);

/// "2026-11-26".
std::string to_text(std::chrono::year_month_day date);
/// Nothing for what is no date between 1970 and 9999.
std::optional<std::chrono::year_month_day> date_from(std::string_view text);

} // namespace iwas::domain
