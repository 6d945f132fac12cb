// GatewayServer: the simulated gateways on a real socket, with their notices, for the
// demonstration and end-to-end tests.
#pragma once

#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "asio/task_group.hpp"
#include "ports/clock.hpp"
#include "sim/payment/hub.hpp"

#include <string>

namespace iwas::sim {

class GatewayServer {
public:
    struct Options {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;
        /// Every notice goes out on so many connections at the same moment; one of the answers
        /// counts.
        std::size_t notice_copies = 1;
    };
    /// `hub` and `clock` outlive the server. Notices go to this machine only, whatever their URL
    /// says.
    GatewayServer(
        boost::asio::any_io_executor executor, GatewayHub& hub, ports::Clock& clock,
        Options options);

    /// Listens, and tells the hub where; throws std::runtime_error that names the address when it
    /// cannot.
    void start();
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    /// "http://127.0.0.1:9100": what IWAS takes as the base URL of each gateway.
    [[nodiscard]] std::string url() const;
    /// Notices that got an answer, whichever.
    [[nodiscard]] std::uint64_t notices_answered() const { return answered_; }
    boost::asio::awaitable<void> stop(SteadyTime deadline);

private:
    http::Router router();
    boost::asio::awaitable<http::Response> answer(http::Request request);
    boost::asio::awaitable<void> send_notices();
    boost::asio::awaitable<void> send_notice(DueNotice due, bool is_first);

    GatewayHub& hub_;
    ports::Clock& clock_;
    std::string address_;
    std::size_t notice_copies_;
    http::Client client_;
    http::Server server_;
    TaskGroup tasks_;
    std::uint64_t answered_ = 0;
    bool stopping_ = false;
};

} // namespace iwas::sim
