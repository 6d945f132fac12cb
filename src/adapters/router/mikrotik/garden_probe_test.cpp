#include "adapters/http/loopback_test.hpp"
#include "adapters/router/mikrotik/garden_probe.hpp"
#include "sim/router/router_server.hpp"
#include "tests/support/udp_radius.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace iwas::adapters {
namespace {

using captive::GardenMenu;
using captive::RowFault;
using captive::RuleState;
using http::testing::IoThread;
using routeros::Command;

constexpr std::string_view http_menu = "/ip/hotspot/walled-garden";
constexpr std::string_view ip_menu = "/ip/hotspot/walled-garden/ip";

SteadyTime in(Milliseconds duration)
{
    return std::chrono::steady_clock::now() + duration;
}

Ipv4Address ip(const char* text)
{
    return *Ipv4Address::parse(text);
}

/// A router with a socket and a client of its API, on one I/O thread.
struct Site {
    explicit Site(boost::asio::io_context& io)
        : clock{io.get_executor()}, radius{io.get_executor(), "secret"}
    {
        sim::RouterServerOptions options;
        options.router.radius_secret = SecretText{"secret"};
        options.radius_authentication_port = radius.authentication_port();
        options.radius_accounting_port = radius.accounting_port();
        router = std::make_unique<sim::RouterServer>(
            io.get_executor(), std::move(options), clock, random);
        router->start();
        client = std::make_unique<MikrotikClient>(
            io.get_executor(),
            MikrotikOptions{
                .wire = {.host = "127.0.0.1", .port = router->api_port()},
                .user_name = "iwas",
                .password = SecretText{"router-secret"},
                .attempts_max = 1},
            clock, random);
    }
    awaitable<void> stop()
    {
        co_await client->stop();
        co_await router->stop();
    }

    tests::RealClock clock;
    tests::SeededRandom random;
    tests::UdpRadius radius;
    std::unique_ptr<sim::RouterServer> router;
    std::unique_ptr<MikrotikClient> client;
};

class GardenProbe : public ::testing::Test {
protected:
    GardenProbe()
    {
        site = io.on([this] { return std::make_unique<Site>(io.io()); });
        captive::GardenChoice choice{.groups = {"vnpay", "google", "vietqr"}};
        choice.portal = captive::portal_entry("http://10.77.0.1:8080");
        entries = captive::choose(captive::built_in_garden(), choice).value();
        rules = captive::rules_for(entries, 1);
        with_garden([this](sim::RouterGarden& garden) {
            unsigned last = 0;
            for (const auto& entry : entries)
                garden.outside[entry.host] = {Ipv4Address{ip("203.0.113.0").value() + ++last}};
            for (const auto& probe : captive::probe_hosts())
                garden.outside[std::string{probe.host}] = {
                    Ipv4Address{ip("198.51.100.0").value() + ++last}};
            garden.outside["10.77.0.1"] = {ip("10.77.0.1")};
        });
    }
    ~GardenProbe() override
    {
        io.await(site->stop());
        io.on([this] { site.reset(); });
    }

    void with_garden(const std::function<void(sim::RouterGarden&)>& change)
    {
        io.on([&] { change(site->router->model().garden()); });
    }

    /// As an operator's commands would, over the API: not by the renderer.
    std::string add(std::string_view menu, const routeros::Attributes& attributes)
    {
        Command command{std::string{menu} + "/add"};
        command.attributes = attributes;
        const auto answer = io.await(
            site->client->run(std::move(command), MikrotikClient::Repeat::if_not_sent, in(5s)));
        EXPECT_TRUE(answer) << answer.error().message;
        return answer ? std::string{routeros::find(answer->done, "ret").value_or("")} : "";
    }

