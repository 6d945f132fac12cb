#include "core/backoff.hpp"

#include <algorithm>

namespace iwas {

Milliseconds backoff_after(const BackoffPolicy& policy, unsigned tries, std::uint64_t random)
{
    const std::int64_t limit = std::max<std::int64_t>(policy.wait_max.count(), 0);
    const std::int64_t factor = std::max(policy.factor, 1U);
    std::int64_t wait = std::clamp<std::int64_t>(policy.first.count(), 0, limit);
    for (unsigned step = 1; step < tries && wait < limit && factor > 1 && wait > 0; ++step)
        wait = wait > limit / factor ? limit : wait * factor;

    const std::int64_t spread = wait / 100 * std::min(policy.jitter_percent, 100U) +
                                wait % 100 * std::min(policy.jitter_percent, 100U) / 100;
    if (spread == 0) return Milliseconds{wait};
    const auto steps = static_cast<std::uint64_t>(2 * spread + 1);
    return Milliseconds{wait - spread + static_cast<std::int64_t>(random % steps)};
}

} // namespace iwas
