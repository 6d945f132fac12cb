// Shorthands in which the mappings write their plans: failures, and JSON calls.
#pragma once

#include "adapters/payment/mapping.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <string>
#include <utility>

namespace iwas::adapters {

/// A failure with the reason that a customer may read for it, unless the gateway told another.
inline ports::GatewayFailure gateway_failure(
    ports::GatewayError error, std::string code = {},
    domain::TransactionReason told = domain::TransactionReason::none)
{
    using domain::TransactionReason;
    const auto reason = [&] {
        if (told != TransactionReason::none) return told;
        switch (error) {
        case ports::GatewayError::refused: return TransactionReason::declined;
        case ports::GatewayError::duplicate:
        case ports::GatewayError::unknown: return TransactionReason::outcome_unknown;
        case ports::GatewayError::not_found:
        case ports::GatewayError::misconfigured:
        case ports::GatewayError::not_supported:
        case ports::GatewayError::unavailable: break;
        }
        return TransactionReason::payment_unavailable;
    };
    return {.error = error, .reason = reason(), .code = std::move(code)};
}

/// The same as the end of a plan.
template <class T>
GatewayPlan<T> failed_plan(
    ports::GatewayError error, std::string code = {},
    domain::TransactionReason told = domain::TransactionReason::none)
{
    return ports::GatewayAnswer<T>{std::unexpected(gateway_failure(error, std::move(code), told))};
}

template <class T>
GatewayPlan<T> answer_plan(T value)
{
    return ports::GatewayAnswer<T>{std::move(value)};
}

/// POST of a JSON body.
inline http::OutboundRequest json_post(std::string target, const boost::json::object& body)
{
    http::OutboundRequest request{
        http::Method::post, std::move(target), {}, boost::json::serialize(body)};
    request.headers.set("Content-Type", "application/json; charset=UTF-8");
    request.headers.set("Accept", "application/json");
    return request;
}

} // namespace iwas::adapters
