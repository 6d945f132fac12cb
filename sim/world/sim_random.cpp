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

std::int64_t SimRandom::between(std::int64_t low, std::int64_t high)
{
    IWAS_ASSERT(low <= high);
    const auto span = static_cast<std::uint64_t>(high - low) + 1;
    return low + static_cast<std::int64_t>(bits() % span);
}

} // namespace iwas::sim
