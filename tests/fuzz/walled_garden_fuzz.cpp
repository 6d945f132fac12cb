// The walled garden's data, and a router's rows judged by it: no crash; whatever was read opens no
// probe host, and its script holds no line that was not rendered.
#include "core/assert.hpp"
#include "protocol/captive/walled_garden/compare.hpp"

#include <algorithm>

using namespace iwas;
using namespace iwas::captive;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text{reinterpret_cast<const char*>(data), size};
    const auto garden = parse_garden(text);
    std::vector<GardenRule> rules;
    if (garden) {
        for (const GardenEntry& entry : garden->entries)
            IWAS_ASSERT(probe_host_opened_by(entry.host) == nullptr);
        const auto chosen = choose(*garden, {.groups = garden->groups()});
        IWAS_ASSERT(chosen.has_value());
        rules = rules_for(*chosen, garden->version);
    }
    if (const auto portal = portal_entry(text)) IWAS_ASSERT(portal->port != 0);
    const auto script = render_routeros(rules, {}, {.server = text});
    IWAS_ASSERT(static_cast<std::size_t>(std::ranges::count(script, '\n')) == rules.size() + 2);

    // One row of the text's parts, as the router might name it.
    RouterGardenRow row{.menu = size % 2 == 0 ? GardenMenu::http : GardenMenu::ip};
    std::string* const properties[] = {&row.dst_host, &row.dst_address, &row.dst_port,
                                       &row.action,   &row.protocol,    &row.comment};
    std::string_view rest = text;
    for (std::string* const property : properties) {
        *property = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(property->size() + 1, rest.size()));
    }
    const auto comparison = compare(rules, {row}, {}, {{"www.google.com", Ipv4Address{1}}});
    IWAS_ASSERT(comparison.rules.size() == rules.size());
    return 0;
}
