// TlsTransport: a Transport under TLS, at either end of the connection.
#pragma once

#include "asio/transport.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace iwas {

/// As Transport; besides, who awaits nothing may still owe the peer an alert, which the next write
/// takes along. An end of the connection that the peer did not announce is an error, and not eof.
class TlsTransport final : public Transport {
public:
    /// A client, not connected yet. `context` may go afterwards.
    TlsTransport(boost::asio::any_io_executor executor, boost::asio::ssl::context& context);
    /// A server; takes a connected socket.
    TlsTransport(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context& context);

    /// For a client, before the handshake, which then fails unless the authorities of the context
    /// vouch for the certificate and it names `host`, an IPv4 address or a name. False when it is
    /// neither.
    [[nodiscard]] bool expect(const std::string& host);
    /// For a client, before the handshake: asks for the certificate of `host` (RFC 6066 §3).
    void ask_for(const std::string& host);
    /// SHA-256 of the certificate that the peer showed (DER), hexadecimal; empty when it showed
    /// none.
    [[nodiscard]] std::string certificate_sha256() const;

    boost::asio::awaitable<boost::system::error_code> shake_hands(SteadyTime until) override;
    boost::asio::awaitable<Arrived> read_some(
        boost::asio::mutable_buffer into, SteadyTime until) override;
    boost::asio::awaitable<boost::system::error_code> write(
        boost::asio::const_buffer first, boost::asio::const_buffer second,
        SteadyTime until) override;
    /// Announces the end and waits until the peer has too.
    boost::asio::awaitable<void> say_goodbye(SteadyTime until) override;

private:
    enum class Step : std::uint8_t { shake_hands, read, write, say_goodbye };

    void begin(boost::asio::ssl::context& context);
    int call(Step step, std::span<char> octets);
    boost::asio::awaitable<Arrived> carry_out(Step step, std::span<char> octets, SteadyTime until);
    boost::asio::awaitable<boost::system::error_code> send_sealed(Step step, SteadyTime until);
    boost::asio::awaitable<boost::system::error_code> receive_sealed(SteadyTime until);

    struct Free {
        void operator()(SSL* ssl) const;
    };
    std::unique_ptr<SSL, Free> ssl_;
    BIO* from_peer_ = nullptr; // both belong to ssl_
    BIO* to_peer_ = nullptr;
    bool is_sending_ = false;
    SteadyTime send_until_ = no_limit;     // while somebody sends
    boost::system::error_code send_error_; // of who sent last
    boost::asio::steady_timer sent_;       // never expires: wakes the writer behind a reader
    bool is_receiving_ = false;
    std::array<char, 16 * 1024> received_{};
};

} // namespace iwas
