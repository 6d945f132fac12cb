// ApiListener: the RouterOS API of the simulated router on a TCP port, plain or over TLS.
#pragma once

#include "sim/router/api_session.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <memory>
#include <set>

namespace boost::asio::ssl {
class context;
}

namespace iwas::sim {

class ApiListener {
public:
    ApiListener(
        boost::asio::any_io_executor executor, RouterModel& model, ApiOptions options,
        TaskGroup& tasks);
    ~ApiListener();
    ApiListener(const ApiListener&) = delete;
    ApiListener& operator=(const ApiListener&) = delete;

    /// Listens; over TLS when `tls` is there. Throws std::runtime_error naming a taken port.
    void start(
        boost::asio::ip::tcp::endpoint local, std::shared_ptr<boost::asio::ssl::context> tls);
    [[nodiscard]] std::uint16_t port() const;

    /// Passes the change on to every client that listens.
    void active_changed(const ActiveSession& session, bool is_gone);
    /// Drops every connection, as a power cycle does.
    void drop_connections();
    /// While mute, what clients send is lost and new clients meet silence.
    void set_mute(bool is_mute);
    void close();
    [[nodiscard]] std::size_t connections() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace iwas::sim
