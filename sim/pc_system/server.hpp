// PcSystemServer: the simulated PC system on a real socket, with its webhooks, for the
// demonstration and end-to-end tests.
#pragma once

#include "adapters/http/client.hpp"
#include "adapters/http/server.hpp"
#include "asio/task_group.hpp"
#include "ports/clock.hpp"
#include "sim/pc_system/model.hpp"

#include <optional>
#include <string>

namespace iwas::sim {

class PcSystemServer {
public:
    struct Options {
        std::string address = "127.0.0.1";
        std::uint16_t port = 0;
        /// Where webhooks go, such as "http://127.0.0.1:8080/api/v1/branches/q7/pc-events"; empty:
        /// nowhere. The host must be on this machine.
        std::string webhook_url = {};
    };
    /// `model` and `clock` outlive the server. Throws std::invalid_argument for a bad webhook_url.
    PcSystemServer(
        boost::asio::any_io_executor executor, PcSystemModel& model, ports::Clock& clock,
        Options options);

    /// Listens; throws std::runtime_error that names the address when it cannot.
    void start();
    [[nodiscard]] std::uint16_t port() const { return server_.port(); }
    /// Webhooks that were answered with 2xx.
    [[nodiscard]] std::uint64_t webhooks_delivered() const { return delivered_; }
    boost::asio::awaitable<void> stop(SteadyTime deadline);

private:
    http::Router router();
    boost::asio::awaitable<http::Response> answer(http::Request request);
    boost::asio::awaitable<void> send_webhooks();

    PcSystemModel& model_;
    ports::Clock& clock_;
    std::optional<http::Peer> webhook_peer_;
    http::Client client_;
    http::Server server_;
    TaskGroup tasks_;
    std::uint64_t delivered_ = 0;
    bool stopping_ = false;
};

} // namespace iwas::sim
