#include "adapters/cafe_file/apply_catalog.hpp"
#include "adapters/cafe_file/cafe_file.hpp"
#include "adapters/store/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>

namespace iwas::adapters {
namespace {

using namespace domain;

/// A stand-in for the environment and the file system.
SecretSources secrets_for_tests()
{
    return {
        .environment = [](const std::string& name) -> std::optional<std::string> {
            if (name == "NOT_SET") return std::nullopt;
            return "value-of-" + name;
        },
        .file = [](const std::string& path) -> std::optional<std::string> {
            if (path != "/run/secret") return std::nullopt;
            return "secret-from-file";
        },
    };
}

std::string example()
{
    std::ifstream file{IWAS_SOURCE_DIR "/deploy/examples/cafe.toml"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

Catalog parsed(const std::string& text)
{
    auto catalog = parse_cafe(text, secrets_for_tests());
    if (catalog) return std::move(*catalog);
    for (const CafeFault& fault : catalog.error())
        ADD_FAILURE() << to_string(fault);
    return {};
}

std::vector<std::string> faults(const std::string& text)
{
    const auto catalog = parse_cafe(text, secrets_for_tests());
    std::vector<std::string> lines;
    if (catalog) return lines;
    for (const CafeFault& fault : catalog.error())
        lines.push_back(to_string(fault));
    return lines;
}

const std::string small = R"([organizations.arena]
name = "Arena"
[locations.q7]
organization = "arena"
name = "Q7"
guest_network = "192.168.20.0/24"
)";

std::string with_router(const std::string& lines)
{
    return small + "[routers.mt]\nlocation = \"q7\"\nradius_source = \"10.0.0.1\"\n" + lines + "\n";
}
std::string with_package(const std::string& lines)
{
    return small + "[packages.hour]\norganization = \"arena\"\nname = \"1 hour\"\n" + lines + "\n";
}

TEST(CafeFile, ReadsTheExample)
{
    const Catalog catalog = parsed(example());
    ASSERT_EQ(catalog.locations.size(), 2U);
    ASSERT_EQ(catalog.routers.size(), 2U);
    ASSERT_EQ(catalog.packages.size(), 3U);
    ASSERT_EQ(catalog.pc_systems.size(), 2U);

    const Router& mikrotik = *catalog.router(RouterId::trusted("q7-mt"));
    EXPECT_EQ(mikrotik.radius_secret.reveal(), "value-of-Q7_RADIUS_SECRET");
    EXPECT_EQ(mikrotik.api->port, 8729);
    EXPECT_EQ(mikrotik.api->password.reveal(), "value-of-Q7_API_PASSWORD");
    EXPECT_EQ(mikrotik.guest_vlan, 20);
    const Router& chilli = *catalog.router(RouterId::trusted("thu-duc-chilli"));
    EXPECT_EQ(chilli.kind, RouterKind::uam);
    EXPECT_EQ(chilli.interim_interval, 120s);
    EXPECT_EQ(catalog.location(LocationId::trusted("thu-duc"))->pc_logout_grace, 120s);
    EXPECT_EQ(
        catalog.location(LocationId::trusted("thu-duc"))->blocked_devices,
        std::set{*MacAddress::parse("02:00:5E:10:00:01")});
    EXPECT_FALSE(catalog.location(LocationId::trusted("thu-duc"))->payment_window);
    EXPECT_EQ(
        catalog.location(LocationId::trusted("q7"))->payment_window,
        (PaymentWindowOffer{
            .duration = std::chrono::minutes{5}, .rate_bps = 512'000, .times_per_day = 2}));

    const Package& evening = *catalog.package(PackageId::trusted("evening"));
    EXPECT_EQ(evening.terms.package, evening.id);
    EXPECT_EQ(evening.terms.duration, 4h);
    EXPECT_EQ(evening.terms.price, Money{15'000});
    EXPECT_EQ(evening.terms.rate, *rate_of_tier("premium"));
    EXPECT_EQ(evening.terms.on_pc_logout, PcLogoutRule::ignore);
    EXPECT_EQ(evening.schedule.from_minute, 18 * 60);
    EXPECT_EQ(evening.schedule.to_minute, 120);
    EXPECT_FALSE(evening.schedule.weekdays[5]);
    EXPECT_TRUE(evening.schedule.weekdays[4]);
    const Package& tournament = *catalog.package(PackageId::trusted("tournament"));
    EXPECT_EQ(tournament.terms.duration, 36h);
    EXPECT_EQ(tournament.terms.data_cap_octets, 50'000'000'000U);
    EXPECT_EQ(tournament.terms.rate, (RateLimit{50'000'000, 100'000'000, 120'000'000}));
    EXPECT_EQ(tournament.capacity, 24);
    EXPECT_EQ(tournament.locations.size(), 1U);

    const PcSystem& legacy = *catalog.pc_system(LocationId::trusted("thu-duc"));
    EXPECT_EQ(legacy.profile, PcSystemProfile::legacy);
    EXPECT_EQ(legacy.poll_interval, 30s);
    ASSERT_EQ(legacy.webhook_secrets.size(), 1U);
    EXPECT_FALSE(legacy.logout_sync);

    ASSERT_EQ(catalog.payment_accounts.size(), 2U);
    const PaymentAccount& bank =
        *catalog.payment_account(OrganizationId::trusted("arena"), PaymentMethod::vietqr);
    EXPECT_EQ(bank.bank_bin, "970436");
    ASSERT_EQ(bank.feeds.size(), 1U);
    EXPECT_EQ(bank.feeds.front().api_token.reveal(), "value-of-SEPAY_API_TOKEN");
}

TEST(CafeFile, SaysWhereWhatIsWrong)
{
    using Lines = std::vector<std::string>;
    EXPECT_EQ(faults(small + "[location.q8]\n"), Lines{"7:1: location: unknown key"});
    EXPECT_EQ(
        faults(with_router("radius_secret = \"12345678\"\ncolour = \"red\"")),
        Lines{"11:10: routers.mt.colour: unknown key"});
    EXPECT_EQ(
        faults(with_router("radius_secret = \"1234567\"")),
        Lines{"10:17: routers.mt.radius_secret: at least 8 characters are expected"});
    EXPECT_EQ(
        faults("[organizations.Arena]\nname = \"A\""),
        Lines{"1:1: organizations.Arena: a name has 1 to 64 of a-z, 0-9, '-', '_' and '.'"});
    EXPECT_EQ(
        faults(small + "[pc_systems.q9]\nbase_url = \"ftp://x\"\nbranch_key = \"k\"").size(), 2U);
    EXPECT_EQ(faults("[organizations").size(), 1U);
    EXPECT_TRUE(faults("[organizations").front().starts_with("1:"));
    EXPECT_TRUE(faults("").empty());
}

TEST(CafeFile, ChecksNamesThatLeadElsewhere)
{
    const auto lines = faults(
        small + "[routers.mt]\nlocation = \"q8\"\nradius_source = \"10.0.0.1\"\n"
                "radius_secret = \"12345678\"\n");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_EQ(lines.front(), "8:12: routers.mt.location: nothing in this file is called q8");

    const std::string twice = with_router("radius_secret = \"12345678\"") +
                              "[routers.other]\nlocation = \"q7\"\nradius_source = \"10.0.0.1\"\n"
                              "nas_identifier = \"mt\"\nradius_secret = \"another-secret\"\n";
    EXPECT_EQ(faults(twice).size(), 2U); // the same name, and the same source with another secret
    EXPECT_EQ(
        faults(with_package("duration = \"1h\"\nprice = 5000\ntier = \"basic\"\n"
                            "locations = [\"q9\"]"))
            .size(),
        1U);
}

TEST(CafeFile, RoutersBehindOneAddressNeedNamesAndOneSecret)
{
    const auto two = [](const std::string& first, const std::string& second) {
        const std::string source = "radius_source = \"10.0.0.1\"\n";
        return small + "[routers.a]\nlocation = \"q7\"\n" + source + first +
               "\n[routers.b]\nlocation = \"q7\"\n" + source + second + "\n";
    };
    const std::string secret = "radius_secret = \"12345678\"\n";
    const std::string one = secret + "nas_identifier = \"one\"";
    const std::string other = secret + "nas_identifier = \"other\"";
    EXPECT_TRUE(faults(two(one, other)).empty());
    EXPECT_EQ(faults(two(one, secret)).size(), 1U); // the table's name is not enough
    EXPECT_EQ(faults(two(secret, other)).size(), 1U);
    EXPECT_EQ(faults(two(one, other + "\nlimits_proxy_state = false")).size(), 1U);
    EXPECT_EQ(
        faults(two(one, "radius_secret = \"another-one\"\nnas_identifier = \"other\"")).size(), 1U);
}

TEST(CafeFile, ReadsHowARouterIsLoggedInAtAndCutOff)
{
    const auto router = [](const std::string& lines) {
        return parsed(with_router("radius_secret = \"12345678\"\n" + lines))
            .routers.begin()
            ->second;
    };
    const Router plain = router("");
    EXPECT_EQ(plain.login_proof, LoginProof::chap);
    EXPECT_TRUE(plain.mac_password.empty());
    EXPECT_FALSE(plain.signs_accounting_replies);
    EXPECT_FALSE(plain.coa_counts_from_start);
    const Router changed =
        router("login = \"pap\"\nmac_password_env = \"MAC\"\nsigns_accounting_replies = true\n"
               "coa_counts_from_start = true");
    EXPECT_EQ(changed.login_proof, LoginProof::pap);
    EXPECT_EQ(changed.mac_password.reveal(), "value-of-MAC");
    EXPECT_TRUE(changed.signs_accounting_replies);
    EXPECT_TRUE(changed.coa_counts_from_start);
    EXPECT_EQ(faults(with_router("radius_secret = \"12345678\"\nlogin = \"mschap\"")).size(), 1U);
}

TEST(CafeFile, DisconnectsNeedOneAddress)
{
    const auto with_source = [](const std::string& source, const std::string& more) {
        return faults(
            small + "[routers.mt]\nlocation = \"q7\"\nradius_secret = \"12345678\"\n" +
            "radius_source = \"" + source + "\"\n" + more);
    };
    EXPECT_TRUE(with_source("10.0.0.1", "").empty());
    const auto lines = with_source("10.1.0.0/16", "");
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_NE(lines.front().find("routers.mt.coa_host: is needed"), std::string::npos);
    EXPECT_TRUE(with_source("10.1.0.0/16", "coa_host = \"10.1.0.1\"").empty());
    EXPECT_TRUE(with_source(
                    "10.1.0.0/16", "[routers.mt.api]\nhost = \"10.1.0.1\"\nuser_name = \"i\"\n"
                                   "password = \"p\"")
                    .empty());
}

TEST(CafeFile, ChecksPackages)
{
    const std::string good = "duration = \"1h\"\nprice = 5000\n";
    EXPECT_TRUE(faults(with_package(good + "tier = \"basic\"")).empty());
    for (const char* bad : {
             "tier = \"golden\"",
             "",
             "tier = \"basic\"\nrate = { up_mbps = 1, down_mbps = 1 }",
             "rate = { up_mbps = 1 }",
             "rate = { up_mbps = 2000, down_mbps = 1 }",
             "rate = { up_mbps = 1, down_mbps = 1, burst = 3 }",
             "tier = \"basic\"\ndevices = 0",
             "tier = \"basic\"\ndata_cap = \"5\"",
             "tier = \"basic\"\ndata_cap = \"1kB\"",
             "tier = \"basic\"\nstatus = \"sold\"",
             "tier = \"basic\"\nschedule = { weekdays = [\"monday\"] }",
             "tier = \"basic\"\nschedule = { from = \"8:00\" }",
             "tier = \"basic\"\nschedule = { from = \"08:00\", to = \"08:00\" }",
             "tier = \"basic\"\nrecommended = \"yes\"",
         })
        EXPECT_EQ(faults(with_package(good + bad)).size(), 1U) << bad;
    EXPECT_EQ(faults(with_package("duration = 3600\nprice = 5000\ntier = \"basic\"")).size(), 1U);
    EXPECT_EQ(faults(with_package("duration = \"1h\"\nprice = 5.5\ntier = \"basic\"")).size(), 1U);
    EXPECT_EQ(faults(with_package("duration = \"5m\"\nprice = 5\ntier = \"basic\"")).size(), 2U);
}

TEST(CafeFile, TakesSecretsFromElsewhereAndNeverShowsThem)
{
    const auto secret_of = [](const std::string& lines) {
        return parsed(with_router(lines)).routers.begin()->second.radius_secret.reveal();
    };
    EXPECT_EQ(secret_of("radius_secret = \"directly-here\""), "directly-here");
    EXPECT_EQ(secret_of("radius_secret_env = \"SECRET\""), "value-of-SECRET");
    EXPECT_EQ(secret_of("radius_secret_file = \"/run/secret\""), "secret-from-file");
    for (const char* bad :
         {"", "radius_secret_env = \"NOT_SET\"", "radius_secret_file = \"/run/nothing\"",
          "radius_secret = \"hidden-one\"\nradius_secret_env = \"SECRET\"", "radius_secret = 5"}) {
        const auto lines = faults(with_router(bad));
        ASSERT_EQ(lines.size(), 1U) << bad;
        EXPECT_EQ(lines.front().find("hidden"), std::string::npos);
    }
}

TEST(CafeFile, ReadsDurationsAmountsAndTimes)
{
    EXPECT_EQ(duration_from("1h30m"), 90min);
    EXPECT_EQ(duration_from("2d"), 48h);
    EXPECT_EQ(duration_from("45s"), 45s);
    EXPECT_EQ(duration_from("0s"), 0s);
    for (const char* bad :
         {"", "1", "h", "30m1h", "1h1h", "1 h", "-1h", "1.5h", "1w", "99999999999999999999s"})
        EXPECT_FALSE(duration_from(bad)) << bad;
    EXPECT_EQ(octets_from("500MB"), 500'000'000U);
    EXPECT_EQ(octets_from("2TB"), 2'000'000'000'000U);
    for (const char* bad : {"", "5", "5 GB", "5gb", "GB", "-1GB", "9999999999GB"})
        EXPECT_FALSE(octets_from(bad)) << bad;
    EXPECT_EQ(minute_from("00:00"), 0);
    EXPECT_EQ(minute_from("24:00"), 1440);
    for (const char* bad : {"", "8:00", "24:01", "12:60", "1200", "-1:00", "12:0x"})
        EXPECT_FALSE(minute_from(bad)) << bad;
}

TEST(CatalogDifference, ShowsWhatChangesButNoSecret)
{
    const Catalog before = parsed(example());
    EXPECT_EQ(to_text(difference(before, before)), "no changes\n");

    Catalog wanted = before;
    wanted.packages.at(PackageId::trusted("hour")).terms.price = Money{6'000};
    wanted.routers.at(RouterId::trusted("q7-mt")).radius_secret = SecretText{"brand-new"};
    wanted.routers.at(RouterId::trusted("q7-mt")).mac_password = SecretText{"constant"};
    wanted.routers.at(RouterId::trusted("q7-mt")).login_proof = LoginProof::pap;
    wanted.pc_systems.erase(LocationId::trusted("q7"));
    Location third = wanted.locations.begin()->second;
    third.id = LocationId::trusted("q1");
    wanted.locations.emplace(third.id, third);
    EXPECT_EQ(
        to_text(difference(before, wanted)), "+ location q1\n"
                                             "~ router q7-mt\n"
                                             "    radius_secret: changed\n"
                                             "    login: chap -> pap\n"
                                             "    mac_password: changed\n"
                                             "~ package hour\n"
                                             "    price: 5000 -> 6000\n"
                                             "- PC system q7\n");
}

TEST(ApplyCatalog, IsIdempotentAndDryRunsWriteNothing)
{
    boost::asio::io_context io;
    const auto store = open_store({
        .url = "sqlite::memory:",
        .keys = *KeyRing::parse(KeyRing::generate("k1").reveal()),
        .io = io.get_executor(),
        .inline_execution = true,
    });
    const auto apply = [&](Catalog wanted, bool is_dry_run) {
        std::optional<std::vector<CatalogChange>> changes;
        boost::asio::co_spawn(
            io,
            apply_catalog(
                *store, std::move(wanted), "staff:lan", from_unix_ms(1'790'000'000'000),
                is_dry_run),
            [&](std::exception_ptr, auto answer) {
                if (answer) changes = std::move(*answer);
            });
        io.restart();
        io.run();
        return changes;
    };
    const Catalog wanted = parsed(example());
    EXPECT_EQ(apply(wanted, true)->size(), 12U);
    EXPECT_EQ(apply(wanted, true)->size(), 12U);
    EXPECT_EQ(apply(wanted, false)->size(), 12U);
    EXPECT_TRUE(apply(wanted, false)->empty());
    EXPECT_EQ(apply(parsed(small), false)->size(), 12U);
}

} // namespace
} // namespace iwas::adapters
