#include "adapters/http/loopback_test.hpp"
#include "adapters/router/access.hpp"
#include "adapters/router/login_form.hpp"
#include "adapters/router/mikrotik/pool.hpp"
#include "protocol/captive/hotspot.hpp"
#include "protocol/captive/url.hpp"
#include "sim/router/router_server.hpp"
#include "tests/support/udp_radius.hpp"

#include <gtest/gtest.h>

namespace iwas::adapters {
namespace {

using http::testing::IoThread;
using ports::GrantError;

const MacAddress phone = *MacAddress::parse("02:00:00:00:00:15");
const Ipv4Address phone_ip = *Ipv4Address::parse("10.5.50.21");
const auto router_id = domain::RouterId::trusted("q7");

SteadyTime in(Milliseconds duration)
{
    return std::chrono::steady_clock::now() + duration;
}

/// RouterAccess over real sockets against the simulated router.
struct Branch {
    explicit Branch(boost::asio::io_context& io)
        : clock{io.get_executor()}, radius{io.get_executor(), "secret"},
          requester{
              io.get_executor(), RequesterSettings{.attempt = Milliseconds{200}, .attempts = 3}},
          orders{io.get_executor(), requester}, pool{io.get_executor(), clock, random},
          access{[this] { return catalog; }, pool, orders, clock}
    {
        radius.script.users["ticket"] = {.password = "4711", .grant = {}};
        radius.script.users["older"] = {.password = "0815", .grant = {}};
        sim::RouterServerOptions options;
        options.router.radius_secret = SecretText{"secret"};
        options.router.radius_timeout = Milliseconds{100};
        options.radius_authentication_port = radius.authentication_port();
        options.radius_accounting_port = radius.accounting_port();
        options.pages.portal_url = "http://127.0.0.1:1/portal";
        router = std::make_unique<sim::RouterServer>(
            io.get_executor(), std::move(options), clock, random);
        router->start();
        phone_port = router->add_device(phone, phone_ip);
        configure([](domain::Router&) {});
    }

    void configure(const std::function<void(domain::Router&)>& adjust)
    {
        domain::Router configured{
            .id = router_id,
            .radius_secret = SecretText{"secret"},
            .coa_port = router->coa_port(),
            .api =
                domain::RouterosApi{
                    .host = "127.0.0.1",
                    .port = router->api_port(),
                    .user_name = "iwas",
                    .password = SecretText{"router-secret"}},
            .hotspot_host = "127.0.0.1",
        };
        configured.coa_host = "127.0.0.1";
        adjust(configured);
        auto next = std::make_shared<domain::Catalog>();
        next->routers.emplace(router_id, std::move(configured));
        catalog = std::move(next);
    }

    awaitable<void> stop()
    {
        requester.close();
        co_await pool.stop();
        co_await router->stop();
    }

    tests::RealClock clock;
    tests::SeededRandom random;
    tests::UdpRadius radius;
    RadiusRequester requester;
    RadiusSessionOrders orders;
    MikrotikPool pool;
    std::shared_ptr<const domain::Catalog> catalog;
    RouterAccess access;
    std::unique_ptr<sim::RouterServer> router;
    std::uint16_t phone_port = 0;
};

class RouterAccessTest : public ::testing::Test {
protected:
    RouterAccessTest() : branch{io.on([this] { return std::make_unique<Branch>(io.io()); })} {}
    ~RouterAccessTest() override
    {
        io.await(branch->stop());
        io.on([this] { branch.reset(); });
    }

