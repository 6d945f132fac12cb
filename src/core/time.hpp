// Time points. Wall time is stored and shown; steady time bounds waiting.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas {

using namespace std::chrono_literals;

/// UTC wall time with the precision that is stored.
using UtcTime = std::chrono::sys_time<std::chrono::milliseconds>;
/// Monotonic time, for deadlines; never stored.
using SteadyTime = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

/// Milliseconds since 1970-01-01T00:00:00Z, the form in which the store keeps time.
constexpr std::int64_t to_unix_ms(UtcTime time)
{
    return time.time_since_epoch().count();
}
constexpr UtcTime from_unix_ms(std::int64_t ms)
{
    return UtcTime{Milliseconds{ms}};
}

/// "2026-09-21T14:13:20Z", with milliseconds when there are any (RFC 3339).
std::string to_rfc3339(UtcTime time);

/// Reads RFC 3339 with `Z` or a numeric offset; fractions beyond milliseconds are cut.
/// Nothing when `text` is not a valid time between 1970 and 9999.
std::optional<UtcTime> from_rfc3339(std::string_view text);

} // namespace iwas
