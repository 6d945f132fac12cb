#include "adapters/router/mikrotik/wire.hpp"

#include "asio/resolve.hpp"
#include "asio/tls_transport.hpp"

#include <openssl/ssl.h>

namespace iwas::adapters {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// After the handshake the deadlines are those of the commands. The router ends a command stream
/// with !fatal, so an end that nobody announced hides nothing.
class TransportWire final : public Wire {
public:
    explicit TransportWire(std::unique_ptr<Transport> transport) : transport_{std::move(transport)}
    {
    }

    awaitable<std::size_t> read_some(std::span<std::uint8_t> into) override
    {
        const Arrived arrived =
            co_await transport_->read_some(asio::buffer(into.data(), into.size()), no_limit);
        co_return arrived.octets;
    }
    awaitable<bool> write(std::string octets) override
    {
        const error_code broken = co_await transport_->write(asio::buffer(octets), {}, no_limit);
        co_return !broken;
    }
    void close() noexcept override { transport_->close(); }

private:
    std::unique_ptr<Transport> transport_;
};

/// Connects to the first of `addresses` that answers. An error is a sentence, as for open_wire.
awaitable<std::string> connect(
    Transport& transport, std::vector<Ipv4Address> addresses, std::uint16_t port,
    SteadyTime deadline)
{
    error_code failed;
    for (const Ipv4Address address : addresses) {
        const asio::ip::tcp::endpoint endpoint{asio::ip::address_v4{address.value()}, port};
        failed = co_await transport.connect(endpoint, deadline);
        if (!failed) break;
    }
    if (failed) co_return "cannot connect: " + failed.message();
    transport.socket().set_option(asio::ip::tcp::no_delay{true}, failed);
    transport.socket().set_option(asio::socket_base::keep_alive{true}, failed);
    co_return std::string{};
}

awaitable<std::string> start_tls(TlsTransport& transport, WireOptions options, SteadyTime deadline)
{
    const std::string& pinned = options.certificate_sha256;
    transport.ask_for(options.host);
    // A pinned certificate is usually the router's own: its digest is compared instead.
    if (pinned.empty() && !transport.expect(options.host))
        co_return "no certificate can be for " + options.host;
    const error_code failed = co_await transport.shake_hands(deadline);
    if (failed) co_return "TLS handshake failed: " + failed.message();
    if (!pinned.empty() && !equal_constant_time(transport.certificate_sha256(), pinned))
        co_return "the router's certificate is not the pinned one";
    co_return std::string{};
}

std::unique_ptr<TlsTransport> tls_transport(const asio::any_io_executor& executor)
{
    asio::ssl::context context{asio::ssl::context::tls_client};
    SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
    context.set_default_verify_paths();
    return std::make_unique<TlsTransport>(executor, context);
}

} // namespace

awaitable<Result<std::unique_ptr<Wire>, std::string>> open_wire(
    asio::any_io_executor executor, WireOptions options, SteadyTime deadline)
{
    auto addresses = co_await resolve(executor, options.host, deadline);
    if (addresses.empty()) co_return std::unexpected{"no address found for " + options.host};
    std::string failure;
    if (!options.uses_tls) {
        auto plain = std::make_unique<Transport>(executor);
        failure = co_await connect(*plain, std::move(addresses), options.port, deadline);
        if (!failure.empty()) co_return std::unexpected{std::move(failure)};
        co_return std::make_unique<TransportWire>(std::move(plain));
    }
    auto secured = tls_transport(executor);
    failure = co_await connect(*secured, std::move(addresses), options.port, deadline);
    if (failure.empty()) failure = co_await start_tls(*secured, std::move(options), deadline);
    if (!failure.empty()) co_return std::unexpected{std::move(failure)};
    co_return std::make_unique<TransportWire>(std::move(secured));
}

} // namespace iwas::adapters
