// Datagrams of the simulated router over real sockets, with a line that may lose, repeat and delay
// them.
#pragma once

#include "sim/router/router_model.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/udp.hpp>

#include <memory>
#include <random>

namespace iwas::sim {

/// What the line does to each datagram, in both directions.
struct LineFaults {
    double loss = 0;      ///< probability, 0-1
    double duplicate = 0; ///< probability that a datagram arrives twice
    Milliseconds delay_min{0};
    Milliseconds delay_max{0};
};

/// The dice of the line. Seeded, so that a run can be repeated.
class Line {
public:
    explicit Line(std::uint64_t seed) : random_{seed} {}

    LineFaults faults;

    [[nodiscard]] bool loses() { return happens(faults.loss); }
    [[nodiscard]] bool duplicates() { return happens(faults.duplicate); }
    [[nodiscard]] Milliseconds delay();

private:
    [[nodiscard]] bool happens(double probability);
    std::mt19937_64 random_;
};

/// RADIUS requests to a server's two ports. Each exchange has its own socket, as a router's
/// requests come from changing ports.
class UdpRadiusTransport final : public RadiusTransport {
public:
    using Endpoint = boost::asio::ip::udp::endpoint;

    /// Requests leave from `local` (its port should be 0).
    UdpRadiusTransport(
        boost::asio::any_io_executor executor, Endpoint local, Endpoint authentication,
        Endpoint accounting, ports::Clock& clock, Line& line);

    awaitable<std::optional<Bytes>> exchange(
        RadiusService service, Bytes request, Milliseconds timeout, unsigned tries) override;

    /// Where requests go from now on; for servers whose port is known only later.
    void set_server(Endpoint authentication, Endpoint accounting)
    {
        authentication_ = authentication;
        accounting_ = accounting;
    }

private:
    boost::asio::any_io_executor executor_;
    Endpoint local_;
    Endpoint authentication_;
    Endpoint accounting_;
    ports::Clock& clock_;
    Line& line_;
};

/// Listens for Disconnect- and CoA-Requests and lets the model answer.
class DynamicAuthorizationListener {
public:
    using Socket = boost::asio::ip::udp::socket;

    DynamicAuthorizationListener(
        boost::asio::any_io_executor executor, RouterModel& model, ports::Clock& clock, Line& line,
        TaskGroup& tasks);

    /// Binds; throws std::runtime_error naming the port when it is taken.
    void start(boost::asio::ip::udp::endpoint local);
    [[nodiscard]] std::uint16_t port() const;
    void close();

private:
    static awaitable<void> receive_loop(
        std::shared_ptr<Socket> socket, RouterModel& model, ports::Clock& clock, Line& line,
        TaskGroup& tasks);
    static awaitable<void> send_later(
        std::shared_ptr<Socket> socket, Bytes answer, boost::asio::ip::udp::endpoint to,
        SteadyTime at, ports::Clock& clock);

    boost::asio::any_io_executor executor_;
    RouterModel& model_;
    ports::Clock& clock_;
    Line& line_;
    TaskGroup& tasks_;
    std::shared_ptr<Socket> socket_;
};

} // namespace iwas::sim
