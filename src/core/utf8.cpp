#include "core/utf8.hpp"

namespace iwas {

std::optional<std::uint32_t> take_code_point(std::string_view& text)
{
    const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
    const std::uint8_t first = octet(0);
    std::size_t size = 1;
    std::uint32_t point = first;
    if (first >= 0xF0 && first <= 0xF4) {
        size = 4;
        point = first & 0x07U;
    } else if (first >= 0xE0 && first < 0xF0) {
        size = 3;
        point = first & 0x0FU;
    } else if (first >= 0xC2 && first < 0xE0) {
        size = 2;
        point = first & 0x1FU;
    } else if (first >= 0x80) {
        return std::nullopt;
    }
    if (text.size() < size) return std::nullopt;
    for (std::size_t at = 1; at < size; ++at) {
        if ((octet(at) & 0xC0) != 0x80) return std::nullopt;
        point = point << 6 | (octet(at) & 0x3FU);
    }
    const bool is_overlong = (size == 3 && point < 0x800) || (size == 4 && point < 0x10000);
    const bool is_surrogate = point >= 0xD800 && point < 0xE000;
    if (is_overlong || is_surrogate || point > 0x10FFFF) return std::nullopt;
    text.remove_prefix(size);
    return point;
}

bool is_utf8(std::string_view text)
{
    while (!text.empty())
        if (!take_code_point(text)) return false;
    return true;
}

} // namespace iwas
