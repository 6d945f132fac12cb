#include "adapters/http/loopback_test.hpp"
#include "adapters/http/test_certificate_test.hpp"
#include "adapters/router/mikrotik/client.hpp"
#include "sim/router/router_server.hpp"
#include "tests/support/udp_radius.hpp"

#include <gtest/gtest.h>

namespace iwas::adapters {
namespace {

using http::testing::IoThread;
using routeros::Command;
using routeros::TrapKind;

const MacAddress phone = *MacAddress::parse("02:00:00:00:00:15");
const Ipv4Address phone_ip = *Ipv4Address::parse("10.5.50.21");

SteadyTime in(Milliseconds duration)
{
    return std::chrono::steady_clock::now() + duration;
}

/// A router, its RADIUS server and a client of its API, all on one I/O thread.
struct Cafe {
    explicit Cafe(
        boost::asio::io_context& io, sim::RouterServerOptions router_options,
        const std::function<void(MikrotikOptions&)>& adjust)
        : clock{io.get_executor()}, radius{io.get_executor(), "secret"}
    {
        radius.script.users["ticket"] = {.password = "4711", .grant = {}};
        router_options.router.radius_secret = SecretText{"secret"};
        router_options.router.radius_timeout = Milliseconds{200};
        router_options.radius_authentication_port = radius.authentication_port();
        router_options.radius_accounting_port = radius.accounting_port();
        router = std::make_unique<sim::RouterServer>(
            io.get_executor(), std::move(router_options), clock, random);
        router->start();
        router->add_device(phone, phone_ip);
        MikrotikOptions options{
            .wire = {.host = "127.0.0.1", .port = router->api_port()},
            .user_name = "iwas",
            .password = SecretText{"router-secret"},
            .backoff = {.first = Milliseconds{10}, .wait_max = Milliseconds{20}},
        };
        if (adjust) adjust(options);
        client =
            std::make_unique<MikrotikClient>(io.get_executor(), std::move(options), clock, random);
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

class MikrotikClientTest : public ::testing::Test {
protected:
    void open(
        sim::RouterServerOptions router_options = {},
        std::function<void(MikrotikOptions&)> adjust = {})
    {
        cafe = io.on(
            [&] { return std::make_unique<Cafe>(io.io(), std::move(router_options), adjust); });
    }
    ~MikrotikClientTest() override
    {
        if (!cafe) return;
        io.await(cafe->stop());
        io.on([this] { cafe.reset(); });
    }

    ApiResult<void> log_in(std::string password = "4711", Milliseconds patience = 5s)
    {
        return io.await(cafe->client->log_in(
            {"ticket", SecretText{std::move(password)}, phone_ip, phone}, in(patience)));
    }
    bool is_online()
    {
        return io.on([this] { return cafe->router->model().is_online(phone); });
    }

    IoThread io;
    std::unique_ptr<Cafe> cafe;
};

TEST_F(MikrotikClientTest, ReadsTheRouter)
{
    open();
    EXPECT_EQ(io.await(cafe->client->identity(in(5s))), "icafe-sim");
    const auto resource = io.await(cafe->client->resource(in(5s)));
    ASSERT_TRUE(resource);
    EXPECT_EQ(resource->version, "7.16.2 (stable)");
    const auto host = io.await(cafe->client->find_host(phone, in(5s)));
    ASSERT_TRUE(host && *host);
    EXPECT_EQ((*host)->ip, phone_ip);
    EXPECT_FALSE((*host)->is_authorized);
    const auto nobody =
        io.await(cafe->client->find_host(*MacAddress::parse("02:00:00:00:00:99"), in(5s)));
    ASSERT_TRUE(nobody);
    EXPECT_FALSE(*nobody);
    EXPECT_EQ(cafe->client->connections_made(), 1U);
}

TEST_F(MikrotikClientTest, LogsADeviceInAndOut)
{
    open();
    EXPECT_TRUE(io.await(cafe->client->active(in(5s)))->empty());
    ASSERT_TRUE(log_in());
    EXPECT_TRUE(is_online());
    const auto active = io.await(cafe->client->find_active(phone, in(5s)));
    ASSERT_TRUE(active);
    ASSERT_EQ(active->size(), 1U);
    EXPECT_EQ(active->front().user_name, "ticket");
    EXPECT_EQ(active->front().ip, phone_ip);
    EXPECT_TRUE(
        io.await(cafe->client->remove_active(active->front().id, phone, in(5s))).has_value());
    EXPECT_FALSE(is_online());
    // Gone already is as good as removed.
    EXPECT_TRUE(
        io.await(cafe->client->remove_active(active->front().id, phone, in(5s))).has_value());
}

TEST_F(MikrotikClientTest, TellsARefusalFromSilence)
{
    open();
    const auto refused = log_in("wrong");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().error, ApiError::refused);
    EXPECT_EQ(refused.error().message, "no such ticket");

    io.on([this] { cafe->router->disappear(); });
    const auto silent = log_in("4711", 300ms);
    ASSERT_FALSE(silent);
    EXPECT_EQ(silent.error().error, ApiError::unknown);

    io.on([this] { cafe->router->reappear(); });
    EXPECT_TRUE(log_in());
}

TEST_F(MikrotikClientTest, KnowsThatNothingWasSent)
{
    open({}, [](MikrotikOptions& options) { options.wire.port = 1; });
    const auto answer = log_in("4711", 500ms);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error, ApiError::unreachable);
}

TEST_F(MikrotikClientTest, OpensTheCircuitOfADeadRouter)
{
    open({}, [](MikrotikOptions& options) {
        options.wire.port = 1;
        options.breaker = {.failures_to_open = 3};
    });
    EXPECT_FALSE(log_in());
    EXPECT_EQ(io.on([this] { return cafe->client->circuit(); }), CircuitBreaker::State::open);
    const auto started = std::chrono::steady_clock::now();
    const auto answer = log_in();
    EXPECT_EQ(answer.error().error, ApiError::unreachable);
    EXPECT_LT(std::chrono::steady_clock::now() - started, 100ms);
}

TEST_F(MikrotikClientTest, DoesNotHammerWithWrongCredentials)
{
    open({}, [](MikrotikOptions& options) { options.password = SecretText{"x"}; });
    const auto answer = log_in();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error, ApiError::unreachable);
    EXPECT_EQ(answer.error().trap, TrapKind::bad_login);
    EXPECT_EQ(cafe->client->connections_made(), 0U);
}

TEST_F(MikrotikClientTest, UsesTheOldLoginOnlyWhenAllowed)
{
    sim::RouterServerOptions old;
    old.api.old_login = true;
    open(old);
    const auto refused = io.await(cafe->client->identity(in(5s)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().trap, TrapKind::bad_login);
}

TEST_F(MikrotikClientTest, SpeaksTheOldLogin)
{
    sim::RouterServerOptions old;
    old.api.old_login = true;
    open(old, [](MikrotikOptions& options) { options.allows_old_login = true; });
    EXPECT_EQ(io.await(cafe->client->identity(in(5s))), "icafe-sim");
}

TEST_F(MikrotikClientTest, RunsManyCommandsAtOnceOnOneConnection)
{
    open();
    std::vector<std::future<ApiResult<std::string>>> answers;
    for (int i = 0; i < 100; ++i)
        answers.push_back(boost::asio::co_spawn(
            io.io(), cafe->client->identity(in(5s)), boost::asio::use_future));
    for (auto& answer : answers)
        EXPECT_EQ(answer.get(), "icafe-sim");
    EXPECT_EQ(cafe->client->connections_made(), 1U);
}

TEST_F(MikrotikClientTest, ComesBackAfterARestart)
{
    open();
    EXPECT_TRUE(log_in());
    io.on([this] { cafe->router->restart(1ms); });
    std::this_thread::sleep_for(50ms);
    EXPECT_FALSE(is_online());
    EXPECT_EQ(io.await(cafe->client->identity(in(5s))), "icafe-sim");
    EXPECT_EQ(cafe->client->connections_made(), 2U);
    EXPECT_TRUE(log_in());
}

TEST_F(MikrotikClientTest, FindsADeadIdleConnection)
{
    open({}, [](MikrotikOptions& options) {
        options.keepalive_after = 50ms;
        options.keepalive_timeout = 50ms;
    });
    EXPECT_TRUE(io.await(cafe->client->identity(in(5s))));
    std::this_thread::sleep_for(200ms);
    // Kept alive so far.
    EXPECT_TRUE(io.await(cafe->client->identity(in(5s))));
    EXPECT_EQ(cafe->client->connections_made(), 1U);
    io.on([this] { cafe->router->disappear(); });
    std::this_thread::sleep_for(300ms);
    io.on([this] { cafe->router->reappear(); });
    EXPECT_TRUE(io.await(cafe->client->identity(in(5s))));
    EXPECT_EQ(cafe->client->connections_made(), 2U);
}

class MikrotikTls : public MikrotikClientTest {
protected:
    void open_tls(const std::string& pin)
    {
        sim::RouterServerOptions options;
        options.api_tls = certificate.files();
        open(options, [&](MikrotikOptions& client) {
            client.wire.uses_tls = true;
            client.wire.certificate_sha256 = pin;
        });
    }
    http::testing::TestCertificate certificate{"router.test"};
};

TEST_F(MikrotikTls, AcceptsThePinnedCertificate)
{
    open_tls(certificate.sha256_hex());
    EXPECT_EQ(io.await(cafe->client->identity(in(5s))), "icafe-sim");
    EXPECT_TRUE(log_in());
}

TEST_F(MikrotikTls, RefusesAnotherCertificate)
{
    open_tls(std::string(64, 'a'));
    const auto answer = io.await(cafe->client->identity(in(2s)));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error, ApiError::unreachable);
    EXPECT_EQ(answer.error().message, "the router's certificate is not the pinned one");
}

TEST_F(MikrotikTls, WithoutAPinTheAuthoritiesDecide)
{
    open_tls("");
    const auto answer = io.await(cafe->client->identity(in(2s)));
    ASSERT_FALSE(answer);
    EXPECT_TRUE(answer.error().message.starts_with("TLS handshake failed"));
}

} // namespace
} // namespace iwas::adapters
