#include "protocol/captive/walled_garden/compare.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace iwas::captive {
namespace {

// A reading of RouterOS's console words that is not the renderer's: what a terminal would take of a
// line. Throws for a line that no terminal would take.
std::vector<std::string> console_words(std::string_view line)
{
    std::vector<std::string> words{""};
    bool is_quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        if (!is_quoted && (c == ';' || c == '$' || c == '{' || c == '}' || c == '\\'))
            throw std::runtime_error{"a second command"};
        if (c == '"') {
            is_quoted = !is_quoted;
        } else if (c == ' ' && !is_quoted) {
            words.emplace_back();
        } else if (is_quoted && (c == '$' || c == '\r' || c == '\n')) {
            throw std::runtime_error{"a variable or a new line inside quotes"};
        } else if (is_quoted && c == '\\') {
            const std::string_view escapes = "\"\\$?";
            const char next = line.at(++i);
            if (escapes.find(next) != std::string_view::npos) {
                words.back() += next;
            } else {
                words.back() +=
                    static_cast<char>(std::stoi(std::string{line.substr(i, 2)}, nullptr, 16));
                ++i;
            }
        } else {
            words.back() += c;
        }
    }
    if (is_quoted) throw std::runtime_error{"open quotes"};
    return words;
}

std::vector<std::string> lines_of(std::string_view script)
{
    std::vector<std::string> lines;
    while (!script.empty()) {
        const auto end = script.find('\n');
        lines.emplace_back(script.substr(0, end));
        script.remove_prefix(end + 1);
    }
    return lines;
}

std::vector<GardenEntry> chosen(std::set<std::string> groups, const char* portal = nullptr)
{
    GardenChoice choice{.groups = std::move(groups)};
    if (portal != nullptr) choice.portal = portal_entry(portal);
    return choose(built_in_garden(), choice).value();
}

RouterGardenRow row_of(const GardenRule& rule)
{
    const bool is_address = Ipv4Address::parse(rule.host).has_value();
    return {
        .menu = rule.menu,
        .id = "*1",
        .action = rule.menu == GardenMenu::http ? "allow" : "accept",
        .dst_host = is_address ? "" : rule.host,
        .dst_address = is_address ? rule.host : "",
        .dst_port = std::to_string(rule.port),
        .protocol = rule.menu == GardenMenu::http ? "" : "tcp",
        .comment = rule.comment,
    };
}

std::vector<RouterGardenRow> rows_of(const std::vector<GardenRule>& rules)
{
    std::vector<RouterGardenRow> rows;
    for (const GardenRule& rule : rules)
        rows.push_back(row_of(rule));
    return rows;
}

RouterGardenRow by_name(std::string host, std::string action = "allow")
{
    return {.menu = GardenMenu::http, .action = std::move(action), .dst_host = std::move(host)};
}

RouterGardenRow by_address(std::string address, std::string port = "")
{
    return {
        .menu = GardenMenu::ip,
        .action = "accept",
        .dst_address = std::move(address),
        .dst_port = std::move(port),
        .protocol = port.empty() ? "" : "tcp"};
}

/// What is said of rows, as "fault: what" lines of those that hold `text`.
std::size_t count(const GardenComparison& comparison, RowFault fault, std::string_view text = "")
{
    return static_cast<std::size_t>(std::ranges::count_if(comparison.rows, [&](const auto& each) {
        return each.fault == fault && each.what.find(text) != std::string::npos;
    }));
}

TEST(RouterosGarden, RendersAScriptThatMayRunAgain)
{
    const auto rules = rules_for(chosen({"vnpay", "pc_balance"}, "http://10.77.0.1:8080/"), 7);
    EXPECT_EQ(
        render_routeros(rules, "Walled garden 7", {}),
        "# Walled garden 7\n"
        "/ip hotspot walled-garden remove [find where dynamic=no and comment~\"^iwas:garden:\"]\n"
        "/ip hotspot walled-garden ip remove [find where dynamic=no and "
        "comment~\"^iwas:garden:\"]\n"
        "/ip hotspot walled-garden add action=allow dst-host=\"pay.vnpay.vn\" dst-port=443 "
        "comment=\"iwas:garden:7:vnpay\"\n"
        "/ip hotspot walled-garden ip add action=accept protocol=tcp dst-address=\"10.77.0.1\" "
        "dst-port=8080 comment=\"iwas:garden:7:portal\"\n"
        "/ip hotspot walled-garden ip add action=accept protocol=tcp dst-host=\"pay.vnpay.vn\" "
        "dst-port=443 comment=\"iwas:garden:7:vnpay\"\n");
}

TEST(RouterosGarden, OpensByNameAloneWhereTheDataSaysSo)
{
    const auto rules = rules_for(chosen({"google"}), 1);
    ASSERT_FALSE(rules.empty());
    for (const GardenRule& rule : rules)
        EXPECT_EQ(rule.menu, GardenMenu::http) << rule.host;
}

