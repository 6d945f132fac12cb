#include "adapters/http/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace iwas::http {

double RateLimiter::tokens_at(const Bucket& bucket, SteadyTime now) const
{
    const double seconds = std::chrono::duration<double>(now - bucket.filled_at).count();
    return std::min(limits_.burst, bucket.tokens + std::max(0.0, seconds) * limits_.per_second);
}

RateLimiter::Bucket& RateLimiter::bucket_of(std::string_view key, SteadyTime now)
{
    const std::string name{key};
    if (const auto found = buckets_.find(name); found != buckets_.end()) return found->second;
    if (buckets_.size() >= limits_.keys_max && now - swept_at_ >= 1s) {
        swept_at_ = now;
        std::erase_if(buckets_, [&](const auto& entry) {
            return tokens_at(entry.second, now) >= limits_.burst;
        });
    }
    if (buckets_.size() >= limits_.keys_max) return shared_;
    return buckets_.emplace(name, Bucket{limits_.burst, now}).first->second;
}

std::optional<Milliseconds> RateLimiter::take(std::string_view key, SteadyTime now)
{
    Bucket& bucket = bucket_of(key, now);
    bucket.tokens = tokens_at(bucket, now);
    bucket.filled_at = now;
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    const double seconds = (1 - bucket.tokens) / std::max(limits_.per_second, 1e-6);
    return Milliseconds{static_cast<std::int64_t>(std::ceil(std::min(seconds, 3600.0) * 1000))};
}

} // namespace iwas::http
