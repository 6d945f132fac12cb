#include "adapters/payment/zalopay/answer.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/zalopay/mac.hpp"

namespace iwas::adapters::zalopay {

using ports::GatewayError;

ports::GatewayAnswer<Answer> read_answer(const http::InboundResponse& response)
{
    auto body = gateway_json::parse_object(response.body);
    const auto code = body ? gateway_json::integer(*body, "return_code") : std::nullopt;
    if (!code)
        return std::unexpected(
            gateway_failure(GatewayError::unknown, "http_" + std::to_string(response.status)));
    const std::int64_t sub_code = gateway_json::integer(*body, "sub_return_code").value_or(0);
    return Answer{
        std::move(*body), meaning_of(*code, sub_code),
        std::to_string(*code) + "/" + std::to_string(sub_code)};
}

ports::GatewayFailure error_of(const Answer& answer)
{
    return gateway_failure(answer.meaning.error, answer.code);
}

http::OutboundRequest signed_request(
    const domain::PaymentAccount& account, std::string target, Form fields,
    std::initializer_list<std::string_view> signed_values)
{
    const std::string text = account.merchant + "|" + joined(signed_values);
    fields.emplace_back("app_id", account.merchant);
    fields.emplace_back("mac", mac_of(account.secret_key, text));
    http::OutboundRequest request{
        http::Method::post, std::move(target), {}, gateway_json::form(fields)};
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    request.headers.set("Accept", "application/json");
    return request;
}

} // namespace iwas::adapters::zalopay
