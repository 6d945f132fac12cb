// MoMo's saved wallets: what became of a binding, paying by a token, forgetting it.
#pragma once

#include "adapters/payment/mapping.hpp"

namespace iwas::adapters::momo {

/// Asks for the callbackToken (cbQuery) and exchanges it for the payment token (tokenization/bind).
GatewayPlan<ports::BindingStatus> find_binding_of(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const GatewayMoment& moment);
/// not_found: MoMo does not take this token, or not any more.
GatewayPlan<ports::PaymentStatus> charge_token(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const ports::BoundToken& token, const GatewayMoment& moment);
/// not_found: MoMo has no such token, or not any more.
GatewayPlan<std::monostate> delete_token(
    const domain::PaymentAccount& account, const ports::PaymentOrder& order,
    const ports::BoundToken& token);

} // namespace iwas::adapters::momo
