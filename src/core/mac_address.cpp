#include "core/mac_address.hpp"

#include <cstdio>

namespace iwas {

namespace {

/// The value of a hexadecimal digit; 16 for another character.
unsigned digit_of(char c)
{
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a' + 10);
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A' + 10);
    return 16;
}

} // namespace

std::optional<MacAddress> MacAddress::parse(std::string_view text)
{
    constexpr std::size_t text_octets_max = 32;
    constexpr std::size_t digit_count = 12;
    if (text.size() > text_octets_max) return std::nullopt;
    MacAddress mac;
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == ':' || c == '-' || c == '.' || c == ' ') continue;
        const unsigned digit = digit_of(c);
        if (digit == 16 || digits == digit_count) return std::nullopt;
        std::uint8_t& octet = mac.octets_[digits / 2];
        octet = static_cast<std::uint8_t>(octet * 16U + digit);
        ++digits;
    }
    if (digits != digit_count) return std::nullopt;
    const bool is_multicast = (mac.octets_[0] & 0x01) != 0;
    if (is_multicast || mac == MacAddress{}) return std::nullopt;
    return mac;
}

std::uint64_t MacAddress::as_integer() const
{
    std::uint64_t value = 0;
    for (const std::uint8_t octet : octets_)
        value = value << 8 | octet;
    return value;
}

std::string to_string(const MacAddress& mac)
{
    const auto& o = mac.octets();
    char text[18];
    std::snprintf(
        text, sizeof text, "%02X:%02X:%02X:%02X:%02X:%02X", o[0], o[1], o[2], o[3], o[4], o[5]);
    return text;
}

} // namespace iwas
