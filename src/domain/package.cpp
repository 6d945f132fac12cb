#include "domain/package.hpp"

#include <algorithm>

namespace iwas::domain {

namespace {

constexpr std::uint64_t mbps = 1'000'000;
constexpr Money price_min{1'000};
constexpr Money price_max{1'000'000};
constexpr Seconds duration_min = 15min;
constexpr Seconds duration_max = std::chrono::days{30};

/// Characters, not octets: Vietnamese names take two or three octets a letter.
std::size_t characters_of(std::string_view utf8)
{
    return static_cast<std::size_t>(std::ranges::count_if(
        utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_rate_allowed(std::uint64_t bps)
{
    return bps >= mbps && bps <= 1000 * mbps;
}

} // namespace

std::optional<RateLimit> rate_of_tier(std::string_view name)
{
    if (name == "basic") return RateLimit{1 * mbps, 5 * mbps, 6 * mbps};
    if (name == "standard") return RateLimit{2 * mbps, 10 * mbps, 12 * mbps};
    if (name == "premium") return RateLimit{5 * mbps, 20 * mbps, 25 * mbps};
    if (name == "ultra") return RateLimit{10 * mbps, 50 * mbps, 60 * mbps};
    return std::nullopt;
}

bool is_on_sale(const Schedule& schedule, const LocalTime& now)
{
    const bool runs_past_midnight = schedule.from_minute > schedule.to_minute;
    const int minute = now.minute_of_day;
    if (!runs_past_midnight)
        return schedule.weekdays.at(static_cast<std::size_t>(now.weekday)) &&
               minute >= schedule.from_minute && minute < schedule.to_minute;

    // The small hours belong to the evening before.
    if (minute >= schedule.from_minute)
        return schedule.weekdays.at(static_cast<std::size_t>(now.weekday));
    const auto yesterday = static_cast<std::size_t>((now.weekday + 6) % 7);
    return minute < schedule.to_minute && schedule.weekdays.at(yesterday);
}

bool is_offered_at(
    const Package& package, const OrganizationId& organization, const LocationId& location)
{
    return package.status == PackageStatus::published && package.organization == organization &&
           (package.locations.empty() ||
            std::ranges::find(package.locations, location) != package.locations.end());
}

std::vector<std::string> faults_of(const Package& package)
{
    std::vector<std::string> faults;
    const Terms& terms = package.terms;
    const std::size_t characters = characters_of(terms.name);
    if (characters < 3 || characters > 100) faults.emplace_back("name: 3 to 100 characters");
    if (terms.duration < duration_min || terms.duration > duration_max)
        faults.emplace_back("duration: 15 minutes to 30 days");
    if (terms.price < price_min || terms.price > price_max)
        faults.emplace_back("price: 1,000 to 1,000,000 VND");
    if (!is_rate_allowed(terms.rate.up_bps) || !is_rate_allowed(terms.rate.down_bps))
        faults.emplace_back("rate: 1 to 1,000 Mbps up and down");
    if (terms.rate.burst_down_bps != 0 && terms.rate.burst_down_bps < terms.rate.down_bps)
        faults.emplace_back("burst: not below the download rate");
    if (terms.device_limit < 1 || terms.device_limit > 20) faults.emplace_back("devices: 1 to 20");
    if (terms.data_cap_octets && *terms.data_cap_octets < 1'000'000)
        faults.emplace_back("data_cap: at least 1 MB");
    if (package.capacity && *package.capacity < 1) faults.emplace_back("capacity: at least 1");
    if (package.purchases_per_day_max && *package.purchases_per_day_max < 1)
        faults.emplace_back("purchases_per_day: at least 1");
    const Schedule& schedule = package.schedule;
    if (schedule.from_minute < 0 || schedule.from_minute > 1439 || schedule.to_minute < 1 ||
        schedule.to_minute > 1440 || schedule.from_minute == schedule.to_minute)
        faults.emplace_back("schedule: two different times between 00:00 and 24:00");
    return faults;
}

} // namespace iwas::domain
