#include "protocol/captive/walled_garden/garden.hpp"

#include "core/assert.hpp"
#include "protocol/captive/walled_garden/host_name.hpp"
#include "protocol/captive/walled_garden/probe_hosts.hpp"

#include <algorithm>
#include <tuple>

namespace iwas::captive {

namespace {

std::string covers(const ProbeHost& probe)
{
    return "would open " + std::string{probe.host} + ", at which " + std::string{probe.asked_by} +
           " asks whether it is online: no portal would appear";
}

bool same_opening(const GardenEntry& a, const GardenEntry& b)
{
    return std::tie(a.host, a.port) == std::tie(b.host, b.port);
}

/// Host and port of `http[s]://HOST[:PORT]`, whatever follows, in `entry`.
std::optional<GardenEntry> opened_by(std::string_view url, GardenEntry entry)
{
    if (url.starts_with("https://")) {
        url.remove_prefix(8);
    } else if (url.starts_with("http://")) {
        url.remove_prefix(7);
        entry.port = 80;
    } else {
        return std::nullopt;
    }
    std::string_view authority = url.substr(0, url.find_first_of("/?#"));
    const auto colon = authority.find(':');
    if (colon != std::string_view::npos) {
        const auto port = parse_port(authority.substr(colon + 1));
        if (!port) return std::nullopt;
        entry.port = *port;
        authority = authority.substr(0, colon);
    }
    entry.host = lower_case(authority);
    if (!is_host_name(entry.host) && !Ipv4Address::parse(entry.host)) return std::nullopt;
    return entry;
}

/// Adds the entry, or, where its host and port are open already, the wider reach.
void add(std::vector<GardenEntry>& chosen, const GardenEntry& entry)
{
    const auto there = std::ranges::find_if(
        chosen, [&](const GardenEntry& each) { return same_opening(each, entry); });
    if (there == chosen.end())
        chosen.push_back(entry);
    else
        there->reach = std::max(there->reach, entry.reach);
}

} // namespace

bool WalledGarden::knows(std::string_view group) const
{
    const auto is_it = [&](const auto& each) { return each.group == group; };
    return std::ranges::any_of(entries, is_it) || std::ranges::any_of(nothing, is_it);
}

std::set<std::string> WalledGarden::groups() const
{
    std::set<std::string> all;
    for (const auto& entry : entries)
        all.insert(entry.group);
    for (const auto& none : nothing)
        all.insert(none.group);
    return all;
}

const WalledGarden& built_in_garden()
{
    static const auto garden = parse_garden(built_in_garden_text());
    IWAS_ASSERT(garden.has_value());
    return *garden;
}

std::optional<std::string> check_entry(const GardenEntry& entry)
{
    const std::string_view host = entry.host;
    const bool is_wildcard = host.starts_with("*.");
    const bool is_address = Ipv4Address::parse(host).has_value();
    if (entry.port == 0) return "port 0 is none";
    if (is_address) {
        if (entry.group != portal_group && !entry.is_configured)
            return "an address instead of a name";
        return std::nullopt;
    }
    const std::string_view name = is_wildcard ? host.substr(2) : host;
    if (!is_host_name(name)) return "no host name in lower case with at least two parts";
    if (is_wildcard && is_registry(name)) return "a wildcard over everybody's names";
    if (is_wildcard && entry.reach == GardenReach::address)
        return "a wildcard has no addresses of its own: only by name";
    if (const ProbeHost* const probe = probe_host_opened_by(host)) return covers(*probe);
    return std::nullopt;
}

std::optional<GardenEntry> portal_entry(std::string_view url)
{
    return opened_by(
        url, {
                 .group = std::string{portal_group},
                 .reach = GardenReach::address,
                 .confidence = 'A',
                 .source = "configuration",
                 .purpose = "The portal itself",
                 .is_configured = true,
             });
}

std::optional<GardenEntry> page_entry(std::string_view url, std::string_view group)
{
    auto entry = opened_by(
        url, {
                 .group = std::string{group},
                 .confidence = 'A',
                 .source = "configuration",
                 .purpose = "A page that the configuration names",
                 .is_configured = true,
             });
    // Nobody has looked which neighbours share the addresses of a name; an address has none.
    if (entry && Ipv4Address::parse(entry->host)) entry->reach = GardenReach::address;
    return entry;
}

Result<std::vector<GardenEntry>, GardenFault> choose(
    const WalledGarden& garden, const GardenChoice& choice)
{
    std::vector<GardenEntry> chosen;
    if (choice.portal) {
        if (const auto why = check_entry(*choice.portal))
            return std::unexpected{GardenFault{0, choice.portal->host + ": " + *why}};
        chosen.push_back(*choice.portal);
    }
    const auto is_chosen = [&](const GardenEntry& entry) {
        const auto own = choice.stages_of.find(entry.group);
        return entry.stage == (own == choice.stages_of.end() ? choice.stage : own->second);
    };
    for (const std::string& group : choice.groups) {
        if (!garden.knows(group))
            return std::unexpected{GardenFault{0, group + ": the data knows no such group"}};
        for (const GardenEntry& entry : garden.entries) {
            if (entry.group != group || !is_chosen(entry)) continue;
            if (const auto why = check_entry(entry))
                return std::unexpected{GardenFault{0, entry.host + ": " + *why}};
            add(chosen, entry);
        }
    }
    for (const GardenEntry& page : choice.pages) {
        if (const auto why = check_entry(page))
            return std::unexpected{GardenFault{0, page.host + ": " + *why}};
        add(chosen, page);
    }
    return chosen;
}

std::string_view to_text(GardenStage stage)
{
    switch (stage) {
    case GardenStage::production: return "production";
    case GardenStage::sandbox: return "sandbox";
    }
    return {};
}

std::string_view to_text(GardenReach reach)
{
    switch (reach) {
    case GardenReach::name: return "name";
    case GardenReach::address: return "address";
    }
    return {};
}

} // namespace iwas::captive
