#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/payos/mapping.hpp"
#include "adapters/payment/payos/signature.hpp"
#include "tests/vectors/vector_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters {

namespace {

namespace json = boost::json;
using domain::TransactionReason;
using ports::GatewayError;
using ports::NoticeError;
using ports::NoticeKind;
using ports::NoticeOutcome;
using ports::PaymentState;

constexpr const char* key_text = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675";
const UtcTime now = from_rfc3339("2026-11-22T03:20:00Z").value();

domain::PaymentAccount shop()
{
    domain::PaymentAccount account;
    account.method = domain::PaymentMethod::payos;
    account.base_url = "https://api-merchant.payos.vn";
    account.merchant = "client-1";
    account.access_key = SecretText{"api-1"};
    account.secret_key = SecretText{key_text};
    return account;
}

ports::PaymentOrder order_123()
{
    ports::PaymentOrder order;
    order.order_id = "123";
    order.amount = Money{3'000};
    order.description = "VQRIO123 and more";
    order.created_at = now;
    order.expires_at = now + 15min;
    order.return_url = "https://iwas.example/r/1";
    return order;
}

/// PayOS's envelope of `data`.
http::InboundResponse answer(const json::object& data, bool is_signed = true)
{
    json::object body{{"code", "00"}, {"desc", "success"}, {"data", data}};
    if (is_signed)
        body["signature"] = payos::hash_of(payos::signed_text(data).value(), SecretText{key_text});
    return {.status = 200, .headers = {}, .body = json::serialize(body)};
}
http::InboundResponse refusal(int status, const char* code)
{
    return {
        .status = status,
        .headers = {},
        .body = json::serialize(json::object{{"code", code}, {"desc", "x"}, {"data", nullptr}})};
}

json::object link(std::string_view status = "PENDING")
{
    return {
        {"bin", "970422"},
        {"accountNumber", "VQRQ0001"},
        {"amount", 3000},
        {"description", "CSAB12 VQRIO123"},
        {"orderCode", 123},
        {"currency", "VND"},
        {"paymentLinkId", "124c33293c43417ab7879e14c8d9eb18"},
        {"status", status},
        {"checkoutUrl", "https://pay.payos.vn/web/124c33293c43417ab7879e14c8d9eb18"},
        {"qrCode", "00020101021238..."}};
}

json::object transfer(std::string_view reference, std::int64_t amount)
{
    return {
        {"reference", reference},
        {"amount", amount},
        {"accountNumber", "VQRQ0001"},
        {"description", "CSAB12 VQRIO123"},
        {"transactionDateTime", "2026-11-22T10:16:02+07:00"},
        {"counterAccountNumber", "0004100012345678"}};
}

json::object state(std::string_view status, const json::array& transfers, std::int64_t paid)
{
    return {
        {"id", "124c33293c43417ab7879e14c8d9eb18"},
        {"orderCode", 123},
        {"amount", 3000},
        {"amountPaid", paid},
        {"amountRemaining", 3000 - paid},
        {"status", status},
        {"createdAt", "2026-11-22T10:15:00+07:00"},
        {"transactions", transfers},
        {"cancellationReason", nullptr},
        {"canceledAt", nullptr}};
}

GatewayPlan<domain::Invitation> created(
    const http::InboundResponse& response, const domain::PaymentAccount& account = shop())
{
    const auto plan = payos_mapping().create(account, order_123(), {.now = now});
    return std::get<GatewayStep<domain::Invitation>>(plan).read(response);
}
ports::GatewayAnswer<domain::Invitation> end_of(const GatewayPlan<domain::Invitation>& plan)
{
    return std::get<ports::GatewayAnswer<domain::Invitation>>(plan);
}

ports::GatewayAnswer<ports::PaymentStatus> found(const http::InboundResponse& response)
{
    const auto plan = payos_mapping().find(
        shop(),
        {.order_id = "123",
         .gateway_order = {},
         .amount = Money{3'000},
         .created_at = now,
         .payer_address = {}},
        {.now = now});
    return std::get<ports::GatewayAnswer<ports::PaymentStatus>>(
        std::get<GatewayStep<ports::PaymentStatus>>(plan).read(response));
}

Result<ports::PaymentNotice, NoticeError> notice_of(std::string_view body)
{
    return payos_mapping().read_notice(
        shop(), {.query = {},
                 .body = body,
                 .header = [](std::string_view) { return std::string_view{}; },
                 .now = now});
}
std::string notice_body(const json::object& data)
{
    json::object body{{"code", "00"}, {"desc", "success"}, {"success", true}, {"data", data}};
    body["signature"] = payos::hash_of(payos::signed_text(data).value(), SecretText{key_text});
    return json::serialize(body);
}
json::object notice_data()
{
    return {
        {"orderCode", 42},
        {"amount", 3000},
        {"description", "CSAB12 VQRIO123"},
        {"accountNumber", "VQRQ0001"},
        {"reference", "FT26326000001"},
        {"transactionDateTime", "2026-11-22 10:16:02"},
        {"currency", "VND"},
        {"paymentLinkId", "124c33293c43417ab7879e14c8d9eb18"},
        {"code", "00"},
        {"desc", "Thành công"},
        {"counterAccountName", "NGUYEN VAN A"},
        {"counterAccountNumber", "0004100012345678"},
        {"virtualAccountName", nullptr}};
}

} // namespace

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

TEST(PayosNotice, TellsOfTheTransfer)
{
    const auto notice = notice_of(notice_body(notice_data()));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->kind, NoticeKind::payment);
    EXPECT_EQ(notice->order_id, "42");
    EXPECT_EQ(notice->status.state, PaymentState::paid);
    ASSERT_EQ(notice->status.received.size(), 1U);
    EXPECT_EQ(notice->status.received[0].gateway_id, "FT26326000001");
    EXPECT_EQ(notice->status.received[0].amount, Money{3'000});
    EXPECT_EQ(notice->status.received[0].paid_at, from_rfc3339("2026-11-22T03:16:02Z"));
    EXPECT_EQ(notice->status.received[0].payer, "****5678");
    EXPECT_EQ(notice->kept_body.find("NGUYEN VAN A"), std::string::npos);
    EXPECT_EQ(notice->kept_body.find("0004100012345678"), std::string::npos);
}

TEST(PayosNotice, KnowsATestAndWhatIsNoPayment)
{
    for (const auto& vector : tests::read_vectors("payos_signed.txt")) {
        if (vector["id"] != "payos-p01") continue;
        const auto test = notice_of(notice_body(json::parse(vector["data"]).as_object()));
        EXPECT_EQ(test.value().kind, NoticeKind::test);
    }
    json::object data = notice_data();
    data["code"] = "01";
    EXPECT_EQ(notice_of(notice_body(data)).value().status.state, PaymentState::pending);
    data = notice_data();
    data["currency"] = "USD";
    EXPECT_EQ(notice_of(notice_body(data)).value().status.state, PaymentState::held);
    EXPECT_TRUE(notice_of(notice_body(data)).value().status.received.empty());
}

TEST(PayosNotice, RefusesWhatIsNotPayosS)
{
    const auto error_of = [](std::string_view body) { return notice_of(body).error(); };
    EXPECT_EQ(error_of(""), NoticeError::malformed);
    EXPECT_EQ(error_of("[1]"), NoticeError::malformed);
    EXPECT_EQ(error_of(std::string(20, '[') + "{"), NoticeError::malformed);
    EXPECT_EQ(error_of("{}"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(R"({"data":{},"signature":7})"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(R"({"data":null,"signature":"00"})"), NoticeError::signature_wrong);
    std::string body = notice_body(notice_data());
    body.replace(body.find("3000"), 4, "9000");
    EXPECT_EQ(error_of(body), NoticeError::signature_wrong);
    for (const auto& [name, value] : json::object{
             {"orderCode", 0},
             {"orderCode", "x"},
             {"amount", -5},
             {"amount", 0},
             {"amount", 1.5},
             {"reference", ""},
             {"reference", std::string(200, 'R')}}) {
        json::object data = notice_data();
        data[name] = value;
        EXPECT_EQ(error_of(notice_body(data)), NoticeError::malformed) << name;
    }
    domain::PaymentAccount keyless = shop();
    keyless.secret_key = SecretText{};
    const std::string good = notice_body(notice_data());
    EXPECT_EQ(
        payos_mapping()
            .read_notice(keyless, {.query = {}, .body = good, .header = {}, .now = now})
            .error(),
        NoticeError::signature_wrong);
}

TEST(PayosNotice, IsAnsweredByStatus)
{
    const auto status_of = [](NoticeOutcome outcome) {
        return payos_mapping().reply_to(shop(), outcome).status;
    };
    for (const NoticeOutcome kept :
         {NoticeOutcome::recorded, NoticeOutcome::repeated, NoticeOutcome::unknown_order,
          NoticeOutcome::wrong_amount})
        EXPECT_EQ(status_of(kept), 200);
    EXPECT_EQ(status_of(NoticeOutcome::refused), 401);
    EXPECT_EQ(status_of(NoticeOutcome::not_kept), 500);
    EXPECT_EQ(
        payos_mapping().reply_to(shop(), NoticeOutcome::recorded).body, R"({"success":true})");
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

} // namespace iwas::adapters
