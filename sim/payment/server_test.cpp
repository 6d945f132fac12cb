// The simulated gateways on a socket and in process: dropped answers, notices that arrive and are
// repeated, virtual time.
#include "adapters/http/server.hpp"
#include "asio/run_now.hpp"
#include "sim/payment/in_process_gateways.hpp"
#include "sim/payment/server.hpp"
#include "sim/payment/small_gateway_test.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace iwas::sim {
namespace {

namespace asio = boost::asio;

http::Peer peer_at(std::uint16_t port)
{
    http::Peer peer;
    peer.url = http::BaseUrl{false, "127.0.0.1", port, ""};
    peer.addresses.allowed = {*Ipv4Prefix::parse("127.0.0.1/32")};
    return peer;
}

class GatewayServerTest : public ::testing::Test {
protected:
    GatewayServerTest()
    {
        server.start();
        merchant.start();
        gateway.notify_url = "http://127.0.0.1:" + std::to_string(merchant.port()) + "/notify?a=b";
    }
    ~GatewayServerTest() override
    {
        run_now(io, server.stop(clock.steady_now() + 1s));
        run_now(io, merchant.stop(clock.steady_now() + 1s));
    }
    http::Router merchant_router()
    {
        http::Router router;
        router.post("/notify", http::answer([this](const http::Request& request) {
                        received.push_back(
                            request.body + " " + std::string{request.query.value("a")});
                        return http::Response::empty(received.size() <= failures ? 503 : 204);
                    }));
        return router;
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
    auto create()
    {
        http::OutboundRequest request{http::Method::post, "/small/create", {}, "{}"};
        return run_now(
            io, client.send(peer_at(server.port()), std::move(request), clock.steady_now() + 2s));
    }

    std::vector<std::string> received;
    std::size_t failures = 0;
    asio::io_context io{1};
    tests::RealClock clock{io.get_executor()};
    testing::SmallGateway gateway;
    GatewayHub hub{{&gateway}};
    http::Server merchant{io.get_executor(), {}, merchant_router()};
    http::Client client{io.get_executor()};
    GatewayServer server{io.get_executor(), hub, clock, {}};
};

TEST_F(GatewayServerTest, TellsWhereItIs)
{
    EXPECT_EQ(gateway.public_url, "http://127.0.0.1:" + std::to_string(server.port()));
    EXPECT_EQ(create()->body, R"({"created":true})");
}

TEST_F(GatewayServerTest, SendsNoticesAndHearsTheAnswers)
{
    gateway.repeats = true;
    failures = 1;
    gateway.faults.force(GatewayFault::notice_twice, 1);
    ASSERT_TRUE(gateway.pay({.order_id = "O1"}, clock.utc_now()));
    run_until([&] { return gateway.answers.size() == 3; });
    EXPECT_EQ(received, (std::vector<std::string>{"paid b", "paid b", "paid b"}));
    EXPECT_EQ(gateway.answers.back().status, 204);
    EXPECT_EQ(server.notices_answered(), 3U);
}

TEST_F(GatewayServerTest, ReportsNoticesThatReachNobody)
{
    gateway.notify_url = "no URL";
    ASSERT_TRUE(gateway.pay({.order_id = "O1"}, clock.utc_now()));
    gateway.notify_url = "http://192.0.2.1/elsewhere";
    ASSERT_TRUE(gateway.pay({.order_id = "O1"}, clock.utc_now()));
    run_until([&] { return gateway.answers.size() == 2; });
    EXPECT_FALSE(gateway.answers[0].status);
    EXPECT_FALSE(gateway.answers[1].status) << "notices stay on this machine";
}

TEST_F(GatewayServerTest, HangsUpAfterTheWorkIsDone)
{
    gateway.faults.force(GatewayFault::lost_answer, 1);
    EXPECT_EQ(create().error(), http::ClientError::timeout_unknown);
    EXPECT_EQ(gateway.created, 1);
}

TEST(InProcessGatewaysTest, AnswersInVirtualTime)
{
    using http::ClientError;
    asio::io_context io{1};
    tests::ManualClock clock{io};
    testing::SmallGateway gateway;
    GatewayHub hub{{&gateway}};
    InProcessGateways caller{hub, clock};
    caller.latency = 100ms;
    std::optional<Result<http::InboundResponse, ClientError>> answer;
    const auto create = [&] {
        http::OutboundRequest request{http::Method::post, "/small/create", {}, "{}"};
        answer.reset();
        asio::co_spawn(
            io, caller.send(peer_at(80), std::move(request), clock.steady_now() + 10s),
            [&](std::exception_ptr, Result<http::InboundResponse, ClientError> result) {
                answer = std::move(result);
            });
    };
    create();
    clock.run_for(99ms);
    EXPECT_FALSE(answer);
    clock.run_for(1ms);
    ASSERT_TRUE(answer);
    EXPECT_EQ((*answer)->body, R"({"created":true})");

    gateway.faults.force(GatewayFault::lost_answer, 1);
    create();
    clock.run_for(10s);
    EXPECT_EQ(answer->error(), ClientError::timeout_unknown);
    EXPECT_EQ(gateway.created, 2);

    gateway.faults.force(GatewayFault::huge_body, 1);
    create();
    clock.run_for(1s);
    EXPECT_EQ(answer->error(), ClientError::too_large);

    gateway.crash(clock.utc_now());
    create();
    clock.run_for(1s);
    EXPECT_EQ(answer->error(), ClientError::unreachable);
    EXPECT_EQ(caller.calls(), 4U);
}

} // namespace
} // namespace iwas::sim
