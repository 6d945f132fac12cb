// What the tests of RouterAccess share: a branch whose simulated router is reached over real
// sockets.
#pragma once

#include "adapters/http/loopback_test.hpp"
#include "adapters/router/access.hpp"
#include "adapters/router/login_form.hpp"
#include "adapters/router/mikrotik/pool.hpp"
#include "protocol/captive/hotspot.hpp"
#include "protocol/captive/uam.hpp"
#include "protocol/captive/url.hpp"
#include "sim/router/router_server.hpp"
#include "tests/support/udp_radius.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace iwas::adapters::testing_support {

using http::testing::IoThread;
using ports::GrantError;

inline const MacAddress phone = *MacAddress::parse("02:00:00:00:00:15");
inline const Ipv4Address phone_ip = *Ipv4Address::parse("10.5.50.21");
inline const auto router_id = domain::RouterId::trusted("q7");

inline SteadyTime in(Milliseconds duration)
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
        radius.script.on_accounting = [this](const tests::AccountingRecord& record) {
            access.heard(
                {.router = router_id,
                 .status = record.status == 1   ? domain::AccountingStatus::start
                           : record.status == 2 ? domain::AccountingStatus::stop
                                                : domain::AccountingStatus::interim,
                 .acct_session_id = record.acct_session_id,
                 .user_name = record.user_name,
                 .mac = phone});
        };
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
    /// A form by GET.
    std::string submit(const ports::LoginForm& form)
    {
        const captive::Fields fields{form.fields.begin(), form.fields.end()};
        return get(own_host(), "/logon?" + captive::format_fields(fields));
    }
    static std::string text_of(const std::map<std::string, std::string>& fields)
    {
        std::string text;
        for (const auto& [name, value] : fields)
            text += name + "=" + value + "&";
        return text;
    }
    static std::string location_of(const std::string& answer)
    {
        const auto at = answer.find("Location: ");
        if (at == std::string::npos) return {};
        return answer.substr(at + 10, answer.find("\r\n", at) - at - 10);
    }
    std::string login_by()
    {
        return io.on([this]() -> std::string {
            const auto* session = branch->router->model().hotspot().find_active(phone);
            return session ? session->login_by : "";
        });
    }
    /// Until the RADIUS server has heard that much.
    void wait_for_accounting(std::size_t records)
    {
        const SteadyTime by = in(5s);
        const auto heard = [&] {
            return io.on([this] { return branch->radius.script.accounting.size(); });
        };
        while (heard() < records && std::chrono::steady_clock::now() < by)
            std::this_thread::sleep_for(Milliseconds{5});
        EXPECT_GE(heard(), records);
    }
    std::string own_host() const { return "127.0.0.1:" + std::to_string(branch->phone_port); }
    /// The redirect that a browser without access meets.
    captive::HotspotRedirect redirect()
    {
        const std::string url = location_of(get("example.com", "/page"));
        return captive::hotspot_redirect(*captive::parse_fields(captive::query_of(url)));
    }

    IoThread io;
    std::unique_ptr<Branch> branch;
};

} // namespace iwas::adapters::testing_support
