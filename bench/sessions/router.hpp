// Router: a simulated MikroTik router at its sockets, with a note of when each Disconnect-Request
// reached the machine.
#pragma once

#include "bench/sessions/chain.hpp"
#include "sim/router/api_listener.hpp"
#include "sim/router/faulty_udp.hpp"

#include <boost/asio/ip/udp.hpp>

namespace iwas::bench {

/// Called for each Disconnect-Request whose authenticator is right, with the kernel's time of its
/// arrival and whether the router acknowledged it.
using OnDisconnect = std::function<void(
    std::string_view user_name, std::chrono::nanoseconds unix_time, bool is_ack)>;

/// The way of each branch's router to the RADIUS server at 127.0.0.1.
std::vector<std::unique_ptr<sim::UdpRadiusTransport>> radius_of_branches(
    const boost::asio::any_io_executor& executor, std::uint16_t authentication_port,
    std::uint16_t accounting_port, ports::Clock& clock, sim::Line& line);

/// Answers for IWAS: every login is accepted without limits, every record acknowledged.
class AcceptingRadius final : public sim::RadiusTransport {
public:
    sim::awaitable<std::optional<Bytes>> exchange(
        sim::RadiusService service, Bytes request, Milliseconds timeout, unsigned tries) override;

private:
    radius::SharedSecret secret_{SecretText{std::string{radius_secret}}};
};

/// Lives on the executor's thread; `stop` before it is destroyed.
class Router {
public:
    /// `radius` answers its logins and takes its accounting; it outlives the router.
    Router(
        boost::asio::any_io_executor executor, unsigned branch, ports::Clock& clock,
        ports::Random& random, sim::RadiusTransport& radius, OnDisconnect on_disconnect);

    /// Opens the RouterOS API and the port for Disconnect-Requests.
    void start();
    boost::asio::awaitable<void> stop();
    [[nodiscard]] RouterPorts router_ports() const;

    /// The session's device comes and is logged in. False when RADIUS did not accept it.
    boost::asio::awaitable<bool> log_in(const domain::Session& session);
    [[nodiscard]] sim::RouterModel& model() { return model_; }
    /// Disconnect-Requests that were dropped: malformed, or with a wrong authenticator.
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    void wait_for_orders();
    void take_orders();

    TaskGroup tasks_;
    sim::RouterModel model_;
    sim::ApiListener api_;
    boost::asio::ip::udp::socket coa_;
    OnDisconnect on_disconnect_;
    std::uint64_t dropped_ = 0;
};

sim::NasIdentity nas_of(unsigned branch);

/// The kernel's time of arrival stands beside each datagram of the socket from now on.
void stamp_arrivals(boost::asio::ip::udp::socket& socket);
/// Takes a datagram, when there is one, with its time of arrival.
struct Arrival {
    std::size_t size = 0;
    boost::asio::ip::udp::endpoint from;
    std::chrono::nanoseconds unix_time{0};
};
std::optional<Arrival> take_datagram(
    boost::asio::ip::udp::socket& socket, std::span<std::uint8_t> buffer);

} // namespace iwas::bench
