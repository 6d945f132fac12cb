#include "protocol/captive/probe.hpp"
#include "protocol/captive/walled_garden/garden.hpp"
#include "protocol/captive/walled_garden/host_name.hpp"
#include "protocol/captive/walled_garden/probe_hosts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace iwas::captive {
namespace {

GardenEntry named(std::string host)
{
    return {.group = "momo", .host = std::move(host), .source = "s", .purpose = "p"};
}

std::string with_line(std::string_view line)
{
    return "version 3\ndate 2026-11-26\n" + std::string{line} + "\n";
}

TEST(ProbeHosts, HoldsEveryProbeThatIsAnswered)
{
    for (const Probe& probe : probes())
        EXPECT_NE(probe_host_opened_by(probe.host), nullptr) << probe.host;
    EXPECT_GT(probe_hosts().size(), 30U);
    for (const ProbeHost& probe : probe_hosts()) {
        EXPECT_TRUE(is_host_name(probe.host)) << probe.host;
        EXPECT_TRUE(probe.over_http || probe.over_https) << probe.host;
        EXPECT_TRUE(probe.confidence >= 'A' && probe.confidence <= 'D') << probe.host;
        EXPECT_FALSE(probe.source.empty()) << probe.host;
    }
}

TEST(ProbeHosts, ReadsPatternsAsRouterosDoes)
{
    EXPECT_TRUE(host_pattern_covers("*.apple.com", "captive.apple.com"));
    EXPECT_TRUE(host_pattern_covers("*.com", "a.b.c.com"));
    EXPECT_TRUE(host_pattern_covers("*", "captive.apple.com"));
    EXPECT_TRUE(host_pattern_covers("**", ""));
    EXPECT_TRUE(host_pattern_covers("CAPTIVE.apple.?om", "captive.Apple.com"));
    EXPECT_TRUE(host_pattern_covers("*a*b*c", "xxaxxbxxaxc"));
    EXPECT_FALSE(host_pattern_covers("*.apple.com", "apple.com"));
    EXPECT_FALSE(host_pattern_covers("apple", "apple.com"));
    EXPECT_FALSE(host_pattern_covers("?", ""));
    EXPECT_FALSE(host_pattern_covers("*a*b*c", "xxaxxbxxax"));
    EXPECT_FALSE(host_pattern_covers(":.*", "captive.apple.com"));
    // The worst case of a matcher that tries every way ends at once.
    std::string stars;
    for (int i = 0; i < 100; ++i)
        stars += "a*";
    EXPECT_FALSE(host_pattern_covers(stars + "b", std::string(250, 'a')));
}

TEST(WalledGarden, RefusesEveryProbeHostHoweverItIsWritten)
{
    for (const ProbeHost& probe : probe_hosts()) {
        const std::string host{probe.host};
        EXPECT_TRUE(check_entry(named(host))) << host;
        // Each wildcard above it.
        for (auto dot = host.find('.'); dot != std::string::npos; dot = host.find('.', dot + 1))
            EXPECT_TRUE(check_entry(named("*" + host.substr(dot)))) << host;
        EXPECT_FALSE(parse_garden(
            with_line("open momo production " + host + " tcp/443 name A source purpose")))
            << host;
        // As the portal's own address neither.
        GardenChoice choice;
        choice.portal = portal_entry("https://" + host + "/");
        ASSERT_TRUE(choice.portal);
        EXPECT_FALSE(choose(built_in_garden(), choice)) << host;
    }
}

TEST(WalledGarden, RefusesTemptingWildcards)
{
    for (const char* const host :
         {"*.google.com",
          "*.gstatic.com",
          "*.googleapis.com",
          "*.apple.com",
          "*.android.com",
          "*.cloudfront.net",
          "*.amazonaws.com",
          "*.s3.amazonaws.com",
          "*.firefox.com",
          "*.msftconnecttest.com",
          "*.msftncsi.com",
          "*.ubuntu.com",
          "*.gnome.org",
          "*.com",
          "*.vn",
          "*.com.vn",
          "*.net.vn",
          "*.co.uk",
          "*",
          "*.",
          "**.momo.vn",
          "*momo.vn",
          "pay.*.vn",
          "?.momo.vn",
          ":^.*$",
          "www.google.com"})
        EXPECT_TRUE(check_entry(named(host))) << host;
    for (const char* const host :
         {"*.momo.vn", "*.zalopay.com.vn", "accounts.google.com", "ssl.gstatic.com", "apple.com",
          "a.b.c.d.e.vn"})
        EXPECT_FALSE(check_entry(named(host))) << host << ": " << *check_entry(named(host));
    // The right words, so that whoever adds such a line knows why.
    EXPECT_EQ(
        *check_entry(named("*.apple.com")),
        "would open captive.apple.com, at which iOS, macOS asks whether it is online: no portal "
        "would appear");
}

TEST(WalledGarden, RefusesHostsThatAreNone)
{
    for (const char* const host :
         {"", ".", "momo", "momo.vn.", ".momo.vn", "momo..vn", "Momo.vn", "mo_mo.vn", "momo.vn/x",
          "momo.vn:443", "-a.vn", "a-.vn", "momo vn.vn", "momo.123", "1.2.3.4", "1.2.3",
          "\xC3\xA9.vn", "a\".vn", "a\n.vn"})
        EXPECT_TRUE(check_entry(named(host))) << host;
    EXPECT_TRUE(check_entry(named(std::string(64, 'a') + ".vn")));
    std::string long_name;
    while (long_name.size() < 260)
        long_name += "abcdefg.";
    EXPECT_TRUE(check_entry(named(long_name + "vn")));
    GardenEntry entry = named("momo.vn");
    entry.port = 0;
    EXPECT_TRUE(check_entry(entry));
    entry = named("*.momo.vn");
    entry.reach = GardenReach::address;
    EXPECT_TRUE(check_entry(entry));
}

TEST(WalledGarden, TheBuiltInDataIsRight)
{
    const auto read = parse_garden(built_in_garden_text());
    ASSERT_TRUE(read) << read.error().line << ": " << read.error().message;
    const WalledGarden& garden = built_in_garden();
    EXPECT_EQ(garden, *read);
    EXPECT_GE(garden.version, 1U);
    for (const char* const group :
         {"momo", "zalopay", "vnpay", "vietqr", "payos", "pc_balance", "store_credit", "google"})
        EXPECT_TRUE(garden.knows(group)) << group;
    for (const GardenEntry& entry : garden.entries) {
        EXPECT_FALSE(check_entry(entry)) << entry.host;
        EXPECT_EQ(probe_host_opened_by(entry.host), nullptr) << entry.host;
        // Whoever shares his addresses with probe hosts is opened by name alone.
        if (entry.group == "google") EXPECT_EQ(entry.reach, GardenReach::name) << entry.host;
    }
    // Each group with entries has them for both stages.
    for (const std::string& group : garden.groups())
        for (const GardenStage stage : {GardenStage::production, GardenStage::sandbox}) {
            const auto chosen = choose(garden, {.groups = {group}, .stage = stage});
            ASSERT_TRUE(chosen) << group;
            const bool needs_none = std::ranges::any_of(
                garden.nothing, [&](const auto& none) { return none.group == group; });
            EXPECT_EQ(chosen->empty(), needs_none) << group << " " << to_text(stage);
        }
}

TEST(WalledGarden, ReadsALine)
{
    const auto garden = parse_garden(with_line(
        "# a comment\r\n\n  open momo sandbox *.momo.vn tcp/8443 name C here  What for "));
    ASSERT_TRUE(garden);
    EXPECT_EQ(garden->version, 3U);
    EXPECT_EQ(garden->date, "2026-11-26");
    ASSERT_EQ(garden->entries.size(), 1U);
    EXPECT_EQ(
        garden->entries.front(), (GardenEntry{
                                     "momo", GardenStage::sandbox, "*.momo.vn", 8443,
                                     GardenReach::name, 'C', "here", "What for"}));
}

TEST(WalledGarden, NamesTheFaultyLine)
{
    const std::pair<const char*, const char*> faults[] = {
        {"close momo", "version, date, open or nothing is expected"},
        {"open", "a group of small letters, digits and _ is expected"},
        {"open portal production a.vn tcp/443 name A s p",
         "a group of small letters, digits and _ is expected"},
        {"open momo beta a.vn tcp/443 name A s p", "production or sandbox is expected"},
        {"open momo production a.vn 443 name A s p", "a port as tcp/443 is expected"},
        {"open momo production a.vn tcp/0 name A s p", "a port as tcp/443 is expected"},
        {"open momo production a.vn tcp/65536 name A s p", "a port as tcp/443 is expected"},
        {"open momo production a.vn udp/443 name A s p", "a port as tcp/443 is expected"},
        {"open momo production a.vn tcp/443 both A s p", "name or address is expected"},
        {"open momo production a.vn tcp/443 name E s p", "a confidence from A to D is expected"},
        {"open momo production a.vn tcp/443 name AB s p", "a confidence from A to D is expected"},
        {"open momo production a.vn tcp/443 name A s", "a source and a purpose are expected"},
        {"open momo production a.vn tcp/443 name A s p\x07", "a control character"},
        {"nothing momo", "a reason is expected"},
        {"version 4", "one version from 1 to 65535 is expected"},
        {"date 2026-11-26", "one date as 2026-01-31 is expected"},
    };
    for (const auto& [line, message] : faults)
        EXPECT_EQ(parse_garden(with_line(line)).error(), (GardenFault{3, message})) << line;

    const std::string open = "open momo production a.vn tcp/443 name A s p\n";
    EXPECT_EQ(parse_garden(with_line(open + open)).error().line, 4U);
    EXPECT_EQ(parse_garden(with_line("nothing momo x\nnothing momo x")).error().line, 4U);
    EXPECT_EQ(
        parse_garden(with_line("nothing momo x\n" + open)).error().message,
        "momo: has entries and needs none");
    EXPECT_EQ(parse_garden("date 2026-11-26").error().message, "no version");
    EXPECT_EQ(parse_garden("version 1").error().message, "no date");
    EXPECT_EQ(parse_garden(std::string(70'000, '\n')).error().message, "over 64 KiB");
    std::string many;
    for (int i = 0; i < 501; ++i)
        many += "open m production a" + std::to_string(i) + ".vn tcp/443 name A s p\n";
    EXPECT_EQ(parse_garden(with_line(many)).error().message, "too many lines");
}

TEST(WalledGarden, ReadsThePortalOutOfItsAddress)
{
    const auto secure = portal_entry("https://WiFi.Example.vn/p?x=1");
    ASSERT_TRUE(secure);
    EXPECT_EQ(secure->host, "wifi.example.vn");
    EXPECT_EQ(secure->port, 443);
    EXPECT_EQ(secure->reach, GardenReach::address);
    EXPECT_EQ(portal_entry("http://wifi.example.vn")->port, 80);
    EXPECT_EQ(portal_entry("http://10.77.0.1:8080")->port, 8080);
    EXPECT_EQ(portal_entry("http://10.77.0.1:8080")->host, "10.77.0.1");
    for (const char* const url :
         {"", "wifi.example.vn", "ftp://wifi.example.vn", "http://", "http://a", "http://a.vn:0",
          "http://a.vn:x", "http://a.vn:", "http://u@a.vn", "http://[::1]/", "http://a.vn\n",
          "https://a\".vn"})
        EXPECT_FALSE(portal_entry(url)) << url;
}

TEST(WalledGarden, ChoosesWhatIsEnabledAndNothingElse)
{
    const auto garden =
        parse_garden(with_line("open momo production pay.momo.vn tcp/443 name A s p\n"
                               "open momo sandbox test.momo.vn tcp/443 name A s p\n"
                               "open vnpay production pay.vnpay.vn tcp/443 address A s p\n"
                               "open other production pay.momo.vn tcp/443 address A s p\n"
                               "nothing vietqr none"));
    ASSERT_TRUE(garden);
    const auto hosts = [&](const GardenChoice& choice) {
        std::string all;
        for (const GardenEntry& entry : choose(*garden, choice).value())
            all += entry.host + " ";
        return all;
    };
    EXPECT_EQ(hosts({}), "");
    EXPECT_EQ(hosts({.groups = {"momo"}}), "pay.momo.vn ");
    EXPECT_EQ(hosts({.groups = {"momo"}, .stage = GardenStage::sandbox}), "test.momo.vn ");
    EXPECT_EQ(hosts({.groups = {"vietqr"}}), "");
    EXPECT_EQ(
        hosts({.groups = {"momo", "vnpay"}, .portal = portal_entry("http://10.77.0.1:8080")}),
        "10.77.0.1 pay.momo.vn pay.vnpay.vn ");
    // The same host for two groups stands once, with the wider reach.
    const auto both = choose(*garden, {.groups = {"momo", "other"}}).value();
    ASSERT_EQ(both.size(), 1U);
    EXPECT_EQ(both.front().reach, GardenReach::address);
    EXPECT_EQ(
        choose(*garden, {.groups = {"paypal"}}).error().message,
        "paypal: the data knows no such group");
}

TEST(WalledGarden, OpensTheStageOfEachGroupAndThePagesThatAreConfigured)
{
    const auto garden =
        parse_garden(with_line("open momo production pay.momo.vn tcp/443 name A s p\n"
                               "open momo sandbox test.momo.vn tcp/443 name A s p\n"
                               "open vnpay production pay.vnpay.vn tcp/443 address A s p\n"
                               "open vnpay sandbox sandbox.vnpay.vn tcp/443 address A s p"));
    ASSERT_TRUE(garden);
    GardenChoice choice{.groups = {"momo", "vnpay"}, .stages_of = {{"momo", GardenStage::sandbox}}};
    const auto hosts = [&] {
        std::string all;
        for (const GardenEntry& entry : choose(*garden, choice).value())
            all += entry.host + ":" + std::to_string(entry.port) + " ";
        return all;
    };
    EXPECT_EQ(hosts(), "test.momo.vn:443 pay.vnpay.vn:443 ");
    choice.stage = GardenStage::sandbox;
    choice.stages_of["momo"] = GardenStage::production;
    EXPECT_EQ(hosts(), "pay.momo.vn:443 sandbox.vnpay.vn:443 ");
    choice.stage = GardenStage::production;
    choice.groups = {"vnpay"};
    // One that is open already stands once, and keeps its wider reach.
    choice.pages = {
        *page_entry("https://Pay.vnpay.vn/vpcpay.html", "vnpay"),
        *page_entry("https://cards.vnpay.vn:8443/token_ui", "vnpay"),
        *page_entry("http://10.0.0.9:8080/pay", "vnpay")};
    EXPECT_EQ(hosts(), "pay.vnpay.vn:443 cards.vnpay.vn:8443 10.0.0.9:8080 ");
    EXPECT_EQ(choose(*garden, choice)->front().reach, GardenReach::address);
    choice.pages = {*page_entry("https://connectivitycheck.gstatic.com/", "vnpay")};
    EXPECT_THAT(choose(*garden, choice).error().message, ::testing::HasSubstr("connectivitycheck"));
    EXPECT_FALSE(page_entry("momo://pay", "momo"));
}

TEST(WalledGarden, ChecksAGardenThatWasMadeInCodeToo)
{
    WalledGarden garden{.version = 1, .date = "2026-11-26", .entries = {named("*.apple.com")}};
    EXPECT_TRUE(choose(garden, {}));
    EXPECT_FALSE(choose(garden, {.groups = {"momo"}}));
}

} // namespace
} // namespace iwas::captive
