#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/momo/mapping.hpp"
#include "adapters/payment/momo/momo_test.hpp"
#include "adapters/payment/momo/result_codes.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace iwas::adapters::testing {
namespace {

namespace json = boost::json;

const GatewayMapping& mapping = momo_mapping();
const ports::PaymentOrder order = order_named("W260921-1");
const ports::RefundOrder refund_order{
    .refund_id = "R260921-9",
    .order_id = "W260921-1",
    .gateway_id = "4084757146",
    .amount = Money{20'000},
    .paid = Money{50'000},
    .order_created_at = noon,
    .created_at = noon,
    .description = "Hoan tien",
    .payer_address = {}};

json::object body_of(const http::OutboundRequest& request)
{
    return json::parse(request.body).as_object();
}

/// An answer to `order_id` with that code, and what a paid or created order has besides.
std::string answer_with(std::int64_t code, const std::string& order_id = "W260921-1")
{
    return json::serialize(json::object{
        {"partnerCode", "MOMO"},
        {"orderId", order_id},
        {"requestId", "any"},
        {"amount", order_id.starts_with('R') ? 20'000 : 50'000},
        {"transId", 4'084'757'146},
        {"responseTime", 1'790'000'001'000},
        {"message", "Thành công."},
        {"resultCode", code},
        {"payUrl", "https://test-payment.momo.vn/v2/gateway/pay?t=abc"},
        {"deeplink", "momo://app?action=pay"},
        {"qrCodeUrl", "00020101021226"}});
}

TEST(MomoOrders, AreAskedForAsMomosSampleDoes)
{
    // The vector momo-p10: made by running MoMo's own sample.
    ports::PaymentOrder sample = order_named("MOMO1700000000123");
    sample.description = "pay with MoMo";
    sample.return_url = "https://momo.vn/return";
    sample.notify_url = "https://callback.url/notify";
    const auto step = step_of(mapping.create(momo_account(), sample, moment));
    EXPECT_EQ(step.base_url, "https://test-payment.momo.vn");
    EXPECT_EQ(step.request.method, http::Method::post);
    EXPECT_EQ(step.request.target, "/v2/gateway/api/create");
    EXPECT_EQ(step.request.headers.value("Content-Type"), "application/json; charset=UTF-8");
    const json::object body = body_of(step.request);
    EXPECT_EQ(
        body.at("signature").as_string(),
        "fe6366d2921de45a3df646123914ee5e8d71a24c082b51707bd7648428d80a33");
    EXPECT_EQ(body.at("amount").as_int64(), 50'000);
    EXPECT_EQ(body.at("requestId").as_string(), "MOMO1700000000123");
    EXPECT_EQ(body.at("requestType").as_string(), "captureWallet");
    EXPECT_EQ(body.at("lang").as_string(), "vi");
    EXPECT_EQ(body.at("extraData").as_string(), "");
    const GatewayMoment later{.now = noon + 5s, .chance = 7};
    EXPECT_EQ(
        step_of(mapping.create(momo_account(), sample, later)).request.body, step.request.body)
        << "whoever repeats the order repeats the request";
}

TEST(MomoOrders, GiveTheCustomerWaysToPay)
{
    const auto answer =
        answer_of(told(mapping.create(momo_account(), order, moment), answer_with(0)));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->pay_url, "https://test-payment.momo.vn/v2/gateway/pay?t=abc");
    EXPECT_EQ(answer->deep_link, "momo://app?action=pay");
    EXPECT_EQ(answer->qr_text, "00020101021226");
}

TEST(MomoOrders, ShowNothingThatIsNoAddress)
{
    const auto with = [](const char* name, json::value value) {
        json::object body = json::parse(answer_with(0)).as_object();
        body[name] = std::move(value);
        return answer_of(
            told(mapping.create(momo_account(), order, moment), json::serialize(body)));
    };
    EXPECT_EQ(text_of(with("payUrl", "javascript://x")), "unknown");
    EXPECT_EQ(text_of(with("payUrl", "")), "unknown");
    EXPECT_EQ(with("deeplink", "javascript://alert(1)")->deep_link, "");
    EXPECT_EQ(with("deeplink", "data:text/html,x")->deep_link, "");
    EXPECT_EQ(with("deeplink", "momo://a b")->deep_link, "");
    EXPECT_EQ(text_of(with("amount", 60'000)), "unknown");
    EXPECT_EQ(text_of(with("amount", "50000")), "invited");
}

/// What the document says of each code (result codes), here in the words of the answers.
struct Expected {
    std::int64_t code;
    std::string found;
    std::string created;
    std::string refunded;
};
const std::vector<Expected> expectations{
    {0, "paid", "invited", "done"},
    {10, "unavailable", "unavailable", "unavailable"},
    {11, "misconfigured", "misconfigured", "misconfigured"},
    {12, "misconfigured", "misconfigured", "misconfigured"},
    {13, "misconfigured", "misconfigured", "misconfigured"},
    {20, "misconfigured", "misconfigured", "misconfigured"},
    {21, "refused declined", "refused declined", "refused declined"},
    {22, "refused declined", "refused declined", "refused declined"},
    {40, "duplicate", "duplicate", "duplicate"},
    {41, "duplicate", "duplicate", "duplicate"},
    {42, "not_found", "not_found", "not_found"},
    {43, "unknown", "unknown", "unknown"},
    {45, "misconfigured", "misconfigured", "misconfigured"},
    {47, "misconfigured", "misconfigured", "misconfigured"},
    {98, "failed payment_unavailable", "refused payment_unavailable", "failed"},
    {99, "unknown", "unknown", "unknown"},
    {1000, "pending", "invited", "pending"},
    {1001, "failed insufficient_balance", "refused insufficient_balance", "failed"},
    {1002, "failed declined", "refused declined", "failed"},
    {1003, "failed cancelled", "refused cancelled", "failed"},
    {1004, "failed declined", "refused declined", "failed"},
    {1005, "failed payment_expired", "refused payment_expired", "failed"},
    {1006, "failed cancelled", "refused cancelled", "failed"},
    {1007, "failed account_suspended", "refused account_suspended", "failed"},
    {1017, "failed cancelled", "refused cancelled", "failed"},
    {1026, "failed declined", "refused declined", "failed"},
    {1080, "failed declined", "refused declined", "failed"},
    {1081, "failed declined", "refused declined", "asks further"},
    {1088, "failed declined", "refused declined", "failed"},
    {2019, "misconfigured", "misconfigured", "misconfigured"},
    {4001, "failed account_suspended", "refused account_suspended", "failed"},
    {4002, "failed account_suspended", "refused account_suspended", "failed"},
    {4100, "failed declined", "refused declined", "failed"},
    {7000, "pending", "duplicate", "pending"},
    {7002, "pending", "invited", "pending"},
    {8000, "pending", "invited", "pending"},
    {8200, "pending", "invited", "pending"},
    {9000, "asks further", "unknown", "pending"},
    {31'337, "pending", "invited", "pending"},
    {-1, "pending", "invited", "pending"}};

template <class T>
std::string outcome(GatewayPlan<T> plan)
{
    if (std::holds_alternative<GatewayStep<T>>(plan)) return "asks further";
    return text_of(answer_of<T>(std::move(plan)));
}

TEST(MomoCodes, EachMeansWhatTheDocumentSays)
{
    const auto account = momo_account();
    std::set<std::int64_t> tested;
    for (const Expected& expected : expectations) {
        SCOPED_TRACE(expected.code);
        tested.insert(expected.code);
        const std::string body = answer_with(expected.code);
        EXPECT_EQ(
            outcome(told(mapping.find(account, query_for(order), moment), body)), expected.found);
        EXPECT_EQ(outcome(told(mapping.create(account, order, moment), body)), expected.created);
        const std::string of_refund = answer_with(expected.code, "R260921-9");
        EXPECT_EQ(
            outcome(told(mapping.refund(account, refund_order, moment), of_refund)),
            expected.refunded);
    }
    for (const auto& code : momo::result_codes())
        EXPECT_TRUE(tested.contains(code.code)) << code.code << " is not tested";
}

TEST(MomoOrders, AreFoundWithTheirMoney)
{
    const auto step = step_of(mapping.find(momo_account(), query_for(order), moment));
    EXPECT_EQ(step.request.target, "/v2/gateway/api/query");
    const json::object asked = body_of(step.request);
    EXPECT_EQ(asked.at("orderId").as_string(), "W260921-1");
    EXPECT_EQ(asked.at("requestId").as_string(), "q0123456789abcdef");
    EXPECT_EQ(
        std::string{asked.at("signature").as_string().c_str()},
        momo::signature_of(
            momo_secret, "accessKey=F8BBA842ECF85&orderId=W260921-1&partnerCode=MOMO&"
                         "requestId=q0123456789abcdef"));
    const auto answer =
        answer_of(step.read({.status = 200, .headers = {}, .body = answer_with(0)}));
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->received.size(), 1U);
    EXPECT_EQ(answer->received[0].gateway_id, "4084757146");
    EXPECT_EQ(answer->received[0].amount, Money{50'000});
}

TEST(MomoOrders, HeldMoneyIsCapturedWhenItIsTheOrders)
{
    auto capture =
        step_of(told(mapping.find(momo_account(), query_for(order), moment), answer_with(9000)));
    EXPECT_EQ(capture.request.target, "/v2/gateway/api/confirm");
    const json::object asked = body_of(capture.request);
    EXPECT_EQ(asked.at("requestType").as_string(), "capture");
    EXPECT_EQ(asked.at("amount").as_int64(), 50'000);
    EXPECT_EQ(
        text_of(answer_of(capture.read({.status = 200, .headers = {}, .body = answer_with(0)}))),
        "paid");
    EXPECT_EQ(
        text_of(answer_of(capture.read({.status = 200, .headers = {}, .body = answer_with(1003)}))),
        "pending")
        << "only the order itself says that it failed";
    ports::PaymentQuery other = query_for(order);
    other.amount = Money{60'000};
    EXPECT_EQ(
        outcome(told(mapping.find(momo_account(), other, moment), answer_with(9000))), "pending");
}

TEST(MomoOrders, UnreadableAnswersAreUnknown)
{
    json::object other = json::parse(answer_with(0)).as_object();
    other["orderId"] = "W260921-2";
    json::object merchant = json::parse(answer_with(0)).as_object();
    merchant["partnerCode"] = "OTHER";
    json::object penniless = json::parse(answer_with(0)).as_object();
    penniless.erase("amount");
    json::object nameless = json::parse(answer_with(0)).as_object();
    nameless["transId"] = 0;
    for (const std::string& body :
         {std::string{}, std::string{"<html>"}, std::string{"{}"},
          std::string{R"({"resultCode":"zero"})"}, std::string{R"({"resultCode":0.0})"},
          json::serialize(other), json::serialize(merchant), json::serialize(penniless),
          json::serialize(nameless)})
        EXPECT_EQ(
            outcome(told(mapping.find(momo_account(), query_for(order), moment), body)), "unknown")
            << body;
}

TEST(MomoRefunds, AreSignedAndRepeatable)
{
    const auto step = step_of(mapping.refund(momo_account(), refund_order, moment));
    EXPECT_EQ(step.request.target, "/v2/gateway/api/refund");
    const json::object asked = body_of(step.request);
    EXPECT_EQ(asked.at("orderId").as_string(), "R260921-9") << "a new id, not the paid order's";
    EXPECT_EQ(asked.at("transId").as_int64(), 4'084'757'146);
    EXPECT_EQ(
        std::string{asked.at("signature").as_string().c_str()},
        momo::signature_of(
            momo_secret, "accessKey=F8BBA842ECF85&amount=20000&description=Hoan tien&"
                         "orderId=R260921-9&partnerCode=MOMO&requestId=R260921-9&"
                         "transId=4084757146"));
    const GatewayMoment later{.now = noon + 5s, .chance = 7};
    EXPECT_EQ(
        step_of(mapping.refund(momo_account(), refund_order, later)).request.body,
        step.request.body);
}

std::string paid_order_with_refunds(json::array refunds)
{
    json::object body = json::parse(answer_with(0)).as_object();
    body["refundTrans"] = std::move(refunds);
    return json::serialize(body);
}

const json::array listed{
    json::object{{"orderId", "R260921-8"}, {"amount", 1000}, {"resultCode", 0}, {"transId", 8}},
    json::object{{"orderId", "R260921-9"}, {"amount", 20'000}, {"resultCode", 0}, {"transId", 9}}};

TEST(MomoRefunds, RefusedAsMadeBeforeAreLookedUp)
{
    const auto account = momo_account();
    const auto refused = [&](std::string list) {
        return answer_of(told<ports::RefundStatus>(
            told(mapping.refund(account, refund_order, moment), answer_with(1081, "R260921-9")),
            std::move(list)));
    };
    const auto found = refused(paid_order_with_refunds(listed));
    EXPECT_EQ(text_of(found), "done");
    EXPECT_EQ(found->gateway_id, "9");
    EXPECT_EQ(text_of(refused(paid_order_with_refunds({}))), "failed");
    EXPECT_EQ(text_of(refused(answer_with(0))), "failed");
    EXPECT_EQ(text_of(refused("<html>")), "unknown");
}

TEST(MomoRefunds, AreFoundByTheirOwnIdOrInTheOrdersList)
{
    const auto account = momo_account();
    const auto first = [&] { return mapping.find_refund(account, refund_order, moment); };
    EXPECT_EQ(step_of(first()).request.target, "/v2/gateway/api/refund/query");
    EXPECT_EQ(text_of(answer_of(told(first(), answer_with(0, "R260921-9")))), "done");
    EXPECT_EQ(text_of(answer_of(told(first(), answer_with(7002, "R260921-9")))), "pending");
    EXPECT_EQ(text_of(answer_of(told(first(), answer_with(1080, "R260921-9")))), "failed");
    EXPECT_EQ(text_of(answer_of(told(first(), answer_with(0)))), "unknown") << "of another order";

    const auto second = [&](std::string list) {
        return text_of(
            answer_of(told<ports::RefundStatus>(told(first(), answer_with(42)), std::move(list))));
    };
    EXPECT_EQ(second(paid_order_with_refunds(listed)), "done");
    EXPECT_EQ(second(paid_order_with_refunds({listed.front()})), "not_found");
    EXPECT_EQ(second(answer_with(0)), "not_found");
    EXPECT_EQ(second(paid_order_with_refunds({json::object{{"orderId", "R260921-9"}}})), "unknown");
    json::array other_amount = listed;
    other_amount[1].as_object()["amount"] = 30'000;
    EXPECT_EQ(second(paid_order_with_refunds(other_amount)), "unknown");
}

TEST(MomoRefunds, AreNotMadeOnlyBecauseTheQuestionWasUnderstood)
{
    const auto account = momo_account();
    const auto plan_after = [&](const json::object& more, const char* left_out) {
        json::object body = json::parse(answer_with(0, "R260921-9")).as_object();
        body.erase(left_out);
        for (const auto& [name, value] : more)
            body[name] = value;
        return told(mapping.find_refund(account, refund_order, moment), json::serialize(body));
    };
    const auto told_of = [&](const json::object& more, const char* left_out) {
        return outcome(plan_after(more, left_out));
    };
    const auto row = [](const char* id, int code) {
        return json::object{
            {"refundTrans",
             json::array{json::object{
                 {"orderId", id}, {"amount", 20'000}, {"resultCode", code}, {"transId", 9}}}}};
    };
    EXPECT_EQ(told_of({}, "amount"), "asks further");
    EXPECT_EQ(told_of(row("R260921-9", 7002), "amount"), "pending");
    EXPECT_EQ(told_of(row("R260921-9", 1080), "amount"), "failed");
    EXPECT_EQ(told_of(row("R260921-9", 0), "amount"), "done");
    EXPECT_EQ(told_of(row("R260921-8", 0), ""), "asks further") << "of another refund";
    EXPECT_EQ(told_of({{"refundTrans", json::array{}}}, ""), "asks further");
    // The list of the paid order decides.
    const auto in_list = [&](json::array refunds) {
        return outcome(told(plan_after({}, "amount"), paid_order_with_refunds(std::move(refunds))));
    };
    EXPECT_EQ(in_list(listed), "done");
    EXPECT_EQ(in_list({}), "pending");
    auto nameless = refund_order;
    nameless.order_id.clear();
    EXPECT_EQ(
        outcome(told(mapping.find_refund(account, nameless, moment), answer_with(42))),
        "not_found");
}

TEST(MomoNames, FitMomosRules)
{
    const std::regex allowed{"^[0-9a-zA-Z]([-_.]*[0-9a-zA-Z]+)*$"};
    const auto account = momo_account();
    std::set<std::string> names;
    for (const std::uint64_t chance : {0ULL, 1ULL, ~0ULL}) {
        for (const std::string& name :
             {mapping.new_order_id(account, noon, chance),
              mapping.new_refund_id(account, noon, chance)}) {
            EXPECT_TRUE(std::regex_match(name, allowed)) << name;
            EXPECT_LE(name.size(), 40U) << "a requestId has 50, with a word behind it";
            names.insert(name);
        }
    }
    EXPECT_EQ(names.size(), 6U);
    EXPECT_EQ(mapping.new_order_id(account, noon, 1), "W260921-0000000000000001");
}

TEST(MomoMapping, ListsNothing)
{
    EXPECT_EQ(
        text_of(answer_of(mapping.list(momo_account(), noon, noon, moment)).error()),
        "not_supported");
}

} // namespace
} // namespace iwas::adapters::testing
