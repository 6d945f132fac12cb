// The users of the RADIUS benchmarks: known to the load, to IWAS and to FreeRADIUS alike.
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string>

namespace iwas::bench {

inline const std::string shared_secret = "a-benchmark-secret-of-32-octets!";

inline std::string user_name(std::uint32_t number)
{
    return fmt::format("u{:06}", number);
}
inline std::string password(std::uint32_t number)
{
    return fmt::format("{:08x}", number * 2654435761U);
}
/// A locally administered address of its own for each user.
inline std::string mac(std::uint32_t number)
{
    return fmt::format(
        "02:00:{:02X}:{:02X}:{:02X}:{:02X}", number >> 24 & 255, number >> 16 & 255,
        number >> 8 & 255, number & 255);
}

} // namespace iwas::bench
