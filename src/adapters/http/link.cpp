#include "adapters/http/link.hpp"

#include "adapters/http/message_io.hpp"
#include "asio/tls_transport.hpp"
#include "core/bytes.hpp"

#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <openssl/ssl.h>

#include <array>
#include <cerrno>
#include <sys/socket.h>

namespace iwas::http::detail {

namespace asio = boost::asio;
namespace wire = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr int interim_responses_max = 4;

using Answer = Result<InboundResponse, ClientError>;

/// What a failed read means. Everything that is not clearly a broken answer leaves the outcome
/// open.
ClientError meaning_of(const error_code& error)
{
    if (error == wire::error::body_limit || error == wire::error::header_limit)
        return ClientError::too_large;
    if (error == wire::error::end_of_stream || error == wire::error::partial_message)
        return ClientError::timeout_unknown;
    if (error.category() == make_error_code(wire::error::bad_version).category())
        return ClientError::bad_response;
    return ClientError::timeout_unknown;
}

InboundResponse response_of(wire::response<wire::string_body>& message)
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

/// Whether the peer is who it should be; before anything is sent to it.
asio::awaitable<bool> is_right_peer(TlsTransport& transport, const Peer& peer, SteadyTime deadline)
{
    if (!Ipv4Address::parse(peer.url.host)) transport.ask_for(peer.url.host);
    // With a pinned certificate the chain does not matter.
    if (!peer.pinned_certificate && !transport.expect(peer.url.host)) co_return false;
    const error_code failed = co_await transport.shake_hands(deadline);
    if (failed || !peer.pinned_certificate) co_return !failed;
    const auto pinned = from_hex(*peer.pinned_certificate);
    co_return pinned&& equal_constant_time(transport.certificate_sha256(), to_hex(*pinned));
}

} // namespace

Link::Link(std::unique_ptr<Transport> transport) : transport_{std::move(transport)} {}

asio::awaitable<Answer> Link::exchange(
    WireRequest request, SteadyTime deadline, ClientOptions limits)
{
    reusable_ = false;
    const std::string head = head_of(request);
    const error_code broken =
        co_await transport_->write(asio::buffer(head), asio::buffer(request.body()), deadline);
    // It may have held a password.
    wipe({reinterpret_cast<std::uint8_t*>(request.body().data()), request.body().size()});
    // Even a failed write may have delivered the whole request.
    if (broken) co_return std::unexpected(ClientError::timeout_unknown);

    for (int interim = 0; interim <= interim_responses_max; ++interim) {
        wire::response_parser<wire::string_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(limits.header_octets_max));
        parser.body_limit(limits.body_octets_max);
        const error_code error =
            co_await read_message(*transport_, buffer_, parser, Part::whole, deadline);
        if (error) co_return std::unexpected(meaning_of(error));
        if (parser.get().result_int() < 200) continue;
        reusable_ = parser.get().keep_alive() && buffer_.size() == 0;
        transport_->rest();
        co_return response_of(parser.get());
    }
    co_return std::unexpected(ClientError::bad_response);
}

bool Link::quiet() const
{
    std::array<char, 1> octet{};
    const auto count = ::recv(
        transport_->socket().native_handle(), octet.data(), octet.size(), MSG_PEEK | MSG_DONTWAIT);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

asio::awaitable<std::unique_ptr<Link>> connect_link(
    asio::any_io_executor executor, std::vector<Ipv4Address> addresses, Peer peer,
    std::shared_ptr<asio::ssl::context> tls, SteadyTime deadline)
{
    for (const Ipv4Address address : addresses) {
        std::unique_ptr<TlsTransport> secured;
        if (tls) secured = std::make_unique<TlsTransport>(executor, *tls);
        TlsTransport* const with_tls = secured.get();
        std::unique_ptr<Transport> transport = std::move(secured);
        if (!transport) transport = std::make_unique<Transport>(executor);
        const asio::ip::tcp::endpoint endpoint{
            asio::ip::address_v4{address.value()}, peer.url.port};
        const error_code failed = co_await transport->connect(endpoint, deadline);
        if (failed) continue;
        error_code ignored;
        transport->socket().set_option(asio::ip::tcp::no_delay{true}, ignored);
        bool is_right = true;
        if (with_tls != nullptr) is_right = co_await is_right_peer(*with_tls, peer, deadline);
        if (is_right) co_return std::make_unique<Link>(std::move(transport));
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
