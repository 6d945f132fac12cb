#include "domain/local_day.hpp"

#include <array>
#include <charconv>

namespace iwas::domain {

namespace chrono = std::chrono;

chrono::year_month_day date_of(const LocalTime& local)
{
    // Zones are 12 hours behind UTC to 14 before it. Half a day after its beginning a day's date is
    // UTC's date, or a neighbour of it; the weekday tells which.
    const auto near = chrono::floor<chrono::days>(local.day_start + chrono::hours{12});
    for (const int step : {0, 1, -1}) {
        const chrono::sys_days date = near + chrono::days{step};
        const auto weekday = static_cast<int>(chrono::weekday{date}.iso_encoding()) - 1;
        if (weekday == local.weekday) return date;
    }
    return near;
}

std::string to_text(chrono::year_month_day date)
{
    const auto digits = [](unsigned value, std::size_t width) {
        std::string text = std::to_string(value);
        return std::string(width - std::min(width, text.size()), '0') + text;
    };
    return digits(static_cast<unsigned>(static_cast<int>(date.year())), 4) + "-" +
           digits(static_cast<unsigned>(date.month()), 2) + "-" +
           digits(static_cast<unsigned>(date.day()), 2);
}

std::optional<chrono::year_month_day> date_from(std::string_view text)
{
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    std::array<unsigned, 3> parts{};
    const std::array<std::string_view, 3> texts{
        text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)};
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const char* const end = texts[i].data() + texts[i].size();
        const auto read = std::from_chars(texts[i].data(), end, parts[i]);
        if (read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    }
    const chrono::year_month_day date{
        chrono::year{static_cast<int>(parts[0])}, chrono::month{parts[1]}, chrono::day{parts[2]}};
    if (!date.ok() || parts[0] < 1970) return std::nullopt;
    return date;
}

} // namespace iwas::domain
