#include "sim/world/sim_random.hpp"

#include "core/assert.hpp"

namespace iwas::sim {

void SimRandom::fill(std::span<std::uint8_t> bytes)
{
    std::uint64_t word = 0;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        if (at % 8 == 0) word = bits();
        bytes[at] = static_cast<std::uint8_t>(word >> (at % 8 * 8));
    }
}

std::uint64_t SimRandom::bits()
{
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBU;
    return mixed ^ (mixed >> 31);
}

bool SimRandom::chance(double share)
{
    if (share <= 0) return false;
    return static_cast<double>(bits() >> 11) * 0x1.0p-53 < share;
}

std::int64_t SimRandom::between(std::int64_t low, std::int64_t high)
{
    IWAS_ASSERT(low <= high);
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<std::int64_t>(bits() % span);
}

} // namespace iwas::sim
