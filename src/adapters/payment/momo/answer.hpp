// MoMo's answers: the members that all of them have, checked, and requests in MoMo's shape.
#pragma once

#include "adapters/payment/mapping.hpp"
#include "adapters/payment/momo/result_codes.hpp"
#include "adapters/payment/momo/signature.hpp"
#include "adapters/payment/plans.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters::momo {

struct Answer {
    boost::json::object body;
    ResultCode result;
    std::string code; // resultCode as text
};

/// Reads an answer about `order_id`. An error that MoMo names becomes that failure; what cannot be
/// read, or is about another order, is unknown. HTTP's status is coarse and not looked at.
ports::GatewayAnswer<Answer> read_answer(
    const http::InboundResponse& response, std::string_view merchant, std::string_view order_id);

/// Money of a paid order; nothing when MoMo names no transaction or amount.
std::optional<ports::ReceivedMoney> received_money(const boost::json::object& body, UtcTime now);

/// A call: `fields` are the signed ones (accessKey and partnerCode are added here) and go into the
/// body too, but accessKey; `amount` and `transId` as numbers. `unsigned_fields` are added.
http::OutboundRequest signed_request(
    const domain::PaymentAccount& account, std::string path, Fields fields,
    boost::json::object unsigned_fields);

/// A step to `base_url` whose reader gets the checked answer; failures end the plan.
template <class T>
GatewayStep<T> step(
    const domain::PaymentAccount& account, http::OutboundRequest request, std::string order_id,
    std::function<GatewayPlan<T>(Answer)> read)
{
    return {
        account.base_url, std::move(request),
        [merchant = account.merchant, order_id = std::move(order_id),
         read = std::move(read)](const http::InboundResponse& response) -> GatewayPlan<T> {
            auto answer = read_answer(response, merchant, order_id);
            if (!answer) return ports::GatewayAnswer<T>{std::unexpected(answer.error())};
            return read(std::move(*answer));
        }};
}

} // namespace iwas::adapters::momo
