// The days of an organization, told by the clock's zones.
#pragma once

#include "domain/local_day.hpp"
#include "ports/clock.hpp"

#include <string_view>

namespace iwas::workflows {

/// The day that `time` is in; of the IANA zone `zone`.
domain::LocalDay day_at(const ports::Clock& clock, UtcTime time, std::string_view zone);
/// The day with that date.
domain::LocalDay day_of(
    const ports::Clock& clock, std::chrono::year_month_day date, std::string_view zone);
domain::LocalDay day_after(
    const ports::Clock& clock, const domain::LocalDay& day, std::string_view zone);
domain::LocalDay day_before(
    const ports::Clock& clock, const domain::LocalDay& day, std::string_view zone);

} // namespace iwas::workflows
