#include "core/mac_address.hpp"

#include "core/bytes.hpp"

#include <cstdio>

namespace iwas {

std::optional<MacAddress> MacAddress::parse(std::string_view text)
{
    constexpr std::size_t text_octets_max = 32;
    if (text.size() > text_octets_max) return std::nullopt;
    std::string digits;
    for (const char c : text)
        if (c != ':' && c != '-' && c != '.' && c != ' ') digits.push_back(c);
    if (digits.size() != 12) return std::nullopt;
    const auto bytes = from_hex(digits);
    if (!bytes) return std::nullopt;

    MacAddress mac;
    std::copy(bytes->begin(), bytes->end(), mac.octets_.begin());
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
