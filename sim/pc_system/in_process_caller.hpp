// InProcessCaller: outbound HTTP that ends in the simulated PC system without a socket, under any
// clock. The real adapter runs on it unchanged.
#pragma once

#include "adapters/http/client.hpp"
#include "ports/clock.hpp"
#include "sim/pc_system/model.hpp"

namespace iwas::sim {

class InProcessCaller final : public http::Caller {
public:
    InProcessCaller(PcSystemModel& model, ports::Clock& clock) : model_{model}, clock_{clock} {}

    /// From request to answer.
    Milliseconds latency{0};
    /// Nobody listens: every call is unreachable.
    bool is_down = false;

    boost::asio::awaitable<Result<http::InboundResponse, http::ClientError>> send(
        http::Peer peer, http::OutboundRequest request, SteadyTime deadline) override;

    [[nodiscard]] std::uint64_t calls() const { return calls_; }

private:
    PcSystemModel& model_;
    ports::Clock& clock_;
    std::uint64_t calls_ = 0;
};

} // namespace iwas::sim
