// For fuzz targets of payment gateways: one body as every notice and answer, and what must hold of
// whatever was read from it.
#pragma once

#include "adapters/payment/mapping.hpp"
#include "core/assert.hpp"
#include "core/utf8.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace iwas::fuzz {

inline ports::NoticeRequest notice_with(std::string_view body)
{
    return {
        .query = {},
        .body = body,
        .header = [](std::string_view) { return std::string_view{}; },
        .now = from_unix_ms(1'790'000'000'000)};
}

/// Money has a name and an amount, and comes with `paid` and `held` only.
inline void check_status(const ports::PaymentStatus& status)
{
    const bool has_money =
        status.state == ports::PaymentState::paid || status.state == ports::PaymentState::held;
    IWAS_ASSERT(status.received.empty() != has_money);
    for (const ports::ReceivedMoney& money : status.received) {
        IWAS_ASSERT(!money.gateway_id.empty() && is_utf8(money.gateway_id));
        IWAS_ASSERT(money.amount > Money{0});
    }
}

inline void check_notice(const ports::PaymentNotice& notice)
{
    check_status(notice.status);
    IWAS_ASSERT(is_utf8(notice.order_id) && is_utf8(notice.kept_body));
    IWAS_ASSERT(!notice.order_id.empty() || notice.kind != ports::NoticeKind::binding);
    const bool is_bound = notice.binding.state == ports::BindingState::bound;
    IWAS_ASSERT(notice.binding.token.has_value() == is_bound);
}

inline void check(const ports::PaymentStatus& status)
{
    check_status(status);
}
inline void check(const ports::RefundStatus& status)
{
    IWAS_ASSERT(is_utf8(status.gateway_id));
}
inline void check(const ports::BindingStatus& status)
{
    IWAS_ASSERT(status.token.has_value() == (status.state == ports::BindingState::bound));
}
inline void check(const domain::Invitation& invitation)
{
    IWAS_ASSERT(is_utf8(invitation.pay_url) && is_utf8(invitation.qr_text));
    IWAS_ASSERT(!invitation.pay_url.starts_with("javascript"));
    IWAS_ASSERT(!invitation.deep_link.starts_with("javascript"));
}
inline void check(const std::monostate&) {}

/// Answers each call of the plan with `body`, a few times at most.
template <class T>
void walk(adapters::GatewayPlan<T> plan, std::string_view body)
{
    http::InboundResponse response;
    response.status = 200;
    response.body = body;
    for (int steps = 0; steps < 4; ++steps) {
        auto* step = std::get_if<adapters::GatewayStep<T>>(&plan);
        if (step == nullptr) break;
        const auto read = std::move(step->read);
        plan = read(response);
    }
    const auto* answer = std::get_if<ports::GatewayAnswer<T>>(&plan);
    if (answer != nullptr && *answer) check(**answer);
}

/// `body` as the answer to every call that the mapping makes.
inline void read_as_answers(
    const adapters::GatewayMapping& mapping, const domain::PaymentAccount& account,
    std::string_view body)
{
    const adapters::GatewayMoment moment{.now = from_unix_ms(1'790'000'000'000), .chance = 7};
    ports::PaymentOrder order;
    order.order_id = "W260921-1";
    order.amount = Money{50'000};
    order.customer = "c0ffee";
    order.created_at = moment.now;
    order.expires_at = moment.now + 15min;
    ports::PaymentQuery query;
    query.order_id = order.order_id;
    query.amount = order.amount;
    query.created_at = moment.now;
    ports::RefundOrder refund;
    refund.refund_id = "W260921-1"; // so that one body fits both
    refund.order_id = order.order_id;
    refund.gateway_id = "77";
    refund.amount = order.amount;
    refund.paid = order.amount;
    ports::BoundToken token;
    token.token = SecretText{"token"};
    walk(mapping.create(account, order, moment), body);
    walk(mapping.find(account, query, moment), body);
    walk(mapping.refund(account, refund, moment), body);
    walk(mapping.find_refund(account, refund, moment), body);
    walk(mapping.bind(account, order, moment), body);
    walk(mapping.find_binding(account, order, moment), body);
    walk(mapping.charge(account, order, token, moment), body);
    walk(mapping.unbind(account, order, token, moment), body);
}

} // namespace iwas::fuzz
