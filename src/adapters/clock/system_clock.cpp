#include "adapters/clock/system_clock.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cctz/civil_time.h>
#include <cctz/time_zone.h>
#include <string>

namespace iwas::adapters {

namespace asio = boost::asio;

UtcTime SystemClock::utc_now() const
{
    return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

SteadyTime SystemClock::steady_now() const
{
    return std::chrono::steady_clock::now();
}

domain::LocalTime SystemClock::local_time(UtcTime time, std::string_view zone) const
{
    return local_time_in(time, zone);
}

ports::awaitable<void> SystemClock::sleep_until(SteadyTime time)
{
    asio::steady_timer timer{executor_, time};
    co_await timer.async_wait(asio::use_awaitable);
}

domain::LocalTime local_time_in(UtcTime time, std::string_view zone)
{
    // cctz caches loaded zones; an unknown one comes back as UTC.
    cctz::time_zone loaded = cctz::utc_time_zone();
    cctz::load_time_zone(std::string{zone}, &loaded);
    const cctz::civil_second civil = cctz::convert(time, loaded);
    const cctz::civil_day day{civil};
    const auto midnight = cctz::convert(cctz::civil_second{day}, loaded);
    domain::LocalTime local;
    local.weekday = static_cast<int>(cctz::get_weekday(day)); // both count from Monday = 0
    local.minute_of_day = civil.hour() * 60 + civil.minute();
    local.day_start = std::chrono::floor<Milliseconds>(midnight);
    return local;
}

bool is_time_zone(std::string_view zone)
{
    cctz::time_zone loaded;
    return cctz::load_time_zone(std::string{zone}, &loaded);
}

static_assert(static_cast<int>(cctz::weekday::monday) == 0);

} // namespace iwas::adapters
