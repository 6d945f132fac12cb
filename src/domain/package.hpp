// Package: what a café sells, and the terms that a session copies at purchase.
#pragma once

#include "core/money.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace iwas::domain {

/// Speeds in bits per second, seen from the customer. `burst_down_bps` 0: no burst.
struct RateLimit {
    std::uint64_t up_bps = 0;
    std::uint64_t down_bps = 0;
    std::uint64_t burst_down_bps = 0;

    friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

/// The tiers of the product (up/down/burst): basic 1/5/6, standard 2/10/12, premium 5/20/25,
/// ultra 10/50/60 Mbps. Nothing for another name.
std::optional<RateLimit> rate_of_tier(std::string_view name);

/// What happens to the WiFi session when the customer leaves the gaming PC.
enum class PcLogoutRule { pause, terminate, ignore };

/// When the bought time begins to run.
enum class ClockStart { at_activation, at_first_connection };

/// What was bought. A session keeps its own copy: later edits of the package change nothing.
struct Terms {
    PackageId package;
    std::string name;
    Seconds duration{0};
    Money price;
    RateLimit rate;
    std::optional<std::uint64_t> data_cap_octets;
    int device_limit = 1;
    PcLogoutRule on_pc_logout = PcLogoutRule::pause;
    ClockStart clock_start = ClockStart::at_activation;

    friend bool operator==(const Terms&, const Terms&) = default;
};

enum class PackageStatus { draft, published, archived };

/// A location's wall clock, for schedules and daily limits.
struct LocalTime {
    int weekday = 0;       // 0 Monday ... 6 Sunday
    int minute_of_day = 0; // 0 ... 1439
    UtcTime day_start;     // local midnight
};

/// When a package is on sale, in the location's local time. `from` > `to` runs past midnight.
struct Schedule {
    std::array<bool, 7> weekdays{true, true, true, true, true, true, true}; // Monday first
    int from_minute = 0;
    int to_minute = 1440; // exclusive

    friend bool operator==(const Schedule&, const Schedule&) = default;
};

bool is_on_sale(const Schedule& schedule, const LocalTime& now);

struct Package {
    PackageId id;
    OrganizationId organization;
    std::string description;
    Terms terms;
    PackageStatus status = PackageStatus::published;
    bool is_recommended = false;
    int position = 0;                         // order of display
    std::optional<int> capacity;              // sessions at one time per location
    std::optional<int> purchases_per_day_max; // per account and local day
    Schedule schedule;
    std::vector<LocationId> locations; // empty: all of the organization

    friend bool operator==(const Package&, const Package&) = default;
};

/// Whether the location sells this package at all (status, organization, list of locations).
bool is_offered_at(
    const Package& package, const OrganizationId& organization, const LocationId& location);

/// What of the package is outside the limits of packages: one sentence a fault.
std::vector<std::string> faults_of(const Package& package);

} // namespace iwas::domain
