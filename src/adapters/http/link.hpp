// Link: one outbound connection, plain or TLS. Private to the client.
#pragma once

#include "adapters/http/client.hpp"
#include "asio/transport.hpp"

#include <boost/asio/ssl/context.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

#include <memory>
#include <vector>

namespace iwas::http::detail {

using WireRequest = boost::beast::http::request<boost::beast::http::string_body>;

class Link {
public:
    explicit Link(std::unique_ptr<Transport> transport);

    /// Sends `request` and reads the answer.
    boost::asio::awaitable<Result<InboundResponse, ClientError>> exchange(
        WireRequest request, SteadyTime deadline, ClientOptions limits);
    /// Whether another request may follow: the answer was whole and the peer keeps the connection.
    [[nodiscard]] bool reusable() const { return reusable_; }
    /// Whether the peer has neither closed nor sent anything while the link was idle.
    [[nodiscard]] bool quiet() const;

    SteadyTime idle_since{};

private:
    std::unique_ptr<Transport> transport_;
    boost::beast::flat_buffer buffer_;
    bool reusable_ = false;
};

/// Connects to the first of `addresses` that answers, and shakes hands when `tls` is given.
/// Null when none does by `deadline`.
boost::asio::awaitable<std::unique_ptr<Link>> connect_link(
    boost::asio::any_io_executor executor, std::vector<Ipv4Address> addresses, Peer peer,
    std::shared_ptr<boost::asio::ssl::context> tls, SteadyTime deadline);

/// A context for calls to `peer`. Null when its certificate or key, or the authorities, are
/// unusable.
std::shared_ptr<boost::asio::ssl::context> client_tls(
    const Peer& peer, const ClientOptions& options);

} // namespace iwas::http::detail
