// The simulated router over its sockets: pages, control API, faults of the line.
#include "adapters/http/loopback_test.hpp"
#include "protocol/captive/hotspot.hpp"
#include "sim/router/router_server.hpp"
#include "tests/support/udp_radius.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace iwas::sim {
namespace {

namespace json = boost::json;
using http::testing::IoThread;

const MacAddress phone = *MacAddress::parse("02:00:00:00:00:15");
const Ipv4Address phone_ip = *Ipv4Address::parse("10.5.50.21");

struct Answer {
    int status = 0;
    std::string location;
    std::string body;
};

class RouterServerTest : public ::testing::Test {
protected:
    RouterServerTest()
    {
        io.on([this] {
            radius = std::make_unique<tests::UdpRadius>(io.io().get_executor(), "secret");
            radius->script.users["ticket"] = {.password = "4711", .grant = {}};
            clock = std::make_unique<tests::RealClock>(io.io().get_executor());
            RouterServerOptions options;
            options.router.radius_secret = SecretText{"secret"};
            options.router.radius_timeout = 100ms;
            options.router.radius_tries = 8;
            options.radius_authentication_port = radius->authentication_port();
            options.radius_accounting_port = radius->accounting_port();
            options.pages.portal_url = "http://portal.test/p?b=q7";
            options.pages.walled_garden = {"pay.test", "*.bank.test", "127.0.0.1:9100"};
            options.leap = [this](Milliseconds by) { leapt += by; };
            server = std::make_unique<RouterServer>(
                io.io().get_executor(), std::move(options), *clock, random);
            server->start();
        });
        const auto added = control(
            "devices", R"({"mac":"02-00-00-00-00-15","ip":"10.5.50.21","down_bps":8000000})");
        device_port = static_cast<std::uint16_t>(added.at("port").to_number<int>());
    }
    ~RouterServerTest() override
    {
        io.await(server->stop());
        io.on([this] {
            server.reset();
            radius.reset();
            clock.reset();
        });
    }

