#include "adapters/payment/momo/answer.hpp"

#include "adapters/payment/json_fields.hpp"

namespace iwas::adapters::momo {

namespace json = boost::json;
using ports::GatewayError;

ports::GatewayAnswer<Answer> read_answer(
    const http::InboundResponse& response, std::string_view merchant, std::string_view order_id)
{
    auto body = gateway_json::parse_object(response.body);
    const auto code = body ? gateway_json::integer(*body, "resultCode") : std::nullopt;
    if (!code)
        return std::unexpected(
            gateway_failure(GatewayError::unknown, "http_" + std::to_string(response.status)));
    Answer answer{std::move(*body), meaning_of(*code), std::to_string(*code)};
    // Errors of the request are told with empty members; they change nothing, so from whom they are
    // does not matter.
    if (answer.result.standing == Standing::error)
        return std::unexpected(gateway_failure(answer.result.error, answer.code));
    if (gateway_json::text(answer.body, "partnerCode") != merchant ||
        gateway_json::text(answer.body, "orderId") != order_id)
        return std::unexpected(gateway_failure(GatewayError::unknown, "other_order"));
    return answer;
}

std::optional<ports::ReceivedMoney> received_money(const json::object& body, UtcTime now)
{
    const auto id = gateway_json::identifier(body, "transId");
    const auto amount = gateway_json::amount(body, "amount");
    if (!id || *id == "0" || !amount || *amount == Money{0}) return std::nullopt;
    ports::ReceivedMoney money;
    money.gateway_id = *id;
    money.amount = *amount;
    // The answer to a question has its own time in responseTime, and the order's in lastUpdated.
    auto paid_at = gateway_json::unix_ms(body, "lastUpdated");
    if (!paid_at) paid_at = gateway_json::unix_ms(body, "responseTime");
    money.paid_at = paid_at.value_or(now);
    return money;
}

http::OutboundRequest signed_request(
    const domain::PaymentAccount& account, std::string path, Fields fields,
    json::object unsigned_fields)
{
    fields.insert_or_assign("accessKey", account.access_key.reveal());
    fields.insert_or_assign("partnerCode", account.merchant);
    json::object body = std::move(unsigned_fields);
    for (const auto& [name, value] : fields) {
        if (name == "accessKey") continue;
        body[name] = value;
    }
    // The documents have these as numbers, which are signed as the same decimal text.
    for (const char* name : {"amount", "transId"})
        if (body.contains(name))
            if (const auto number = gateway_json::integer(body, name)) body[name] = *number;
    body["signature"] = signature_of(account.secret_key, raw_text(fields));
    return json_post("/v2/gateway/api" + path, body);
}

} // namespace iwas::adapters::momo
