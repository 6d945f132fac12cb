// The simulated PC system on a socket: control API, dropped answers, webhooks that arrive and
// verify.
#include "adapters/http/server.hpp"
#include "asio/run_now.hpp"
#include "protocol/pc_events/event.hpp"
#include "sim/pc_system/server.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <stdexcept>

namespace iwas::sim {
namespace {

namespace asio = boost::asio;

/// Receives events as IWAS does: verifies, reads, and counts each id once.
class Receiver {
public:
    explicit Receiver(asio::io_context& io) : server_{io.get_executor(), {}, router()}
    {
        server_.start();
    }
    http::Router router()
    {
        http::Router router;
        router.post(
            "/api/v1/branches/q7/pc-events",
            http::answer([this](const http::Request& request) { return receive(request); }));
        return router;
    }
    http::Response receive(const http::Request& request)
    {
        ++posts;
        if (failures > 0) {
            --failures;
            return http::Response::empty(503);
        }
        const std::vector<SecretText> secrets{SecretText{"hook"}};
        const auto now = std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
        const auto verified = pc_events::verify_signature(
            request.headers.value("X-IWAS-Timestamp"), request.headers.value("X-IWAS-Signature"),
            request.body, secrets, now);
        if (!verified) {
            ++refused;
            return http::Response::empty(401);
        }
        const auto event = pc_events::parse_event(request.body);
        if (!event) return http::Response::empty(400);
        if (!ids.insert(event->event_id).second) return http::Response::empty(200);
        kinds.push_back(event->kind);
        return http::Response::empty(202);
    }

    int posts = 0;
    int failures = 0;
    int refused = 0;
    std::set<std::string> ids;
    std::vector<pc_events::EventKind> kinds;

    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    auto stop() { return server_.stop(std::chrono::steady_clock::now() + 1s); }

private:
    http::Server server_;
};

class PcSystemServerTest : public ::testing::Test {
protected:
    PcSystemServerTest()
    {
        model.put_account({.id = "1", .user_name = "alice", .password = "p", .cash = 10'000});
        server.start();
    }
    ~PcSystemServerTest() override
    {
        run_now(io, server.stop(clock.steady_now() + 1s));
        run_now(io, receiver.stop());
    }

    template <class Condition>
    void run_until(Condition condition)
    {
        const SteadyTime by = clock.steady_now() + 5s;
        while (!condition() && clock.steady_now() < by) {
            io.restart();
            io.run_one_for(20ms);
        }
        ASSERT_TRUE(condition());
    }
    auto send(http::Method method, std::string target, std::string body)
    {
        http::Peer peer;
        peer.url = http::BaseUrl{false, "127.0.0.1", server.port(), ""};
        peer.addresses.allowed = {*Ipv4Prefix::parse("127.0.0.1/32")};
        http::OutboundRequest request{method, std::move(target), {}, std::move(body)};
        request.headers.set("Authorization", "Bearer key");
        return run_now(io, client.send(peer, std::move(request), clock.steady_now() + 2s));
    }

    asio::io_context io{1};
    tests::RealClock clock{io.get_executor()};
    PcSystemModel model{{.branch_id = "q7", .branch_key = "key", .webhook_secret = "hook"}};
    Receiver receiver{io};
    http::Client client{io.get_executor()};
    PcSystemServer server{
        io.get_executor(),
        model,
        clock,
        {.webhook_url = "http://127.0.0.1:" + std::to_string(receiver.port()) +
                        "/api/v1/branches/q7/pc-events"}};
};

TEST_F(PcSystemServerTest, DeliversEventsThatVerify)
{
    EXPECT_EQ(
        send(http::Method::post, "/_sim/pcs/PC-1/login", R"({"username":"alice"})")->status, 200);
    model.faults.force(PcFault::duplicate_webhook, 1);
    EXPECT_EQ(send(http::Method::post, "/_sim/pcs/PC-1/logout", "")->status, 200);
    run_until([&] { return server.webhooks_delivered() == 3; });
    EXPECT_EQ(receiver.ids.size(), 2U);
    EXPECT_EQ(
        receiver.kinds,
        (std::vector{pc_events::EventKind::session_started, pc_events::EventKind::session_ended}));
}

TEST_F(PcSystemServerTest, RepeatsUntilTakenAndStopsAtAClearNo)
{
    receiver.failures = 2;
    model.heartbeat(clock.utc_now());
    run_until([&] { return server.webhooks_delivered() == 1; });
    EXPECT_EQ(receiver.posts, 3);
    model.faults.force(PcFault::wrong_signature, 1);
    model.heartbeat(clock.utc_now());
    run_until([&] { return receiver.refused == 1; });
    run_until([&] { return !model.next_webhook_due(); });
    EXPECT_EQ(receiver.posts, 4);
}

TEST_F(PcSystemServerTest, HangsUpAfterTheWorkIsDone)
{
    model.faults.force(PcFault::drop_after_commit, 1);
    EXPECT_EQ(
        send(http::Method::get, "/v1/capabilities", "").error(),
        http::ClientError::timeout_unknown);
    EXPECT_EQ(send(http::Method::get, "/v1/capabilities", "")->status, 200);
}

TEST(PcSystemServerOptions, RefusesAMalformedWebhookUrl)
{
    asio::io_context io;
    tests::RealClock clock{io.get_executor()};
    PcSystemModel model{{}};
    EXPECT_THROW(
        PcSystemServer(io.get_executor(), model, clock, {.webhook_url = "not a url"}),
        std::invalid_argument);
}

} // namespace
} // namespace iwas::sim