TEST(RouterosGarden, KeepsOtherServersRules)
{
    const auto script = render_routeros(rules_for(chosen({"momo"}), 1), "", {.server = "hs-1"});
    EXPECT_NE(script.find("comment~\"^iwas:garden:\" and server=\"hs-1\"]"), std::string::npos);
    for (const std::string& line : lines_of(script))
        EXPECT_NE(line.find(" server=\"hs-1\""), std::string::npos) << line;
}

TEST(RouterosGarden, NothingEndsItsQuotes)
{
    std::string every;
    for (int octet = 0; octet < 256; ++octet)
        every += static_cast<char>(octet);
    for (const std::string& hostile :
         {every, std::string{"\"; /user add name=x group=full"}, std::string{"a\\"},
          std::string{"\\\""}, std::string{"$[/system reboot]"}, std::string{"[/system reboot]"},
          std::string{"a\r\n/system reboot"}, std::string{}}) {
        EXPECT_EQ(console_words("server=" + quote_routeros(hostile)).at(0), "server=" + hostile);
        const auto script = render_routeros(
            {{GardenMenu::http, hostile, 443, hostile}}, "heading\n/system reboot\r" + hostile,
            {.server = hostile});
        std::size_t adds = 0;
        for (const std::string& line : lines_of(script)) {
            if (line.starts_with("#")) continue;
            ASSERT_TRUE(line.starts_with("/ip hotspot walled-garden")) << line;
            if (line.find(" remove ") != std::string::npos) continue;
            const auto words = console_words(line);
            EXPECT_EQ(words.at(5), "dst-host=" + hostile);
            EXPECT_EQ(words.back(), "comment=" + hostile);
            ++adds;
        }
        EXPECT_EQ(adds, 1U);
    }
}

TEST(RouterosGarden, FindsItsOwnRulesPresent)
{
    const auto rules = rules_for(chosen({"momo", "zalopay", "google"}, "https://wifi.a.vn"), 1);
    const auto comparison = compare(rules, rows_of(rules), "", {});
    ASSERT_EQ(comparison.rules.size(), rules.size());
    for (const RuleFinding& each : comparison.rules)
        EXPECT_EQ(each.state, RuleState::present) << each.rule.host;
    EXPECT_TRUE(comparison.rows.empty());
}

TEST(RouterosGarden, FindsWhatIsMissing)
{
    const auto rules = rules_for(chosen({"vnpay"}), 1);
    ASSERT_EQ(rules.size(), 2U);
    const auto state = [&](const std::vector<RouterGardenRow>& rows, std::string_view server = "") {
        return compare(rules, rows, server, {}).rules.at(0).state;
    };
    EXPECT_EQ(state({}), RuleState::missing);
    const auto with = [&](const std::function<void(RouterGardenRow&)>& change) {
        RouterGardenRow row = row_of(rules[0]);
        change(row);
        return row;
    };
    EXPECT_EQ(state({with([](auto& row) { row.is_disabled = true; })}), RuleState::missing);
    EXPECT_EQ(state({with([](auto& row) { row.is_invalid = true; })}), RuleState::missing);
    EXPECT_EQ(state({with([](auto& row) { row.is_dynamic = true; })}), RuleState::missing);
    EXPECT_EQ(state({with([](auto& row) { row.path = "/x"; })}), RuleState::missing);
    EXPECT_EQ(state({with([](auto& row) { row.src_address = "10.0.0.9"; })}), RuleState::missing);
    EXPECT_EQ(state({with([](auto& row) { row.dst_port = "80"; })}), RuleState::missing);
    EXPECT_EQ(state({with([](auto& row) { row.menu = GardenMenu::ip; })}), RuleState::missing);
    const auto of_server = with([](auto& row) { row.server = "hs-1"; });
    EXPECT_EQ(state({of_server}), RuleState::missing);
    EXPECT_EQ(state({of_server}, "hs-1"), RuleState::present);
    EXPECT_EQ(state({of_server}, "hs-2"), RuleState::missing);
    // What somebody else has opened is open, and the first row that fits decides.
    EXPECT_EQ(state({by_name("*.VNPay.vn")}), RuleState::present);
    EXPECT_EQ(state({by_name("*vnpay*", "deny"), row_of(rules[0])}), RuleState::denied);
    EXPECT_EQ(state({row_of(rules[0]), by_name("*vnpay*", "deny")}), RuleState::present);
}

TEST(RouterosGarden, FindsItsRulesThatAreTooMany)
{
    const auto rules = rules_for(chosen({"vnpay"}), 2);
    auto rows = rows_of(rules_for(chosen({"momo", "vnpay"}), 1)); // of an older version
    rows.push_back(row_of(rules[0]));
    rows.push_back(by_name("own.example.vn")); // the technician's own
    const auto comparison = compare(rules, rows, "", {});
    EXPECT_EQ(count(comparison, RowFault::extra, "belongs to nothing enabled"), 3U);
    EXPECT_EQ(count(comparison, RowFault::extra, "stands twice"), 1U);
    EXPECT_EQ(comparison.rows.size(), 4U);
    for (const RuleFinding& each : comparison.rules)
        EXPECT_EQ(each.state, RuleState::present);
}

