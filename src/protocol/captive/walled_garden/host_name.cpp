#include "protocol/captive/walled_garden/host_name.hpp"

#include "core/text.hpp"

#include <algorithm>
#include <charconv>

namespace iwas::captive {

namespace {

constexpr std::size_t name_octets_max = 253;
constexpr std::size_t part_octets_max = 63;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool is_part(std::string_view part)
{
    const auto is_inner = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-'; };
    return !part.empty() && part.size() <= part_octets_max && std::ranges::all_of(part, is_inner) &&
           part.front() != '-' && part.back() != '-';
}

} // namespace

bool is_host_name(std::string_view text)
{
    if (text.size() > name_octets_max) return false;
    std::size_t parts = 0;
    std::string_view part;
    while (true) {
        const auto dot = text.find('.');
        part = text.substr(0, dot);
        if (!is_part(part)) return false;
        ++parts;
        if (dot == std::string_view::npos) break;
        text.remove_prefix(dot + 1);
    }
    return parts >= 2 && !std::ranges::all_of(part, is_digit);
}

bool is_registry(std::string_view name)
{
    const auto dot = name.find('.');
    if (dot == std::string_view::npos) return true;
    if (name.find('.', dot + 1) != std::string_view::npos) return false;
    constexpr std::string_view divisions[] = {"ac",  "biz", "co",   "com", "edu",
                                              "gov", "id",  "info", "int", "name",
                                              "net", "or",  "org",  "pro", "health"};
    // Divisions stand below countries, whose parts have two letters.
    const bool is_country = name.size() - dot - 1 == 2;
    return is_country && std::ranges::find(divisions, name.substr(0, dot)) != std::end(divisions);
}

std::optional<std::uint16_t> parse_port(std::string_view text)
{
    constexpr std::size_t digits_max = 5;
    if (text.empty() || text.size() > digits_max || !std::ranges::all_of(text, is_digit))
        return std::nullopt;
    unsigned value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    if (value == 0 || value > 65'535) return std::nullopt;
    return static_cast<std::uint16_t>(value);
}

std::string lower_case(std::string_view text)
{
    std::string made{text};
    std::ranges::transform(made, made.begin(), lower);
    return made;
}

} // namespace iwas::captive
