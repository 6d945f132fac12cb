#include "protocol/routeros/value.hpp"

#include <charconv>
#include <limits>

namespace iwas::routeros {

namespace {

using std::chrono::milliseconds;

constexpr std::uint64_t second_ms = 1000;
constexpr std::uint64_t minute_ms = 60 * second_ms;
constexpr std::uint64_t hour_ms = 60 * minute_ms;
constexpr std::uint64_t day_ms = 24 * hour_ms;
constexpr std::uint64_t week_ms = 7 * day_ms;
constexpr std::uint64_t duration_max_ms = 30 * 365 * day_ms;

struct Unit {
    std::string_view suffix;
    std::uint64_t factor;
};

constexpr Unit units[] = {{"w", week_ms},   {"d", day_ms},    {"h", hour_ms},
                          {"m", minute_ms}, {"s", second_ms}, {"ms", 1}};

/// Takes the digits at the start of `text`; nothing when there are none or more than 12.
std::optional<std::uint64_t> take_number(std::string_view& text)
{
    constexpr std::size_t digits_max = 12;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const auto digits = static_cast<std::size_t>(end - text.data());
    if (error != std::errc{} || digits == 0 || digits > digits_max) return std::nullopt;
    text.remove_prefix(digits);
    return value;
}

/// Reads `MM:SS` with an optional fraction, after `HH:` was taken.
std::optional<std::uint64_t> clock_rest(std::uint64_t hours, std::string_view text)
{
    const auto minutes = take_number(text);
    if (!minutes || *minutes > 59 || !text.starts_with(':')) return std::nullopt;
    text.remove_prefix(1);
    const auto seconds = take_number(text);
    if (!seconds || *seconds > 59) return std::nullopt;
    std::uint64_t fraction = 0;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (text.empty() || text.size() > 9) return std::nullopt;
        std::uint64_t place = 100;
        for (const char c : text) {
            if (c < '0' || c > '9') return std::nullopt;
            fraction += static_cast<std::uint64_t>(c - '0') * place;
            place /= 10;
        }
        text = {};
    }
    if (!text.empty()) return std::nullopt;
    return hours * hour_ms + *minutes * minute_ms + *seconds * second_ms + fraction;
}

/// The unit at the start of `text`, no larger than those after `previous`; `ms` before `m`.
const Unit* take_unit(std::string_view& text, const Unit* previous)
{
    std::string_view suffix = text.substr(0, 1);
    if (text.starts_with("ms")) suffix = text.substr(0, 2);
    for (const Unit& unit : units) {
        if (unit.suffix != suffix) continue;
        if (previous != nullptr && &unit <= previous) return nullptr;
        text.remove_prefix(suffix.size());
        return &unit;
    }
    return nullptr;
}

} // namespace

std::optional<milliseconds> parse_duration(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    std::uint64_t total = 0;
    const Unit* previous = nullptr;
    while (!text.empty()) {
        const auto number = take_number(text);
        if (!number || *number > duration_max_ms) return std::nullopt;
        if (text.starts_with(':')) {
            // The clock part ends the value and may follow weeks and days only.
            if (previous != nullptr && previous->factor < day_ms) return std::nullopt;
            if (*number > duration_max_ms / hour_ms) return std::nullopt;
            const auto rest = clock_rest(*number, text.substr(1));
            if (!rest || total + *rest > duration_max_ms) return std::nullopt;
            return milliseconds{total + *rest};
        }
        if (text.empty()) {
            if (previous != nullptr || *number > duration_max_ms / second_ms) return std::nullopt;
            return milliseconds{*number * second_ms};
        }
        const Unit* const unit = take_unit(text, previous);
        if (unit == nullptr || *number > duration_max_ms / unit->factor) return std::nullopt;
        total += *number * unit->factor;
        if (total > duration_max_ms) return std::nullopt;
        previous = unit;
    }
    return milliseconds{total};
}

std::string format_duration(milliseconds duration)
{
    if (duration.count() <= 0) return "0s";
    auto rest = static_cast<std::uint64_t>(duration.count());
    std::string text;
    for (const Unit& unit : units) {
        const std::uint64_t count = rest / unit.factor;
        rest %= unit.factor;
        if (count == 0) continue;
        text += std::to_string(count);
        text += unit.suffix;
    }
    return text;
}

std::optional<bool> parse_boolean(std::string_view text)
{
    if (text == "true" || text == "yes") return true;
    if (text == "false" || text == "no") return false;
    return std::nullopt;
}

std::optional<std::uint64_t> parse_octet_count(std::string_view text)
{
    constexpr Unit suffixes[] = {
        {"KiB", 1ULL << 10}, {"MiB", 1ULL << 20}, {"GiB", 1ULL << 30}, {"TiB", 1ULL << 40}};
    std::uint64_t whole = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.empty()) return whole;

    std::uint64_t tenths = 0;
    if (text.size() > 1 && text[0] == '.' && text[1] >= '0' && text[1] <= '9') {
        tenths = static_cast<std::uint64_t>(text[1] - '0');
        text.remove_prefix(2);
    }
    for (const Unit& suffix : suffixes) {
        if (suffix.suffix != text) continue;
        if (whole >= std::numeric_limits<std::uint64_t>::max() / suffix.factor) return std::nullopt;
        return whole * suffix.factor + tenths * suffix.factor / 10;
    }
    return std::nullopt;
}

} // namespace iwas::routeros
