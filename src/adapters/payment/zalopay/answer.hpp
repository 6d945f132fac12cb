// ZaloPay's answers, read as far as all of them are alike, and requests in ZaloPay's shape.
#pragma once

#include "adapters/payment/mapping.hpp"
#include "adapters/payment/plans.hpp"
#include "adapters/payment/zalopay/return_codes.hpp"

#include <boost/json/object.hpp>

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::adapters::zalopay {

struct Answer {
    boost::json::object body;
    Meaning meaning;
    std::string code; // "return_code/sub_return_code"
};

/// What has no return_code is unknown. HTTP's status is not looked at.
ports::GatewayAnswer<Answer> read_answer(const http::InboundResponse& response);
/// The failure that an answer with Standing::error is.
ports::GatewayFailure error_of(const Answer& answer);

using Form = std::vector<std::pair<std::string, std::string>>;

/// POST of a form: app_id, `fields`, and the mac of `signed_values`, which app_id precedes.
http::OutboundRequest signed_request(
    const domain::PaymentAccount& account, std::string target, Form fields,
    std::initializer_list<std::string_view> signed_values);

/// A step to `base_url`. The reader gets every answer that has a return_code, errors too.
template <class T>
GatewayStep<T> raw_step(
    const domain::PaymentAccount& account, http::OutboundRequest request,
    std::function<GatewayPlan<T>(Answer)> read)
{
    return {
        account.base_url, std::move(request),
        [read = std::move(read)](const http::InboundResponse& response) -> GatewayPlan<T> {
            auto answer = read_answer(response);
            if (!answer) return ports::GatewayAnswer<T>{std::unexpected(answer.error())};
            return read(std::move(*answer));
        }};
}

/// The same; errors end the plan before the reader.
template <class T>
GatewayStep<T> step(
    const domain::PaymentAccount& account, http::OutboundRequest request,
    std::function<GatewayPlan<T>(Answer)> read)
{
    return raw_step<T>(
        account, std::move(request), [read = std::move(read)](Answer answer) -> GatewayPlan<T> {
            if (answer.meaning.standing == Standing::error)
                return ports::GatewayAnswer<T>{std::unexpected(error_of(answer))};
            return read(std::move(answer));
        });
}

} // namespace iwas::adapters::zalopay
