#include "core/id.hpp"

#include <algorithm>

namespace iwas {

namespace {

constexpr std::string_view alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t ulid_characters = 26;
constexpr std::size_t key_characters_max = 64;

} // namespace

Ulid Ulid::make(UtcTime now, std::uint64_t random_high, std::uint64_t random_low)
{
    const auto ms = static_cast<std::uint64_t>(to_unix_ms(now));
    return {ms << 16 | (random_high & 0xFFFF), random_low};
}

UtcTime Ulid::made_at() const
{
    return from_unix_ms(static_cast<std::int64_t>(high_ >> 16));
}

std::optional<Ulid> Ulid::parse(std::string_view text)
{
    if (text.size() != ulid_characters || text.front() > '7') return std::nullopt;
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    for (char c : text) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        const std::size_t digit = alphabet.find(c);
        if (digit == std::string_view::npos) return std::nullopt;
        high = high << 5 | low >> 59;
        low = low << 5 | digit;
    }
    return Ulid{high, low};
}

std::array<char, ulid_characters> to_characters(const Ulid& id)
{
    std::array<char, ulid_characters> text;
    std::uint64_t high = id.high();
    std::uint64_t low = id.low();
    for (std::size_t at = ulid_characters; at-- > 0;) {
        text[at] = alphabet[low & 31];
        low = low >> 5 | high << 59;
        high >>= 5;
    }
    return text;
}

std::string to_string(const Ulid& id)
{
    const auto text = to_characters(id);
    return {text.begin(), text.end()};
}

bool is_key(std::string_view text)
{
    const auto is_alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    return !text.empty() && text.size() <= key_characters_max && is_alphanumeric(text.front()) &&
           std::ranges::all_of(text, [&](char c) {
               return is_alphanumeric(c) || c == '-' || c == '_' || c == '.';
           });
}

} // namespace iwas
