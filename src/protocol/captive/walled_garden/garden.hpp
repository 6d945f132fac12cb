// WalledGarden: which hosts a device may reach before it is online, as versioned data: for each way
// to pay, each identity provider and the portal itself.
#pragma once

#include "core/ip_address.hpp"
#include "core/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::captive {

enum class GardenStage : std::uint8_t { production, sandbox };

/// How a router is to open the host. `name`: only by the name in the request (HTTP Host, TLS SNI).
/// `address`: besides, by the addresses that the name resolves to, which opens every other site at
/// the same addresses on that port; not for hosts that share their addresses with probe hosts.
enum class GardenReach : std::uint8_t { name, address };

/// One opening.
struct GardenEntry {
    std::string group; // momo, google, portal, ...
    GardenStage stage = GardenStage::production;
    /// Lower case: a name; or `*.` and a name, which covers everything below it, for reach `name`
    /// alone; or, of the portal and what is configured, an IPv4 address.
    std::string host;
    std::uint16_t port = 443; // TCP
    GardenReach reach = GardenReach::name;
    /// A the vendor's document, B the vendor's own code, C several integrations agree, D one party
    /// or an assumption.
    char confidence = 'D';
    std::string source;
    std::string purpose;
    bool is_configured = false; // the operator's own configuration names it, not the data

    friend bool operator==(const GardenEntry&, const GardenEntry&) = default;
};

/// A group that needs no opening, and why.
struct GardenNothing {
    std::string group;
    std::string why;

    friend bool operator==(const GardenNothing&, const GardenNothing&) = default;
};

struct WalledGarden {
    unsigned version = 0;
    std::string date; // yyyy-mm-dd
    std::vector<GardenEntry> entries;
    std::vector<GardenNothing> nothing;

    [[nodiscard]] bool knows(std::string_view group) const;
    /// Every group, in alphabetical order.
    [[nodiscard]] std::set<std::string> groups() const;

    friend bool operator==(const WalledGarden&, const WalledGarden&) = default;
};

/// What is wrong with a line of the data. `line` counts from 1; 0: the text as a whole.
struct GardenFault {
    std::size_t line = 0;
    std::string message;

    friend bool operator==(const GardenFault&, const GardenFault&) = default;
};

/// Reads the data. Lines, of words divided by blanks; `#` begins a comment line:
///
///     version NUMBER
///     date YYYY-MM-DD
///     open GROUP production|sandbox HOST tcp/PORT name|address A|B|C|D SOURCE PURPOSE...
///     nothing GROUP WHY...
///
/// Refuses anything else, an entry that stands twice, and every entry that `check_entry` refuses.
/// At most 64 KiB and 500 entries; control characters are refused.
Result<WalledGarden, GardenFault> parse_garden(std::string_view text);

/// The data that the program was built with, as text and read. The latter aborts when it is not
/// right, which a test excludes.
std::string_view built_in_garden_text();
const WalledGarden& built_in_garden();

/// Why no garden may hold the entry; nothing when it may. Refused are a host that is no name (or
/// `*.` name, or, of the portal and what is configured, address), a wildcard over a whole registry
/// (`*.vn`, `*.com.vn`), a wildcard by address, port 0, and above all a host or wildcard that
/// covers a probe host.
std::optional<std::string> check_entry(const GardenEntry& entry);

/// The opening for the portal at `url`: `http[s]://HOST[:PORT]`, whatever follows. Nothing for
/// another text.
std::optional<GardenEntry> portal_entry(std::string_view url);

/// The opening for a page at `url`, of the same form, that the operator's configuration names for a
/// group: customers' browsers open it. Nothing for another text.
std::optional<GardenEntry> page_entry(std::string_view url, std::string_view group);

/// What a router is to open.
struct GardenChoice {
    std::set<std::string> groups;
    GardenStage stage = GardenStage::production;
    std::map<std::string, GardenStage> stages_of; // of a group its own, in place of `stage`
    std::optional<GardenEntry> portal;            // as portal_entry() makes it
    std::vector<GardenEntry> pages;               // as page_entry() makes them
};

/// The entries for a choice: the portal first, then by group in the order of the data, then the
/// pages, each host and port once. Groups that the garden does not know, and an entry, portal or
/// page that `check_entry` refuses, are a fault: a garden made in code is checked as one that was
/// read.
Result<std::vector<GardenEntry>, GardenFault> choose(
    const WalledGarden& garden, const GardenChoice& choice);

std::string_view to_text(GardenStage stage);
std::string_view to_text(GardenReach reach);

} // namespace iwas::captive
