#include "adapters/payment/zalopay/agreement.hpp"

#include "adapters/payment/invitation_urls.hpp"
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/zalopay/answer.hpp"
#include "adapters/payment/zalopay/orders.hpp"
#include "core/utf8.hpp"

namespace iwas::adapters::zalopay {

namespace json = boost::json;
using domain::Invitation;
using domain::PaymentAccount;
using ports::BindingState;
using ports::BindingStatus;
using ports::GatewayError;
using ports::PaymentState;
using ports::PaymentStatus;

namespace {

std::string now_text(const GatewayMoment& moment)
{
    return std::to_string(to_unix_ms(moment.now));
}

GatewayPlan<Invitation> read_invited(const Answer& answer)
{
    switch (answer.meaning.standing) {
    case Standing::failed:
        return failed_plan<Invitation>(GatewayError::refused, answer.code, answer.meaning.reason);
    case Standing::processing:
    case Standing::error: return failed_plan<Invitation>(GatewayError::unknown, answer.code);
    case Standing::success: break;
    }
    const auto member = [&](std::string_view name) {
        return gateway_json::text(answer.body, name).value_or("");
    };
    Invitation invitation;
    invitation.pay_url = web_url(member("short_link"));
    invitation.deep_link = app_url(member("deep_link"));
    invitation.qr_text = qr_text(member("binding_qr_link"));
    invitation.gateway_order = gateway_json::identifier(answer.body, "binding_token").value_or("");
    if (invitation.pay_url.empty()) invitation.pay_url = web_url(invitation.qr_text);
    if (invitation.pay_url.empty() && invitation.deep_link.empty())
        return failed_plan<Invitation>(GatewayError::unknown, "no_link");
    return answer_plan(std::move(invitation));
}

GatewayPlan<PaymentStatus> read_charged(const Answer& answer, Money amount, UtcTime now)
{
    PaymentStatus status;
    status.code = answer.code;
    switch (answer.meaning.standing) {
    case Standing::failed:
        return failed_plan<PaymentStatus>(
            GatewayError::refused, answer.code, answer.meaning.reason);
    case Standing::processing:
    case Standing::error: return answer_plan(std::move(status));
    case Standing::success: break;
    }
    // Without the gateway's name for the payment there is nothing to file it under: `find` has it.
    const auto id = gateway_json::identifier(answer.body, "zp_trans_id");
    if (!id || *id == "0") return answer_plan(std::move(status));
    ports::ReceivedMoney money;
    money.gateway_id = *id;
    money.amount = amount; // the answer repeats none; the order was filed with this one
    money.paid_at = now;
    status.state = PaymentState::paid;
    status.received.push_back(std::move(money));
    return answer_plan(std::move(status));
}

/// The second half of a one-tap payment: the order has a zp_trans_token.
GatewayPlan<PaymentStatus> pay_filed(
    const PaymentAccount& account, const ports::PaymentOrder& order, const SecretText& pay_token,
    const std::string& trans_token, const GatewayMoment& moment)
{
    const std::string req_date = now_text(moment);
    const Form fields{
        {"identifier", order.customer},
        {"zp_trans_token", trans_token},
        {"pay_token", pay_token.reveal()},
        {"req_date", req_date}};
    return step<PaymentStatus>(
        account,
        signed_request(
            account, "/v2/agreement/pay", fields,
            {order.customer, trans_token, pay_token.reveal(), req_date}),
        [amount = order.amount, now = moment.now](const Answer& answer) {
            return read_charged(answer, amount, now);
        });
}

} // namespace

std::optional<BindingStatus> agreement_status(const json::object& data)
{
    constexpr std::int64_t confirmed = 1;
    constexpr std::int64_t cancelled = 3;
    constexpr std::int64_t disabled = 4;
    const std::int64_t told = gateway_json::integer(data, "status").value_or(0);
    BindingStatus status;
    status.code = std::to_string(told);
    if (told == cancelled || told == disabled) status.state = BindingState::failed;
    if (told != confirmed) return status;

    auto pay_token = gateway_json::text(data, "pay_token", 512);
    const auto binding_id = gateway_json::identifier(data, "binding_id");
    if (!pay_token || pay_token->empty() || !binding_id) return std::nullopt;
    status.state = BindingState::bound;
    status.token.emplace();
    status.token->token = SecretText{std::move(*pay_token)};
    status.token->binding_id = *binding_id;
    // Already masked by ZaloPay.
    auto label = gateway_json::text(data, "masked_user_phone", 64);
    if (label && is_utf8(*label)) status.token->label = std::move(*label);
    status.token->expires_at = gateway_json::unix_ms(data, "expiry_timestamp_in_ms");
    return status;
}

GatewayPlan<Invitation> bind_agreement(
    const PaymentAccount& account, const ports::PaymentOrder& order, const GatewayMoment& moment)
{
    const std::string req_date = now_text(moment);
    const std::string no_data;
    const std::string wallet = "WALLET";
    const std::string default_limit = "0";
    const Form fields{{"app_trans_id", order.order_id},   {"req_date", req_date},
                      {"max_amount", default_limit},      {"identifier", order.customer},
                      {"binding_type", wallet},           {"binding_data", no_data},
                      {"redirect_url", order.return_url}, {"redirect_deep_link", order.return_url},
                      {"callback_url", order.notify_url}};
    return step<Invitation>(
        account,
        signed_request(
            account, "/v2/agreement/bind", fields,
            {order.order_id, no_data, wallet, order.customer, default_limit, req_date}),
        read_invited);
}

GatewayPlan<BindingStatus> find_agreement(
    const PaymentAccount& account, const ports::PaymentOrder& order, const GatewayMoment& moment)
{
    const std::string req_date = now_text(moment);
    return step<BindingStatus>(
        account,
        signed_request(
            account, "/v2/agreement/query",
            {{"app_trans_id", order.order_id}, {"req_date", req_date}}, {order.order_id, req_date}),
        [](const Answer& answer) -> GatewayPlan<BindingStatus> {
            BindingStatus status;
            status.code = answer.code;
            switch (answer.meaning.standing) {
            case Standing::failed: status.state = BindingState::failed; [[fallthrough]];
            case Standing::processing:
            case Standing::error: return answer_plan(std::move(status));
            case Standing::success: break;
            }
            const json::object* data = gateway_json::object(answer.body, "data");
            auto told = data == nullptr ? std::nullopt : agreement_status(*data);
            if (!told) return failed_plan<BindingStatus>(GatewayError::unknown, "no_agreement");
            return answer_plan(std::move(*told));
        });
}

GatewayPlan<std::monostate> unbind_agreement(
    const PaymentAccount& account, const ports::PaymentOrder& order, const ports::BoundToken& token,
    const GatewayMoment& moment)
{
    const std::string req_date = now_text(moment);
    const Form fields{
        {"identifier", order.customer}, {"binding_id", token.binding_id}, {"req_date", req_date}};
    return step<std::monostate>(
        account,
        signed_request(
            account, "/v2/agreement/unbind", fields, {order.customer, token.binding_id, req_date}),
        [](const Answer& answer) -> GatewayPlan<std::monostate> {
            switch (answer.meaning.standing) {
            case Standing::success: return answer_plan(std::monostate{});
            case Standing::failed:
                return failed_plan<std::monostate>(
                    GatewayError::refused, answer.code, answer.meaning.reason);
            case Standing::processing:
            case Standing::error: break;
            }
            return failed_plan<std::monostate>(GatewayError::unknown, answer.code);
        });
}

GatewayPlan<PaymentStatus> pay_by_agreement(
    const PaymentAccount& account, const ports::PaymentOrder& order, const ports::BoundToken& token,
    const GatewayMoment& moment)
{
    return step<PaymentStatus>(
        account, order_request(account, order, "AGREEMENT"),
        [account, order, pay_token = token.token,
         moment](const Answer& answer) -> GatewayPlan<PaymentStatus> {
            switch (answer.meaning.standing) {
            case Standing::failed:
                return failed_plan<PaymentStatus>(
                    GatewayError::refused, answer.code, answer.meaning.reason);
            case Standing::processing:
            case Standing::error:
                return failed_plan<PaymentStatus>(GatewayError::unknown, answer.code);
            case Standing::success: break;
            }
            const auto trans_token = gateway_json::text(answer.body, "zp_trans_token", 512);
            if (!trans_token || trans_token->empty())
                return failed_plan<PaymentStatus>(GatewayError::unknown, "no_trans_token");
            return pay_filed(account, order, pay_token, *trans_token, moment);
        });
}

} // namespace iwas::adapters::zalopay