    void add_rules()
    {
        for (const auto& rule : rules) {
            const bool is_http = rule.menu == GardenMenu::http;
            const bool is_address = Ipv4Address::parse(rule.host).has_value();
            routeros::Attributes row{
                {"action", is_http ? "allow" : "accept"},
                {is_address ? "dst-address" : "dst-host", rule.host},
                {"dst-port", std::to_string(rule.port)},
                {"comment", rule.comment}};
            if (!is_http) row.emplace_back("protocol", "tcp");
            add(is_http ? http_menu : ip_menu, row);
        }
    }

    ApiResult<GardenReport> probe(GardenProbeOptions options = {})
    {
        return io.await(probe_garden(*site->client, entries, rules, std::move(options), in(20s)));
    }

    static std::size_t count(const GardenReport& report, RuleState state)
    {
        return static_cast<std::size_t>(
            std::ranges::count(report.comparison.rules, state, &captive::RuleFinding::state));
    }
    static std::vector<std::string> faults(const GardenReport& report, RowFault fault)
    {
        std::vector<std::string> all;
        for (const auto& row : report.comparison.rows)
            if (row.fault == fault) all.push_back(row.what);
        return all;
    }
    static const GardenHostReport& host(const GardenReport& report, std::string_view name)
    {
        return *std::ranges::find(report.hosts, name, &GardenHostReport::host);
    }

