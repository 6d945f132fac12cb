// InProcessGateways: outbound HTTP that ends in the simulated gateways without a socket, under any
// clock. The real adapters run on it unchanged.
#pragma once

#include "adapters/http/client.hpp"
#include "ports/clock.hpp"
#include "sim/payment/hub.hpp"

namespace iwas::sim {

class InProcessGateways final : public http::Caller {
public:
    InProcessGateways(GatewayHub& hub, ports::Clock& clock) : hub_{hub}, clock_{clock} {}

    /// From request to answer.
    Milliseconds latency{0};
    /// No gateway listens: every call is unreachable.
    bool is_down = false;

    boost::asio::awaitable<Result<http::InboundResponse, http::ClientError>> send(
        http::Peer peer, http::OutboundRequest request, SteadyTime deadline) override;

    [[nodiscard]] std::uint64_t calls() const { return calls_; }

private:
    GatewayHub& hub_;
    ports::Clock& clock_;
    std::uint64_t calls_ = 0;
};

} // namespace iwas::sim
