// The walled garden as RouterOS has it: rules, the script that makes them, and what a router's own
// list lacks or has too much. RouterOS manual, "HotSpot": walled garden and its IP level.
#pragma once

#include "protocol/captive/walled_garden/garden.hpp"

namespace iwas::captive {

/// `http`: /ip hotspot walled-garden, by the name in a request, HTTP and (by SNI) HTTPS; takes
/// wildcards. `ip`: /ip hotspot walled-garden ip, by address; of a name, the router opens the
/// addresses that it sees in DNS answers.
enum class GardenMenu : std::uint8_t { http, ip };

/// One rule. TCP; action allow (http) or accept (ip).
struct GardenRule {
    GardenMenu menu = GardenMenu::http;
    /// A name, a `*.` wildcard, or of menu `ip` an IPv4 address.
    std::string host;
    std::uint16_t port = 443;
    std::string comment; // begins with garden_tag

    friend bool operator==(const GardenRule&, const GardenRule&) = default;
};

/// By this beginning of the comment IWAS knows its own rules; whoever keeps rules of his own gives
/// them other comments.
inline constexpr std::string_view garden_tag = "iwas:garden:";

/// The rules for entries of data version `version`. An entry gets a rule by name, and by address
/// too where its reach says so; an entry that is an address, only the latter. Each comment is
/// `iwas:garden:VERSION:GROUP`.
std::vector<GardenRule> rules_for(const std::vector<GardenEntry>& entries, unsigned version);

struct RouterosOptions {
    /// The hotspot server to which the rules belong; empty: all of the router.
    std::string server;
};

/// The commands for a RouterOS terminal or /import (6.43 and later, 7). Run again they leave the
/// same rules: those of an earlier run (for the same server) are removed first, whatever their
/// version. Every text stands quoted; nothing in it can end its quotes.
std::string render_routeros(
    const std::vector<GardenRule>& rules, std::string_view heading, const RouterosOptions& options);

/// `text` in RouterOS's double quotes: `"`, `\`, `$` and `?` escaped, every octet outside printable
/// ASCII as `\XX` (RouterOS manual, "Scripting": strings).
std::string quote_routeros(std::string_view text);

std::string_view to_text(GardenMenu menu); // "http", "ip"

} // namespace iwas::captive
