// Values as a router prints them: durations, booleans and byte counts in console notation.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::routeros {

/// Reads `1w2d03:04:05`, `2d20h12m20s`, `5m30s`, `00:05:30`, `500ms`, or a bare number of seconds.
/// Units descend and stand once each. Nothing for other text or more than about 30 years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// As a router writes it: `1w2d3h4m5s`, `500ms`, `0s`. Negative durations are written as `0s`.
std::string format_duration(std::chrono::milliseconds duration);

/// `true`, `yes`, `false` or `no`.
std::optional<bool> parse_boolean(std::string_view text);

/// A plain integer, or one with a console suffix (`12.5KiB`, `3MiB`, `1GiB`).
std::optional<std::uint64_t> parse_octet_count(std::string_view text);

} // namespace iwas::routeros
