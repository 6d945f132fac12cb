#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/vietnam_time.hpp"
#include "adapters/payment/vnpay/codes.hpp"
#include "adapters/payment/vnpay/mapping.hpp"
#include "adapters/payment/vnpay/signed_query.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "tests/vectors/vector_file.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters {

namespace {

namespace json = boost::json;
using domain::TransactionReason;
using ports::GatewayError;
using ports::NoticeError;
using ports::NoticeOutcome;
using ports::PaymentState;
using ports::RefundState;

constexpr const char* secret_text = "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN";

domain::PaymentAccount shop()
{
    domain::PaymentAccount account;
    account.method = domain::PaymentMethod::vnpay;
    account.base_url = "https://sandbox.vnpayment.vn";
    account.page_url = "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html";
    account.token_url = "https://sandbox.vnpayment.vn/token_ui";
    account.merchant = "CGXZLS0Z";
    account.secret_key = SecretText{secret_text};
    account.saves_tokens = true;
    return account;
}

UtcTime at(std::string_view local)
{
    return from_vietnam_digits(local).value();
}

ports::PaymentOrder order_123()
{
    ports::PaymentOrder order;
    order.order_id = "IWAS-000123";
    order.amount = Money{15'000};
    order.description = "Mua WiFi 2 gio may 07";
    order.created_at = at("20261122101500");
    order.expires_at = at("20261122103000");
    order.return_url = "https://iwas.example/vnpay/return";
    order.notify_url = "https://iwas.example/api/v1/payments/x/notice";
    order.payer_address = "203.113.131.9";
    order.customer = "kh-0007";
    return order;
}

ports::PaymentQuery query_123()
{
    return {
        .order_id = "IWAS-000123",
        .gateway_order = {},
        .amount = Money{15'000},
        .created_at = at("20261122101500"),
        .payer_address = "203.113.131.9"};
}

ports::RefundOrder refund_123(Money amount)
{
    return {
        .refund_id = "IWR261122000000000000001",
        .order_id = "IWAS-000123",
        .gateway_id = "14532700",
        .amount = amount,
        .paid = Money{15'000},
        .order_created_at = at("20261122101500"),
        .created_at = at("20261122112000"),
        .description = "Hoan tien",
        .payer_address = "203.113.131.9"};
}

std::string sha512_of(std::string_view text)
{
    return to_hex(hmac_sha512(as_bytes(secret_text), {as_bytes(text)}));
}

/// An answer of the merchant API, signed over these members in the documents' order.
struct ApiAnswer {
    std::string command = "querydr", code = "00", merchant = "CGXZLS0Z", order = "IWAS-000123",
                amount = "1500000", number = "14532700", type = "01", status = "00";

    [[nodiscard]] http::InboundResponse sent(bool is_signed = true) const
    {
        std::string text = "R1|" + command + "|" + code + "|msg|" + merchant + "|" + order + "|" +
                           amount + "|NCB|20261122101733|" + number + "|" + type + "|" + status +
                           "|Mua WiFi";
        if (command == "querydr") text += "||";
        json::object body{
            {"vnp_ResponseId", "R1"},
            {"vnp_Command", command},
            {"vnp_ResponseCode", code},
            {"vnp_Message", "msg"},
            {"vnp_TmnCode", merchant},
            {"vnp_TxnRef", order},
            {"vnp_Amount", std::stoll(amount)}, // a number here, text elsewhere: both are met
            {"vnp_BankCode", "NCB"},
            {"vnp_PayDate", "20261122101733"},
            {"vnp_TransactionNo", number},
            {"vnp_TransactionType", type},
            {"vnp_TransactionStatus", status},
            {"vnp_OrderInfo", "Mua WiFi"}};
        if (is_signed) body["vnp_SecureHash"] = sha512_of(text);
        return {.status = 200, .headers = {}, .body = json::serialize(body)};
    }
};

template <class T>
ports::GatewayAnswer<T> after(const GatewayPlan<T>& plan, const http::InboundResponse& response)
{
    const auto next = std::get<GatewayStep<T>>(plan).read(response);
    return std::get<ports::GatewayAnswer<T>>(next);
}

ports::GatewayAnswer<ports::PaymentStatus> found(const http::InboundResponse& response)
{
    return after(
        vnpay_mapping().find(shop(), query_123(), {.now = at("20261122102000"), .chance = 7}),
        response);
}
ports::GatewayAnswer<ports::RefundStatus> refunded(const http::InboundResponse& response)
{
    return after(
        vnpay_mapping().refund(shop(), refund_123(Money{15'000}), {.now = at("20261122112000")}),
        response);
}
ports::GatewayAnswer<ports::RefundStatus> refund_found(const http::InboundResponse& response)
{
    return after(
        vnpay_mapping().find_refund(
            shop(), refund_123(Money{5'000}), {.now = at("20261122113000")}),
        response);
}

Result<ports::PaymentNotice, NoticeError> notice_of(std::string_view query)
{
    return vnpay_mapping().read_notice(
        shop(), {.query = query,
                 .body = {},
                 .header = [](std::string_view) { return std::string_view{}; },
                 .now = at("20261122102000")});
}

std::string notice_query(std::string_view response, std::string_view status)
{
    vnpay::Fields fields{
        {"vnp_TmnCode", "CGXZLS0Z"},
        {"vnp_TxnRef", "IWAS-000123"},
        {"vnp_Amount", "1500000"},
        {"vnp_TransactionNo", "14532700"},
        {"vnp_PayDate", "20261122101733"},
        {"vnp_BankTranNo", ""},
        {"vnp_ResponseCode", std::string{response}},
        {"vnp_TransactionStatus", std::string{status}}};
    return vnpay::signed_query(fields, vnpay::payment_hash, SecretText{secret_text});
}

} // namespace

TEST(VnpayVectors, AllAreAsTheirHashSays)
{
    for (const auto& vector : tests::read_vectors("vnpay_signed.txt")) {
        SCOPED_TRACE(vector["id"]);
        const SecretText secret{vector["key"]};
        const bool is_right = vector["kind"] == "positive";
        EXPECT_EQ(vnpay::is_hash_of(vector["hash"], vector["raw"], secret), is_right);
        if (vector["form"] == "pipe") continue;
        const auto name = vector["form"] == "token" ? vnpay::token_hash : vnpay::payment_hash;
        const std::string query = vector["raw"] + "&" + std::string{name} + "=" + vector["hash"];
        const auto fields = vnpay::read_query(query);
        ASSERT_TRUE(fields);
        EXPECT_EQ(vnpay::canonical(*fields), vector["raw"]);
        EXPECT_EQ(vnpay::is_signed(query, *fields, name, secret), is_right);
        if (is_right) {
            EXPECT_EQ(vnpay::signed_query(*fields, name, secret), query);
        }
    }
}

TEST(VnpayCreate, GivesThePageOfTheVector)
{
    const auto plan = vnpay_mapping().create(shop(), order_123(), {});
    const auto answer = std::get<ports::GatewayAnswer<domain::Invitation>>(plan);
    ASSERT_TRUE(answer);
    const auto vectors = tests::read_vectors("vnpay_signed.txt");
    const auto vector = std::ranges::find_if(
        vectors, [](const auto& record) { return record["id"] == "vnpay-p04"; });
    ASSERT_NE(vector, vectors.end());
    EXPECT_EQ(
        answer->pay_url, "https://sandbox.vnpayment.vn/paymentv2/vpcpay.html?" + (*vector)["raw"] +
                             "&vnp_SecureHash=" + (*vector)["hash"]);
}

TEST(VnpayCreate, RefusesWhatItCannotSign)
{
    const auto error_of = [](const domain::PaymentAccount& account,
                             const ports::PaymentOrder& order) {
        const auto plan = vnpay_mapping().create(account, order, {});
        return std::get<ports::GatewayAnswer<domain::Invitation>>(plan).error();
    };
    ports::PaymentOrder order = order_123();
    order.return_url = "https://iwas.example/~shop";
    EXPECT_EQ(error_of(shop(), order).error, GatewayError::misconfigured);
    EXPECT_EQ(error_of(shop(), order).code, "vnp_ReturnUrl");
    order = order_123();
    order.amount = Money{0};
    EXPECT_EQ(error_of(shop(), order).error, GatewayError::refused);
    order.amount = Money{10'000'000'000};
    EXPECT_EQ(error_of(shop(), order).error, GatewayError::refused);
    domain::PaymentAccount account = shop();
    account.secret_key = SecretText{};
    EXPECT_EQ(error_of(account, order_123()).error, GatewayError::misconfigured);
    account = shop();
    account.page_url.clear();
    EXPECT_EQ(error_of(account, order_123()).error, GatewayError::misconfigured);
}

TEST(VnpayIds, KeepToTheGatewaysForm)
{
    const auto now = at("20261122000000");
    EXPECT_EQ(vnpay_mapping().new_order_id(shop(), now, 0xabc), "IW2611220000000000000abc");
    EXPECT_LE(vnpay_mapping().new_refund_id(shop(), now, ~0ULL).size(), 32U);
    EXPECT_NE(
        vnpay_mapping().new_refund_id(shop(), now, 1),
        vnpay_mapping().new_refund_id(shop(), now, 2));
}

TEST(VnpayQuery, SignsItsQuestion)
{
    const auto plan =
        vnpay_mapping().find(shop(), query_123(), {.now = at("20261122102000"), .chance = 7});
    const auto& step = std::get<GatewayStep<ports::PaymentStatus>>(plan);
    EXPECT_EQ(step.base_url, "https://sandbox.vnpayment.vn");
    EXPECT_EQ(step.request.target, "/merchant_webapi/api/transaction");
    const auto body = gateway_json::parse_object(step.request.body).value();
    EXPECT_EQ(
        gateway_json::text(body, "vnp_SecureHash"),
        sha512_of("IWQ2611220000000000000007|2.1.0|querydr|CGXZLS0Z|IWAS-000123|20261122101500|"
                  "20261122102000|203.113.131.9|Truy van IWAS-000123"));
}

TEST(VnpayQuery, TellsTheStateByItsStatus)
{
    struct Row {
        const char* status;
        PaymentState state;
        bool has_money;
    };
    for (const Row& row : {
             Row{"00", PaymentState::paid, true},
             Row{"01", PaymentState::pending, false},
             Row{"02", PaymentState::failed, false},
             Row{"04", PaymentState::held, true},
             Row{"05", PaymentState::held, true},
             Row{"06", PaymentState::held, true},
             Row{"07", PaymentState::held, true},
             Row{"09", PaymentState::held, true},
             Row{"42", PaymentState::pending, false},
             Row{"", PaymentState::pending, false},
         }) {
        SCOPED_TRACE(row.status);
        ApiAnswer answer;
        answer.status = row.status;
        const auto status = found(answer.sent());
        ASSERT_TRUE(status);
        EXPECT_EQ(status->state, row.state);
        ASSERT_EQ(status->received.size(), row.has_money ? 1U : 0U);
        if (row.has_money) {
            EXPECT_EQ(status->received[0].gateway_id, "14532700");
            EXPECT_EQ(status->received[0].amount, Money{15'000});
            EXPECT_EQ(status->received[0].paid_at, at("20261122101733"));
        }
    }
}

TEST(VnpayQuery, DoesNotTakeARefundForThePayment)
{
    for (const char* const type : {"02", "03"}) {
        ApiAnswer answer;
        answer.type = type;
        answer.number = "14532799";
        const auto status = found(answer.sent());
        ASSERT_TRUE(status);
        EXPECT_EQ(status->state, PaymentState::held);
        EXPECT_TRUE(status->received.empty());
    }
}

TEST(VnpayQuery, TellsEachFailure)
{
    const auto error_of = [](const char* code) {
        ApiAnswer answer;
        answer.code = code;
        answer.status = "";
        return found(answer.sent()).error().error;
    };
    EXPECT_EQ(error_of("02"), GatewayError::misconfigured);
    EXPECT_EQ(error_of("03"), GatewayError::misconfigured);
    EXPECT_EQ(error_of("91"), GatewayError::not_found);
    EXPECT_EQ(error_of("94"), GatewayError::unavailable);
    EXPECT_EQ(error_of("97"), GatewayError::misconfigured);
    EXPECT_EQ(error_of("99"), GatewayError::unknown);
    EXPECT_EQ(error_of("55"), GatewayError::unknown);
}

TEST(VnpayQuery, BelievesNothingUnsigned)
{
    const auto error_of = [](const http::InboundResponse& response) {
        return found(response).error();
    };
    EXPECT_EQ(error_of(ApiAnswer{}.sent(false)).error, GatewayError::unknown);
    EXPECT_EQ(error_of(ApiAnswer{}.sent(false)).code, "unsigned_00");
    http::InboundResponse changed = ApiAnswer{}.sent();
    changed.body.replace(changed.body.find("1500000"), 7, "2500000");
    EXPECT_EQ(error_of(changed).error, GatewayError::unknown);
    ApiAnswer other;
    other.order = "IWAS-000124";
    EXPECT_EQ(error_of(other.sent()).code, "foreign_00");
    other = {};
    other.merchant = "OTHER123";
    EXPECT_EQ(error_of(other.sent()).error, GatewayError::unknown);
    other = {};
    other.number = "0";
    EXPECT_EQ(error_of(other.sent()).error, GatewayError::unknown);
    other = {};
    other.amount = "1500050"; // half a đồng
    EXPECT_EQ(error_of(other.sent()).error, GatewayError::unknown);
    EXPECT_EQ(
        error_of({.status = 502, .headers = {}, .body = "<html>"}).error, GatewayError::unknown);
    EXPECT_EQ(
        error_of({.status = 200, .headers = {}, .body = R"({"vnp_Amount":{"a":[1.5]}})"}).error,
        GatewayError::unknown);
}

TEST(VnpayRefund, SignsFullAndPartial)
{
    const auto body_of = [](Money amount) {
        const auto plan =
            vnpay_mapping().refund(shop(), refund_123(amount), {.now = at("20261122112000")});
        return gateway_json::parse_object(
                   std::get<GatewayStep<ports::RefundStatus>>(plan).request.body)
            .value();
    };
    EXPECT_EQ(
        gateway_json::text(body_of(Money{15'000}), "vnp_SecureHash"),
        sha512_of("IWR261122000000000000001|2.1.0|refund|CGXZLS0Z|02|IWAS-000123|1500000|14532700|"
                  "20261122101500|IWAS|20261122112000|203.113.131.9|Hoan tien"));
    EXPECT_EQ(gateway_json::text(body_of(Money{5'000}), "vnp_TransactionType"), "03");
    EXPECT_EQ(gateway_json::text(body_of(Money{5'000}), "vnp_Amount"), "500000");
}

TEST(VnpayRefund, TellsItsStateAndItsRefusals)
{
    ApiAnswer answer;
    answer.command = "refund";
    answer.number = "14532799";
    const auto state_of = [&](const char* status) {
        answer.status = status;
        return refunded(answer.sent()).value().state;
    };
    EXPECT_EQ(state_of("00"), RefundState::done);
    EXPECT_EQ(state_of("05"), RefundState::pending);
    EXPECT_EQ(state_of("06"), RefundState::pending);
    EXPECT_EQ(state_of("09"), RefundState::failed);
    EXPECT_EQ(state_of(""), RefundState::pending);
    EXPECT_EQ(refunded(answer.sent()).value().gateway_id, "14532799");

    const auto error_of = [&](const char* code) {
        answer.code = code;
        return refunded(answer.sent()).error().error;
    };
    EXPECT_EQ(error_of("02"), GatewayError::misconfigured);
    EXPECT_EQ(error_of("91"), GatewayError::not_found);
    EXPECT_EQ(error_of("95"), GatewayError::refused);
    EXPECT_EQ(error_of("99"), GatewayError::unknown);
    answer.code = "94"; // the first request is known there
    EXPECT_EQ(refunded(answer.sent()).value().state, RefundState::pending);
    EXPECT_EQ(refunded(answer.sent(false)).error().error, GatewayError::unknown);
    answer.code = "00";
    answer.command = "querydr"; // rightly signed, to another question
    EXPECT_EQ(refunded(answer.sent()).error().error, GatewayError::unknown);
}

TEST(VnpayRefund, IsFoundByTheOrdersLastMovement)
{
    ApiAnswer answer;
    EXPECT_EQ(refund_found(answer.sent()).error().error, GatewayError::not_found);
    answer.status = "05";
    EXPECT_EQ(refund_found(answer.sent()).value().state, RefundState::pending);
    answer.type = "03";
    answer.amount = "500000";
    answer.number = "14532799";
    answer.status = "00";
    EXPECT_EQ(refund_found(answer.sent()).value().state, RefundState::done);
    EXPECT_EQ(refund_found(answer.sent()).value().gateway_id, "14532799");
    answer.status = "09";
    EXPECT_EQ(refund_found(answer.sent()).value().state, RefundState::failed);
    answer.amount = "700000"; // another refund
    EXPECT_EQ(refund_found(answer.sent()).value().state, RefundState::pending);
    answer.code = "91";
    EXPECT_EQ(refund_found(answer.sent()).error().error, GatewayError::not_found);
}

TEST(VnpayNotice, TellsTheStateByBothCodes)
{
    struct Row {
        const char* response;
        const char* status;
        PaymentState state;
        TransactionReason reason;
    };
    for (const Row& row : {
             Row{"00", "00", PaymentState::paid, TransactionReason::none},
             Row{"00", "01", PaymentState::pending, TransactionReason::none},
             Row{"00", "02", PaymentState::pending, TransactionReason::none},
             Row{"00", "04", PaymentState::held, TransactionReason::none},
             Row{"00", "05", PaymentState::held, TransactionReason::none},
             Row{"00", "07", PaymentState::held, TransactionReason::none},
             Row{"00", "", PaymentState::pending, TransactionReason::none},
             Row{"07", "00", PaymentState::held, TransactionReason::none},
             Row{"07", "07", PaymentState::held, TransactionReason::none},
             Row{"99", "00", PaymentState::pending, TransactionReason::none},
             Row{"09", "02", PaymentState::failed, TransactionReason::declined},
             Row{"10", "02", PaymentState::failed, TransactionReason::declined},
             Row{"11", "02", PaymentState::failed, TransactionReason::payment_expired},
             Row{"12", "02", PaymentState::failed, TransactionReason::account_suspended},
             Row{"13", "02", PaymentState::failed, TransactionReason::declined},
             Row{"24", "02", PaymentState::failed, TransactionReason::cancelled},
             Row{"24", "", PaymentState::failed, TransactionReason::cancelled},
             Row{"24", "01", PaymentState::pending, TransactionReason::none},
             Row{"51", "02", PaymentState::failed, TransactionReason::insufficient_balance},
             Row{"65", "02", PaymentState::failed, TransactionReason::declined},
             Row{"75", "02", PaymentState::failed, TransactionReason::payment_unavailable},
             Row{"79", "02", PaymentState::failed, TransactionReason::declined},
             Row{"99", "02", PaymentState::failed, TransactionReason::declined},
             Row{"01", "02", PaymentState::pending, TransactionReason::none},
             Row{"08", "02", PaymentState::failed, TransactionReason::payment_unavailable},
             Row{"77", "02", PaymentState::pending, TransactionReason::none},
         }) {
        SCOPED_TRACE(std::string{row.response} + "/" + row.status);
        const auto notice = notice_of(notice_query(row.response, row.status));
        ASSERT_TRUE(notice);
        EXPECT_EQ(notice->order_id, "IWAS-000123");
        EXPECT_EQ(notice->status.state, row.state);
        EXPECT_EQ(notice->status.reason, row.reason);
        const bool has_money = row.state == PaymentState::paid || row.state == PaymentState::held;
        ASSERT_EQ(notice->status.received.size(), has_money ? 1U : 0U);
        if (has_money) {
            EXPECT_EQ(notice->status.received[0].amount, Money{15'000});
            EXPECT_EQ(notice->status.received[0].gateway_id, "14532700");
        }
    }
}

TEST(VnpayNotice, StandsAProxysOtherEncodingAndCapitals)
{
    std::string query = notice_query("00", "00");
    EXPECT_TRUE(notice_of(query));
    query.replace(query.find("CGXZLS0Z"), 1, "%43");
    const auto hash = query.find("vnp_SecureHash=") + 15;
    for (std::size_t i = hash; i < query.size(); ++i)
        query[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(query[i])));
    EXPECT_TRUE(notice_of("vnp_SecureHashType=HMACSHA512&" + query));
}

TEST(VnpayNotice, AcceptsTextsThatVnpayLeavesUnencoded)
{
    const std::string text = "vnp_Amount=1500000&vnp_OrderInfo=WiFi+(2h)!&vnp_ResponseCode=24&"
                             "vnp_TmnCode=CGXZLS0Z&vnp_TransactionStatus=02&vnp_TxnRef=IWAS-000123";
    EXPECT_TRUE(notice_of(text + "&vnp_SecureHash=" + sha512_of(text)));
}

TEST(VnpayNotice, RefusesWhatIsNotVnpays)
{
    const auto error_of = [](const std::string& query) { return notice_of(query).error(); };
    const std::string good = notice_query("00", "00");
    EXPECT_EQ(error_of(""), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(good.substr(0, good.find("&vnp_SecureHash"))), NoticeError::signature_wrong);
    std::string changed = good;
    changed.replace(changed.find("1500000"), 7, "9500000");
    EXPECT_EQ(error_of(changed), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(good + "&vnp_secure_hash=00"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(good + "&vnp_Amount=1"), NoticeError::malformed); // twice
    EXPECT_EQ(error_of(good + "&x=%4"), NoticeError::malformed);
    EXPECT_EQ(error_of(good + "&x=1"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of("a=" + std::string(9000, 'x')), NoticeError::malformed);
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "a" + std::to_string(i) + "=1&";
    EXPECT_EQ(error_of(many), NoticeError::malformed);

    const auto signed_with = [](vnpay::Fields fields) {
        return vnpay::signed_query(fields, vnpay::payment_hash, SecretText{secret_text});
    };
    vnpay::Fields fields{{"vnp_TmnCode", "CGXZLS0Z"}, {"vnp_TxnRef", "IWAS-000123"},
                         {"vnp_Amount", "1500000"},   {"vnp_TransactionNo", "14532700"},
                         {"vnp_ResponseCode", "00"},  {"vnp_TransactionStatus", "00"}};
    EXPECT_TRUE(notice_of(signed_with(fields)));
    for (const auto& [name, value] : vnpay::Fields{
             {"vnp_Amount", "-100"},
             {"vnp_Amount", "15000.00"},
             {"vnp_TransactionNo", "0"},
             {"vnp_TransactionNo", "7; drop"},
             {"vnp_TxnRef", "\xff"},
             {"vnp_ResponseCode", ""}}) {
        vnpay::Fields broken = fields;
        broken[name] = value;
        EXPECT_EQ(error_of(signed_with(broken)), NoticeError::malformed) << name << value;
    }
    fields["vnp_TmnCode"] = "OTHER123";
    EXPECT_EQ(error_of(signed_with(fields)), NoticeError::other_merchant);

    domain::PaymentAccount keyless = shop();
    keyless.secret_key = SecretText{};
    const auto unkeyed = vnpay_mapping().read_notice(
        keyless, {.query = good, .body = {}, .header = {}, .now = at("20261122102000")});
    EXPECT_EQ(unkeyed.error(), NoticeError::signature_wrong);
}

TEST(VnpayNotice, IsAnsweredWordByWord)
{
    const auto body_of = [](NoticeOutcome outcome) {
        const auto reply = vnpay_mapping().reply_to(shop(), outcome);
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.content_type, "application/json");
        return reply.body;
    };
    EXPECT_EQ(body_of(NoticeOutcome::recorded), R"({"RspCode":"00","Message":"Confirm Success"})");
    EXPECT_EQ(
        body_of(NoticeOutcome::repeated),
        R"({"RspCode":"02","Message":"Order already confirmed"})");
    EXPECT_EQ(
        body_of(NoticeOutcome::unknown_order), R"({"RspCode":"01","Message":"Order not found"})");
    EXPECT_EQ(
        body_of(NoticeOutcome::wrong_amount), R"({"RspCode":"04","Message":"Invalid amount"})");
    EXPECT_EQ(body_of(NoticeOutcome::refused), R"({"RspCode":"97","Message":"Invalid signature"})");
    EXPECT_EQ(body_of(NoticeOutcome::not_kept), R"({"RspCode":"99","Message":"Unknown error"})");
}

TEST(VnpayTokens, ArePagesThatTheVectorKnows)
{
    ports::PaymentOrder order = order_123();
    order.order_id = "IWAS-TK-0001";
    order.description = "WiFi 2 gio";
    const auto url_of = [&] {
        const auto plan = vnpay_mapping().bind(shop(), order, {});
        return std::get<ports::GatewayAnswer<domain::Invitation>>(plan).value().pay_url;
    };
    EXPECT_TRUE(url_of().starts_with(
        "https://sandbox.vnpayment.vn/token_ui/pay-create-token.html?vnp_amount=1500000&"
        "vnp_app_user_id=kh-0007&"));
    EXPECT_NE(url_of().find("&vnp_card_type=01&vnp_command=pay_and_create&"), std::string::npos);
    order.amount = Money{0};
    EXPECT_TRUE(url_of().starts_with(
        "https://sandbox.vnpayment.vn/token_ui/create-token.html?vnp_app_user_id="));

    order.amount = Money{15'000};
    ports::BoundToken token;
    token.token = SecretText{"TOKEN-1"};
    const auto plan = vnpay_mapping().charge(shop(), order, token, {});
    const auto status = std::get<ports::GatewayAnswer<ports::PaymentStatus>>(plan).value();
    EXPECT_EQ(status.state, PaymentState::pending);
    ASSERT_TRUE(status.invitation);
    EXPECT_NE(status.invitation->pay_url.find("&vnp_token=TOKEN-1&"), std::string::npos);

    domain::PaymentAccount account = shop();
    account.saves_tokens = false;
    const auto refused = vnpay_mapping().bind(account, order, {});
    EXPECT_EQ(
        std::get<ports::GatewayAnswer<domain::Invitation>>(refused).error().error,
        GatewayError::not_supported);
}

TEST(VnpayTokens, NoticesTellOfTheCardAndThePayment)
{
    vnpay::Fields fields{
        {"vnp_tmn_code", "CGXZLS0Z"},
        {"vnp_txn_ref", "IWAS-TK-0001"},
        {"vnp_amount", "1500000"},
        {"vnp_command", "pay_and_create"},
        {"vnp_response_code", "00"},
        {"vnp_transaction_status", "00"},
        {"vnp_transaction_no", "14532701"},
        {"vnp_pay_date", "20261122101733"},
        {"vnp_token", "T0KEN"},
        {"vnp_card_number", "970419xxxxxx2198"}};
    const auto told = [&] {
        return notice_of(vnpay::signed_query(fields, vnpay::token_hash, SecretText{secret_text}));
    };
    const auto both = told();
    ASSERT_TRUE(both);
    EXPECT_EQ(both->kind, ports::NoticeKind::payment);
    EXPECT_EQ(both->status.state, PaymentState::paid);
    ASSERT_TRUE(both->binding.token);
    EXPECT_EQ(both->binding.token->token.reveal(), "T0KEN");
    EXPECT_EQ(both->binding.token->label, "970419xxxxxx2198");
    EXPECT_EQ(both->kept_body.find("T0KEN"), std::string::npos);
    EXPECT_EQ(both->kept_body.find("970419"), std::string::npos);

    fields["vnp_command"] = "token_create";
    EXPECT_EQ(told().value().kind, ports::NoticeKind::binding);
    EXPECT_EQ(told().value().binding.state, ports::BindingState::bound);
    fields["vnp_response_code"] = "24";
    EXPECT_EQ(told().value().binding.state, ports::BindingState::failed);
    fields["vnp_command"] = "token_remove";
    fields["vnp_response_code"] = "00";
    EXPECT_EQ(told().value().binding.state, ports::BindingState::failed);
    EXPECT_FALSE(told().value().binding.token);
}

} // namespace iwas::adapters
