// For tests of mappings: accounts and orders as they come, and plans taken apart.
#pragma once

#include "adapters/payment/mapping.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <utility>

namespace iwas::adapters::testing {

inline const UtcTime noon = from_unix_ms(1'790'000'000'000); // 2026-09-21 21:13:20 in Vietnam
inline const GatewayMoment moment{.now = noon, .chance = 0x0123456789ABCDEFU};

inline ports::PaymentOrder order_named(std::string id)
{
    ports::PaymentOrder order;
    order.order_id = std::move(id);
    order.amount = Money{50'000};
    order.description = "WiFi 3 h";
    order.created_at = noon;
    order.expires_at = noon + 15min;
    order.return_url = "https://portal.example/back";
    order.notify_url = "https://portal.example/notice";
    order.payer_address = "192.0.2.7";
    order.customer = "c0ffee";
    return order;
}

inline ports::PaymentQuery query_for(const ports::PaymentOrder& order)
{
    return {
        .order_id = order.order_id,
        .gateway_order = {},
        .amount = order.amount,
        .created_at = order.created_at,
        .payer_address = order.payer_address};
}

/// The call that a plan begins with; throws when it is an answer.
template <class T>
GatewayStep<T> step_of(GatewayPlan<T> plan)
{
    if (auto* step = std::get_if<GatewayStep<T>>(&plan)) return std::move(*step);
    throw std::logic_error("the plan is an answer");
}

/// The answer that a plan is; throws when it is a call.
template <class T>
ports::GatewayAnswer<T> answer_of(GatewayPlan<T> plan)
{
    if (auto* answer = std::get_if<ports::GatewayAnswer<T>>(&plan)) return std::move(*answer);
    throw std::logic_error("the plan goes on");
}

/// What the plan makes of a body under HTTP 200.
template <class T>
GatewayPlan<T> told(GatewayPlan<T> plan, std::string body)
{
    return step_of<T>(std::move(plan))
        .read({.status = 200, .headers = {}, .body = std::move(body)});
}

inline std::string text_of(ports::GatewayError error)
{
    switch (error) {
    case ports::GatewayError::refused: return "refused";
    case ports::GatewayError::duplicate: return "duplicate";
    case ports::GatewayError::not_found: return "not_found";
    case ports::GatewayError::misconfigured: return "misconfigured";
    case ports::GatewayError::not_supported: return "not_supported";
    case ports::GatewayError::unavailable: return "unavailable";
    case ports::GatewayError::unknown: break;
    }
    return "unknown";
}

inline std::string text_of(const ports::GatewayFailure& failure)
{
    if (failure.error != ports::GatewayError::refused) return text_of(failure.error);
    return "refused " + std::string{to_text(failure.reason)};
}

inline std::string text_of(const ports::PaymentStatus& status)
{
    switch (status.state) {
    case ports::PaymentState::pending: return "pending";
    case ports::PaymentState::paid: return "paid";
    case ports::PaymentState::held: return "held";
    case ports::PaymentState::failed: break;
    }
    return "failed " + std::string{to_text(status.reason)};
}

inline std::string text_of(const ports::RefundStatus& status)
{
    switch (status.state) {
    case ports::RefundState::pending: return "pending";
    case ports::RefundState::done: return "done";
    case ports::RefundState::failed: break;
    }
    return "failed";
}

inline std::string text_of(const ports::BindingStatus& status)
{
    switch (status.state) {
    case ports::BindingState::pending: return "pending";
    case ports::BindingState::bound: return "bound";
    case ports::BindingState::failed: break;
    }
    return "failed";
}

inline std::string text_of(const domain::Invitation&)
{
    return "invited";
}

/// An answer in a word or two: "paid", "failed declined", "misconfigured".
template <class T>
std::string text_of(const ports::GatewayAnswer<T>& answer)
{
    return answer ? text_of(*answer) : text_of(answer.error());
}

inline ports::NoticeRequest notice_with(std::string_view body)
{
    return {
        .query = {},
        .body = body,
        .header = [](std::string_view) { return std::string_view{}; },
        .now = noon};
}

} // namespace iwas::adapters::testing
