#include "core/time.hpp"

#include <cstdio>

namespace iwas {

namespace {

/// Reads exactly `digits` decimal digits at `at` and moves past them.
std::optional<int> read_digits(std::string_view text, std::size_t& at, std::size_t digits)
{
    if (at + digits > text.size()) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        const char c = text[at + i];
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + (c - '0');
    }
    at += digits;
    return value;
}

bool skip(std::string_view text, std::size_t& at, char expected)
{
    if (at >= text.size() || text[at] != expected) return false;
    ++at;
    return true;
}

/// ".123456" at `at`, cut to milliseconds; 0 when there is no fraction.
std::optional<int> read_fraction_ms(std::string_view text, std::size_t& at)
{
    if (at >= text.size() || text[at] != '.') return 0;
    ++at;
    int ms = 0;
    int digits = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits)
        if (digits < 3) ms = ms * 10 + (text[at] - '0');
    if (digits == 0) return std::nullopt;
    for (; digits < 3; ++digits)
        ms *= 10;
    return ms;
}

/// "Z" or "+07:00"; must end the text.
std::optional<std::chrono::minutes> read_offset(std::string_view text, std::size_t& at)
{
    if (at >= text.size()) return std::nullopt;
    const char sign = text[at++];
    if (sign == 'Z' || sign == 'z') {
        if (at != text.size()) return std::nullopt;
        return std::chrono::minutes{0};
    }
    if (sign != '+' && sign != '-') return std::nullopt;
    const auto hours = read_digits(text, at, 2);
    if (!hours || *hours > 23 || !skip(text, at, ':')) return std::nullopt;
    const auto minutes = read_digits(text, at, 2);
    if (!minutes || *minutes > 59 || at != text.size()) return std::nullopt;
    const std::chrono::minutes offset{*hours * 60 + *minutes};
    return sign == '-' ? -offset : offset;
}

} // namespace

std::string to_rfc3339(UtcTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date{day};
    const auto ms = static_cast<long>((time - day).count());
    char text[40];
    int size = std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02ld:%02ld:%02ld", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), ms / 3'600'000,
        ms / 60'000 % 60, ms / 1000 % 60);
    std::string result(text, static_cast<std::size_t>(size));
    if (ms % 1000 != 0) {
        size = std::snprintf(text, sizeof text, ".%03ld", ms % 1000);
        result.append(text, static_cast<std::size_t>(size));
    }
    return result + "Z";
}

std::optional<UtcTime> from_rfc3339(std::string_view text)
{
    std::size_t at = 0;
    const auto year = read_digits(text, at, 4);
    if (!year || *year < 1970 || !skip(text, at, '-')) return std::nullopt;
    const auto month = read_digits(text, at, 2);
    if (!month || !skip(text, at, '-')) return std::nullopt;
    const auto day = read_digits(text, at, 2);
    if (!day || at >= text.size()) return std::nullopt;
    const char separator = text[at++];
    if (separator != 'T' && separator != 't' && separator != ' ') return std::nullopt;
    const auto hour = read_digits(text, at, 2);
    if (!hour || *hour > 23 || !skip(text, at, ':')) return std::nullopt;
    const auto minute = read_digits(text, at, 2);
    if (!minute || *minute > 59 || !skip(text, at, ':')) return std::nullopt;
    const auto second = read_digits(text, at, 2);
    if (!second || *second > 59) return std::nullopt;
    const auto fraction_ms = read_fraction_ms(text, at);
    if (!fraction_ms) return std::nullopt;
    const auto offset = read_offset(text, at);
    if (!offset) return std::nullopt;

    const std::chrono::year_month_day date{
        std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
        std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return UtcTime{std::chrono::sys_days{date}} + std::chrono::hours{*hour} +
           std::chrono::minutes{*minute} + Seconds{*second} + Milliseconds{*fraction_ms} - *offset;
}

} // namespace iwas
