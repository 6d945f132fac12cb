#include "workflows/local_days.hpp"

namespace iwas::workflows {

namespace {

/// Days have 23 to 25 hours: so long after its beginning every day is over, and the next is not.
constexpr std::chrono::hours into_the_next{30};
constexpr std::chrono::hours into_the_one_before{12};

} // namespace

domain::LocalDay day_at(const ports::Clock& clock, UtcTime time, std::string_view zone)
{
    const domain::LocalTime local = clock.local_time(time, zone);
    const domain::LocalTime next = clock.local_time(local.day_start + into_the_next, zone);
    return {domain::date_of(local), local.day_start, next.day_start};
}

domain::LocalDay day_of(
    const ports::Clock& clock, std::chrono::year_month_day date, std::string_view zone)
{
    // UTC's noon is on that day, or on the next one east of UTC+12.
    const std::chrono::sys_days utc_day{date};
    const UtcTime noon = UtcTime{utc_day.time_since_epoch()} + into_the_one_before;
    const domain::LocalDay day = day_at(clock, noon, zone);
    if (std::chrono::sys_days{day.date} > utc_day) return day_before(clock, day, zone);
    if (std::chrono::sys_days{day.date} < utc_day) return day_after(clock, day, zone);
    return day;
}

domain::LocalDay day_after(
    const ports::Clock& clock, const domain::LocalDay& day, std::string_view zone)
{
    return day_at(clock, day.to, zone);
}

domain::LocalDay day_before(
    const ports::Clock& clock, const domain::LocalDay& day, std::string_view zone)
{
    return day_at(clock, day.from - into_the_one_before, zone);
}

} // namespace iwas::workflows