TEST(RouterosGarden, FindsRowsThatOpenAProbe)
{
    const auto opened = [](const std::vector<RouterGardenRow>& rows) {
        return count(compare({}, rows, "", {}), RowFault::opens_probe);
    };
    EXPECT_EQ(opened({by_name("captive.apple.com")}), 1U);
    EXPECT_EQ(opened({by_name("*.google.com")}), 3U);
    EXPECT_EQ(opened({by_name("")}), probe_hosts().size());
    EXPECT_EQ(opened({by_name("accounts.google.com")}), 0U);
    EXPECT_EQ(opened({by_name("captive.apple.com", "deny")}), 0U);
    // A denial further up keeps it shut; one further down comes too late.
    EXPECT_EQ(opened({by_name("captive.apple.com", "deny"), by_name("captive*")}), 0U);
    EXPECT_EQ(opened({by_name("captive*"), by_name("captive.apple.com", "deny")}), 1U);
    auto disabled = by_name("*.apple.com");
    disabled.is_disabled = true;
    EXPECT_EQ(opened({disabled}), 0U);
    auto denied_in_part = by_name("captive.apple.com", "deny");
    denied_in_part.path = "/x";
    EXPECT_EQ(opened({denied_in_part, by_name("captive.apple.com")}), 1U);
    // Windows asks over plain HTTP alone.
    auto https = by_name("www.msftconnecttest.com");
    https.dst_port = "443";
    EXPECT_EQ(opened({https}), 0U);
    https.dst_port = "80,443";
    EXPECT_EQ(opened({https}), 1U);
}

TEST(RouterosGarden, FindsProbesBehindOpenedAddresses)
{
    const ProbeAddresses addresses{
        {"www.google.com", *Ipv4Address::parse("142.250.0.4")},
        {"www.msftncsi.com", *Ipv4Address::parse("23.1.2.3")}};
    const auto opened = [&](const std::vector<RouterGardenRow>& rows) {
        return count(compare({}, rows, "", addresses), RowFault::opens_probe, "same address");
    };
    EXPECT_EQ(opened({by_address("142.250.0.4", "443")}), 1U);
    EXPECT_EQ(opened({by_address("142.250.0.0/16")}), 1U);
    EXPECT_EQ(opened({by_address("23.1.2.1-23.1.2.9")}), 1U);
    EXPECT_EQ(opened({by_address("23.1.2.3", "443")}), 0U); // asked over port 80 alone
    EXPECT_EQ(opened({by_address("23.1.2.4")}), 0U);
    auto dynamic = by_address("142.250.0.4");
    dynamic.is_dynamic = true;
    EXPECT_EQ(opened({dynamic}), 1U);
    auto dns = by_address("");
    dns.protocol = "udp";
    dns.dst_port = "53";
    EXPECT_EQ(count(compare({}, {dns}, "", addresses), RowFault::opens_probe), 0U);
    // Everything is open by address: every probe.
    EXPECT_EQ(
        count(compare({}, {by_address("")}, "", {}), RowFault::opens_probe), probe_hosts().size());
}

TEST(RouterosGarden, SaysWhatItCannotJudge)
{
    auto list = by_address("");
    list.dst_address_list = "payments";
    const auto comparison = compare(
        {}, {by_name(":^.*$"), list, by_address("!10.0.0.1"), by_name(":^a$", "deny")}, "", {});
    EXPECT_EQ(count(comparison, RowFault::unjudged), 3U);
    EXPECT_EQ(comparison.rows.size(), 3U);
}

TEST(RouterosGarden, ReadsPortsAndAddresses)
{
    EXPECT_TRUE(port_list_covers("", 443));
    EXPECT_TRUE(port_list_covers("80,443", 443));
    EXPECT_TRUE(port_list_covers("1-1024", 443));
    EXPECT_FALSE(port_list_covers("80,,x,444-500,9-", 443));
    const auto one = *Ipv4Address::parse("10.0.0.5");
    EXPECT_EQ(address_text_covers("10.0.0.5", one), true);
    EXPECT_EQ(address_text_covers("10.0.0.6", one), false);
    EXPECT_EQ(address_text_covers("10.0.0.0/24", one), true);
    EXPECT_EQ(address_text_covers("10.0.0.1-10.0.0.4", one), false);
    EXPECT_EQ(address_text_covers("!10.0.0.5", one), std::nullopt);
    EXPECT_EQ(address_text_covers("10.0.0.1-x", one), std::nullopt);
    EXPECT_EQ(address_text_covers("", one), std::nullopt);
}

} // namespace
} // namespace iwas::captive
