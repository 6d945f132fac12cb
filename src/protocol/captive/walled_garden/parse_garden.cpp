#include "protocol/captive/walled_garden/garden.hpp"
#include "protocol/captive/walled_garden/host_name.hpp"

#include <algorithm>

namespace iwas::captive {

namespace {

constexpr std::size_t text_octets_max = 65'536;
constexpr std::size_t entries_max = 500;
constexpr std::size_t group_octets_max = 32;

using Fault = std::optional<std::string>;

/// Takes the next word off `line`; empty at its end.
std::string_view take_word(std::string_view& line)
{
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    return word;
}

std::string_view rest_of(std::string_view line)
{
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return line;
}

bool is_group(std::string_view text)
{
    const auto is_letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
    };
    return !text.empty() && text.size() <= group_octets_max &&
           std::ranges::all_of(text, is_letter) && text != portal_group;
}

bool is_date(std::string_view text)
{
    constexpr std::string_view shape = "dddd-dd-dd";
    return std::ranges::equal(text, shape, [](char c, char wanted) {
        return wanted == 'd' ? c >= '0' && c <= '9' : c == wanted;
    });
}

Fault read_open(std::string_view line, WalledGarden& garden)
{
    GardenEntry entry;
    entry.group = take_word(line);
    const auto stage = take_word(line);
    entry.host = take_word(line);
    const auto port = take_word(line);
    const auto reach = take_word(line);
    const auto confidence = take_word(line);
    entry.source = take_word(line);
    entry.purpose = rest_of(line);

    if (!is_group(entry.group)) return "a group of small letters, digits and _ is expected";
    if (stage != "production" && stage != "sandbox") return "production or sandbox is expected";
    entry.stage = stage == "sandbox" ? GardenStage::sandbox : GardenStage::production;
    const auto number = port.starts_with("tcp/") ? parse_port(port.substr(4)) : std::nullopt;
    if (!number) return "a port as tcp/443 is expected";
    entry.port = *number;
    if (reach != "name" && reach != "address") return "name or address is expected";
    entry.reach = reach == "name" ? GardenReach::name : GardenReach::address;
    if (confidence.size() != 1 || confidence < "A" || confidence > "D")
        return "a confidence from A to D is expected";
    entry.confidence = confidence.front();
    if (entry.purpose.empty()) return "a source and a purpose are expected";
    if (auto why = check_entry(entry)) return entry.host + ": " + *why;

    const bool is_there = std::ranges::any_of(garden.entries, [&](const GardenEntry& each) {
        return each.group == entry.group && each.stage == entry.stage && each.host == entry.host &&
               each.port == entry.port;
    });
    if (is_there) return entry.host + ": stands twice for " + entry.group;
    garden.entries.push_back(std::move(entry));
    return std::nullopt;
}

Fault read_nothing(std::string_view line, WalledGarden& garden)
{
    GardenNothing none;
    none.group = take_word(line);
    none.why = rest_of(line);
    if (!is_group(none.group)) return "a group of small letters, digits and _ is expected";
    if (none.why.empty()) return "a reason is expected";
    if (garden.knows(none.group)) return none.group + ": stands twice";
    garden.nothing.push_back(std::move(none));
    return std::nullopt;
}

Fault read_version(std::string_view line, WalledGarden& garden)
{
    const auto number = parse_port(rest_of(line));
    if (!number || garden.version != 0) return "one version from 1 to 65535 is expected";
    garden.version = *number;
    return std::nullopt;
}

Fault read_date(std::string_view line, WalledGarden& garden)
{
    const auto date = rest_of(line);
    if (!is_date(date) || !garden.date.empty()) return "one date as 2026-01-31 is expected";
    garden.date = date;
    return std::nullopt;
}

Fault read_line(std::string_view line, WalledGarden& garden)
{
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (std::ranges::any_of(line, [](char c) { return static_cast<unsigned char>(c) < ' '; }))
        return "a control character";
    while (line.ends_with(' '))
        line.remove_suffix(1);
    const auto word = take_word(line);
    if (word.empty() || word.starts_with('#')) return std::nullopt;
    if (garden.entries.size() + garden.nothing.size() >= entries_max) return "too many lines";
    if (word == "open") return read_open(line, garden);
    if (word == "nothing") return read_nothing(line, garden);
    if (word == "version") return read_version(line, garden);
    if (word == "date") return read_date(line, garden);
    return "version, date, open or nothing is expected";
}

} // namespace

Result<WalledGarden, GardenFault> parse_garden(std::string_view text)
{
    if (text.size() > text_octets_max) return std::unexpected{GardenFault{0, "over 64 KiB"}};
    WalledGarden garden;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const auto end = text.find('\n');
        if (auto why = read_line(text.substr(0, end), garden))
            return std::unexpected{GardenFault{number, std::move(*why)}};
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    if (garden.version == 0) return std::unexpected{GardenFault{0, "no version"}};
    if (garden.date.empty()) return std::unexpected{GardenFault{0, "no date"}};
    for (const GardenNothing& none : garden.nothing)
        for (const GardenEntry& entry : garden.entries)
            if (entry.group == none.group)
                return std::unexpected{GardenFault{0, none.group + ": has entries and needs none"}};
    return garden;
}

} // namespace iwas::captive
