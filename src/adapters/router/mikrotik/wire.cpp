#include "adapters/router/mikrotik/wire.hpp"

#include "asio/resolve.hpp"
#include "core/digest.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <openssl/x509.h>

namespace iwas::adapters {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::beast::tcp_stream;

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// The stream and the buffer belong to the connection whose loop awaits these.
template <class Stream>
awaitable<std::size_t> read_from(Stream& stream, std::span<std::uint8_t> into)
{
    const auto target = asio::buffer(into.data(), into.size());
    const auto read = co_await stream.async_read_some(target, as_result);
    const auto& [error, octets] = read;
    co_return error ? 0 : octets;
}

template <class Stream>
awaitable<bool> write_to(Stream& stream, std::string octets)
{
    const auto source = asio::buffer(octets);
    const auto written = co_await asio::async_write(stream, source, as_result);
    const auto& [error, count] = written;
    co_return !error && count == octets.size();
}

class TcpWire final : public Wire {
public:
    explicit TcpWire(tcp_stream stream) : stream_{std::move(stream)} {}

    awaitable<std::size_t> read_some(std::span<std::uint8_t> into) override
    {
        return read_from(stream_, into);
    }
    awaitable<bool> write(std::string octets) override
    {
        return write_to(stream_, std::move(octets));
    }
    void close() noexcept override { stream_.close(); }

private:
    tcp_stream stream_;
};

using TlsStream = asio::ssl::stream<tcp_stream>;

class TlsWire final : public Wire {
public:
    TlsWire(std::unique_ptr<asio::ssl::context> context, TlsStream stream)
        : context_{std::move(context)}, stream_{std::move(stream)}
    {
    }

    awaitable<std::size_t> read_some(std::span<std::uint8_t> into) override
    {
        return read_from(stream_, into);
    }
    awaitable<bool> write(std::string octets) override
    {
        return write_to(stream_, std::move(octets));
    }
    // The router ends a command stream with !fatal, so a missing close_notify hides nothing.
    void close() noexcept override { stream_.next_layer().close(); }

private:
    std::unique_ptr<asio::ssl::context> context_;
    TlsStream stream_;
};

/// SHA-256 of the peer's certificate in DER, hexadecimal; empty when it showed none.
std::string certificate_digest(SSL* session)
{
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{
        SSL_get1_peer_certificate(session), &X509_free};
    if (!certificate) return {};
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate.get(), &der);
    if (size <= 0) return {};
    const auto digest = sha256({ByteView{der, static_cast<std::size_t>(size)}});
    OPENSSL_free(der);
    return to_hex(digest);
}

awaitable<Result<std::unique_ptr<Wire>, std::string>> start_tls(
    tcp_stream plain, WireOptions options, SteadyTime deadline)
{
    auto context = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
    const bool is_pinned = !options.certificate_sha256.empty();
    if (!is_pinned) {
        context->set_default_verify_paths();
        context->set_verify_callback(asio::ssl::host_name_verification(options.host));
    }
    // A pinned certificate is usually the router's own: its digest is compared instead.
    context->set_verify_mode(is_pinned ? asio::ssl::verify_none : asio::ssl::verify_peer);

    TlsStream stream{std::move(plain), *context};
    SSL_set_tlsext_host_name(stream.native_handle(), options.host.c_str());
    stream.next_layer().expires_at(deadline);
    const auto greeted = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
    const auto& [error] = greeted;
    if (error) co_return std::unexpected{"TLS handshake failed: " + error.message()};
    if (is_pinned && !equal_constant_time(
                         certificate_digest(stream.native_handle()), options.certificate_sha256)) {
        stream.next_layer().close();
        co_return std::unexpected{std::string{"the router's certificate is not the pinned one"}};
    }
    stream.next_layer().expires_never();
    co_return std::make_unique<TlsWire>(std::move(context), std::move(stream));
}

} // namespace

awaitable<Result<std::unique_ptr<Wire>, std::string>> open_wire(
    asio::any_io_executor executor, WireOptions options, SteadyTime deadline)
{
    const auto addresses = co_await resolve(executor, options.host, deadline);
    if (addresses.empty()) co_return std::unexpected{"no address found for " + options.host};
    std::vector<tcp::endpoint> endpoints;
    for (const Ipv4Address address : addresses)
        endpoints.emplace_back(asio::ip::address_v4{address.value()}, options.port);

    tcp_stream stream{executor};
    stream.expires_at(deadline);
    const auto connected = co_await stream.async_connect(endpoints, as_result);
    const auto& [error, endpoint] = connected;
    if (error) co_return std::unexpected{"cannot connect: " + error.message()};
    boost::system::error_code ignored;
    stream.socket().set_option(tcp::no_delay{true}, ignored);
    stream.socket().set_option(asio::socket_base::keep_alive{true}, ignored);
    if (options.uses_tls) {
        auto secured = co_await start_tls(std::move(stream), std::move(options), deadline);
        co_return secured;
    }
    // From here on the deadlines are those of the commands.
    stream.expires_never();
    co_return std::make_unique<TcpWire>(std::move(stream));
}

} // namespace iwas::adapters
