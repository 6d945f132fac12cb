#include "adapters/http/link.hpp"

#include "adapters/http/streams.hpp"
#include "core/bytes.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace iwas::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;

namespace {

constexpr int interim_responses_max = 4;

using Answer = Result<InboundResponse, ClientError>;

/// What a failed read means. Everything that is not clearly a broken answer leaves the outcome
/// open.
ClientError meaning_of(const beast::error_code& error)
{
    if (error == wire::error::body_limit || error == wire::error::header_limit)
        return ClientError::too_large;
    if (error == wire::error::end_of_stream || error == wire::error::partial_message)
        return ClientError::timeout_unknown;
    if (error.category() == make_error_code(wire::error::bad_version).category())
        return ClientError::bad_response;
    return ClientError::timeout_unknown;
}

template <class Stream>
class LinkOver final : public Link {
public:
    explicit LinkOver(Stream stream) : stream_{std::move(stream)} {}

    asio::awaitable<Answer> exchange(
        WireRequest request, SteadyTime deadline, ClientOptions limits) override
    {
        reusable_ = false;
        beast::get_lowest_layer(stream_).expires_at(deadline);
        const auto wrote = co_await wire::async_write(stream_, request, as_result);
        // It may have held a password.
        wipe({reinterpret_cast<std::uint8_t*>(request.body().data()), request.body().size()});
        // Even a failed write may have delivered the whole request.
        if (std::get<0>(wrote)) co_return std::unexpected(ClientError::timeout_unknown);

        for (int interim = 0; interim <= interim_responses_max; ++interim) {
            wire::response_parser<wire::string_body> parser;
            parser.header_limit(static_cast<std::uint32_t>(limits.header_octets_max));
            parser.body_limit(limits.body_octets_max);
            const auto read = co_await wire::async_read(stream_, buffer_, parser, as_result);
            const beast::error_code error = std::get<0>(read);
            if (error) co_return std::unexpected(meaning_of(error));
            if (parser.get().result_int() < 200) continue;
            reusable_ = parser.get().keep_alive() && buffer_.size() == 0;
            co_return response_of(parser.get());
        }
        co_return std::unexpected(ClientError::bad_response);
    }

    [[nodiscard]] bool reusable() const override { return reusable_; }

    bool quiet() override
    {
        auto& socket = beast::get_lowest_layer(stream_).socket();
        std::array<char, 1> octet{};
        const auto count =
            ::recv(socket.native_handle(), octet.data(), octet.size(), MSG_PEEK | MSG_DONTWAIT);
        return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
    }

private:
    static InboundResponse response_of(wire::response<wire::string_body>& message)
    {
        InboundResponse response;
        response.status = static_cast<int>(message.result_int());
        for (const auto& field : message) {
            const auto name = field.name_string();
            const auto value = field.value();
            response.headers.add({name.data(), name.size()}, {value.data(), value.size()});
        }
        response.body = std::move(message.body());
        return response;
    }

    Stream stream_;
    beast::flat_buffer buffer_;
    bool reusable_ = false;
};

/// Whether the certificate shown is the pinned one.
bool shows_pinned(SSL* ssl, const std::string& pinned_hex)
{
    const auto pinned = from_hex(pinned_hex);
    X509* certificate = SSL_get1_peer_certificate(ssl);
    if (certificate == nullptr) return false;
    std::array<std::uint8_t, 32> digest{};
    unsigned size = 0;
    const int made = X509_digest(certificate, EVP_sha256(), digest.data(), &size);
    X509_free(certificate);
    return made == 1 && size == digest.size() && pinned && equal_constant_time(*pinned, digest);
}

asio::awaitable<std::unique_ptr<Link>> shake_hands(
    PlainStream plain, Peer peer, std::shared_ptr<asio::ssl::context> tls)
{
    TlsStream stream{std::move(plain), *tls};
    SSL* const ssl = stream.native_handle();
    if (!Ipv4Address::parse(peer.url.host))
        SSL_ctrl(
            ssl, SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, peer.url.host.data());
    if (peer.pinned_certificate) {
        // The chain does not matter then; the certificate is compared before anything is sent.
        stream.set_verify_mode(asio::ssl::verify_none);
    } else {
        stream.set_verify_mode(asio::ssl::verify_peer);
        stream.set_verify_callback(asio::ssl::host_name_verification{peer.url.host});
    }
    const auto shaken = co_await stream.async_handshake(asio::ssl::stream_base::client, as_result);
    if (std::get<0>(shaken)) co_return nullptr;
    if (peer.pinned_certificate && !shows_pinned(ssl, *peer.pinned_certificate)) co_return nullptr;
    co_return std::make_unique<LinkOver<TlsStream>>(std::move(stream));
}

} // namespace

asio::awaitable<std::unique_ptr<Link>> connect_link(
    asio::any_io_executor executor, std::vector<Ipv4Address> addresses, Peer peer,
    std::shared_ptr<asio::ssl::context> tls, SteadyTime deadline)
{
    for (const Ipv4Address address : addresses) {
        PlainStream stream{executor};
        stream.expires_at(deadline);
        const asio::ip::tcp::endpoint endpoint{
            asio::ip::address_v4{address.value()}, peer.url.port};
        const auto connected = co_await stream.async_connect(endpoint, as_result);
        if (std::get<0>(connected)) continue;
        beast::error_code ignored;
        stream.socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
        if (!tls) co_return std::make_unique<LinkOver<PlainStream>>(std::move(stream));
        auto link = co_await shake_hands(std::move(stream), peer, tls);
        if (link) co_return link;
    }
    co_return nullptr;
}

std::shared_ptr<asio::ssl::context> client_tls(const Peer& peer, const ClientOptions& options)
{
    try {
        auto context = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
        SSL_CTX_set_min_proto_version(context->native_handle(), TLS1_2_VERSION);
        context->set_default_verify_paths();
        if (!options.authorities_file.empty()) context->load_verify_file(options.authorities_file);
        if (!peer.client_certificate.empty()) {
            const std::string& key = peer.client_key.reveal();
            context->use_certificate_chain(asio::buffer(peer.client_certificate));
            context->use_private_key(asio::buffer(key), asio::ssl::context::pem);
        }
        return context;
    } catch (const boost::system::system_error&) {
        return nullptr;
    }
}

} // namespace iwas::http::detail
