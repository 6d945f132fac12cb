// Texts: what several readers of written values need. Letters are those of ASCII, whatever the
// locale.
#pragma once

#include <string_view>

namespace iwas {

/// `text` without the characters of `blanks` at both ends. The view borrows `text`.
constexpr std::string_view trimmed(std::string_view text, std::string_view blanks = " ")
{
    const auto first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

/// The small letter of a capital; every other octet as it is.
constexpr char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view b);

} // namespace iwas
