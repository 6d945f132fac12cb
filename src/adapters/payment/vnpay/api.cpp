#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/order_ids.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/vietnam_time.hpp"
#include "adapters/payment/vnpay/codes.hpp"
#include "adapters/payment/vnpay/parts.hpp"
#include "adapters/payment/vnpay/signed_query.hpp"

#include <array>
#include <span>

namespace iwas::adapters::vnpay {

namespace json = boost::json;
using ports::GatewayError;
using ports::GatewayFailure;

namespace {

constexpr std::string_view api_path = "/merchant_webapi/api/transaction";
constexpr std::string_view payment_type = "01";

// What is hashed, in this order, joined by '|' and not encoded; a missing value leaves its place
// empty. https://sandbox.vnpayment.vn/apis/docs/truy-van-hoan-tien/querydr&refund.html
constexpr std::array<std::string_view, 9> query_order{
    "vnp_RequestId",       "vnp_Version",    "vnp_Command", "vnp_TmnCode",  "vnp_TxnRef",
    "vnp_TransactionDate", "vnp_CreateDate", "vnp_IpAddr",  "vnp_OrderInfo"};
constexpr std::array<std::string_view, 13> refund_order{
    "vnp_RequestId",       "vnp_Version",  "vnp_Command",    "vnp_TmnCode",
    "vnp_TransactionType", "vnp_TxnRef",   "vnp_Amount",     "vnp_TransactionNo",
    "vnp_TransactionDate", "vnp_CreateBy", "vnp_CreateDate", "vnp_IpAddr",
    "vnp_OrderInfo"};
constexpr std::array<std::string_view, 15> query_answer_order{
    "vnp_ResponseId", "vnp_Command",       "vnp_ResponseCode",    "vnp_Message",
    "vnp_TmnCode",    "vnp_TxnRef",        "vnp_Amount",          "vnp_BankCode",
    "vnp_PayDate",    "vnp_TransactionNo", "vnp_TransactionType", "vnp_TransactionStatus",
    "vnp_OrderInfo",  "vnp_PromotionCode", "vnp_PromotionAmount"};
constexpr std::span<const std::string_view> refund_answer_order =
    std::span{query_answer_order}.first(13);

/// Nothing when a member is neither text nor a whole number.
std::optional<std::string> joined(const json::object& body, std::span<const std::string_view> order)
{
    std::string text;
    for (const std::string_view name : order) {
        const auto value = gateway_json::scalar(body, name, "");
        if (!value) return std::nullopt;
        if (!text.empty() || name != order.front()) text += '|';
        text += *value;
    }
    return text;
}

http::OutboundRequest api_call(
    const domain::PaymentAccount& account, json::object body,
    std::span<const std::string_view> order)
{
    body["vnp_SecureHash"] = hash_of(joined(body, order).value_or(""), account.secret_key);
    return json_post(std::string{api_path}, body);
}

std::string value_of(const json::object& body, std::string_view name)
{
    return gateway_json::scalar(body, name, "").value_or("");
}

std::unexpected<GatewayFailure> failed(GatewayError error, std::string code)
{
    return std::unexpected(gateway_failure(error, std::move(code)));
}

/// The answer to `command`, once it is known to be VNPay's own. The answer to another order passes
/// for none.
Result<json::object, GatewayFailure> signed_answer(
    const domain::PaymentAccount& account, std::string_view order_id, std::string_view command,
    const http::InboundResponse& response)
{
    const auto body = gateway_json::parse_object(response.body);
    if (!body) return failed(GatewayError::unknown, "http_" + std::to_string(response.status));
    const std::string code = value_of(*body, "vnp_ResponseCode").substr(0, 8);
    const auto text = command == "querydr" ? joined(*body, query_answer_order)
                                           : joined(*body, refund_answer_order);
    if (!text || !is_hash_of(value_of(*body, "vnp_SecureHash"), *text, account.secret_key))
        return failed(GatewayError::unknown, "unsigned_" + code);
    const std::string told_order = value_of(*body, "vnp_TxnRef");
    // Who knows of no such order may leave its name out.
    const bool is_of_order = told_order == order_id || (told_order.empty() && code != "00");
    const bool is_ours = value_of(*body, "vnp_Command") == command &&
                         value_of(*body, "vnp_TmnCode") == account.merchant && is_of_order;
    if (!is_ours) return failed(GatewayError::unknown, "foreign_" + code);
    return *body;
}

/// The same, once it says 00.
Result<json::object, GatewayFailure> good_answer(
    const domain::PaymentAccount& account, std::string_view order_id, std::string_view command,
    const http::InboundResponse& response)
{
    auto body = signed_answer(account, order_id, command, response);
    if (!body) return body;
    std::string code = value_of(*body, "vnp_ResponseCode");
    if (code != "00") {
        GatewayError error = api_error_of(code);
        // The same question too often: nothing is known of the order by that.
        if (error == GatewayError::duplicate) error = GatewayError::unavailable;
        return failed(error, std::move(code));
    }
    return body;
}

json::object query_body(
    const domain::PaymentAccount& account, const std::string& order_id, UtcTime created_at,
    const std::string& address, const GatewayMoment& moment)
{
    return {
        {"vnp_RequestId", "IWQ" + vietnam_day(moment.now) + hex_of(moment.chance)},
        {"vnp_Version", version},
        {"vnp_Command", "querydr"},
        {"vnp_TmnCode", account.merchant},
        {"vnp_TxnRef", order_id},
        {"vnp_OrderInfo", "Truy van " + order_id},
        {"vnp_TransactionDate", vietnam_digits(created_at)},
        {"vnp_CreateDate", vietnam_digits(moment.now)},
        {"vnp_IpAddr", address.empty() ? "127.0.0.1" : address}};
}

ports::GatewayAnswer<ports::PaymentStatus> status_from(const json::object& body, UtcTime asked_at)
{
    ports::PaymentStatus status;
    status.code = value_of(body, "vnp_TransactionStatus");
    // After a refund VNPay tells of that movement: its number and amount are not the payment's.
    const std::string type = value_of(body, "vnp_TransactionType");
    if (!type.empty() && type != payment_type) {
        status.state = ports::PaymentState::held;
        return status;
    }
    const Verdict verdict = verdict_of(std::nullopt, status.code);
    status.state = verdict.state;
    status.reason = verdict.reason;
    if (verdict.state != ports::PaymentState::paid && verdict.state != ports::PaymentState::held)
        return status;
    const auto number = gateway_json::identifier(body, "vnp_TransactionNo");
    const auto amount = money_from(value_of(body, "vnp_Amount"));
    if (!number || *number == "0" || !amount || *amount == Money{0})
        return failed(GatewayError::unknown, "incomplete_" + status.code);
    status.received.push_back(
        {.gateway_id = *number,
         .amount = *amount,
         .paid_at = from_vietnam_digits(value_of(body, "vnp_PayDate")).value_or(asked_at),
         .memo = {},
         .payer = {}});
    return status;
}

/// VNPay knows a request by its name for one day only: on another day the same request would be a
/// second refund. The call and its repetition must both fit into the day.
bool is_of_today(const ports::RefundOrder& order, UtcTime now)
{
    constexpr Seconds call_within = 1min;
    const std::string today = std::string{refund_prefix} + vietnam_day(now + call_within);
    return vietnam_day(now) == vietnam_day(now + call_within) && order.refund_id.starts_with(today);
}

GatewayPlan<ports::RefundStatus> read_refund(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const http::InboundResponse& response)
{
    const auto body = signed_answer(account, order.order_id, "refund", response);
    if (!body) return ports::GatewayAnswer<ports::RefundStatus>{std::unexpected(body.error())};
    ports::RefundStatus status;
    const std::string code = value_of(*body, "vnp_ResponseCode");
    if (code == "94") { // the same request before: what became of it is asked for later
        status.code = code;
        return answer_plan(std::move(status));
    }
    if (code != "00") return failed_plan<ports::RefundStatus>(api_error_of(code), code);
    status.code = value_of(*body, "vnp_TransactionStatus");
    status.state = refund_state_of(status.code, account.refund_waits_for_bank);
    const auto number = gateway_json::identifier(*body, "vnp_TransactionNo");
    if (number && *number != "0") status.gateway_id = *number;
    return answer_plan(std::move(status));
}

GatewayPlan<ports::RefundStatus> read_refund_found(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const http::InboundResponse& response)
{
    const auto body = good_answer(account, order.order_id, "querydr", response);
    if (!body) return ports::GatewayAnswer<ports::RefundStatus>{std::unexpected(body.error())};
    ports::RefundStatus status;
    status.code = value_of(*body, "vnp_TransactionStatus");
    const std::string type = value_of(*body, "vnp_TransactionType");
    const bool is_refund = type == "02" || type == "03";
    if (!is_refund) {
        // The payment itself, perhaps with a word of its refund. Of a part it may be another's.
        if (status.code == "06" && order.amount == order.paid)
            status.state = refund_state_of(status.code, account.refund_waits_for_bank);
        if (status.code == "05" || status.code == "06") return answer_plan(std::move(status));
        return failed_plan<ports::RefundStatus>(GatewayError::not_found, status.code);
    }
    // One part looks like another, also of the same amount: a part whose own answer got lost waits
    // for a person, rather than be taken for its neighbour.
    if (type == "03") return answer_plan(std::move(status));
    if (money_from(value_of(*body, "vnp_Amount")) != order.amount)
        return answer_plan(std::move(status));
    status.state = refund_state_of(status.code, account.refund_waits_for_bank);
    status.gateway_id = gateway_json::identifier(*body, "vnp_TransactionNo").value_or("");
    return answer_plan(std::move(status));
}

} // namespace

GatewayPlan<ports::PaymentStatus> find_payment(
    const domain::PaymentAccount& account, const ports::PaymentQuery& query,
    const GatewayMoment& moment)
{
    if (!has_keys(account))
        return failed_plan<ports::PaymentStatus>(GatewayError::misconfigured, "keys");
    const auto body =
        query_body(account, query.order_id, query.created_at, query.payer_address, moment);
    return GatewayStep<ports::PaymentStatus>{
        account.base_url, api_call(account, body, query_order),
        [account, order_id = query.order_id, now = moment.now](
            const http::InboundResponse& response) -> GatewayPlan<ports::PaymentStatus> {
            const auto answer = good_answer(account, order_id, "querydr", response);
            if (!answer)
                return ports::GatewayAnswer<ports::PaymentStatus>{std::unexpected(answer.error())};
            return status_from(*answer, now);
        }};
}

GatewayPlan<ports::RefundStatus> refund_payment(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment)
{
    if (!has_keys(account))
        return failed_plan<ports::RefundStatus>(GatewayError::misconfigured, "keys");
    if (order.order_id.empty()) // money of an order that IWAS does not know
        return failed_plan<ports::RefundStatus>(GatewayError::refused, "no_order");
    if (!is_of_today(order, moment.now))
        return failed_plan<ports::RefundStatus>(GatewayError::refused, "other_day");
    // Everything is of the order, so that the same refund is the same request at any time.
    const json::object body{
        {"vnp_RequestId", order.refund_id},
        {"vnp_Version", version},
        {"vnp_Command", "refund"},
        {"vnp_TmnCode", account.merchant},
        {"vnp_TransactionType", order.amount == order.paid ? "02" : "03"},
        {"vnp_TxnRef", order.order_id},
        {"vnp_Amount", amount_text(order.amount)},
        {"vnp_TransactionNo", order.gateway_id.empty() ? "0" : order.gateway_id},
        {"vnp_TransactionDate", vietnam_digits(order.order_created_at)},
        {"vnp_CreateBy", "IWAS"},
        {"vnp_CreateDate", vietnam_digits(order.created_at)},
        {"vnp_IpAddr", order.payer_address.empty() ? "127.0.0.1" : order.payer_address},
        {"vnp_OrderInfo", order.description}};
    return GatewayStep<ports::RefundStatus>{
        account.base_url, api_call(account, body, refund_order),
        [account, order](const http::InboundResponse& response) {
            return read_refund(account, order, response);
        }};
}

GatewayPlan<ports::RefundStatus> find_refund_of(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment)
{
    if (!has_keys(account))
        return failed_plan<ports::RefundStatus>(GatewayError::misconfigured, "keys");
    if (order.order_id.empty())
        return failed_plan<ports::RefundStatus>(GatewayError::not_found, "no_order");
    const auto body =
        query_body(account, order.order_id, order.order_created_at, order.payer_address, moment);
    return GatewayStep<ports::RefundStatus>{
        account.base_url, api_call(account, body, query_order),
        [account, order](const http::InboundResponse& response) {
            return read_refund_found(account, order, response);
        }};
}

} // namespace iwas::adapters::vnpay
