#include "adapters/payment/vnpay/vnpay_test.hpp"

namespace iwas::adapters {

using namespace vnpay_testing;

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
    EXPECT_EQ(state_of("06"), RefundState::done) << "VNPay has sent it to the bank";
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
    answer.status = "06"; // of a payment, and of which part of it?
    EXPECT_EQ(refund_found(answer.sent()).value().state, RefundState::pending);
    EXPECT_EQ(refund_found(answer.sent(), Money{15'000}).value().state, RefundState::done);
    domain::PaymentAccount careful = shop();
    careful.refund_waits_for_bank = true;
    EXPECT_EQ(
        refund_found(answer.sent(), Money{15'000}, careful).value().state, RefundState::pending);
    answer.type = "03";
    answer.amount = "500000";
    for (const char* status : {"00", "06", "09"}) { // of this part, or of another of 5,000?
        answer.status = status;
        EXPECT_EQ(refund_found(answer.sent()).value().state, RefundState::pending) << status;
    }
    answer.type = "02";
    answer.amount = "1500000";
    answer.number = "14532799";
    const auto whole = [&](const char* status) {
        answer.status = status;
        return refund_found(answer.sent(), Money{15'000}).value();
    };
    EXPECT_EQ(whole("00").state, RefundState::done);
    EXPECT_EQ(whole("00").gateway_id, "14532799");
    EXPECT_EQ(whole("06").state, RefundState::done);
    EXPECT_EQ(whole("09").state, RefundState::failed);
    EXPECT_EQ(
        refund_found(answer.sent(), Money{15'000}, careful).value().state, RefundState::failed);
    answer.amount = "700000"; // another refund
    EXPECT_EQ(whole("00").state, RefundState::pending);
    answer.code = "91";
    EXPECT_EQ(refund_found(answer.sent()).error().error, GatewayError::not_found);
    answer.order.clear(); // it knows of no such order
    EXPECT_EQ(refund_found(answer.sent()).error().error, GatewayError::not_found);
    answer.code = "00";
    EXPECT_EQ(refund_found(answer.sent()).error().error, GatewayError::unknown);
}

TEST(VnpayRefund, IsNotSentAgainOnAnotherDay)
{
    // VNPay keeps vnp_RequestId apart for one day: the same one on the next is another refund.
    const auto is_sent_at = [](const char* time) {
        const auto plan =
            vnpay_mapping().refund(shop(), refund_123(Money{15'000}), {.now = at(time)});
        return std::holds_alternative<GatewayStep<ports::RefundStatus>>(plan);
    };
    EXPECT_TRUE(is_sent_at("20261122235859"));
    EXPECT_FALSE(is_sent_at("20261122235900")) << "its repetition may come tomorrow";
    EXPECT_FALSE(is_sent_at("20261123000000"));
}

TEST(VnpayRefund, NeedsAnOrder)
{
    auto nameless = refund_123(Money{15'000});
    nameless.order_id.clear();
    const auto plan = vnpay_mapping().refund(shop(), nameless, {.now = at("20261122112000")});
    EXPECT_EQ(
        std::get<ports::GatewayAnswer<ports::RefundStatus>>(plan).error().error,
        GatewayError::refused);
    const auto found = vnpay_mapping().find_refund(shop(), nameless, {.now = at("20261122112000")});
    EXPECT_EQ(
        std::get<ports::GatewayAnswer<ports::RefundStatus>>(found).error().error,
        GatewayError::not_found);
}

} // namespace iwas::adapters
