// Backoff: how long to wait before the next try, with jitter so that many callers do not meet
// again.
#pragma once

#include "core/time.hpp"

#include <cstdint>

namespace iwas {

/// How waits grow. The defaults give 0.5 s, 1 s, 2 s, ... each ± 20 %.
struct BackoffPolicy {
    Milliseconds first{500};
    Milliseconds wait_max{30'000};
    /// Each wait is this many times the one before; at least 1.
    unsigned factor = 2;
    /// Share of the wait that chance adds or takes, 0-100.
    unsigned jitter_percent = 20;
};

/// The wait after failed try number `tries` (1 is the first). `random` is any 64 uniform bits; the
/// result stays within `wait_max` ± the jitter and is never negative.
Milliseconds backoff_after(const BackoffPolicy& policy, unsigned tries, std::uint64_t random);

} // namespace iwas
