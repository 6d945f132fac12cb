// RateLimit: what Mikrotik-Rate-Limit says, as a value, with its reader and writer.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::radius {

/// One value for each direction, as the customer sees it. The attribute names the router's view:
/// its `rx` is the customer's upload and stands first.
struct Directions {
    std::uint64_t upload = 0;
    std::uint64_t download = 0;

    friend bool operator==(const Directions&, const Directions&) = default;
};

/// A rate limit of RouterOS. Rates in bit/s; no burst when `burst_bps` is zero.
struct RateLimit {
    Directions rate_bps;
    Directions burst_bps;
    Directions threshold_bps; ///< the burst lasts while the average stays below this
    Directions burst_time_s;  ///< over which the average is taken
    int priority = 8;         ///< 1 (best) to 8
    Directions rate_min_bps;  ///< at most `rate_bps`

    friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

/// Reads `rx[/tx] [rx-burst[/tx-burst] [rx-threshold[/tx-threshold] [rx-time[/tx-time] [priority
/// [rx-min[/tx-min]]]]]]`; k = 1000, M = 1000k, G = 1000M. A missing `/tx` copies rx. A burst
/// without threshold or time has the rate as threshold and 1 s; the minimum is the rate when not
/// given. Nothing for any other text, a priority outside 1-8, a minimum above the rate, or a number
/// above 10^12.
std::optional<RateLimit> parse_rate_limit(std::string_view text);

/// The text of a rate limit, without allocation.
struct RateLimitText {
    /// Six fields: five of two numbers up to 20 digits, one of one digit.
    std::array<char, 240> text;
    std::size_t size = 0;

    [[nodiscard]] std::string_view view() const { return {text.data(), size}; }
};

/// The shortest text that means `limit`; whole M or k where they divide, never a fraction.
RateLimitText write_rate_limit(const RateLimit& limit);
std::string to_string(const RateLimit& limit);

/// The limit that IWAS gives a session: upload and download in bit/s and, when above the download
/// rate, a burst of the download over 8 s.
RateLimit session_rate_limit(
    std::uint64_t upload_bps, std::uint64_t download_bps, std::uint64_t burst_bps);

} // namespace iwas::radius
