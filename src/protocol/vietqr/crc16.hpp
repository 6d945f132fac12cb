// CRC-16/CCITT-FALSE, the last field of every EMVCo merchant-presented QR.
#pragma once

#include <cstdint>
#include <string_view>

namespace iwas::vietqr {

/// Polynomial 0x1021, start 0xFFFF, not reflected, no final xor: "123456789" gives 0x29B1. In a QR
/// it covers every octet from the first up to and including `6304` (EMVCo MPM 1.1 §4.7.3).
constexpr std::uint16_t crc16(std::string_view text)
{
    std::uint32_t crc = 0xFFFF;
    for (const char c : text) {
        crc ^= static_cast<std::uint32_t>(static_cast<unsigned char>(c)) << 8;
        for (int bit = 0; bit < 8; ++bit)
            crc = (crc & 0x8000) != 0 ? (crc << 1 ^ 0x1021) & 0xFFFF : crc << 1 & 0xFFFF;
    }
    return static_cast<std::uint16_t>(crc);
}

} // namespace iwas::vietqr
