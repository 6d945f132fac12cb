#include "app/commands/garden_findings.hpp"

#include <gtest/gtest.h>

namespace iwas::app {
namespace {

using adapters::Finding;

TEST(GardenFindings, SaysOfEachEntryWhatIsWrong)
{
    const std::vector<captive::GardenEntry> entries{
        {.group = "momo", .host = "pay.a.vn"},
        {.group = "vnpay", .host = "pay.b.vn"},
        {.group = "payos", .host = "*.c.vn"}};
    adapters::GardenReport report;
    const auto rule = [](captive::GardenMenu menu, std::string host) {
        return captive::GardenRule{.menu = menu, .host = std::move(host)};
    };
    report.comparison.rules = {
        {rule(captive::GardenMenu::http, "pay.a.vn"), captive::RuleState::present},
        {rule(captive::GardenMenu::http, "pay.b.vn"), captive::RuleState::missing},
        {rule(captive::GardenMenu::ip, "pay.b.vn"), captive::RuleState::denied},
        {rule(captive::GardenMenu::http, "*.c.vn"), captive::RuleState::present}};
    report.hosts = {
        {.host = "pay.a.vn",
         .resolves = Finding::good,
         .address = Ipv4Address::parse("203.0.113.4"),
         .is_reached = Finding::good},
        {.host = "pay.b.vn", .resolves = Finding::bad, .resolve_words = "dns \x1b[31m"},
        {.host = "*.c.vn", .resolve_words = "a wildcard"}};
    report.comparison.rows = {
        {{.id = "*7", .dst_host = "*.apple.com", .comment = "of mine"},
         captive::RowFault::opens_probe,
         "opens captive.apple.com"},
        {{.id = "*8", .dst_host = ":a"}, captive::RowFault::unjudged, "look"}};
    report.probes_resolved = 12;

    const auto findings = garden_findings(entries, report);
    EXPECT_EQ(findings.faults, 4U);
    EXPECT_EQ(
        findings.text,
        "momo       pay.a.vn                     tcp/443   203.0.113.4      ok\n"
        "vnpay      pay.b.vn                     tcp/443                    missing from the http "
        "list; denied further up in the ip list; does not resolve (dns ?[31m)\n"
        "payos      *.c.vn                       tcp/443                    ok; name not asked (a "
        "wildcard)\n"
        "opens a probe: row *7 of the http list, *.apple.com \"of mine\": opens "
        "captive.apple.com\n"
        "not judged: row *8 of the http list, :a: look\n"
        "3 entries, 12 probe hosts looked up, 4 to mend\n");
}

TEST(GardenFindings, SaysThatAllIsWell)
{
    EXPECT_EQ(garden_findings({}, {}).text, "0 entries, 0 probe hosts looked up, all is well\n");
}

} // namespace
} // namespace iwas::app
