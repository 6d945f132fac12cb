// SystemRandom: the operating system's generator behind ports::Random.
#pragma once

#include "ports/random.hpp"

namespace iwas::adapters {

class SystemRandom final : public ports::Random {
public:
    /// Throws std::runtime_error when the system has no randomness to give.
    void fill(std::span<std::uint8_t> bytes) override;
};

} // namespace iwas::adapters
