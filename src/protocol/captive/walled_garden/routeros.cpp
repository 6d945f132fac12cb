#include "protocol/captive/walled_garden/routeros.hpp"

#include "core/ip_address.hpp"

namespace iwas::captive {

namespace {

constexpr std::string_view http_menu = "/ip hotspot walled-garden";
constexpr std::string_view ip_menu = "/ip hotspot walled-garden ip";

void append_rule(std::string& script, const GardenRule& rule, const RouterosOptions& options)
{
    const bool is_http = rule.menu == GardenMenu::http;
    const bool is_address = Ipv4Address::parse(rule.host).has_value();
    script += is_http ? http_menu : ip_menu;
    script += is_http ? " add action=allow" : " add action=accept protocol=tcp";
    script += is_address ? " dst-address=" : " dst-host=";
    script += quote_routeros(rule.host);
    script += " dst-port=" + std::to_string(rule.port);
    if (!options.server.empty()) script += " server=" + quote_routeros(options.server);
    script += " comment=" + quote_routeros(rule.comment) + "\n";
}

} // namespace

std::vector<GardenRule> rules_for(const std::vector<GardenEntry>& entries, unsigned version)
{
    std::vector<GardenRule> rules;
    for (const GardenMenu menu : {GardenMenu::http, GardenMenu::ip}) {
        for (const GardenEntry& entry : entries) {
            const bool is_address = Ipv4Address::parse(entry.host).has_value();
            const bool is_wanted = menu == GardenMenu::http
                                       ? !is_address
                                       : is_address || entry.reach == GardenReach::address;
            if (!is_wanted) continue;
            std::string comment{garden_tag};
            comment += std::to_string(version) + ":" + entry.group;
            rules.push_back({menu, entry.host, entry.port, std::move(comment)});
        }
    }
    return rules;
}

std::string render_routeros(
    const std::vector<GardenRule>& rules, std::string_view heading, const RouterosOptions& options)
{
    std::string script;
    // Whatever the heading holds, it stays a comment.
    for (std::string_view rest = heading; !rest.empty();) {
        const auto end = rest.find_first_of("\r\n");
        script += "# ";
        script += rest.substr(0, end);
        script += '\n';
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    for (const std::string_view menu : {http_menu, ip_menu}) {
        // Rows that the router made itself of a name's addresses cannot be removed; they go with
        // the rule that they came from.
        script += menu;
        script += " remove [find where dynamic=no and comment~\"^";
        script += garden_tag;
        script += '"';
        if (!options.server.empty()) script += " and server=" + quote_routeros(options.server);
        script += "]\n";
    }
    for (const GardenRule& rule : rules)
        append_rule(script, rule, options);
    return script;
}

std::string quote_routeros(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string made{'"'};
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\' || c == '$' || c == '?') {
            made += '\\';
            made += c;
        } else if (octet < 0x20 || octet >= 0x7F) {
            made += '\\';
            made += digits[octet >> 4];
            made += digits[octet & 0xF];
        } else {
            made += c;
        }
    }
    return made + '"';
}

std::string_view to_text(GardenMenu menu)
{
    switch (menu) {
    case GardenMenu::http: return "http";
    case GardenMenu::ip: return "ip";
    }
    return {};
}

} // namespace iwas::captive
