#include "asio/transport.hpp"

#include "asio/as_result.hpp"

#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <array>

namespace iwas {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

using Gathered = std::array<asio::const_buffer, 2>;

void drop_front(Gathered& octets, std::size_t count)
{
    const std::size_t of_first = std::min(count, octets[0].size());
    octets[0] += of_first;
    octets[1] += count - of_first;
}

} // namespace

/// The socket, and the timer that closes it. One timer serves all waits and is not stopped between
/// them: the next wait mostly ends later than the last, so most waits find it running early enough.
struct Transport::Guarded : std::enable_shared_from_this<Guarded> {
    explicit Guarded(tcp::socket socket_) : socket{std::move(socket_)}, timer{socket.get_executor()}
    {
    }

    [[nodiscard]] SteadyTime limit() const { return std::min(read_until, write_until); }

    /// Sees to it that the timer wakes no later than at the limit.
    void watch()
    {
        if (limit() >= wakes_at) return;
        wakes_at = limit();
        timer.expires_at(wakes_at);
        timer.async_wait([weak = weak_from_this()](const error_code& error) {
            const auto self = weak.lock();
            if (self && !error) self->woken();
        });
    }
    void woken()
    {
        wakes_at = no_limit;
        if (limit() > std::chrono::steady_clock::now()) return watch();
        error_code ignored;
        socket.close(ignored);
    }

    tcp::socket socket;
    asio::steady_timer timer;
    SteadyTime read_until = no_limit;
    SteadyTime write_until = no_limit;
    SteadyTime wakes_at = no_limit;
};

Transport::Transport(asio::any_io_executor executor) : Transport{tcp::socket{std::move(executor)}}
{
}

Transport::Transport(tcp::socket socket) : guarded_{std::make_shared<Guarded>(std::move(socket))} {}

Transport::~Transport() = default;

asio::awaitable<error_code> Transport::connect(tcp::endpoint endpoint, SteadyTime until)
{
    close(); // what an earlier attempt left
    guarded_->write_until = until;
    guarded_->watch();
    const auto connected = co_await guarded_->socket.async_connect(endpoint, as_result);
    guarded_->write_until = no_limit;
    co_return std::get<0>(connected);
}

asio::awaitable<error_code> Transport::shake_hands(SteadyTime)
{
    co_return error_code{};
}

asio::awaitable<Arrived> Transport::read_some(asio::mutable_buffer into, SteadyTime until)
{
    guarded_->read_until = until;
    guarded_->watch();
    const auto read = co_await guarded_->socket.async_read_some(into, as_result);
    guarded_->read_until = no_limit;
    co_return Arrived{std::get<0>(read), std::get<1>(read)};
}

asio::awaitable<error_code> Transport::write(
    asio::const_buffer first, asio::const_buffer second, SteadyTime until)
{
    Gathered rest{first, second};
    error_code error;
    // The kernel takes most messages at once: then there is no wait that needs a limit.
    if (!guarded_->socket.non_blocking()) guarded_->socket.non_blocking(true, error);
    if (!error) drop_front(rest, guarded_->socket.write_some(rest, error));
    if (error == asio::error::would_block) error = {};

    guarded_->write_until = until;
    while (!error && asio::buffer_size(rest) > 0) {
        guarded_->watch();
        const auto written = co_await guarded_->socket.async_write_some(rest, as_result);
        error = std::get<0>(written);
        drop_front(rest, std::get<1>(written));
    }
    guarded_->write_until = no_limit;
    co_return error;
}

asio::awaitable<void> Transport::say_goodbye(SteadyTime)
{
    error_code ignored;
    guarded_->socket.shutdown(tcp::socket::shutdown_send, ignored);
    co_return;
}

asio::awaitable<void> Transport::drain(std::size_t octets_max, SteadyTime until)
{
    co_await Transport::say_goodbye(until);
    std::array<char, 4096> dropped{};
    for (std::size_t octets = 0; octets < octets_max;) {
        const Arrived arrived = co_await Transport::read_some(asio::buffer(dropped), until);
        if (arrived.error) break;
        octets += arrived.octets;
    }
}

void Transport::hasten_write(SteadyTime until)
{
    guarded_->write_until = std::min(guarded_->write_until, until);
    guarded_->watch();
}

void Transport::rest()
{
    guarded_->wakes_at = no_limit;
    guarded_->timer.cancel();
}

void Transport::close()
{
    error_code ignored;
    guarded_->socket.close(ignored);
}

tcp::socket& Transport::socket()
{
    return guarded_->socket;
}

} // namespace iwas
