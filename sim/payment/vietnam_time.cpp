#include "sim/payment/vietnam_time.hpp"

#include <fmt/format.h>

namespace iwas::sim {

namespace {

constexpr auto offset = std::chrono::hours{7};

struct Parts {
    std::chrono::year_month_day day;
    std::chrono::hh_mm_ss<Seconds> time;
};

Parts parts_of(UtcTime utc)
{
    const auto local = std::chrono::floor<Seconds>(utc + offset);
    const auto day = std::chrono::floor<std::chrono::days>(local);
    return {std::chrono::year_month_day{day}, std::chrono::hh_mm_ss<Seconds>{local - day}};
}

std::string written(std::string_view format, UtcTime utc)
{
    const Parts parts = parts_of(utc);
    return fmt::format(
        fmt::runtime(format), static_cast<int>(parts.day.year()),
        static_cast<unsigned>(parts.day.month()), static_cast<unsigned>(parts.day.day()),
        parts.time.hours().count(), parts.time.minutes().count(), parts.time.seconds().count());
}

} // namespace

std::string to_compact_time(UtcTime time)
{
    return written("{:04}{:02}{:02}{:02}{:02}{:02}", time);
}

std::optional<UtcTime> from_compact_time(std::string_view text)
{
    if (text.size() != 14) return std::nullopt;
    for (const char c : text)
        if (c < '0' || c > '9') return std::nullopt;
    std::string rfc{text.substr(0, 4)};
    constexpr std::string_view separators = "--T::";
    for (std::size_t part = 0; part < separators.size(); ++part) {
        rfc += separators[part];
        rfc += text.substr(4 + 2 * part, 2);
    }
    return from_rfc3339(rfc + "+07:00");
}

std::string to_bank_time(UtcTime time)
{
    return written("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", time);
}

std::optional<UtcTime> from_bank_time(std::string_view text)
{
    std::string rfc{text};
    if (rfc.size() == 10) rfc += " 00:00:00";
    if (rfc.size() != 19 || rfc[10] != ' ') return std::nullopt;
    rfc[10] = 'T';
    return from_rfc3339(rfc + "+07:00");
}

} // namespace iwas::sim
