#include "adapters/clock/system_random.hpp"

#include <openssl/rand.h>

#include <limits>
#include <stdexcept>

namespace iwas::adapters {

void SystemRandom::fill(std::span<std::uint8_t> bytes)
{
    constexpr std::size_t chunk = std::numeric_limits<int>::max();
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(bytes.size(), chunk));
        if (RAND_bytes(part.data(), static_cast<int>(part.size())) != 1)
            throw std::runtime_error{"the system gives no random octets"};
        bytes = bytes.subspan(part.size());
    }
}

} // namespace iwas::adapters
