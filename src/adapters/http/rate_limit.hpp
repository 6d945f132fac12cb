// RateLimiter: a token bucket per key, with a bounded number of keys.
#pragma once

#include "core/time.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace iwas::http {

/// Pure; the caller brings the time and calls from one thread.
class RateLimiter {
public:
    struct Limits {
        /// Requests that may come at once.
        double burst = 60;
        /// Requests a second in the long run.
        double per_second = 20;
        /// Keys remembered. When all are in use, full buckets are forgotten first; if none is full,
        /// new keys share one bucket, so that a flood of addresses cannot grow the map.
        std::size_t keys_max = 65'536;
    };

    explicit RateLimiter(Limits limits) : limits_{limits} {}
    RateLimiter() : RateLimiter{Limits{}} {}

    /// Takes a token of `key`. Nothing when there was one; else how long until there will be.
    std::optional<Milliseconds> take(std::string_view key, SteadyTime now);

    [[nodiscard]] std::size_t keys() const { return buckets_.size(); }

private:
    struct Bucket {
        double tokens = 0;
        SteadyTime filled_at{};
    };
    Bucket& bucket_of(std::string_view key, SteadyTime now);
    [[nodiscard]] double tokens_at(const Bucket& bucket, SteadyTime now) const;

    Limits limits_;
    std::unordered_map<std::string, Bucket> buckets_;
    Bucket shared_;
    /// When the map was last searched for full buckets: not more often than once a second.
    SteadyTime swept_at_{};
};

} // namespace iwas::http
