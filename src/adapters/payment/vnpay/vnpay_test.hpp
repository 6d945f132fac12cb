// For tests of VNPay: a shop, its order, answers of the merchant API and notices, signed.
#pragma once

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

namespace iwas::adapters::vnpay_testing {

namespace json = boost::json;
using domain::TransactionReason;
using ports::GatewayError;
using ports::NoticeError;
using ports::NoticeOutcome;
using ports::PaymentState;
using ports::RefundState;

inline constexpr const char* secret_text = "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN";

inline domain::PaymentAccount shop()
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

inline UtcTime at(std::string_view local)
{
    return from_vietnam_digits(local).value();
}

inline ports::PaymentOrder order_123()
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

inline ports::PaymentQuery query_123()
{
    return {
        .order_id = "IWAS-000123",
        .gateway_order = {},
        .amount = Money{15'000},
        .created_at = at("20261122101500"),
        .payer_address = "203.113.131.9"};
}

inline ports::RefundOrder refund_123(Money amount)
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

inline std::string sha512_of(std::string_view text)
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

inline ports::GatewayAnswer<ports::PaymentStatus> found(const http::InboundResponse& response)
{
    return after(
        vnpay_mapping().find(shop(), query_123(), {.now = at("20261122102000"), .chance = 7}),
        response);
}
inline ports::GatewayAnswer<ports::RefundStatus> refunded(const http::InboundResponse& response)
{
    return after(
        vnpay_mapping().refund(shop(), refund_123(Money{15'000}), {.now = at("20261122112000")}),
        response);
}
inline ports::GatewayAnswer<ports::RefundStatus> refund_found(
    const http::InboundResponse& response, Money amount = Money{5'000},
    const domain::PaymentAccount& account = shop())
{
    return after(
        vnpay_mapping().find_refund(account, refund_123(amount), {.now = at("20261122113000")}),
        response);
}

inline Result<ports::PaymentNotice, NoticeError> notice_of(std::string_view query)
{
    return vnpay_mapping().read_notice(
        shop(), {.query = query,
                 .body = {},
                 .header = [](std::string_view) { return std::string_view{}; },
                 .now = at("20261122102000")});
}

inline std::string notice_query(std::string_view response, std::string_view status)
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

} // namespace iwas::adapters::vnpay_testing
