// ZaloPay's agreements: a wallet that the customer lets be charged without asking.
#pragma once

#include "adapters/payment/mapping.hpp"

#include <boost/json/object.hpp>

namespace iwas::adapters::zalopay {

GatewayPlan<domain::Invitation> bind_agreement(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const GatewayMoment& moment);
GatewayPlan<ports::BindingStatus> find_agreement(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const GatewayMoment& moment);
GatewayPlan<std::monostate> unbind_agreement(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const ports::BoundToken& token, const GatewayMoment& moment);
/// Files the order, then pays it with the token.
GatewayPlan<ports::PaymentStatus> pay_by_agreement(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const ports::BoundToken& token, const GatewayMoment& moment);

/// An agreement as queries and callbacks (type 2) describe it: its `status` and pay_token.
/// Nothing when it is called confirmed and lacks what a payment needs.
std::optional<ports::BindingStatus> agreement_status(const boost::json::object& data);

} // namespace iwas::adapters::zalopay
