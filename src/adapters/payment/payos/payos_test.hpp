// For tests of PayOS: a shop, its order, answers and notices, signed.
#pragma once

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/payos/mapping.hpp"
#include "adapters/payment/payos/signature.hpp"
#include "tests/vectors/vector_file.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters::payos_testing {

namespace json = boost::json;
using domain::TransactionReason;
using ports::GatewayError;
using ports::NoticeError;
using ports::NoticeKind;
using ports::NoticeOutcome;
using ports::PaymentState;

inline constexpr const char* key_text =
    "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675";
inline const UtcTime now = from_rfc3339("2026-11-22T03:20:00Z").value();

inline domain::PaymentAccount shop()
{
    domain::PaymentAccount account;
    account.method = domain::PaymentMethod::payos;
    account.base_url = "https://api-merchant.payos.vn";
    account.merchant = "client-1";
    account.access_key = SecretText{"api-1"};
    account.secret_key = SecretText{key_text};
    return account;
}

inline ports::PaymentOrder order_123()
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
inline http::InboundResponse answer(const json::object& data, bool is_signed = true)
{
    json::object body{{"code", "00"}, {"desc", "success"}, {"data", data}};
    if (is_signed)
        body["signature"] = payos::hash_of(payos::signed_text(data).value(), SecretText{key_text});
    return {.status = 200, .headers = {}, .body = json::serialize(body)};
}
inline http::InboundResponse refusal(int status, const char* code)
{
    return {
        .status = status,
        .headers = {},
        .body = json::serialize(json::object{{"code", code}, {"desc", "x"}, {"data", nullptr}})};
}

inline json::object link(std::string_view status = "PENDING")
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

inline json::object transfer(std::string_view reference, std::int64_t amount)
{
    return {
        {"reference", reference},
        {"amount", amount},
        {"accountNumber", "VQRQ0001"},
        {"description", "CSAB12 VQRIO123"},
        {"transactionDateTime", "2026-11-22T10:16:02+07:00"},
        {"counterAccountNumber", "0004100012345678"}};
}

inline json::object state(std::string_view status, const json::array& transfers, std::int64_t paid)
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

inline GatewayPlan<domain::Invitation> created(
    const http::InboundResponse& response, const domain::PaymentAccount& account = shop())
{
    const auto plan = payos_mapping().create(account, order_123(), {.now = now});
    return std::get<GatewayStep<domain::Invitation>>(plan).read(response);
}
inline ports::GatewayAnswer<domain::Invitation> end_of(const GatewayPlan<domain::Invitation>& plan)
{
    return std::get<ports::GatewayAnswer<domain::Invitation>>(plan);
}

inline ports::GatewayAnswer<ports::PaymentStatus> found(const http::InboundResponse& response)
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

inline Result<ports::PaymentNotice, NoticeError> notice_of(std::string_view body)
{
    return payos_mapping().read_notice(
        shop(), {.query = {},
                 .body = body,
                 .header = [](std::string_view) { return std::string_view{}; },
                 .now = now});
}
inline std::string notice_body(const json::object& data)
{
    json::object body{{"code", "00"}, {"desc", "success"}, {"success", true}, {"data", data}};
    body["signature"] = payos::hash_of(payos::signed_text(data).value(), SecretText{key_text});
    return json::serialize(body);
}
inline json::object notice_data()
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

} // namespace iwas::adapters::payos_testing
