#include "adapters/payment/momo/orders.hpp"

#include "adapters/payment/invitation_urls.hpp"
#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/momo/answer.hpp"
#include "adapters/payment/order_ids.hpp"

#include <boost/json/array.hpp>

namespace iwas::adapters::momo {

namespace json = boost::json;
using domain::Invitation;
using domain::PaymentAccount;
using ports::GatewayError;
using ports::PaymentState;
using ports::PaymentStatus;
using ports::RefundState;
using ports::RefundStatus;

namespace {

std::string text_of(Money amount)
{
    return std::to_string(amount.vnd());
}

Invitation invitation_of(const json::object& body)
{
    const auto member = [&](std::string_view name) {
        return gateway_json::text(body, name).value_or("");
    };
    Invitation invitation;
    invitation.pay_url = web_url(member("payUrl"));
    invitation.deep_link = app_url(member("deeplink"));
    // The text to encode, not the address of a picture. Absent where MoMo has not allowed it.
    invitation.qr_text = qr_text(member("qrCodeUrl"));
    return invitation;
}

GatewayPlan<Invitation> read_created(const Answer& answer, Money amount)
{
    switch (answer.result.standing) {
    case Standing::paid: // here: created
    case Standing::pending: {
        // 422 with 7000: the same request is being worked on, and its answer goes to the first.
        if (answer.result.code == 7000)
            return failed_plan<Invitation>(GatewayError::duplicate, answer.code);
        Invitation invitation = invitation_of(answer.body);
        const auto told = gateway_json::amount(answer.body, "amount");
        if (invitation.pay_url.empty() || (told && *told != amount)) break;
        return answer_plan(std::move(invitation));
    }
    case Standing::failed:
        return failed_plan<Invitation>(GatewayError::refused, answer.code, answer.result.reason);
    case Standing::authorised:
    case Standing::error: break;
    }
    return failed_plan<Invitation>(GatewayError::unknown, answer.code);
}

/// requestId is the orderId: whoever repeats the order repeats the request, and MoMo answers as
/// before.
GatewayPlan<Invitation> created_by(
    const PaymentAccount& account, const ports::PaymentOrder& order, Fields fields)
{
    fields.insert_or_assign("amount", text_of(order.amount));
    fields.insert_or_assign("extraData", "");
    fields.insert_or_assign("ipnUrl", order.notify_url);
    fields.insert_or_assign("orderId", order.order_id);
    fields.insert_or_assign("orderInfo", order.description);
    fields.insert_or_assign("redirectUrl", order.return_url);
    fields.insert_or_assign("requestId", order.order_id);
    return step<Invitation>(
        account, signed_request(account, "/create", std::move(fields), {{"lang", order.language}}),
        order.order_id,
        [amount = order.amount](const Answer& answer) { return read_created(answer, amount); });
}

PaymentStatus status_of(const Answer& answer, PaymentState state)
{
    PaymentStatus status;
    status.state = state;
    status.code = answer.code;
    if (state == PaymentState::failed) status.reason = answer.result.reason;
    return status;
}

GatewayPlan<PaymentStatus> read_paid(const Answer& answer, UtcTime now)
{
    auto money = received_money(answer.body, now);
    // "Paid" without saying what: nothing that could be filed.
    if (!money) return failed_plan<PaymentStatus>(GatewayError::unknown, answer.code);
    PaymentStatus status = status_of(answer, PaymentState::paid);
    status.received.push_back(std::move(*money));
    return answer_plan(std::move(status));
}

/// The money is held: takes it. Whatever else is answered leaves the order pending.
GatewayPlan<PaymentStatus> capture(
    const PaymentAccount& account, const ports::PaymentQuery& query, UtcTime now)
{
    const Fields fields{
        {"amount", text_of(query.amount)},
        {"description", ""},
        {"orderId", query.order_id},
        {"requestId", query.order_id + ".capture"},
        {"requestType", "capture"}};
    return step<PaymentStatus>(
        account, signed_request(account, "/confirm", fields, {{"lang", "vi"}}), query.order_id,
        [now](const Answer& answer) -> GatewayPlan<PaymentStatus> {
            if (answer.result.standing == Standing::paid) return read_paid(answer, now);
            return answer_plan(status_of(answer, PaymentState::pending));
        });
}

RefundState refund_state(const ResultCode& result)
{
    switch (result.standing) {
    case Standing::paid: return RefundState::done;
    case Standing::failed: return RefundState::failed;
    case Standing::authorised:
    case Standing::pending:
    case Standing::error: break;
    }
    return RefundState::pending;
}

GatewayPlan<RefundStatus> read_refund(
    const json::object& body, const ResultCode& result, Money amount)
{
    RefundStatus status;
    status.state = refund_state(result);
    status.code = std::to_string(result.code);
    if (status.state == RefundState::done) {
        const auto told = gateway_json::amount(body, "amount");
        if (told && *told != amount)
            return failed_plan<RefundStatus>(GatewayError::unknown, "other_amount");
        status.gateway_id = gateway_json::identifier(body, "transId").value_or("");
    }
    return answer_plan(std::move(status));
}

http::OutboundRequest question(
    const PaymentAccount& account, std::string path, const std::string& order_id,
    const std::string& request_id)
{
    return signed_request(
        account, std::move(path), {{"orderId", order_id}, {"requestId", request_id}},
        {{"lang", "vi"}});
}

/// The refund among those of `refundTrans` (1.5); `absent` when it is not.
GatewayPlan<RefundStatus> listed_refund(
    const json::array& refunds, const ports::RefundOrder& order, GatewayPlan<RefundStatus> absent)
{
    for (const json::value& item : refunds) {
        const json::object* refund = item.if_object();
        if (refund == nullptr || gateway_json::text(*refund, "orderId") != order.refund_id)
            continue;
        const auto code = gateway_json::integer(*refund, "resultCode");
        if (!code) return failed_plan<RefundStatus>(GatewayError::unknown, "no_code");
        return read_refund(*refund, meaning_of(*code), order.amount);
    }
    return absent;
}

/// Asks for the refunds of the paid order; `absent` when it lists none of that name.
GatewayPlan<RefundStatus> find_among_refunds(
    const PaymentAccount& account, const ports::RefundOrder& order, const GatewayMoment& moment,
    GatewayPlan<RefundStatus> absent)
{
    if (order.order_id.empty()) return absent; // money of an order that IWAS does not know
    return step<RefundStatus>(
        account, question(account, "/query", order.order_id, "l" + hex_of(moment.chance)),
        order.order_id,
        [order, absent = std::move(absent)](const Answer& answer) -> GatewayPlan<RefundStatus> {
            const json::array* refunds = gateway_json::array(answer.body, "refundTrans");
            return refunds == nullptr ? absent : listed_refund(*refunds, order, absent);
        });
}

/// The answer of /refund/query. Integrations differ in whether its own code is the refund's or only
/// says that the question was understood, with the refund in `refundTrans`. So a good code alone
/// proves nothing: the amount must stand beside it, or the refund in a list.
GatewayPlan<RefundStatus> read_refund_found(
    const PaymentAccount& account, const ports::RefundOrder& order, const GatewayMoment& moment,
    const Answer& answer)
{
    const json::array* refunds = gateway_json::array(answer.body, "refundTrans");
    const bool names_amount = gateway_json::amount(answer.body, "amount").has_value();
    const bool is_proof = refunds == nullptr && names_amount;
    auto told = read_refund(answer.body, answer.result, order.amount);
    if (refund_state(answer.result) == RefundState::done && !is_proof) {
        RefundStatus open;
        open.code = refunds == nullptr ? "no_amount" : "not_listed";
        told = find_among_refunds(account, order, moment, answer_plan(std::move(open)));
    }
    return refunds == nullptr ? told : listed_refund(*refunds, order, std::move(told));
}

} // namespace

GatewayPlan<Invitation> create_order(
    const PaymentAccount& account, const ports::PaymentOrder& order)
{
    return created_by(account, order, {{"requestType", "captureWallet"}});
}

GatewayPlan<Invitation> create_binding(
    const PaymentAccount& account, const ports::PaymentOrder& order)
{
    return created_by(
        account, order, {{"partnerClientId", order.customer}, {"requestType", "linkWallet"}});
}

GatewayPlan<PaymentStatus> find_order(
    const PaymentAccount& account, const ports::PaymentQuery& query, const GatewayMoment& moment)
{
    return step<PaymentStatus>(
        account, question(account, "/query", query.order_id, "q" + hex_of(moment.chance)),
        query.order_id,
        [account, query, now = moment.now](const Answer& answer) -> GatewayPlan<PaymentStatus> {
            switch (answer.result.standing) {
            case Standing::paid: return read_paid(answer, now);
            case Standing::authorised:
                if (gateway_json::amount(answer.body, "amount") == query.amount)
                    return capture(account, query, now);
                break;
            case Standing::failed: return answer_plan(status_of(answer, PaymentState::failed));
            case Standing::pending:
            case Standing::error: break;
            }
            return answer_plan(status_of(answer, PaymentState::pending));
        });
}

GatewayPlan<RefundStatus> refund_order(
    const PaymentAccount& account, const ports::RefundOrder& order, const GatewayMoment& moment)
{
    const Fields fields{
        {"amount", text_of(order.amount)},
        {"description", order.description},
        {"orderId", order.refund_id},
        {"requestId", order.refund_id},
        {"transId", order.gateway_id}};
    return step<RefundStatus>(
        account, signed_request(account, "/refund", fields, {{"lang", "vi"}}), order.refund_id,
        [account, order, moment](const Answer& answer) -> GatewayPlan<RefundStatus> {
            // "Perhaps refunded before": by an earlier try of this very refund, or by another one.
            constexpr std::int64_t refused_perhaps_done = 1081;
            auto told = read_refund(answer.body, answer.result, order.amount);
            if (answer.result.code == refused_perhaps_done)
                return find_among_refunds(account, order, moment, std::move(told));
            return told;
        });
}

GatewayPlan<RefundStatus> find_refund_order(
    const PaymentAccount& account, const ports::RefundOrder& order, const GatewayMoment& moment)
{
    // The documents do not say whose orderId /refund/query takes. The refund's own is asked for
    // first; an answer of "not found" is checked against the list of the paid order.
    GatewayStep<RefundStatus> first{
        account.base_url,
        question(account, "/refund/query", order.refund_id, "r" + hex_of(moment.chance)),
        [account, order,
         moment](const http::InboundResponse& response) -> GatewayPlan<RefundStatus> {
            const auto answer = read_answer(response, account.merchant, order.refund_id);
            if (answer) return read_refund_found(account, order, moment, *answer);
            GatewayPlan<RefundStatus> failed =
                ports::GatewayAnswer<RefundStatus>{std::unexpected(answer.error())};
            if (answer.error().error == GatewayError::not_found)
                return find_among_refunds(account, order, moment, std::move(failed));
            return failed;
        }};
    return first;
}

} // namespace iwas::adapters::momo
