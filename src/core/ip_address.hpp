// Ipv4Address and Ipv4Prefix: addresses of devices and access servers (the hotspot is IPv4 only).
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace iwas {

/// An IPv4 address in host byte order.
class Ipv4Address {
public:
    constexpr Ipv4Address() = default;
    explicit constexpr Ipv4Address(std::uint32_t value) : value_{value} {}

    /// Four decimal numbers 0-255 without leading zeros; nothing else.
    static std::optional<Ipv4Address> parse(std::string_view text);

    [[nodiscard]] constexpr std::uint32_t value() const { return value_; }
    [[nodiscard]] constexpr bool is_loopback() const { return value_ >> 24 == 127; }
    friend constexpr auto operator<=>(Ipv4Address, Ipv4Address) = default;

private:
    std::uint32_t value_ = 0;
};

/// "10.5.50.21"
std::string to_string(Ipv4Address address);

/// A network, such as 192.168.20.0/24. Host bits are zero.
class Ipv4Prefix {
public:
    constexpr Ipv4Prefix() = default;

    /// "a.b.c.d/n" with n 0-32, or one address (then n is 32). Host bits must be zero.
    static std::optional<Ipv4Prefix> parse(std::string_view text);

    [[nodiscard]] bool contains(Ipv4Address address) const;
    [[nodiscard]] constexpr Ipv4Address network() const { return network_; }
    [[nodiscard]] constexpr int length() const { return length_; }
    friend constexpr auto operator<=>(Ipv4Prefix, Ipv4Prefix) = default;

private:
    Ipv4Address network_;
    int length_ = 32;
};

std::string to_string(Ipv4Prefix prefix);

} // namespace iwas

template <>
struct std::hash<iwas::Ipv4Address> {
    std::size_t operator()(iwas::Ipv4Address address) const noexcept
    {
        return std::hash<std::uint64_t>{}(address.value() * 0x9E3779B97F4A7C15U);
    }
};
