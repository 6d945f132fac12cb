#include "adapters/payment/payos/payos_test.hpp"

namespace iwas::adapters {

using namespace payos_testing;

TEST(PayosVectors, AllAreAsTheirHashSays)
{
    for (const auto& vector : tests::read_vectors("payos_signed.txt")) {
        SCOPED_TRACE(vector["id"]);
        const bool is_right = vector["kind"] == "positive";
        EXPECT_EQ(
            payos::hash_of(vector["raw"], SecretText{vector["key"]}) == vector["hash"], is_right);
        if (!vector.has("data")) continue;
        json::object body{
            {"code", "00"}, {"data", json::parse(vector["data"])}, {"signature", vector["hash"]}};
        EXPECT_EQ(payos::signed_text(body.at("data").as_object()), vector["raw"]);
        EXPECT_NE(payos::signed_data(body, SecretText{vector["key"]}), nullptr);
        body.at("data").as_object()["amount"] = 1;
        EXPECT_EQ(payos::signed_data(body, SecretText{vector["key"]}), nullptr);
    }
}

TEST(PayosSignature, WritesEveryKindAsJavaScriptDoes)
{
    const auto text = [](std::string_view data) {
        return payos::signed_text(json::parse(data).as_object());
    };
    EXPECT_EQ(
        text(R"({"b":true,"a":null,"c":"null","d":"undefined","e":false})"),
        "a=&b=true&c=&d=&e=false");
    EXPECT_EQ(text(R"({"n":1.50,"m":1e3,"k":0.1,"z":0})"), "k=0.1&m=1000&n=1.5&z=0");
    EXPECT_EQ(
        text(R"({"items":[{"z":1,"a":"é/\"","n":{"y":1,"b":2}}],"none":[]})"),
        R"(items=[{"a":"é/\"","n":{"y":1,"b":2},"z":1}]&none=[])");
    EXPECT_EQ(text(R"({"o":{"a":1}})"), "o=[object Object]");
    EXPECT_FALSE(text(R"({"items":[1,2]})"));
}

TEST(PayosCreate, SignsTheFiveMembersAndKeepsTheDescriptionShort)
{
    const auto plan = payos_mapping().create(shop(), order_123(), {.now = now});
    const auto& step = std::get<GatewayStep<domain::Invitation>>(plan);
    EXPECT_EQ(step.request.target, "/v2/payment-requests");
    EXPECT_EQ(step.request.headers.value("x-client-id"), "client-1");
    EXPECT_EQ(step.request.headers.value("x-api-key"), "api-1");
    const auto body = gateway_json::parse_object(step.request.body).value();
    EXPECT_EQ(gateway_json::text(body, "description"), "VQRIO123");
    EXPECT_EQ(gateway_json::integer(body, "orderCode"), 123);
    EXPECT_EQ(gateway_json::integer(body, "expiredAt"), to_unix_ms(now + 15min) / 1000);
    EXPECT_EQ(
        gateway_json::text(body, "signature"),
        payos::hash_of(
            "amount=3000&cancelUrl=https://iwas.example/r/1&description=VQRIO123&orderCode=123&"
            "returnUrl=https://iwas.example/r/1",
            SecretText{key_text}));

    const PayosMapping linked{{.description_characters_max = 25}};
    const auto longer = linked.create(shop(), order_123(), {.now = now});
    const auto text = std::get<GatewayStep<domain::Invitation>>(longer).request.body;
    EXPECT_NE(text.find("\"VQRIO123 and more\""), std::string::npos);
}

TEST(PayosCreate, GivesTheInvitation)
{
    const auto invitation = end_of(created(answer(link())));
    ASSERT_TRUE(invitation);
    EXPECT_EQ(invitation->pay_url, "https://pay.payos.vn/web/124c33293c43417ab7879e14c8d9eb18");
    EXPECT_EQ(invitation->qr_text, "00020101021238...");
    EXPECT_EQ(invitation->gateway_order, "124c33293c43417ab7879e14c8d9eb18");
}

TEST(PayosCreate, TellsEachFailure)
{
    const auto error_of = [](const http::InboundResponse& response) {
        return end_of(created(response)).error().error;
    };
    EXPECT_EQ(error_of(answer(link(), false)), GatewayError::unknown);
    json::object other = link();
    other["amount"] = 1;
    EXPECT_EQ(error_of(answer(other)), GatewayError::unknown);
    other = link();
    other["orderCode"] = 124;
    EXPECT_EQ(error_of(answer(other)), GatewayError::unknown);
    other = link();
    other["checkoutUrl"] = "javascript:alert(1)";
    other.erase("qrCode");
    EXPECT_EQ(error_of(answer(other)), GatewayError::unknown);
    EXPECT_EQ(error_of(refusal(200, "20")), GatewayError::refused);
    EXPECT_EQ(error_of(refusal(200, "201")), GatewayError::misconfigured);
    EXPECT_EQ(error_of(refusal(200, "777")), GatewayError::unknown);
    EXPECT_EQ(error_of(refusal(400, "777")), GatewayError::refused);
    EXPECT_EQ(error_of(refusal(401, "401")), GatewayError::misconfigured);
    EXPECT_EQ(error_of(refusal(403, "")), GatewayError::misconfigured);
    EXPECT_EQ(error_of(refusal(429, "429")), GatewayError::unavailable);
    EXPECT_EQ(error_of(refusal(500, "00")), GatewayError::unknown);
    EXPECT_EQ(error_of({.status = 200, .headers = {}, .body = "<html>"}), GatewayError::unknown);

    ports::PaymentOrder order = order_123();
    for (const char* const id : {"0", "-1", "abc", "9007199254740992", "12 "}) {
        order.order_id = id;
        EXPECT_EQ(
            end_of(payos_mapping().create(shop(), order, {.now = now})).error().error,
            GatewayError::refused);
    }
}

