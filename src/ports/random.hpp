// Random: the only source of chance. Real: the operating system's. Simulated: the seed's.
#pragma once

#include "core/bytes.hpp"
#include "core/id.hpp"

#include <cstdint>
#include <span>

namespace iwas::ports {

class Random {
public:
    virtual ~Random() = default;

    /// Fills `bytes` with unpredictable octets.
    virtual void fill(std::span<std::uint8_t> bytes) = 0;

    std::uint64_t next()
    {
        std::uint64_t value = 0;
        fill({reinterpret_cast<std::uint8_t*>(&value), sizeof value});
        return value;
    }
    template <class AnyId>
    AnyId make_id(UtcTime now)
    {
        const std::uint64_t high = next();
        return AnyId{Ulid::make(now, high, next())};
    }
};

} // namespace iwas::ports