    IoThread io;
    std::unique_ptr<Site> site;
    std::vector<captive::GardenEntry> entries;
    std::vector<captive::GardenRule> rules;
};

TEST_F(GardenProbe, FindsAGardenThatIsRight)
{
    add_rules();
    const auto report = probe();
    ASSERT_TRUE(report) << report.error().message;
    EXPECT_EQ(count(*report, RuleState::present), rules.size());
    EXPECT_TRUE(report->comparison.rows.empty()) << report->comparison.rows.front().what;
    EXPECT_EQ(report->probes_resolved, captive::probe_hosts().size());
    ASSERT_EQ(report->hosts.size(), entries.size());
    for (const auto& each : report->hosts) {
        EXPECT_EQ(each.resolves, Finding::good) << each.host;
        EXPECT_EQ(each.is_reached, Finding::good) << each.host << each.reach_words;
    }
    EXPECT_EQ(host(*report, "10.77.0.1").address, ip("10.77.0.1"));
}

TEST_F(GardenProbe, FindsAnEmptyRouter)
{
    const auto report = probe({.connects = false});
    ASSERT_TRUE(report);
    EXPECT_EQ(count(*report, RuleState::missing), rules.size());
    for (const auto& each : report->hosts)
        EXPECT_EQ(each.is_reached, Finding::not_asked);
}

TEST_F(GardenProbe, FindsWhatFailsFromTheRoutersSide)
{
    add_rules();
    with_garden([](sim::RouterGarden& garden) {
        garden.outside.erase("accounts.google.com");
        garden.outside["ssl.gstatic.com"].is_reachable = false;
        garden.outside["pay.vnpay.vn"].status = 404; // its root page: the host has answered
    });
    const auto report = probe();
    ASSERT_TRUE(report);
    EXPECT_EQ(host(*report, "accounts.google.com").resolves, Finding::bad);
    EXPECT_EQ(
        host(*report, "accounts.google.com").resolve_words, "failure: dns name does not exist");
    EXPECT_EQ(host(*report, "accounts.google.com").is_reached, Finding::not_asked);
    EXPECT_EQ(host(*report, "ssl.gstatic.com").is_reached, Finding::bad);
    EXPECT_EQ(host(*report, "ssl.gstatic.com").reach_words, "failure: connection timeout");
    EXPECT_EQ(host(*report, "pay.vnpay.vn").is_reached, Finding::good);
}

TEST_F(GardenProbe, FindsRowsThatAreMissingExtraOrDisabled)
{
    add_rules();
    add(http_menu,
        {{"dst-host", "payment.momo.vn"}, {"dst-port", "443"}, {"comment", "iwas:garden:1:momo"}});
    with_garden([](sim::RouterGarden& garden) {
        const auto rows = garden.rows(http_menu);
        const auto id = [&](std::string_view name) {
            for (const auto& row : rows)
                if (routeros::find(row, "dst-host") == name)
                    return std::string{*routeros::find(row, ".id")};
            return std::string{};
        };
        EXPECT_TRUE(garden.remove(http_menu, id("apis.google.com")));
        EXPECT_TRUE(garden.set(http_menu, id("fonts.gstatic.com"), {{"disabled", "yes"}}));
    });
    const auto report = probe({.connects = false});
    ASSERT_TRUE(report);
    EXPECT_EQ(count(*report, RuleState::missing), 2U);
    for (const auto& each : report->comparison.rules)
        if (each.state == RuleState::missing)
            EXPECT_TRUE(
                each.rule.host == "apis.google.com" || each.rule.host == "fonts.gstatic.com");
    EXPECT_EQ(faults(*report, RowFault::extra).size(), 1U);
}

TEST_F(GardenProbe, FindsTheTechniciansRowThatOpensAProbe)
{
    add_rules();
    add(http_menu, {{"dst-host", "*.apple.com"}, {"comment", "app store"}});
    const auto report = probe({.connects = false});
    ASSERT_TRUE(report);
    const auto opened = faults(*report, RowFault::opens_probe);
    ASSERT_EQ(opened.size(), 3U);
    EXPECT_EQ(
        opened.front(), "opens captive.apple.com, at which iOS, macOS asks whether it is online");
}

TEST_F(GardenProbe, FindsAProbeBehindTheAddressOfAnEntry)
{
    // One load balancer for both: a rule by address opens the probe, even before any device has
    // made the router meet the address.
    with_garden([](sim::RouterGarden& garden) {
        garden.outside["www.google.com"].ip = garden.outside["pay.vnpay.vn"].ip;
    });
    const auto report = probe({.connects = false});
    ASSERT_TRUE(report);
    const auto opened = faults(*report, RowFault::opens_probe);
    ASSERT_EQ(opened.size(), 1U);
    EXPECT_EQ(
        opened.front(), "opens www.google.com, at which Android, ChromeOS asks whether it is "
                        "online, for it has the same address");
}

TEST_F(GardenProbe, SaysThatTheRouterIsAway)
{
    io.on([this] { site->router->disappear(); });
    const auto report = io.await(probe_garden(*site->client, entries, rules, {}, in(300ms)));
    EXPECT_FALSE(report);
}

TEST(GardenFetch, ReadsWhatTheRouterSays)
{
    const auto refused = [](std::string words, routeros::TrapKind trap = {}) {
        return read_fetch(std::unexpected{ApiFailure{ApiError::refused, trap, std::move(words)}})
            .first;
    };
    using routeros::TrapKind;
    EXPECT_EQ(
        refused("failure: closing connection: <404 Not Found> 1.2.3.4:443 (4)", TrapKind::other),
        Finding::good);
    EXPECT_EQ(refused("failure: connection timeout", TrapKind::other), Finding::bad);
    EXPECT_EQ(refused("closing connection: <4", TrapKind::other), Finding::bad);
    EXPECT_EQ(refused("no such command", TrapKind::no_such_command), Finding::not_asked);
    EXPECT_EQ(refused("not enough permissions (9)", TrapKind::not_permitted), Finding::not_asked);
    EXPECT_EQ(
        read_fetch(std::unexpected{ApiFailure{.error = ApiError::unknown}}).first, Finding::bad);
    EXPECT_EQ(read_fetch(ApiAnswer{}).first, Finding::not_asked);
    EXPECT_EQ(
        read_fetch(ApiAnswer{.rows = {{{"status", "connecting"}}}}).first, Finding::not_asked);
    EXPECT_EQ(read_fetch(ApiAnswer{.rows = {{{"status", "failed"}}}}).first, Finding::bad);
    EXPECT_EQ(
        read_fetch(ApiAnswer{.rows = {{{"status", "connecting"}}, {{"status", "finished"}}}}).first,
        Finding::good);
}

} // namespace
} // namespace iwas::adapters
