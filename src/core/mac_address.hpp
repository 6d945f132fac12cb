// MacAddress: the hardware address of a device, stored once whatever its notation was.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace iwas {

/// Six octets. Only real unicast device addresses are held: `parse` refuses all-zero, which access
/// servers send in Accounting-On/Off, and multicast addresses.
class MacAddress {
public:
    constexpr MacAddress() = default;
    explicit constexpr MacAddress(std::array<std::uint8_t, 6> octets) : octets_{octets} {}

    /// Reads twelve hexadecimal digits in any notation: separators `:`, `-`, `.` or blank at any
    /// place, either case. Nothing for other text, all-zero or multicast addresses.
    static std::optional<MacAddress> parse(std::string_view text);

    [[nodiscard]] constexpr const std::array<std::uint8_t, 6>& octets() const { return octets_; }

    /// Whether the device made this address up for one network (locally administered bit,
    /// IEEE 802c): it may come back with another one.
    [[nodiscard]] constexpr bool is_private() const { return (octets_[0] & 0x02) != 0; }

    /// The address as an integer, for hashing and storage; bits 47..0.
    [[nodiscard]] std::uint64_t as_integer() const;

    friend constexpr auto operator<=>(const MacAddress&, const MacAddress&) = default;

private:
    std::array<std::uint8_t, 6> octets_{};
};

/// "AA:BB:CC:DD:EE:0F", the one stored and shown notation.
std::string to_string(const MacAddress& mac);

} // namespace iwas

template <>
struct std::hash<iwas::MacAddress> {
    std::size_t operator()(const iwas::MacAddress& mac) const noexcept
    {
        return std::hash<std::uint64_t>{}(mac.as_integer() * 0x9E3779B97F4A7C15U);
    }
};
