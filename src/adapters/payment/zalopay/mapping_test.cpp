#include "adapters/payment/zalopay/mapping.hpp"
#include "adapters/payment/zalopay/return_codes.hpp"
#include "adapters/payment/zalopay/zalopay_test.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace iwas::adapters::testing {
namespace {

namespace json = boost::json;

const GatewayMapping& mapping = zalopay_mapping();
const ports::PaymentOrder order = order_named("260921_0000000000000001");
const ports::RefundOrder refund_order{
    .refund_id = "260921_2553_0000000000000009",
    .order_id = "260921_0000000000000001",
    .gateway_id = "260921000000389",
    .amount = Money{20'000},
    .paid = Money{50'000},
    .order_created_at = noon,
    .created_at = noon,
    .description = "Hoan tien",
    .payer_address = {}};

http::Params form_of(const http::OutboundRequest& request)
{
    EXPECT_EQ(request.headers.value("Content-Type"), "application/x-www-form-urlencoded");
    return http::decode_query(request.body).value();
}

std::string answer_with(std::int64_t code, std::int64_t sub_code = 0, json::object more = {})
{
    more["return_code"] = code;
    more["sub_return_code"] = sub_code;
    more["return_message"] = "Giao dịch";
    return json::serialize(more);
}

/// With all that a created, paid or refunded order has besides.
std::string full_answer(std::int64_t code, std::int64_t sub_code = 0)
{
    return answer_with(
        code, sub_code,
        {{"order_url", "https://qcgateway.zalopay.vn/openinapp?order=abc"},
         {"zp_trans_token", "AC-token"},
         {"qr_code", "00020101021226"},
         {"amount", 50'000},
         {"zp_trans_id", 260'921'000'000'389},
         {"refund_id", 77}});
}

template <class T>
std::string outcome(GatewayPlan<T> plan)
{
    if (std::holds_alternative<GatewayStep<T>>(plan)) return "asks further";
    return text_of(answer_of<T>(std::move(plan)));
}

TEST(ZalopayOrders, AreSignedAsTheirClientLibraryDoes)
{
    const auto step = step_of(mapping.create(zalopay_account(), order, moment));
    EXPECT_EQ(step.base_url, "https://sb-openapi.zalopay.vn");
    EXPECT_EQ(step.request.target, "/v2/create");
    const auto form = form_of(step.request);
    EXPECT_EQ(form.value("app_id"), "2553");
    EXPECT_EQ(form.value("app_trans_id"), "260921_0000000000000001");
    EXPECT_EQ(form.value("app_time"), "1790000000000");
    EXPECT_EQ(form.value("expire_duration_seconds"), "900");
    EXPECT_EQ(form.value("amount"), "50000");
    EXPECT_EQ(form.value("embed_data"), R"({"redirecturl":"https://portal.example/back"})");
    EXPECT_EQ(form.value("callback_url"), "https://portal.example/notice");
    EXPECT_EQ(
        form.value("mac"),
        zalopay::mac_of(
            zalopay_account().secret_key, "2553|260921_0000000000000001|c0ffee|50000|1790000000000|"
                                          R"({"redirecturl":"https://portal.example/back"}|[])"));
    const GatewayMoment later{.now = noon + 5s, .chance = 7};
    EXPECT_EQ(
        step_of(mapping.create(zalopay_account(), order, later)).request.body, step.request.body);

    ports::PaymentOrder short_lived = order;
    short_lived.expires_at = order.created_at + 10s;
    EXPECT_EQ(
        form_of(step_of(mapping.create(zalopay_account(), short_lived, moment)).request)
            .value("expire_duration_seconds"),
        "300");
}

TEST(ZalopayOrders, GiveTheCustomerWaysToPay)
{
    const auto made = [](std::string body) {
        return answer_of(told(mapping.create(zalopay_account(), order, moment), std::move(body)));
    };
    const auto answer = made(full_answer(1, 1));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->pay_url, "https://qcgateway.zalopay.vn/openinapp?order=abc");
    EXPECT_EQ(answer->qr_text, "00020101021226");
    EXPECT_EQ(answer->gateway_order, "AC-token");
    const auto without_qr = made(answer_with(1, 1, {{"order_url", "https://zalopay.vn/o"}}));
    EXPECT_EQ(without_qr->qr_text, "https://zalopay.vn/o") << "the page's address is to be drawn";
    EXPECT_EQ(text_of(made(answer_with(1, 1))), "unknown");
    EXPECT_EQ(text_of(made(answer_with(1, 1, {{"order_url", "javascript://x"}}))), "unknown");
}

struct Expected {
    std::int64_t code;
    std::int64_t sub_code;
    std::string found;
    std::string created;
    std::string refunded;
};
const std::vector<Expected> expectations{
    {1, 1, "paid", "invited", "done"},
    {3, 0, "pending", "unknown", "pending"},
    {3, -101, "pending", "unknown", "pending"}, // the sub code counts with 2 only
    {2, 0, "failed declined", "refused declined", "asks further"},
    {2, -9999, "failed declined", "refused declined", "asks further"},
    {2, -32, "failed payment_unavailable", "refused payment_unavailable", "asks further"},
    {2, -33, "unavailable", "unavailable", "unavailable"},
    {2, -34, "failed payment_unavailable", "refused payment_unavailable", "asks further"},
    {2, -35, "failed payment_unavailable", "refused payment_unavailable", "asks further"},
    {2, -43, "failed payment_unavailable", "refused payment_unavailable", "asks further"},
    {2, -54, "failed payment_expired", "refused payment_expired", "asks further"},
    {2, -68, "duplicate", "duplicate", "asks further"},
    {2, -88, "failed payment_unavailable", "refused payment_unavailable", "asks further"},
    {2, -101, "not_found", "not_found", "asks further"},
    {2, -135, "failed declined", "refused declined", "asks further"},
    {2, -301, "failed declined", "refused declined", "asks further"},
    {2, -322, "failed payment_expired", "refused payment_expired", "asks further"},
    {2, -329, "failed cancelled", "refused cancelled", "asks further"},
    {2, -401, "misconfigured", "misconfigured", "asks further"},
    {2, -402, "misconfigured", "misconfigured", "misconfigured"},
    {2, -500, "unknown", "unknown", "unknown"},
    {406, 0, "misconfigured", "misconfigured", "misconfigured"},
    {-401, 0, "misconfigured", "misconfigured", "asks further"},
    {-402, 0, "misconfigured", "misconfigured", "misconfigured"},
    {-403, 0, "misconfigured", "misconfigured", "misconfigured"},
    {-405, 0, "misconfigured", "misconfigured", "misconfigured"},
    {-429, 0, "unavailable", "unavailable", "unavailable"},
    {-500, 0, "unknown", "unknown", "unknown"},
    {0, 0, "pending", "unknown", "pending"},
    {31'337, 0, "pending", "unknown", "pending"}};

TEST(ZalopayCodes, EachMeansWhatTheDocumentSays)
{
    const auto account = zalopay_account();
    std::set<std::int64_t> codes;
    std::set<std::int64_t> sub_codes;
    for (const Expected& expected : expectations) {
        SCOPED_TRACE(std::to_string(expected.code) + "/" + std::to_string(expected.sub_code));
        codes.insert(expected.code);
        if (expected.code == 2) sub_codes.insert(expected.sub_code);
        const std::string body = full_answer(expected.code, expected.sub_code);
        EXPECT_EQ(
            outcome(told(mapping.find(account, query_for(order), moment), body)), expected.found);
        EXPECT_EQ(outcome(told(mapping.create(account, order, moment), body)), expected.created);
        EXPECT_EQ(
            outcome(told(mapping.refund(account, refund_order, moment), body)), expected.refunded);
    }
    for (const auto& meaning : zalopay::return_codes())
        EXPECT_TRUE(codes.contains(meaning.code)) << meaning.code << " is not tested";
    for (const auto& meaning : zalopay::sub_return_codes())
        EXPECT_TRUE(sub_codes.contains(meaning.code)) << meaning.code << " is not tested";
}

TEST(ZalopayOrders, AreFoundWithTheirMoney)
{
    const auto step = step_of(mapping.find(zalopay_account(), query_for(order), moment));
    EXPECT_EQ(step.request.target, "/v2/query");
    EXPECT_EQ(
        form_of(step.request).value("mac"),
        zalopay::mac_of(
            zalopay_account().secret_key,
            "2553|260921_0000000000000001|PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL"));
    EXPECT_FALSE(step.request.body.contains("PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL"));
    const auto found = answer_of(step.read({.status = 200, .headers = {}, .body = full_answer(1)}));
    ASSERT_EQ(text_of(found), "paid");
    EXPECT_EQ(found->received.at(0).gateway_id, "260921000000389");
    EXPECT_EQ(found->received.at(0).amount, Money{50'000});
    for (const std::string& body :
         {std::string{}, std::string{"<html>"}, std::string{"{}"}, answer_with(1),
          answer_with(1, 1, {{"amount", 50'000}}), answer_with(1, 1, {{"zp_trans_id", 7}}),
          answer_with(1, 1, {{"zp_trans_id", 0}, {"amount", 50'000}}),
          std::string{R"({"return_code":1.0})"}})
        EXPECT_EQ(
            outcome(told(mapping.find(zalopay_account(), query_for(order), moment), body)),
            "unknown")
            << body;
}

TEST(ZalopayRefunds, AreLookedUpBeforeTheyAreCalledFailed)
{
    const auto account = zalopay_account();
    const auto step = step_of(mapping.refund(account, refund_order, moment));
    EXPECT_EQ(step.request.target, "/v2/refund");
    EXPECT_EQ(form_of(step.request).value("m_refund_id"), "260921_2553_0000000000000009");
    EXPECT_EQ(
        form_of(step.request).value("mac"),
        zalopay::mac_of(account.secret_key, "2553|260921000000389|20000|Hoan tien|1790000000000"));
    const auto refused = [&](std::string then) {
        return text_of(answer_of(told<ports::RefundStatus>(
            told(mapping.refund(account, refund_order, moment), answer_with(2, -1)),
            std::move(then))));
    };
    EXPECT_EQ(refused(answer_with(1)), "done");
    EXPECT_EQ(refused(answer_with(3)), "pending");
    EXPECT_EQ(refused(answer_with(2, -101)), "failed") << "and there is none";
    EXPECT_EQ(refused(answer_with(2)), "failed");
    EXPECT_EQ(refused(answer_with(-500)), "unknown");
    EXPECT_EQ(refused("<html>"), "unknown");
}

TEST(ZalopayRefunds, AreFound)
{
    const auto asked = [] { return mapping.find_refund(zalopay_account(), refund_order, moment); };
    EXPECT_EQ(step_of(asked()).request.target, "/v2/query_refund");
    EXPECT_EQ(
        form_of(step_of(asked()).request).value("mac"),
        zalopay::mac_of(
            zalopay_account().secret_key, "2553|260921_2553_0000000000000009|1790000000000"));
    const auto done = answer_of(told(asked(), answer_with(1, 1, {{"refund_id", 77}})));
    ASSERT_EQ(text_of(done), "done");
    EXPECT_EQ(done->gateway_id, "77");
    EXPECT_EQ(outcome(told(asked(), answer_with(3))), "pending");
    EXPECT_EQ(outcome(told(asked(), answer_with(2))), "failed");
    EXPECT_EQ(outcome(told(asked(), answer_with(2, -101))), "not_found");
    EXPECT_EQ(outcome(told(asked(), answer_with(2, -402))), "misconfigured");
}

TEST(ZalopayAgreement, InvitesTheCustomerToBind)
{
    const auto step = step_of(mapping.bind(zalopay_account(), order, moment));
    EXPECT_EQ(step.request.target, "/v2/agreement/bind");
    EXPECT_EQ(
        form_of(step.request).value("mac"),
        zalopay::mac_of(
            zalopay_account().secret_key,
            "2553|260921_0000000000000001||WALLET|c0ffee|0|1790000000000"));
    const auto invited = answer_of(step.read(
        {.status = 200,
         .headers = {},
         .body = answer_with(
             1, 1,
             {{"binding_token", "bt"},
              {"deep_link", "zalopay://bind?x=1"},
              {"binding_qr_link", "https://zalopay.vn/qr"},
              {"short_link", "https://zlp.vn/s"}})}));
    ASSERT_TRUE(invited);
    EXPECT_EQ(invited->pay_url, "https://zlp.vn/s");
    EXPECT_EQ(invited->deep_link, "zalopay://bind?x=1");
    EXPECT_EQ(invited->qr_text, "https://zalopay.vn/qr");
    EXPECT_EQ(
        outcome(told(mapping.bind(zalopay_account(), order, moment), answer_with(1))), "unknown");
    domain::PaymentAccount without = zalopay_account();
    without.saves_tokens = false;
    EXPECT_EQ(outcome(mapping.bind(without, order, moment)), "not_supported");
}

TEST(ZalopayAgreement, IsFound)
{
    const auto asked = [] { return mapping.find_binding(zalopay_account(), order, moment); };
    json::object data = agreement_data();
    data["expiry_timestamp_in_ms"] = 1'800'000'000'000;
    const auto bound = answer_of(told(asked(), answer_with(1, 1, {{"data", data}})));
    ASSERT_EQ(text_of(bound), "bound");
    EXPECT_EQ(bound->token->expires_at, from_unix_ms(1'800'000'000'000));
    EXPECT_EQ(outcome(told(asked(), answer_with(1, 1, {{"data", agreement_data(3)}}))), "failed");
    EXPECT_EQ(outcome(told(asked(), answer_with(1, 1, {{"data", agreement_data(0)}}))), "pending");
    EXPECT_EQ(outcome(told(asked(), answer_with(1))), "unknown");
    EXPECT_EQ(outcome(told(asked(), answer_with(3))), "pending");
    EXPECT_EQ(outcome(told(asked(), answer_with(2, -54))), "failed");
}

ports::BoundToken bound_token()
{
    ports::BoundToken token;
    token.token = SecretText{"tok"};
    token.binding_id = "b-1";
    return token;
}

TEST(ZalopayAgreement, PaysInTwoSteps)
{
    const auto charged = [] {
        return mapping.charge(zalopay_account(), order, bound_token(), moment);
    };
    EXPECT_EQ(form_of(step_of(charged()).request).value("product_code"), "AGREEMENT");
    EXPECT_EQ(outcome(told(charged(), answer_with(2, -68))), "duplicate");
    EXPECT_EQ(outcome(told(charged(), answer_with(1))), "unknown");
    EXPECT_EQ(outcome(told(charged(), answer_with(2))), "refused declined");
    const auto pay = step_of(told(charged(), full_answer(1)));
    EXPECT_EQ(pay.request.target, "/v2/agreement/pay");
    EXPECT_EQ(
        form_of(pay.request).value("mac"),
        zalopay::mac_of(zalopay_account().secret_key, "2553|c0ffee|AC-token|tok|1790000000000"));
    const auto then = [&](std::string body) {
        return answer_of(pay.read({.status = 200, .headers = {}, .body = std::move(body)}));
    };
    EXPECT_EQ(text_of(then(answer_with(3))), "pending");
    const auto paid = then(answer_with(1, 1, {{"zp_trans_id", 5}}));
    ASSERT_EQ(text_of(paid), "paid");
    EXPECT_EQ(paid->received.at(0).amount, Money{50'000});
    EXPECT_EQ(text_of(then(answer_with(1))), "pending") << "paid, but under what name?";
    EXPECT_EQ(text_of(then(answer_with(2, -35))), "refused payment_unavailable");
}

TEST(ZalopayAgreement, IsEnded)
{
    const auto asked = [] {
        return mapping.unbind(zalopay_account(), order, bound_token(), moment);
    };
    EXPECT_EQ(step_of(asked()).request.target, "/v2/agreement/unbind");
    EXPECT_EQ(
        form_of(step_of(asked()).request).value("mac"),
        zalopay::mac_of(zalopay_account().secret_key, "2553|c0ffee|b-1|1790000000000"));
    EXPECT_TRUE(answer_of(told(asked(), answer_with(1))));
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(2))).error()), "refused declined");
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(3))).error()), "unknown");
}

TEST(ZalopayNames, BeginWithTheDayInVietnam)
{
    const auto account = zalopay_account();
    const UtcTime evening = from_unix_ms(1'790'009'999'000); // 16:59:59 UTC
    const UtcTime night = from_unix_ms(1'790'010'000'000);   // midnight in Vietnam
    EXPECT_EQ(mapping.new_order_id(account, evening, 1), "260921_0000000000000001");
    EXPECT_EQ(mapping.new_order_id(account, night, ~0ULL), "260922_ffffffffffffffff");
    EXPECT_EQ(mapping.new_refund_id(account, night, ~0ULL), "260922_2553_ffffffffffffffff");
    EXPECT_LE(mapping.new_order_id(account, night, 1).size(), 40U);
}

/// The mac of the vector named `id`, which ZaloPay's own client library made.
std::string library_mac(std::string_view id)
{
    for (const auto& vector : tests::read_vectors("zalopay_macs.txt"))
        if (vector.text("id") == id) return vector.text("mac");
    throw std::out_of_range("no such vector");
}

template <class T>
std::string mac_sent(GatewayPlan<T> plan)
{
    return std::string{form_of(step_of<T>(std::move(plan)).request).value("mac")};
}

TEST(ZalopayVectors, OurRequestsCarryTheMacsOfTheirLibrary)
{
    domain::PaymentAccount account = zalopay_account();
    const GatewayMoment late{.now = from_unix_ms(1'795'320'060'000), .chance = 1};
    ports::RefundOrder refund;
    refund.refund_id = "261122_2553_0000000042";
    EXPECT_EQ(mac_sent(mapping.find_refund(account, refund, late)), library_mac("zalopay-p10"));
    const GatewayMoment bound_at{.now = from_unix_ms(1'795'317'360'000), .chance = 1};
    EXPECT_EQ(
        mac_sent(mapping.find_binding(account, order_named("261122_BIND0007"), bound_at)),
        library_mac("zalopay-p13"));

    account.merchant = "2554";
    account.secret_key = SecretText{"sdngKKJmqEMzvh5QQcdD2A9XBSKUNaYn"};
    const GatewayMoment then{.now = from_unix_ms(1'680'848'533'635), .chance = 1};
    ports::PaymentOrder paid = order_named("230407_13221300383");
    paid.customer = "84903863801";
    EXPECT_EQ(mac_sent(mapping.find(account, query_for(paid), then)), library_mac("zalopay-p08"));
    refund.gateway_id = "1680848533635";
    refund.amount = Money{50'000};
    refund.description = "refund";
    EXPECT_EQ(mac_sent(mapping.refund(account, refund, then)), library_mac("zalopay-p09"));
    EXPECT_EQ(mac_sent(mapping.bind(account, paid, then)), library_mac("zalopay-p11"));
    ports::BoundToken token;
    token.token = SecretText{"NJLHNTRLZDETZGQYZI0ZNTBKLTGWZJKTMTKXYJHLMWI5NTFI"};
    token.binding_id = "230407qQe7vGnqp0agyforLAy0D2b1x3";
    EXPECT_EQ(mac_sent(mapping.unbind(account, paid, token, then)), library_mac("zalopay-p12"));
    EXPECT_EQ(
        mac_sent(told(
            mapping.charge(account, paid, token, then),
            answer_with(1, 1, {{"zp_trans_token", "ACWH4QMH_wQUF_PxXGs4X4pg"}}))),
        library_mac("zalopay-p14"));
}

TEST(ZalopayVectors, SignedValuesAreJoinedAsTheirLibraryJoinsThem)
{
    for (const auto& vector : tests::read_vectors("zalopay_macs.txt")) {
        if (!vector.has("part")) continue;
        SCOPED_TRACE(vector.text("id"));
        std::string text;
        for (const std::string& part : vector.all("part"))
            text = text.empty() ? part : zalopay::joined({text, part});
        EXPECT_EQ(text, vector.text("raw"));
    }
}

} // namespace
} // namespace iwas::adapters::testing
