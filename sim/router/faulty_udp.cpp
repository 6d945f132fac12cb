#include "sim/router/faulty_udp.hpp"

#include "asio/as_result.hpp"

#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <array>
#include <stdexcept>

namespace iwas::sim {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;

using Datagram = std::array<std::uint8_t, radius::packet_octets_max>;

/// A socket with a deadline: when it passes, the receive that runs then ends.
struct Receiver {
    explicit Receiver(const asio::any_io_executor& executor) : socket{executor}, timer{executor} {}
    udp::socket socket;
    asio::steady_timer timer;
    unsigned attempt = 0;
};

void end_receive_at(const std::shared_ptr<Receiver>& receiver, SteadyTime deadline)
{
    const unsigned attempt = ++receiver->attempt;
    receiver->timer.expires_at(deadline);
    receiver->timer.async_wait([receiver, attempt](boost::system::error_code error) {
        // A late wake-up must not end the receive of the next attempt.
        if (!error && receiver->attempt == attempt) receiver->socket.cancel();
    });
}

} // namespace

Milliseconds Line::delay()
{
    if (faults.delay_max <= faults.delay_min) return faults.delay_min;
    std::uniform_int_distribution<std::int64_t> distribution{
        faults.delay_min.count(), faults.delay_max.count()};
    return Milliseconds{distribution(random_)};
}

bool Line::happens(double probability)
{
    return probability > 0 && std::uniform_real_distribution<double>{0, 1}(random_) < probability;
}

UdpRadiusTransport::UdpRadiusTransport(
    asio::any_io_executor executor, Endpoint local, Endpoint authentication, Endpoint accounting,
    ports::Clock& clock, Line& line)
    : executor_{executor}, local_{local}, authentication_{authentication}, accounting_{accounting},
      clock_{clock}, line_{line}
{
}

awaitable<std::optional<Bytes>> UdpRadiusTransport::exchange(
    RadiusService service, Bytes request, Milliseconds timeout, unsigned tries)
{
    const Endpoint server =
        service == RadiusService::authentication ? authentication_ : accounting_;
    const auto receiver = std::make_shared<Receiver>(executor_);
    boost::system::error_code no_socket;
    receiver->socket.open(udp::v4(), no_socket);
    if (!no_socket) receiver->socket.bind(local_, no_socket);
    if (no_socket) {
        // The system is out of sockets: to the router it looks like silence.
        co_await clock_.sleep_until(clock_.steady_now() + timeout * tries);
        co_return std::nullopt;
    }
    for (unsigned attempt = 0; attempt < tries; ++attempt) {
        const SteadyTime deadline = clock_.steady_now() + timeout;
        const Milliseconds delay = line_.delay();
        if (delay.count() > 0) co_await clock_.sleep_until(clock_.steady_now() + delay);
        const unsigned copies = line_.duplicates() ? 2 : 1;
        for (unsigned copy = 0; copy < copies && !line_.loses(); ++copy)
            co_await receiver->socket.async_send_to(asio::buffer(request), server, as_result);

        while (clock_.steady_now() < deadline) {
            Datagram datagram;
            Endpoint from;
            end_receive_at(receiver, deadline);
            const auto received = co_await receiver->socket.async_receive_from(
                asio::buffer(datagram), from, as_result);
            const auto& [error, octets] = received;
            if (error == asio::error::operation_aborted) break;
            // An unreachable port is reported as an error of the next receive: keep waiting.
            if (error) {
                co_await clock_.sleep_until(deadline);
                break;
            }
            if (from != server || line_.loses()) continue;
            receiver->timer.cancel();
            co_return Bytes{
                datagram.begin(), datagram.begin() + static_cast<std::ptrdiff_t>(octets)};
        }
    }
    receiver->timer.cancel();
    co_return std::nullopt;
}

DynamicAuthorizationListener::DynamicAuthorizationListener(
    asio::any_io_executor executor, RouterModel& model, ports::Clock& clock, Line& line,
    TaskGroup& tasks)
    : executor_{executor}, model_{model}, clock_{clock}, line_{line}, tasks_{tasks}
{
}

void DynamicAuthorizationListener::start(udp::endpoint local)
{
    socket_ = std::make_shared<Socket>(executor_);
    socket_->open(udp::v4());
    boost::system::error_code error;
    socket_->bind(local, error);
    if (error)
        throw std::runtime_error(fmt::format(
            "simulated router: cannot use UDP port {}: {}", local.port(), error.message()));
    if (!tasks_.spawn("sim coa", receive_loop(socket_, model_, clock_, line_, tasks_)))
        throw std::runtime_error("simulated router: too many tasks");
}

std::uint16_t DynamicAuthorizationListener::port() const
{
    return socket_ ? socket_->local_endpoint().port() : std::uint16_t{0};
}

void DynamicAuthorizationListener::close()
{
    if (socket_) socket_->close();
}

awaitable<void> DynamicAuthorizationListener::receive_loop(
    std::shared_ptr<Socket> socket, RouterModel& model, ports::Clock& clock, Line& line,
    TaskGroup& tasks)
{
    Datagram datagram;
    while (socket->is_open()) {
        udp::endpoint from;
        const auto received =
            co_await socket->async_receive_from(asio::buffer(datagram), from, as_result);
        const auto& [error, octets] = received;
        if (!socket->is_open()) co_return;
        if (error || line.loses()) continue;
        const auto answer = model.dynamic_authorization(ByteView{datagram}.first(octets));
        if (!answer || line.loses()) continue;
        const unsigned copies = line.duplicates() ? 2 : 1;
        for (unsigned copy = 0; copy < copies; ++copy) {
            const SteadyTime at = clock.steady_now() + line.delay();
            if (!tasks.spawn("sim coa answer", send_later(socket, *answer, from, at, clock))) break;
        }
    }
}

awaitable<void> DynamicAuthorizationListener::send_later(
    std::shared_ptr<Socket> socket, Bytes answer, udp::endpoint to, SteadyTime at,
    ports::Clock& clock)
{
    if (at > clock.steady_now()) co_await clock.sleep_until(at);
    if (!socket->is_open()) co_return;
    co_await socket->async_send_to(asio::buffer(answer), to, as_result);
}

} // namespace iwas::sim
