// The fixed values and character rules of VietQR that its reader and its writer share.
#pragma once

#include <algorithm>
#include <string_view>

namespace iwas::vietqr {

inline constexpr std::string_view format_version = "01";
inline constexpr std::string_view reusable = "11";
inline constexpr std::string_view one_payment = "12";
inline constexpr std::string_view napas_guid = "A000000727";
inline constexpr std::string_view service_to_account = "QRIBFTTA";
inline constexpr std::string_view service_to_card = "QRIBFTTC";
inline constexpr std::string_view currency_vnd = "704";
inline constexpr std::string_view country_vn = "VN";

constexpr bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}
constexpr bool is_letter_or_digit(char c)
{
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}
constexpr bool is_printable(char c)
{
    return c >= ' ' && c <= '~';
}
/// Whether `text` is exactly `size` digits.
constexpr bool is_number_of(std::size_t size, std::string_view text)
{
    return text.size() == size && std::ranges::all_of(text, is_digit);
}

} // namespace iwas::vietqr