TEST(PayosCreate, AsksForALinkThatExists)
{
    const auto again = [](const http::InboundResponse& response,
                          const domain::PaymentAccount& account = shop()) {
        const auto second = created(refusal(200, "231"), account);
        const auto& step = std::get<GatewayStep<domain::Invitation>>(second);
        EXPECT_EQ(step.request.target, "/v2/payment-requests/123");
        EXPECT_EQ(step.request.method, http::Method::get);
        return end_of(step.read(response));
    };
    EXPECT_EQ(again(answer(link())).value().qr_text, "00020101021238...");
    // As the documents have it: without the address.
    EXPECT_EQ(again(answer(state("PENDING", {}, 0))).error().error, GatewayError::duplicate);
    domain::PaymentAccount account = shop();
    account.page_url = "https://pay.payos.vn/web";
    EXPECT_EQ(
        again(answer(state("PENDING", {}, 0)), account).value().pay_url,
        "https://pay.payos.vn/web/124c33293c43417ab7879e14c8d9eb18");
    EXPECT_EQ(
        again(answer(state("EXPIRED", {}, 0)), account).error().error, GatewayError::duplicate);
    EXPECT_EQ(again(refusal(500, "")).error().error, GatewayError::duplicate);
}

TEST(PayosFind, TellsEachState)
{
    const auto status_of = [](std::string_view status) {
        return found(answer(state(status, {}, 0))).value();
    };
    EXPECT_EQ(status_of("PENDING").state, PaymentState::pending);
    EXPECT_EQ(status_of("PROCESSING").state, PaymentState::pending);
    EXPECT_EQ(status_of("SOMETHING").state, PaymentState::pending);
    EXPECT_EQ(status_of("CANCELLED").state, PaymentState::failed);
    EXPECT_EQ(status_of("CANCELLED").reason, TransactionReason::cancelled);
    EXPECT_EQ(status_of("EXPIRED").reason, TransactionReason::payment_expired);
    EXPECT_EQ(status_of("FAILED").reason, TransactionReason::declined);

    const auto paid = found(answer(state("PAID", {transfer("FT1", 3000)}, 3000))).value();
    EXPECT_EQ(paid.state, PaymentState::paid);
    ASSERT_EQ(paid.received.size(), 1U);
    EXPECT_EQ(paid.received[0].gateway_id, "FT1");
    EXPECT_EQ(paid.received[0].amount, Money{3'000});
    EXPECT_EQ(paid.received[0].paid_at, from_rfc3339("2026-11-22T03:16:02Z"));
    EXPECT_EQ(paid.received[0].payer, "****5678");

    const auto part =
        found(answer(state(
                  "UNDERPAID", {transfer("FT1", 1000), transfer("FT2", 500), transfer("FT1", 1000)},
                  1500)))
            .value();
    EXPECT_EQ(part.state, PaymentState::paid);
    EXPECT_EQ(part.received.size(), 2U);
    const auto late = found(answer(state("EXPIRED", {transfer("FT1", 3000)}, 3000))).value();
    EXPECT_EQ(late.state, PaymentState::paid);

    EXPECT_EQ(found(answer(state("PAID", {}, 3000))).error().error, GatewayError::unknown);
    EXPECT_EQ(
        found(answer(state("PAID", {transfer("FT1", 3000)}, 3000), false)).error().error,
        GatewayError::unknown);
    EXPECT_EQ(found(refusal(200, "101")).error().error, GatewayError::not_found);
    EXPECT_EQ(found(refusal(404, "")).error().error, GatewayError::not_found);
}

TEST(PayosIds, AreNumbersThatJavaScriptHolds)
{
    EXPECT_EQ(payos_mapping().new_order_id(shop(), now, 0), "1");
    EXPECT_EQ(payos_mapping().new_order_id(shop(), now, 9'007'199'254'740'990), "9007199254740991");
    EXPECT_EQ(payos_mapping().new_order_id(shop(), now, 9'007'199'254'740'991), "1");
    const auto refund = payos_mapping().refund(shop(), {}, {.now = now});
    EXPECT_EQ(
        std::get<ports::GatewayAnswer<ports::RefundStatus>>(refund).error().error,
        GatewayError::not_supported);
}

TEST(PayosFind, NeverGrantsMoneyOfAnotherCurrency)
{
    json::object dollars = transfer("FT1", 3000);
    dollars["currency"] = "USD";
    for (const json::array& transfers :
         {json::array{dollars}, json::array{transfer("FT2", 1000), dollars}}) {
        const auto status = found(answer(state("PAID", transfers, 3000)));
        ASSERT_TRUE(status);
        EXPECT_EQ(status->state, PaymentState::held);
        EXPECT_EQ(status->received.size(), transfers.size()) << "kept for a person";
    }
    json::object whole = state("PAID", {transfer("FT1", 3000)}, 3000);
    whole["currency"] = "USD";
    EXPECT_EQ(found(answer(whole)).value().state, PaymentState::held);
    whole["currency"] = "VND";
    EXPECT_EQ(found(answer(whole)).value().state, PaymentState::paid);

    json::object asked = link();
    asked["currency"] = "USD";
    EXPECT_EQ(end_of(created(answer(asked))).error().error, GatewayError::unknown);
}

} // namespace iwas::adapters
