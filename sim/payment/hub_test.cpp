// What all simulated gateways have in common: faults, notices, money, the control API.
#include "sim/payment/hub.hpp"
#include "sim/payment/small_gateway_test.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

namespace iwas::sim {
namespace {

const UtcTime start = *from_rfc3339("2026-11-22T08:00:00Z");

class Hub : public ::testing::Test {
protected:
    GatewayAnswer ask(http::Method method, std::string path, std::string body = {})
    {
        http::Request request;
        request.method = method;
        request.path = std::move(path);
        request.body = std::move(body);
        return hub.answer(request, now);
    }
    GatewayAnswer create() { return ask(http::Method::post, "/small/create", "{}"); }
    std::size_t notices_within(Milliseconds time)
    {
        now += time;
        return hub.due_notices(now).size();
    }

    UtcTime now = start;
    testing::SmallGateway gateway;
    GatewayHub hub{{&gateway}};
};

TEST_F(Hub, LeadsToTheGatewayThatOwnsThePath)
{
    EXPECT_EQ(create().response.body, R"({"created":true})");
    EXPECT_EQ(ask(http::Method::get, "/elsewhere").response.status, 404);
}

TEST_F(Hub, StrikesRequestsBeforeAndAfterTheWork)
{
    struct Case {
        GatewayFault fault;
        bool does_work;
        bool is_dropped;
        int status;
    };
    for (const Case& expected : {
             Case{GatewayFault::error_before, false, false, 500},
             Case{GatewayFault::error_after, true, false, 500},
             Case{GatewayFault::lost_request, false, true, 200},
             Case{GatewayFault::lost_answer, true, true, 200},
             Case{GatewayFault::refused, false, false, 200},
         }) {
        SCOPED_TRACE(to_string(expected.fault));
        const int before = gateway.created;
        gateway.faults.force(expected.fault, 1);
        const GatewayAnswer struck = create();
        EXPECT_EQ(gateway.created - before, expected.does_work ? 1 : 0);
        EXPECT_EQ(struck.is_dropped, expected.is_dropped);
        EXPECT_EQ(struck.response.status, expected.status);
        EXPECT_EQ(create().response.body, R"({"created":true})") << "forced once only";
    }
    gateway.faults.force(GatewayFault::delay, 1);
    EXPECT_EQ(create().delay, gateway.faults.delay);
    gateway.faults.force(GatewayFault::garbage, 1);
    EXPECT_EQ(create().response.body, R"({"create)");
    gateway.faults.force(GatewayFault::huge_body, 1);
    EXPECT_GT(create().response.body.size(), 64U * 1024);
}

TEST_F(Hub, StrikesPagesOnlyByBeingDown)
{
    gateway.faults.force(GatewayFault::error_before, 1);
    EXPECT_EQ(ask(http::Method::get, "/small/page").response.status, 200);
    gateway.faults.clear();
    gateway.faults.force(GatewayFault::crash, 1);
    EXPECT_TRUE(create().is_dropped);
    EXPECT_TRUE(ask(http::Method::get, "/small/page").is_unreachable);
    now += gateway.faults.down_for;
    EXPECT_FALSE(ask(http::Method::get, "/small/page").is_unreachable);
}

TEST_F(Hub, SendsLosesRepeatsAndDelaysNotices)
{
    const auto pay = [&] { return gateway.pay({.order_id = "O1"}, now); };
    ASSERT_TRUE(pay());
    EXPECT_EQ(hub.next_wake(), now);
    EXPECT_EQ(notices_within(0s), 1U);
    EXPECT_FALSE(hub.next_wake());

    gateway.faults.force(GatewayFault::notice_lost, 1);
    ASSERT_TRUE(pay());
    EXPECT_FALSE(hub.next_wake());

    gateway.faults.force(GatewayFault::notice_twice, 1);
    ASSERT_TRUE(pay());
    EXPECT_EQ(notices_within(0s), 2U);

    gateway.faults.force(GatewayFault::notice_delayed, 1);
    ASSERT_TRUE(pay());
    ASSERT_TRUE(gateway.pay({.order_id = "O2"}, now));
    EXPECT_EQ(hub.due_notices(now).front().notice.subject, "O2");
    EXPECT_EQ(hub.next_wake(), now + gateway.faults.delay);
    EXPECT_EQ(hub.due_notices(now + gateway.faults.delay).front().notice.subject, "O1");

    for (int round = 0; round < 20; ++round) {
        gateway.faults.force(GatewayFault::notice_repeated, 1);
        ASSERT_TRUE(pay());
        const std::size_t sent = notices_within(gateway.faults.delay * 4);
        EXPECT_GE(sent, 2U);
        EXPECT_LE(sent, 5U);
    }
}

TEST_F(Hub, LosesWaitingNoticesInACrash)
{
    ASSERT_TRUE(gateway.pay({.order_id = "O1"}, now));
    gateway.crash(now);
    EXPECT_FALSE(gateway.pay({.order_id = "O1"}, now)) << "nobody pays at a dead gateway";
    EXPECT_EQ(notices_within(gateway.faults.down_for), 0U);
    EXPECT_EQ(gateway.book.taken("O1"), Money{5'000}) << "the money stays taken";
}

TEST_F(Hub, KeepsTheBook)
{
    gateway.book.set_balance("minh", Money{7'000});
    EXPECT_EQ(gateway.pay({.order_id = "O1", .payer = "minh"}, now)->code, "0");
    EXPECT_EQ(gateway.pay({.order_id = "O2", .payer = "minh"}, now)->code, "1") << "2,000 are left";
    gateway.book.give_back(MoneyMove::given_back, "O1", "R1", "minh", Money{1'500}, now);
    EXPECT_EQ(gateway.book.balance("minh"), Money{3'500});
    EXPECT_EQ(gateway.book.lost_by("minh"), Money{3'500});
    EXPECT_EQ(gateway.book.taken("O1"), Money{5'000});
    EXPECT_EQ(gateway.book.refunded("O1"), Money{1'500});
    EXPECT_EQ(gateway.book.taken("O2"), Money{0});
    ASSERT_EQ(gateway.book.lines().size(), 2U);
    EXPECT_EQ(gateway.book.lines()[1].move, MoneyMove::given_back);
}

TEST_F(Hub, ObeysTheControlApi)
{
    using http::Method;
    const auto status = [&](Method method, std::string path, std::string body) {
        return ask(method, std::move(path), std::move(body)).response.status;
    };
    EXPECT_EQ(
        status(
            Method::post, "/_sim/wallets", R"({"gateway":"small","payer":"lan","balance":9000})"),
        204);
    const auto paid =
        ask(Method::post, "/_sim/pay", R"({"gateway":"small","order":"O1","payer":"lan"})");
    EXPECT_EQ(paid.response.status, 200);
    EXPECT_EQ(boost::json::parse(paid.response.body).at("code").as_string(), "0");
    EXPECT_EQ(gateway.book.balance("lan"), Money{4'000});
    EXPECT_EQ(status(Method::post, "/_sim/pay", R"({"gateway":"small"})"), 409);
    EXPECT_EQ(status(Method::post, "/_sim/pay", R"({"gateway":"other","order":"O1"})"), 404);
    EXPECT_EQ(
        status(Method::post, "/_sim/pay", R"({"gateway":"small","order":"O1","outcome":"x"})"),
        400);
    EXPECT_EQ(
        status(
            Method::post, "/_sim/faults",
            R"({"gateway":"small","fault":"lost_answer","next":1,"delay_ms":50})"),
        204);
    EXPECT_EQ(gateway.faults.delay, 50ms);
    EXPECT_TRUE(create().is_dropped);
    EXPECT_EQ(
        status(Method::post, "/_sim/faults", R"({"gateway":"small","fault":"nothing"})"), 400);
    EXPECT_EQ(status(Method::post, "/_sim/crash", R"({"gateway":"small"})"), 204);
    EXPECT_TRUE(create().is_unreachable);
    EXPECT_EQ(status(Method::post, "/_sim/pay", "[]"), 400);
}

TEST_F(Hub, TellsEveryFaultByName)
{
    for (std::size_t at = 0; at < gateway_fault_count; ++at) {
        const auto fault = static_cast<GatewayFault>(at);
        EXPECT_FALSE(to_string(fault).empty());
        EXPECT_EQ(parse_gateway_fault(to_string(fault)), fault);
    }
    EXPECT_EQ(to_string(GatewayFault::refund_failed), "refund_failed") << "names in their order";
}

TEST_F(Hub, EscapesWhatItShows)
{
    const std::string page = ask(http::Method::get, "/small/page").response.body;
    EXPECT_NE(page.find("&lt;Quán&gt;"), std::string::npos);
    EXPECT_EQ(page.find("<Quán>"), std::string::npos);
    EXPECT_NE(page.find("Thanh toán"), std::string::npos);
    EXPECT_NE(page.find("Từ chối"), std::string::npos);
}

} // namespace
} // namespace iwas::sim
