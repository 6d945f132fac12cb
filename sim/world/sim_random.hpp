// SimRandom: all chance of a simulated world, drawn from its seed. Not for secrets.
#pragma once

#include "ports/random.hpp"
#include "sim/split_mix.hpp"

#include <chrono>

namespace iwas::sim {

class SimRandom final : public ports::Random {
public:
    explicit SimRandom(std::uint64_t seed) : stream_{seed} {}

    void fill(std::span<std::uint8_t> bytes) override;

    std::uint64_t bits() { return stream_.bits(); }
    /// True with probability `share` (0 to 1). Draws nothing when `share` is 0.
    bool chance(double share) { return stream_.chance(share); }
    /// A whole number from `low` to `high`, both included.
    std::int64_t between(std::int64_t low, std::int64_t high);
    template <class Rep, class Period>
    std::chrono::duration<Rep, Period> between(
        std::chrono::duration<Rep, Period> low, std::chrono::duration<Rep, Period> high)
    {
        return std::chrono::duration<Rep, Period>{
            static_cast<Rep>(between(std::int64_t{low.count()}, std::int64_t{high.count()}))};
    }
    /// Another stream, so that one party's chance does not move with what another draws.
    SimRandom fork() { return SimRandom{bits()}; }

private:
    SplitMix64 stream_;
};

} // namespace iwas::sim
