#include "sim/payment/in_process_gateways.hpp"

#include "adapters/http/url.hpp"

#include <algorithm>

namespace iwas::sim {

boost::asio::awaitable<Result<http::InboundResponse, http::ClientError>> InProcessGateways::send(
    http::Peer peer, http::OutboundRequest request, SteadyTime deadline)
{
    using http::ClientError;
    ++calls_;
    if (is_down || clock_.steady_now() >= deadline)
        co_return std::unexpected(ClientError::unreachable);
    auto target = http::decode_target(peer.url.prefix + request.target);
    if (!target) co_return std::unexpected(ClientError::bad_response);

    const std::size_t answer_max = request.answer_octets_max != 0
                                       ? request.answer_octets_max
                                       : http::ClientOptions{}.body_octets_max;
    http::Request asked;
    asked.method = request.method;
    asked.target = peer.url.prefix + request.target;
    asked.path = std::move(target->path);
    asked.query = std::move(target->query);
    asked.headers = std::move(request.headers);
    asked.body = std::move(request.body);
    const SteadyTime arrives = clock_.steady_now() + latency / 2;
    if (latency.count() > 0) co_await clock_.sleep_until(arrives);
    GatewayAnswer answer = hub_.answer(asked, clock_.utc_now());
    if (answer.is_unreachable) co_return std::unexpected(ClientError::unreachable);

    const SteadyTime answered = clock_.steady_now() + latency / 2 + answer.delay;
    const SteadyTime resumes = std::min(answered, deadline);
    if (resumes > clock_.steady_now()) co_await clock_.sleep_until(resumes);
    if (answer.is_dropped || answered > deadline)
        co_return std::unexpected(ClientError::timeout_unknown);
    if (answer.response.body.size() > answer_max) co_return std::unexpected(ClientError::too_large);
    http::InboundResponse response;
    response.status = answer.response.status;
    response.headers = std::move(answer.response.headers);
    response.body = std::move(answer.response.body);
    co_return response;
}

} // namespace iwas::sim
