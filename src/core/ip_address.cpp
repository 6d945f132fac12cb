#include "core/ip_address.hpp"

#include <charconv>

namespace iwas {

namespace {

/// A decimal number of at most `digits_max` digits without a leading zero, at the start of `text`.
std::optional<std::uint32_t> take_number(
    std::string_view& text, std::size_t digits_max, std::uint32_t value_max)
{
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{}) return std::nullopt;
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (digits > digits_max || value > value_max) return std::nullopt;
    if (digits > 1 && text.front() == '0') return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

std::uint32_t mask_of(int length)
{
    return length == 0 ? 0 : ~std::uint32_t{0} << (32 - length);
}

} // namespace

std::optional<Ipv4Address> Ipv4Address::parse(std::string_view text)
{
    std::uint32_t value = 0;
    for (int part = 0; part < 4; ++part) {
        if (part > 0) {
            if (!text.starts_with('.')) return std::nullopt;
            text.remove_prefix(1);
        }
        const auto octet = take_number(text, 3, 255);
        if (!octet) return std::nullopt;
        value = value << 8 | *octet;
    }
    if (!text.empty()) return std::nullopt;
    return Ipv4Address{value};
}

std::string to_string(Ipv4Address address)
{
    const std::uint32_t value = address.value();
    return std::to_string(value >> 24) + "." + std::to_string(value >> 16 & 255) + "." +
           std::to_string(value >> 8 & 255) + "." + std::to_string(value & 255);
}

std::optional<Ipv4Prefix> Ipv4Prefix::parse(std::string_view text)
{
    const std::size_t slash = text.find('/');
    const auto address = Ipv4Address::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    Ipv4Prefix prefix;
    prefix.network_ = *address;
    if (slash != std::string_view::npos) {
        std::string_view rest = text.substr(slash + 1);
        const auto length = take_number(rest, 2, 32);
        if (!length || !rest.empty()) return std::nullopt;
        prefix.length_ = static_cast<int>(*length);
    }
    if ((address->value() & ~mask_of(prefix.length_)) != 0) return std::nullopt;
    return prefix;
}

bool Ipv4Prefix::contains(Ipv4Address address) const
{
    return (address.value() & mask_of(length_)) == network_.value();
}

std::string to_string(Ipv4Prefix prefix)
{
    return to_string(prefix.network()) + "/" + std::to_string(prefix.length());
}

} // namespace iwas
