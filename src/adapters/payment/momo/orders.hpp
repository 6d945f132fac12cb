// MoMo's orders and refunds: create, query, confirm, refund.
#pragma once

#include "adapters/payment/mapping.hpp"

namespace iwas::adapters::momo {

GatewayPlan<domain::Invitation> create_order(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order);
/// The page on which the customer allows one-tap payments (linkWallet).
GatewayPlan<domain::Invitation> create_binding(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order);
/// An order whose money is only held is captured on the way, when the amount is the order's.
GatewayPlan<ports::PaymentStatus> find_order(
    const domain::PaymentAccount& account, const ports::PaymentQuery& query,
    const GatewayMoment& moment);
GatewayPlan<ports::RefundStatus> refund_order(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment);
GatewayPlan<ports::RefundStatus> find_refund_order(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment);

} // namespace iwas::adapters::momo
