// ZaloPay's orders and refunds: create, query, refund, query_refund.
#pragma once

#include "adapters/payment/mapping.hpp"
#include "adapters/payment/zalopay/answer.hpp"

namespace iwas::adapters::zalopay {

/// The call that files an order. `product_code` is empty, or AGREEMENT for a one-tap payment.
http::OutboundRequest order_request(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    std::string product_code);

GatewayPlan<domain::Invitation> create_order(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order);
GatewayPlan<ports::PaymentStatus> find_order(
    const domain::PaymentAccount& account, const ports::PaymentQuery& query,
    const GatewayMoment& moment);
/// A refund that ZaloPay does not accept is looked up before it is called failed: the no may be
/// about the repetition of one that was accepted.
GatewayPlan<ports::RefundStatus> refund_order(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment);
GatewayPlan<ports::RefundStatus> find_refund_order(
    const domain::PaymentAccount& account, const ports::RefundOrder& order,
    const GatewayMoment& moment);

} // namespace iwas::adapters::zalopay
