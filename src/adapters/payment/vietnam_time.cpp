#include "adapters/payment/vietnam_time.hpp"

#include <algorithm>

namespace iwas::adapters {

namespace {

constexpr std::size_t date_characters = 10; // yyyy-mm-dd
constexpr std::size_t text_characters = 19; // yyyy-mm-dd hh:mm:ss

/// RFC 3339 allows both `T` and `t` for the blank; these texts have neither.
std::optional<UtcTime> from_parts(std::string_view date, std::string_view clock)
{
    std::string written{date};
    written += 'T';
    written += clock;
    written += "+07:00";
    return from_rfc3339(written);
}

} // namespace

std::string vietnam_text(UtcTime time)
{
    const UtcTime local = std::chrono::floor<Seconds>(time) + std::chrono::hours{7};
    std::string text = to_rfc3339(local).substr(0, text_characters);
    text[date_characters] = ' ';
    return text;
}

std::string vietnam_date(UtcTime time)
{
    return vietnam_text(time).substr(0, date_characters);
}

std::string vietnam_digits(UtcTime time)
{
    std::string text = vietnam_text(time);
    std::erase_if(text, [](char c) { return c < '0' || c > '9'; });
    return text;
}

std::optional<UtcTime> from_vietnam_text(std::string_view text)
{
    if (text.size() != text_characters || text[date_characters] != ' ') return std::nullopt;
    return from_parts(text.substr(0, date_characters), text.substr(date_characters + 1));
}

std::optional<UtcTime> from_vietnam_digits(std::string_view text)
{
    constexpr std::size_t digits = 14;
    if (text.size() != digits || text.find_first_not_of("0123456789") != std::string_view::npos)
        return std::nullopt;
    std::string written{text};
    for (const std::size_t colon : {12U, 10U})
        written.insert(colon, 1, ':');
    for (const std::size_t dash : {6U, 4U})
        written.insert(dash, 1, '-');
    return from_parts(
        std::string_view{written}.substr(0, date_characters),
        std::string_view{written}.substr(date_characters));
}

} // namespace iwas::adapters
