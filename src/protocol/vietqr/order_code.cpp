#include "protocol/vietqr/order_code.hpp"

#include "core/assert.hpp"
#include "protocol/vietqr/rules.hpp"

#include <array>
#include <optional>

namespace iwas::vietqr {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static_assert(alphabet.size() == 32);

/// The ten values of a code, 0 to 31 each.
using Digits = std::array<unsigned, order_code_digits>;

constexpr char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Multiplies by x in GF(2^5) with x^5 = x^2 + 1. Since x generates the field, its first 31 powers
/// differ, which is what tells exchanged characters apart.
constexpr unsigned times_x(unsigned value)
{
    value <<= 1;
    return (value & 32) != 0 ? value ^ 0b100101 : value;
}

/// The character for which `digit[0] x^9 + ... + digit[8] x + check` is 0.
constexpr unsigned check_of(const Digits& digits)
{
    unsigned sum = 0;
    for (std::size_t i = 0; i + 1 < digits.size(); ++i)
        sum = times_x(sum ^ digits[i]);
    return sum;
}

std::optional<unsigned> digit_of(char c)
{
    if (c == 'I' || c == 'L') return 1;
    if (c == 'O') return 0;
    const std::size_t found = alphabet.find(c);
    if (found == std::string_view::npos) return std::nullopt;
    return static_cast<unsigned>(found);
}

std::string written(const Digits& digits, std::string_view prefix)
{
    std::string code{prefix};
    for (const unsigned digit : digits)
        code += alphabet[digit];
    return code;
}

/// The code whose ten characters begin `text`; nothing when they are none.
std::optional<std::string> code_at(std::string_view text, std::string_view prefix)
{
    if (text.size() < order_code_digits) return std::nullopt;
    Digits digits;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        const auto digit = digit_of(text[i]);
        if (!digit) return std::nullopt;
        digits[i] = *digit;
    }
    if (digits.back() != check_of(digits)) return std::nullopt;
    return written(digits, prefix);
}

/// Capitals and digits only, at most `memo_max`.
std::string condensed(std::string_view memo)
{
    std::string text;
    for (const char c : memo) {
        if (text.size() == memo_max) break;
        if (is_letter_or_digit(c)) text += upper(c);
    }
    return text;
}

} // namespace

bool is_order_prefix(std::string_view prefix)
{
    return prefix.size() >= 2 && prefix.size() <= 6 && std::ranges::all_of(prefix, [](char c) {
               return is_digit(c) || (c >= 'A' && c <= 'Z');
           });
}

std::string make_order_code(std::uint64_t random, std::string_view prefix)
{
    IWAS_ASSERT(is_order_prefix(prefix));
    Digits digits{};
    for (std::size_t i = 0; i + 1 < digits.size(); ++i) {
        digits[i] = static_cast<unsigned>(random & 31);
        random >>= 5;
    }
    digits.back() = check_of(digits);
    return written(digits, prefix);
}

bool is_order_code(std::string_view code, std::string_view prefix)
{
    if (code.size() != prefix.size() + order_code_digits || !code.starts_with(prefix)) return false;
    return code_at(code.substr(prefix.size()), prefix) == code;
}

std::vector<std::string> find_order_codes(std::string_view memo, std::string_view prefix)
{
    std::vector<std::string> codes;
    if (!is_order_prefix(prefix)) return codes;
    const std::string text = condensed(memo);
    // Every place is tried, also within what was found: a word that ends like the prefix must not
    // hide the code that follows it.
    for (std::size_t at = text.find(prefix); at != std::string::npos;
         at = text.find(prefix, at + 1)) {
        auto code = code_at(std::string_view{text}.substr(at + prefix.size()), prefix);
        if (!code || std::ranges::find(codes, *code) != codes.end()) continue;
        codes.push_back(std::move(*code));
        if (codes.size() == order_codes_max) break;
    }
    return codes;
}

} // namespace iwas::vietqr