    static ports::Grant grant(std::string user = "ticket", std::string password = "4711")
    {
        return {
            .router = router_id,
            .user_name = std::move(user),
            .password = SecretText{std::move(password)},
            .mac = phone,
            .ip = phone_ip,
            .time_left = Seconds{600},
        };
    }
    auto open(ports::Grant wanted, ports::LoginChallenge challenge = {})
    {
        return io.await(branch->access.open(std::move(wanted), std::move(challenge), in(5s)));
    }
    auto close(ports::Grant wanted, Milliseconds patience = 5s)
    {
        return io.await(branch->access.close(std::move(wanted), in(patience)));
    }
    void configure(const std::function<void(domain::Router&)>& adjust)
    {
        io.on([&] { branch->configure(adjust); });
    }
    std::string online_user()
    {
        return io.on([this]() -> std::string {
            const auto* session = branch->router->model().hotspot().find_active(phone);
            return session ? session->user_name : "";
        });
    }
    std::string acct_session_id()
    {
        return io.on([this] {
            return branch->router->model().hotspot().find_active(phone)->acct_session_id;
        });
    }
    /// What the phone's browser gets: "STATUS location-or-body".
    std::string browse(std::string request)
    {
        boost::asio::io_context own;
        boost::asio::ip::tcp::socket socket{own};
        socket.connect({boost::asio::ip::address_v4::loopback(), branch->phone_port});
        boost::asio::write(socket, boost::asio::buffer(request));
        std::string answer;
        boost::system::error_code end;
        boost::asio::read(socket, boost::asio::dynamic_buffer(answer), end);
        return answer;
    }
    std::string get(const std::string& host, const std::string& path)
    {
        return browse(
            "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }
    std::string post(const ports::LoginForm& form)
    {
        captive::Fields fields{form.fields.begin(), form.fields.end()};
        const std::string body = captive::format_fields(fields);
        return browse(
            "POST /login HTTP/1.1\r\nHost: " + own_host() +
            "\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: " +
            std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
    }
    std::string own_host() const { return "127.0.0.1:" + std::to_string(branch->phone_port); }
    /// The redirect that a browser without access meets.
    captive::HotspotRedirect redirect()
    {
        const std::string answer = get("example.com", "/page");
        const auto at = answer.find("Location: ");
        const std::string url = answer.substr(at + 10, answer.find("\r\n", at) - at - 10);
        return captive::hotspot_redirect(*captive::parse_fields(captive::query_of(url)));
    }

    IoThread io;
    std::unique_ptr<Branch> branch;
};

TEST_F(RouterAccessTest, OpensAndConfirmsOnTheActiveList)
{
    const auto opened = open(grant());
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->is_confirmed);
    EXPECT_FALSE(opened->form);
    EXPECT_EQ(online_user(), "ticket");
    // Repeating a grant changes nothing.
    const std::string session = acct_session_id();
    const auto again = open(grant());
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->is_confirmed);
    EXPECT_EQ(acct_session_id(), session);
}

TEST_F(RouterAccessTest, FindsTheAddressByItself)
{
    auto wanted = grant();
    wanted.ip.reset();
    EXPECT_TRUE(open(wanted)->is_confirmed);
    EXPECT_TRUE(close(grant()));
    wanted.ip = Ipv4Address::parse("10.5.50.99"); // an address that the device had before
    EXPECT_TRUE(open(wanted)->is_confirmed);
}

TEST_F(RouterAccessTest, ReportsARefusal)
{
    const auto refused = open(grant("ticket", "wrong"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), GrantError::refused);
    auto stranger = grant();
    stranger.mac = *MacAddress::parse("02:00:00:00:00:77");
    stranger.ip.reset();
    EXPECT_EQ(open(stranger).error(), GrantError::refused);
    auto elsewhere = grant();
    elsewhere.router = domain::RouterId::trusted("removed");
    EXPECT_EQ(open(elsewhere).error(), GrantError::refused);
}

TEST_F(RouterAccessTest, ReplacesAnOlderRightOfTheDevice)
{
    EXPECT_TRUE(open(grant("older", "0815")));
    EXPECT_EQ(online_user(), "older");
    EXPECT_TRUE(open(grant())->is_confirmed);
    EXPECT_EQ(online_user(), "ticket");
}

TEST_F(RouterAccessTest, SilentRadiusIsNoRefusal)
{
    io.on([this] { branch->radius.script.is_silent = true; });
    EXPECT_EQ(open(grant()).error(), GrantError::unreachable);
}

TEST_F(RouterAccessTest, FallsBackToTheFormWhenTheApiIsDown)
{
    configure([](domain::Router& router) { router.api->port = 1; });
    const auto before = redirect();
    EXPECT_EQ(before.mac, to_string(phone));
    EXPECT_EQ(before.destination, "http://example.com/page");
    const auto opened = open(
        grant(), {.login_url = before.login_url,
                  .chap_id = before.chap_id,
                  .chap_challenge = before.chap_challenge,
                  .return_url = "http://example.com/"});
    ASSERT_TRUE(opened && opened->form);
    EXPECT_FALSE(opened->is_confirmed);
    EXPECT_NE(opened->form->fields.at("password"), "4711"); // the digest
    const std::string answer = post(*opened->form);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 302"));
    EXPECT_NE(answer.find("Location: http://example.com/\r\n"), std::string::npos);
    EXPECT_EQ(online_user(), "ticket");
    EXPECT_TRUE(
        get("captive.apple.com", "/hotspot-detect.html").ends_with("Success</BODY></HTML>"));
}

TEST_F(RouterAccessTest, GenericRoutersTakePapFormsOrMacAddresses)
{
    configure([](domain::Router& router) {
        router.kind = domain::RouterKind::generic;
        router.api.reset();
    });
    const auto opened = open(grant(), {.login_url = "http://" + own_host() + "/login"});
    ASSERT_TRUE(opened && opened->form);
    EXPECT_EQ(opened->form->fields.at("password"), "4711");
    EXPECT_TRUE(post(*opened->form).starts_with("HTTP/1.1 302"));
    EXPECT_EQ(online_user(), "ticket");

    const auto by_mac = open(grant());
    ASSERT_TRUE(by_mac);
    EXPECT_FALSE(by_mac->form);
    EXPECT_FALSE(by_mac->is_confirmed);
    EXPECT_FALSE(open(grant(), {.login_url = "http://evil.example/login"}));

    auto running = grant();
    running.acct_session_id = acct_session_id();
    EXPECT_TRUE(close(running));
    EXPECT_EQ(online_user(), "");
    EXPECT_TRUE(close(running)); // not found is gone
    EXPECT_FALSE(branch->access.can_list(router_id));
}

TEST_F(RouterAccessTest, ClosesByDisconnectRequest)
{
    EXPECT_TRUE(open(grant()));
    auto running = grant();
    running.acct_session_id = acct_session_id();
    EXPECT_TRUE(close(running));
    EXPECT_EQ(online_user(), "");
    EXPECT_EQ(io.on([this] { return branch->router->model().statistics().disconnects; }), 1U);
    EXPECT_TRUE(close(running));
}

TEST_F(RouterAccessTest, SendsNoOrdersToANetwork)
{
    configure([](domain::Router& router) {
        router.kind = domain::RouterKind::generic;
        router.api.reset();
        router.coa_host.clear();
        router.radius_source = *Ipv4Prefix::parse("127.0.0.0/16");
    });
    const auto closed = close(grant());
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error(), GrantError::unreachable);
}

TEST_F(RouterAccessTest, RemovesByApiWhenTheDisconnectIsNotHeard)
{
    configure([](domain::Router& router) { router.coa_port = 1; });
    EXPECT_TRUE(open(grant()));
    EXPECT_TRUE(close(grant()));
    EXPECT_EQ(online_user(), "");
    EXPECT_EQ(io.on([this] { return branch->router->model().statistics().disconnects; }), 0U);
}

TEST_F(RouterAccessTest, LeavesOtherUsersOfTheDeviceAlone)
{
    EXPECT_TRUE(open(grant()));
    EXPECT_TRUE(close(grant("older", "0815")));
    EXPECT_EQ(online_user(), "ticket");
}

TEST_F(RouterAccessTest, CannotCloseAtARouterThatIsAway)
{
    EXPECT_TRUE(open(grant()));
    io.on([this] { branch->router->disappear(); });
    const auto closed = close(grant(), 1s);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error(), GrantError::unknown);
    io.on([this] { branch->router->reappear(); });
    EXPECT_TRUE(close(grant()));
    EXPECT_EQ(online_user(), "");
}

TEST_F(RouterAccessTest, ChangesAndListsSessions)
{
    EXPECT_TRUE(open(grant()));
    auto changed = grant();
    changed.acct_session_id = acct_session_id();
    changed.rate = {.up_bps = 2'000'000, .down_bps = 10'000'000, .burst_down_bps = 12'000'000};
    changed.time_left = Seconds{1'200};
    EXPECT_TRUE(io.await(branch->access.change(changed, in(5s))));
    const auto limits =
        io.on([this] { return branch->router->model().hotspot().find_active(phone)->limits; });
    EXPECT_EQ(limits.session_timeout, Seconds{1'200});
    EXPECT_EQ(limits.up_bps, 2'000'000U);
    EXPECT_EQ(limits.down_bps, 10'000'000U);

    EXPECT_TRUE(branch->access.can_list(router_id));
    const auto devices = io.await(branch->access.list(router_id, in(5s)));
    ASSERT_TRUE(devices);
    ASSERT_EQ(devices->size(), 1U);
    EXPECT_EQ(devices->front().mac, phone);
    EXPECT_EQ(devices->front().user_name, "ticket");
    EXPECT_TRUE(close(changed));
    EXPECT_EQ(io.await(branch->access.change(changed, in(5s))).error(), GrantError::refused);
}

TEST_F(RouterAccessTest, TakesANewConfigurationAtOnce)
{
    configure([](domain::Router& router) { router.api->password = SecretText{"old"}; });
    EXPECT_EQ(open(grant()).error(), GrantError::unreachable);
    configure([](domain::Router&) {});
    EXPECT_TRUE(open(grant()));
}

TEST(LoginForm, BelongsToTheRoutersOwnHost)
{
    domain::Router router;
    router.hotspot_host = "hotspot.cafe";
    EXPECT_TRUE(is_own_login_url("http://hotspot.cafe/login", router));
    EXPECT_TRUE(is_own_login_url("https://Hotspot.Cafe:8443/login?x=1", router));
    for (const auto* const url :
         {"http://evil.example/login", "http://hotspot.cafe.evil.example/", "ftp://hotspot.cafe/",
          "http://hotspot.cafe@evil.example/", "//hotspot.cafe/", "javascript:alert(1)", "",
          "http://evil.example\\@hotspot.cafe/", "http://hotspot.cafe/\r\nX: y"})
        EXPECT_FALSE(is_own_login_url(url, router)) << url;
    router.hotspot_host.clear();
    EXPECT_FALSE(is_own_login_url("http:///login", router));
}

TEST(LoginForm, AnswersAUamChallenge)
{
    domain::Router router{.kind = domain::RouterKind::uam};
    router.hotspot_host = "10.1.0.1";
    router.uam_secret = SecretText{"uamsecret"};
    ports::Grant grant{.user_name = "an", .password = SecretText{"greatsecret"}};
    const auto form = uam_form(
        router, grant,
        {.login_url = "http://10.1.0.1:3990/logon",
         .chap_challenge = "f3a8caab0eff4b1131447f3a4166fd2a",
         .return_url = "http://example.com/"});
    ASSERT_TRUE(form);
    EXPECT_EQ(form->method, "GET");
    EXPECT_EQ(form->fields.at("response"), "fa68b1b890902bd50b9c2afe51a0302a");
    EXPECT_EQ(form->fields.at("userurl"), "http://example.com/");
    EXPECT_FALSE(uam_form(router, grant, {.login_url = "http://10.1.0.1:3990/logon"}));
}

} // namespace
} // namespace iwas::adapters
