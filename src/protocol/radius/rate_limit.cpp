#include "protocol/radius/rate_limit.hpp"

#include <array>
#include <charconv>

namespace iwas::radius {

namespace {

constexpr std::uint64_t number_max = 1'000'000'000'000;
constexpr std::size_t field_count_max = 6;
constexpr std::uint64_t session_burst_time_s = 8;

std::optional<std::uint64_t> parse_digits(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        number = number * 10 + static_cast<std::uint64_t>(c - '0');
        if (number > number_max) return std::nullopt;
    }
    return number;
}

std::optional<std::uint64_t> parse_rate(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    std::uint64_t unit = 1;
    switch (text.back()) {
    case 'k': unit = 1'000; break;
    case 'M': unit = 1'000'000; break;
    case 'G': unit = 1'000'000'000; break;
    default: break;
    }
    if (unit != 1) text.remove_suffix(1);
    const auto number = parse_digits(text);
    if (!number || *number > number_max / unit) return std::nullopt;
    return *number * unit;
}

std::optional<std::uint64_t> parse_seconds(std::string_view text)
{
    if (text.ends_with('s')) text.remove_suffix(1);
    return parse_digits(text);
}

template <class ParseOne>
std::optional<Directions> parse_pair(std::string_view field, ParseOne parse_one)
{
    const auto slash = field.find('/');
    const auto upload = parse_one(field.substr(0, slash));
    if (!upload) return std::nullopt;
    if (slash == std::string_view::npos) return Directions{*upload, *upload};
    const auto download = parse_one(field.substr(slash + 1));
    if (!download) return std::nullopt;
    return Directions{*upload, *download};
}

void append(RateLimitText& to, char c)
{
    to.text[to.size++] = c;
}

void append_number(RateLimitText& to, std::uint64_t number)
{
    const auto end =
        std::to_chars(to.text.data() + to.size, to.text.data() + to.text.size(), number).ptr;
    to.size = static_cast<std::size_t>(end - to.text.data());
}

void append_rate(RateLimitText& to, std::uint64_t bps)
{
    if (bps != 0 && bps % 1'000'000 == 0) {
        append_number(to, bps / 1'000'000);
        append(to, 'M');
    } else if (bps != 0 && bps % 1'000 == 0) {
        append_number(to, bps / 1'000);
        append(to, 'k');
    } else {
        append_number(to, bps);
    }
}

void append_rates(RateLimitText& to, const Directions& bps)
{
    if (to.size != 0) append(to, ' ');
    append_rate(to, bps.upload);
    append(to, '/');
    append_rate(to, bps.download);
}

} // namespace

std::optional<RateLimit> parse_rate_limit(std::string_view text)
{
    std::array<std::string_view, field_count_max> fields;
    std::size_t count = 0;
    for (std::size_t at = 0;;) {
        if (count == field_count_max) return std::nullopt;
        const auto blank = text.find(' ', at);
        fields[count++] = text.substr(at, blank - at);
        if (blank == std::string_view::npos) break;
        at = blank + 1;
    }

    RateLimit limit;
    const auto rate = parse_pair(fields[0], parse_rate);
    if (!rate) return std::nullopt;
    limit.rate_bps = *rate;
    limit.rate_min_bps = *rate;
    if (count > 1) {
        const auto burst = parse_pair(fields[1], parse_rate);
        if (!burst) return std::nullopt;
        limit.burst_bps = *burst;
        if (burst->upload != 0) limit.threshold_bps.upload = rate->upload;
        if (burst->download != 0) limit.threshold_bps.download = rate->download;
        limit.burst_time_s = {burst->upload != 0 ? 1U : 0U, burst->download != 0 ? 1U : 0U};
    }
    if (count > 2) {
        const auto threshold = parse_pair(fields[2], parse_rate);
        if (!threshold) return std::nullopt;
        limit.threshold_bps = *threshold;
    }
    if (count > 3) {
        const auto time = parse_pair(fields[3], parse_seconds);
        if (!time) return std::nullopt;
        limit.burst_time_s = *time;
    }
    if (count > 4) {
        const auto priority = parse_digits(fields[4]);
        if (!priority || *priority < 1 || *priority > 8) return std::nullopt;
        limit.priority = static_cast<int>(*priority);
    }
    if (count > 5) {
        const auto least = parse_pair(fields[5], parse_rate);
        if (!least || least->upload > rate->upload || least->download > rate->download)
            return std::nullopt;
        limit.rate_min_bps = *least;
    }
    return limit;
}

RateLimitText write_rate_limit(const RateLimit& limit)
{
    // Fields are positional: all before the last that says something are written.
    const Directions none;
    const bool has_burst =
        limit.burst_bps != none || limit.threshold_bps != none || limit.burst_time_s != none;
    const bool has_minimum = limit.rate_min_bps != limit.rate_bps;
    const bool has_priority = has_minimum || limit.priority != 8;

    RateLimitText text;
    append_rates(text, limit.rate_bps);
    if (has_burst || has_priority) {
        append_rates(text, limit.burst_bps);
        append_rates(text, limit.threshold_bps);
        append(text, ' ');
        append_number(text, limit.burst_time_s.upload);
        append(text, '/');
        append_number(text, limit.burst_time_s.download);
    }
    if (has_priority) {
        append(text, ' ');
        append_number(text, static_cast<std::uint64_t>(limit.priority));
    }
    if (has_minimum) append_rates(text, limit.rate_min_bps);
    return text;
}

std::string to_string(const RateLimit& limit)
{
    return std::string{write_rate_limit(limit).view()};
}

RateLimit session_rate_limit(
    std::uint64_t upload_bps, std::uint64_t download_bps, std::uint64_t burst_bps)
{
    RateLimit limit;
    limit.rate_bps = {upload_bps, download_bps};
    limit.rate_min_bps = limit.rate_bps;
    if (burst_bps > download_bps) {
        // The upload's burst equals its rate: RouterOS then shapes it as without one.
        limit.burst_bps = {upload_bps, burst_bps};
        limit.threshold_bps = limit.rate_bps;
        limit.burst_time_s = {session_burst_time_s, session_burst_time_s};
    }
    return limit;
}

} // namespace iwas::radius
