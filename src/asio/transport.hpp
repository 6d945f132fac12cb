// Transport: the octets of one TCP connection. The one place that reads and writes them, so that
// Asio's operations are compiled once and not for every kind of stream that a protocol may run
// over.
#pragma once

#include "core/time.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <memory>

namespace iwas {

/// For a wait without a limit.
inline constexpr SteadyTime no_limit = SteadyTime::max();

/// What a read came to. Without an error at least one octet came.
struct Arrived {
    boost::system::error_code error;
    std::size_t octets = 0;
};

/// A TCP connection, as it is; TlsTransport encrypts. All calls come from the executor's thread.
///
/// One read and one write may wait at a time. When one has not ended at its `until`, the socket is
/// closed, and both end with operation_aborted. Who awaits keeps the transport and the octets
/// alive.
class Transport {
public:
    explicit Transport(boost::asio::any_io_executor executor);
    /// Takes a connected socket.
    explicit Transport(boost::asio::ip::tcp::socket socket);
    virtual ~Transport();
    Transport(const Transport&) = delete;
    Transport& operator=(const Transport&) = delete;

    /// May be tried again, with another endpoint, when it failed.
    boost::asio::awaitable<boost::system::error_code> connect(
        boost::asio::ip::tcp::endpoint endpoint, SteadyTime until);

    /// What must be agreed on before the first octet: nothing here, keys under TLS.
    virtual boost::asio::awaitable<boost::system::error_code> shake_hands(SteadyTime until);
    /// Waits for octets. asio::error::eof: the peer has ended its side, and lost nothing on the
    /// way.
    virtual boost::asio::awaitable<Arrived> read_some(
        boost::asio::mutable_buffer into, SteadyTime until);
    /// Sends `first` and then `second`, together where they fit.
    virtual boost::asio::awaitable<boost::system::error_code> write(
        boost::asio::const_buffer first, boost::asio::const_buffer second, SteadyTime until);
    /// Tells the peer that no more will come, so that it can tell this from a broken connection.
    virtual boost::asio::awaitable<void> say_goodbye(SteadyTime until);

    /// For an end in the middle of what the peer sends: sends the end, then reads and drops at most
    /// `octets_max` as they come, else the kernel's reset could overtake the last answer.
    boost::asio::awaitable<void> drain(std::size_t octets_max, SteadyTime until);

    /// Nobody waits now, nor will for a while: an idle connection keeps no timer running.
    void rest();
    /// Ends whatever waits. Harmless on a closed one.
    void close();
    [[nodiscard]] boost::asio::ip::tcp::socket& socket();

protected:
    /// The write that waits now ends at `until` at the latest.
    void hasten_write(SteadyTime until);

private:
    struct Guarded;
    std::shared_ptr<Guarded> guarded_;
};

} // namespace iwas
