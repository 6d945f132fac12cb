// What every workflow holds to: how long it waits for the outside, and how often it decides anew.
#pragma once

#include "core/time.hpp"

namespace iwas::workflows::limits {

/// One command to a router, with its retries (3 s each, 2 retries).
inline constexpr Seconds router_within{9};
/// One question about a charge; the job asks again.
inline constexpr Seconds look_up_within{5};
/// What a customer may wait for a payment before its histogram calls it slow.
inline constexpr Milliseconds payment_target{300};
/// How long a node keeps a job that it works on. Longer than the work may take: after a crash the
/// others wait for it.
inline constexpr Seconds lease{60};
/// How often a change is decided anew on a row that somebody else changed meanwhile.
inline constexpr int conflicts_max = 5;

} // namespace iwas::workflows::limits
