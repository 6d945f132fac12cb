// SplitMix64: the chance of everything that is simulated. Small, fast, and the same on every
// machine, unlike the standard distributions. Not for secrets.
#pragma once

#include <cstdint>

namespace iwas::sim {

class SplitMix64 {
public:
    explicit SplitMix64(std::uint64_t seed) : state_{seed} {}

    std::uint64_t bits()
    {
        state_ += 0x9E3779B97F4A7C15U;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
        return mixed ^ (mixed >> 31);
    }
    /// True with probability `share` (0 to 1). Draws nothing when `share` is 0.
    bool chance(double share)
    {
        if (share <= 0) return false;
        return static_cast<double>(bits() >> 11) * 0x1.0p-53 < share;
    }

private:
    std::uint64_t state_;
};

} // namespace iwas::sim
