#include "adapters/payment/momo/tokens.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/momo/answer.hpp"
#include "adapters/payment/momo/token_cipher.hpp"
#include "adapters/payment/order_ids.hpp"

namespace iwas::adapters::momo {

namespace json = boost::json;
using domain::PaymentAccount;
using ports::BindingState;
using ports::BindingStatus;
using ports::GatewayError;
using ports::PaymentState;
using ports::PaymentStatus;

namespace {

/// The stored token as MoMo wants it for a call: with the wish for no code, under MoMo's key.
/// Nothing when the account has no usable public key.
std::optional<std::string> sealed_token(
    const PaymentAccount& account, const ports::BoundToken& token)
{
    auto members = gateway_json::parse_object(token.token.reveal());
    // MoMo's sample decrypts to a plain text, its documents to JSON.
    json::object text = members ? std::move(*members) : json::object{};
    if (!members) text["value"] = token.token.reveal();
    text["requireSecurityCode"] = false;
    return encrypt_token(account.public_key, SecretText{json::serialize(text)});
}

BindingStatus binding_status(BindingState state, std::string code)
{
    BindingStatus status;
    status.state = state;
    status.code = std::move(code);
    return status;
}

GatewayPlan<BindingStatus> read_bound(const SecretText& secret_key, const Answer& answer)
{
    switch (answer.result.standing) {
    case Standing::failed: return answer_plan(binding_status(BindingState::failed, answer.code));
    case Standing::authorised:
    case Standing::pending:
    case Standing::error: return answer_plan(binding_status(BindingState::pending, answer.code));
    case Standing::paid: break;
    }
    const auto sealed = gateway_json::text(answer.body, "aesToken", 8192);
    auto token = sealed ? decrypt_token(secret_key, *sealed) : std::nullopt;
    // A secret key that cannot decrypt is not the one that MoMo has.
    if (sealed && !token)
        return failed_plan<BindingStatus>(GatewayError::misconfigured, "token_not_readable");
    if (!token || token->empty())
        return failed_plan<BindingStatus>(GatewayError::unknown, "no_token");
    BindingStatus status = binding_status(BindingState::bound, answer.code);
    status.token.emplace();
    status.token->token = std::move(*token);
    return answer_plan(std::move(status));
}

/// Of a payment by token the token is all that can be a value not allowed (47) or belong to a
/// wallet that is inactive or gone (1007).
bool is_token_refused(std::string_view code)
{
    return code == "47" || code == "1007";
}

GatewayPlan<PaymentStatus> read_charged(const Answer& answer, UtcTime now)
{
    PaymentStatus status;
    status.code = answer.code;
    // MoMo insists on a code by SMS. One tap is not possible then, and without the code the order
    // ends unpaid at MoMo.
    constexpr std::int64_t needs_code = 8200;
    if (answer.result.code == needs_code)
        return failed_plan<PaymentStatus>(GatewayError::refused, answer.code);
    switch (answer.result.standing) {
    case Standing::failed:
        return failed_plan<PaymentStatus>(GatewayError::refused, answer.code, answer.result.reason);
    case Standing::authorised: // `find` captures it
    case Standing::pending:
    case Standing::error: return answer_plan(std::move(status));
    case Standing::paid: break;
    }
    auto money = received_money(answer.body, now);
    if (!money) return failed_plan<PaymentStatus>(GatewayError::unknown, answer.code);
    status.state = PaymentState::paid;
    status.received.push_back(std::move(*money));
    return answer_plan(std::move(status));
}

/// requestId is fixed: when the answer was lost, the repetition is answered as the first was.
GatewayPlan<BindingStatus> exchange(
    const PaymentAccount& account, const ports::PaymentOrder& order, std::string callback_token)
{
    const Fields fields{
        {"callbackToken", std::move(callback_token)},
        {"orderId", order.order_id},
        {"partnerClientId", order.customer},
        {"requestId", order.order_id + ".bind"}};
    return step<BindingStatus>(
        account, signed_request(account, "/tokenization/bind", fields, {{"lang", order.language}}),
        order.order_id,
        [key = account.secret_key](const Answer& answer) { return read_bound(key, answer); });
}

} // namespace

GatewayPlan<BindingStatus> find_binding_of(
    const PaymentAccount& account, const ports::PaymentOrder& order, const GatewayMoment& moment)
{
    const Fields fields{
        {"orderId", order.order_id},
        {"partnerClientId", order.customer},
        {"requestId", "c" + hex_of(moment.chance)}};
    return step<BindingStatus>(
        account,
        signed_request(account, "/tokenization/cbQuery", fields, {{"lang", order.language}}),
        order.order_id, [account, order](const Answer& answer) -> GatewayPlan<BindingStatus> {
            switch (answer.result.standing) {
            case Standing::paid: break; // here: the customer has agreed
            case Standing::failed:
                return answer_plan(binding_status(BindingState::failed, answer.code));
            case Standing::authorised:
            case Standing::pending:
            case Standing::error:
                return answer_plan(binding_status(BindingState::pending, answer.code));
            }
            auto callback_token = gateway_json::text(answer.body, "callbackToken");
            if (!callback_token || callback_token->empty())
                return failed_plan<BindingStatus>(GatewayError::unknown, "no_callback_token");
            return exchange(account, order, std::move(*callback_token));
        });
}

GatewayPlan<PaymentStatus> charge_token(
    const PaymentAccount& account, const ports::PaymentOrder& order, const ports::BoundToken& token,
    const GatewayMoment& moment)
{
    auto sealed = sealed_token(account, token);
    if (!sealed) return failed_plan<PaymentStatus>(GatewayError::misconfigured, "public_key");
    const Fields fields{
        {"amount", std::to_string(order.amount.vnd())},
        {"extraData", ""},
        {"orderId", order.order_id},
        {"orderInfo", order.description},
        {"partnerClientId", order.customer},
        {"requestId", order.order_id},
        {"token", std::move(*sealed)}};
    const json::object more{
        {"ipnUrl", order.notify_url},
        {"redirectUrl", order.return_url},
        {"autoCapture", true},
        {"lang", order.language}};
    GatewayStep<PaymentStatus> call{
        account.base_url, signed_request(account, "/tokenization/pay", fields, more),
        [merchant = account.merchant, id = order.order_id,
         now = moment.now](const http::InboundResponse& response) -> GatewayPlan<PaymentStatus> {
            const auto answer = read_answer(response, merchant, id);
            const std::string& code = answer ? answer->code : answer.error().code;
            if (is_token_refused(code))
                return failed_plan<PaymentStatus>(GatewayError::not_found, code);
            if (!answer)
                return ports::GatewayAnswer<PaymentStatus>{std::unexpected(answer.error())};
            return read_charged(*answer, now);
        }};
    return call;
}

GatewayPlan<std::monostate> delete_token(
    const PaymentAccount& account, const ports::PaymentOrder& order, const ports::BoundToken& token)
{
    auto sealed = sealed_token(account, token);
    if (!sealed) return failed_plan<std::monostate>(GatewayError::misconfigured, "public_key");
    const Fields fields{
        {"orderId", order.order_id},
        {"partnerClientId", order.customer},
        {"requestId", order.order_id + ".delete"},
        {"token", std::move(*sealed)}};
    GatewayStep<std::monostate> call{
        account.base_url,
        signed_request(account, "/tokenization/delete", fields, {{"lang", order.language}}),
        [merchant = account.merchant, id = order.order_id](
            const http::InboundResponse& response) -> GatewayPlan<std::monostate> {
            const auto answer = read_answer(response, merchant, id);
            // The token is all that can be wrong with this request (47: invalid data).
            if (!answer && answer.error().code == "47")
                return failed_plan<std::monostate>(GatewayError::not_found, "47");
            if (!answer)
                return ports::GatewayAnswer<std::monostate>{std::unexpected(answer.error())};
            if (answer->result.standing == Standing::paid) return answer_plan(std::monostate{});
            const auto error = answer->result.standing == Standing::failed ? GatewayError::refused
                                                                           : GatewayError::unknown;
            return failed_plan<std::monostate>(error, answer->code);
        }};
    return call;
}

} // namespace iwas::adapters::momo
