#include "adapters/payment/zalopay/orders.hpp"

#include "adapters/payment/invitation_urls.hpp"
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/zalopay/mac.hpp"

#include <algorithm>

namespace iwas::adapters::zalopay {

namespace json = boost::json;
using domain::Invitation;
using domain::PaymentAccount;
using ports::GatewayError;
using ports::PaymentState;
using ports::PaymentStatus;
using ports::RefundState;
using ports::RefundStatus;

namespace {

/// What ZaloPay allows for expire_duration_seconds.
constexpr std::int64_t life_min_seconds = 300;
constexpr std::int64_t life_max_seconds = 2'592'000;

std::string text_of(std::int64_t number)
{
    return std::to_string(number);
}

GatewayPlan<Invitation> read_created(const Answer& answer)
{
    switch (answer.meaning.standing) {
    case Standing::failed:
        return failed_plan<Invitation>(GatewayError::refused, answer.code, answer.meaning.reason);
    case Standing::processing: // perhaps filed, and nothing to pay it with
    case Standing::error: return failed_plan<Invitation>(GatewayError::unknown, answer.code);
    case Standing::success: break;
    }
    const auto member = [&](std::string_view name) {
        return gateway_json::text(answer.body, name).value_or("");
    };
    Invitation invitation;
    invitation.pay_url = web_url(member("order_url"));
    invitation.gateway_order = gateway_json::identifier(answer.body, "zp_trans_token").value_or("");
    // Newer accounts get a VietQR text; the others' QR holds the address of the page.
    invitation.qr_text = qr_text(member("qr_code"));
    if (invitation.qr_text.empty()) invitation.qr_text = invitation.pay_url;
    if (invitation.pay_url.empty())
        return failed_plan<Invitation>(GatewayError::unknown, "no_order_url");
    return answer_plan(std::move(invitation));
}

GatewayPlan<PaymentStatus> read_found(const Answer& answer, UtcTime now)
{
    PaymentStatus status;
    status.code = answer.code;
    switch (answer.meaning.standing) {
    case Standing::processing:
    case Standing::error: return answer_plan(std::move(status));
    case Standing::failed:
        status.state = PaymentState::failed;
        status.reason = answer.meaning.reason;
        return answer_plan(std::move(status));
    case Standing::success: break;
    }
    const auto id = gateway_json::identifier(answer.body, "zp_trans_id");
    // The order's amount, of which a discount may have paid a part.
    const auto amount = gateway_json::amount(answer.body, "amount");
    if (!id || *id == "0" || !amount || *amount == Money{0})
        return failed_plan<PaymentStatus>(GatewayError::unknown, answer.code);
    ports::ReceivedMoney money;
    money.gateway_id = *id;
    money.amount = *amount;
    money.paid_at = gateway_json::unix_ms(answer.body, "server_time").value_or(now);
    status.state = PaymentState::paid;
    status.received.push_back(std::move(money));
    return answer_plan(std::move(status));
}

RefundStatus refund_status(RefundState state, const Answer& answer)
{
    RefundStatus status;
    status.state = state;
    status.code = answer.code;
    status.gateway_id = gateway_json::identifier(answer.body, "refund_id").value_or("");
    if (status.gateway_id == "0") status.gateway_id.clear();
    return status;
}

/// Asks for the refund; `absent` when ZaloPay has none.
GatewayPlan<RefundStatus> query_refund(
    const PaymentAccount& account, const ports::RefundOrder& order, const GatewayMoment& moment,
    GatewayPlan<RefundStatus> absent)
{
    const std::string timestamp = text_of(to_unix_ms(moment.now));
    return raw_step<RefundStatus>(
        account,
        signed_request(
            account, "/v2/query_refund",
            {{"m_refund_id", order.refund_id}, {"timestamp", timestamp}},
            {order.refund_id, timestamp}),
        [absent = std::move(absent)](const Answer& answer) -> GatewayPlan<RefundStatus> {
            switch (answer.meaning.standing) {
            case Standing::success: return answer_plan(refund_status(RefundState::done, answer));
            case Standing::processing:
                return answer_plan(refund_status(RefundState::pending, answer));
            case Standing::failed: return answer_plan(refund_status(RefundState::failed, answer));
            case Standing::error: break;
            }
            if (answer.meaning.error == GatewayError::not_found) return absent;
            return ports::GatewayAnswer<RefundStatus>{std::unexpected(error_of(answer))};
        });
}

} // namespace

http::OutboundRequest order_request(
    const PaymentAccount& account, const ports::PaymentOrder& order, std::string product_code)
{
    const std::string amount = text_of(order.amount.vnd());
    const std::string app_time = text_of(to_unix_ms(order.created_at));
    const auto life = std::chrono::floor<Seconds>(order.expires_at - order.created_at).count();
    // Serialised once: the octets that are signed are the octets that are sent.
    const std::string embed_data = json::serialize(json::object{{"redirecturl", order.return_url}});
    const std::string item = "[]";
    Form fields{
        {"app_user", order.customer},
        {"app_trans_id", order.order_id},
        {"app_time", app_time},
        {"expire_duration_seconds",
         text_of(std::clamp<std::int64_t>(life, life_min_seconds, life_max_seconds))},
        {"amount", amount},
        {"item", item},
        {"embed_data", embed_data},
        {"description", order.description},
        {"bank_code", ""},
        {"callback_url", order.notify_url}};
    if (!product_code.empty()) fields.emplace_back("product_code", std::move(product_code));
    return signed_request(
        account, "/v2/create", std::move(fields),
        {order.order_id, order.customer, amount, app_time, embed_data, item});
}

GatewayPlan<Invitation> create_order(
    const PaymentAccount& account, const ports::PaymentOrder& order)
{
    return step<Invitation>(account, order_request(account, order, ""), read_created);
}

GatewayPlan<PaymentStatus> find_order(
    const PaymentAccount& account, const ports::PaymentQuery& query, const GatewayMoment& moment)
{
    return step<PaymentStatus>(
        account,
        signed_request(
            account, "/v2/query", {{"app_trans_id", query.order_id}},
            {query.order_id, account.secret_key.reveal()}), // key1 itself is among the values
        [now = moment.now](const Answer& answer) { return read_found(answer, now); });
}

GatewayPlan<RefundStatus> refund_order(
    const PaymentAccount& account, const ports::RefundOrder& order, const GatewayMoment& moment)
{
    const std::string amount = text_of(order.amount.vnd());
    const std::string timestamp = text_of(to_unix_ms(moment.now));
    const Form fields{
        {"m_refund_id", order.refund_id},
        {"zp_trans_id", order.gateway_id},
        {"amount", amount},
        {"timestamp", timestamp},
        {"description", order.description}};
    return raw_step<RefundStatus>(
        account,
        signed_request(
            account, "/v2/refund", fields,
            {order.gateway_id, amount, order.description, timestamp}),
        [account, order, moment](const Answer& answer) -> GatewayPlan<RefundStatus> {
            const auto refused = [&] {
                GatewayPlan<RefundStatus> absent =
                    answer_plan(refund_status(RefundState::failed, answer));
                return query_refund(account, order, moment, std::move(absent));
            };
            switch (answer.meaning.standing) {
            case Standing::success: return answer_plan(refund_status(RefundState::done, answer));
            case Standing::processing:
                return answer_plan(refund_status(RefundState::pending, answer));
            case Standing::failed: return refused();
            case Standing::error: break;
            }
            // Also said of more than is left of the payment: nothing that settings could mend.
            constexpr std::int64_t bad_argument = -401;
            if (answer.meaning.code == bad_argument) return refused();
            switch (answer.meaning.error) {
            case GatewayError::duplicate: // which of ours is not said
            case GatewayError::not_found: return refused();
            case GatewayError::refused:
            case GatewayError::misconfigured:
            case GatewayError::not_supported:
            case GatewayError::unavailable:
            case GatewayError::unknown: break;
            }
            return ports::GatewayAnswer<RefundStatus>{std::unexpected(error_of(answer))};
        });
}

GatewayPlan<RefundStatus> find_refund_order(
    const PaymentAccount& account, const ports::RefundOrder& order, const GatewayMoment& moment)
{
    return query_refund(account, order, moment, failed_plan<RefundStatus>(GatewayError::not_found));
}

} // namespace iwas::adapters::zalopay