    static Answer send(std::uint16_t port, const std::string& request)
    {
        boost::asio::io_context own;
        boost::asio::ip::tcp::socket socket{own};
        socket.connect({boost::asio::ip::address_v4::loopback(), port});
        boost::asio::write(socket, boost::asio::buffer(request));
        std::string text;
        boost::system::error_code end;
        boost::asio::read(socket, boost::asio::dynamic_buffer(text), end);
        Answer answer;
        answer.status = std::stoi(text.substr(9, 3));
        if (const auto at = text.find("Location: "); at != std::string::npos)
            answer.location = text.substr(at + 10, text.find("\r\n", at) - at - 10);
        answer.body = text.substr(text.find("\r\n\r\n") + 4);
        return answer;
    }
    Answer browse(const std::string& host, const std::string& path)
    {
        return send(
            device_port,
            "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
    }
    std::string own_host() const { return "127.0.0.1:" + std::to_string(device_port); }
    json::object control(const std::string& what, const std::string& body = "{}")
    {
        const auto port = io.on([this] { return server->control_port(); });
        const auto answer = send(
            port, "POST /_sim/" + what + " HTTP/1.1\r\nHost: sim\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
        EXPECT_EQ(answer.status, 200) << answer.body;
        return answer.status == 200 ? json::parse(answer.body).as_object() : json::object{};
    }
    json::object state()
    {
        const auto port = io.on([this] { return server->control_port(); });
        const auto answer =
            send(port, "GET /_sim/state HTTP/1.1\r\nHost: sim\r\nConnection: close\r\n\r\n");
        return json::parse(answer.body).as_object();
    }
    captive::HotspotRedirect redirect(const std::string& location)
    {
        return captive::hotspot_redirect(*captive::parse_fields(captive::query_of(location)));
    }

    IoThread io;
    tests::SeededRandom random;
    std::unique_ptr<tests::RealClock> clock;
    std::unique_ptr<tests::UdpRadius> radius;
    std::unique_ptr<RouterServer> server;
    std::uint16_t device_port = 0;
    Milliseconds leapt{0};
};

TEST_F(RouterServerTest, LeadsAStrangerToThePortal)
{
    const auto probe = browse("captive.apple.com", "/hotspot-detect.html");
    EXPECT_EQ(probe.status, 302);
    EXPECT_TRUE(probe.location.starts_with("http://portal.test/p?b=q7&n=icafe-sim&s=hotspot1&"));
    const auto told = redirect(probe.location);
    EXPECT_EQ(told.mac, "02:00:00:00:00:15");
    EXPECT_EQ(told.ip, "10.5.50.21");
    EXPECT_EQ(told.login_url, "http://" + own_host() + "/login");
    EXPECT_EQ(told.destination, "http://captive.apple.com/hotspot-detect.html");
    EXPECT_EQ(captive::unescape_octal(told.chap_challenge)->size(), 16U);
    EXPECT_EQ(browse("pay.test", "/checkout").body, "walled garden: pay.test/checkout\n");
    EXPECT_EQ(browse("www.bank.test", "/").status, 200);
    EXPECT_EQ(browse("bank.test", "/").status, 302);
    EXPECT_EQ(browse("pay.test:8443", "/").status, 200);
    EXPECT_EQ(browse("127.0.0.1:9100", "/").status, 200);
    EXPECT_EQ(browse("127.0.0.1:9101", "/").status, 302);
    EXPECT_EQ(browse("127.0.0.1", "/").status, 302);
    EXPECT_EQ(browse(own_host(), "/status").location, "http://" + own_host() + "/login");
    EXPECT_NE(browse(own_host(), "/api").body.find("\"captive\":true"), std::string::npos);
}

TEST_F(RouterServerTest, LogsInByPapAndByChap)
{
    const auto wrong =
        browse(own_host(), "/login?username=ticket&password=no&dst=http%3A%2F%2Fa.test%2F");
    EXPECT_EQ(redirect(wrong.location).error, "no such ticket");
    EXPECT_EQ(redirect(wrong.location).destination, "http://a.test/");

    const auto right = browse(own_host(), "/login?username=ticket&password=4711");
    EXPECT_EQ(right.location, "http://" + own_host() + "/status");
    EXPECT_TRUE(browse(own_host(), "/status").body.starts_with("user ticket\n"));
    EXPECT_EQ(browse("connectivitycheck.gstatic.com", "/generate_204").status, 204);
    EXPECT_EQ(browse("news.test", "/x").body, "internet: news.test/x\n");
    EXPECT_NE(browse(own_host(), "/api").body.find("\"captive\":false"), std::string::npos);
    EXPECT_EQ(browse(own_host(), "/logout").status, 302);
    EXPECT_EQ(browse("news.test", "/x").status, 302);

    const auto told = redirect(browse("news.test", "/").location);
    const auto digest =
        captive::http_chap_password(told.chap_id, SecretText{"4711"}, told.chap_challenge);
    EXPECT_EQ(
        browse(own_host(), "/login?username=ticket&password=" + *digest).location,
        "http://" + own_host() + "/status");
    EXPECT_EQ(state().at("devices").at(0).at("login_by"), "http-chap");
}

TEST_F(RouterServerTest, IsControlledOverHttp)
{
    browse(own_host(), "/login?username=ticket&password=4711");
    auto device = state().at("devices").at(0).as_object();
    EXPECT_EQ(device.at("online"), true);
    EXPECT_EQ(device.at("user"), "ticket");
    EXPECT_EQ(control("forget", R"({"mac":"02:00:00:00:00:15"})").at("was_active"), true);
    EXPECT_EQ(state().at("devices").at(0).at("online"), false);
    control("restart", R"({"downtime_ms":20})");
    EXPECT_EQ(state().at("reachable"), false);
    std::this_thread::sleep_for(100ms);
    EXPECT_EQ(state().at("reachable"), true);
    EXPECT_EQ(state().at("boots"), 1);
    control("disappear");
    EXPECT_EQ(state().at("reachable"), false);
    control("reappear");
    control("leap", R"({"seconds":90.5})");
    EXPECT_EQ(io.on([this] { return leapt; }), 90'500ms);
    control("devices/02:00:00:00:00:15/leave");
    EXPECT_TRUE(state().at("devices").as_array().empty());
}

TEST_F(RouterServerTest, RefusesBadControlRequests)
{
    const auto port = io.on([this] { return server->control_port(); });
    for (const std::string body :
         {"nonsense", "[]", "{}", R"({"mac":"xx","ip":"10.5.50.21"})",
          R"({"mac":"02:00:00:00:00:15","ip":"1.2"})", R"({"mac":1,"ip":"10.5.50.21"})"}) {
        const auto answer = send(
            port, "POST /_sim/devices HTTP/1.1\r\nHost: sim\r\nContent-Length: " +
                      std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body);
        EXPECT_EQ(answer.status, 422) << body;
    }
}

TEST_F(RouterServerTest, SurvivesALineThatLosesRepeatsAndDelays)
{
    control("faults", R"({"loss":0.3,"duplicate":0.3,"delay_ms_min":1,"delay_ms_max":10})");
    for (int round = 0; round < 5; ++round) {
        const auto answer = browse(own_host(), "/login?username=ticket&password=4711");
        EXPECT_EQ(answer.location, "http://" + own_host() + "/status") << round;
        browse(own_host(), "/logout");
    }
    EXPECT_EQ(state().at("statistics").at("bad_replies"), 0);
}

TEST_F(RouterServerTest, NamesAPortThatIsTaken)
{
    io.on([this] {
        RouterServerOptions options;
        options.router.radius_secret = SecretText{"secret"};
        options.api_port = server->api_port();
        RouterServer second{io.io().get_executor(), std::move(options), *clock, random};
        try {
            second.start();
            ADD_FAILURE() << "started on a taken port";
        } catch (const std::runtime_error& error) {
            EXPECT_NE(
                std::string{error.what()}.find(std::to_string(server->api_port())),
                std::string::npos);
        }
    });
}

} // namespace
} // namespace iwas::sim
