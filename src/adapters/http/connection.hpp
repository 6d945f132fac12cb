// Connection: one client's TCP connection, and what all connections share. Private to the server.
#pragma once

#include "adapters/http/event_stream.hpp"
#include "adapters/http/server.hpp"
#include "asio/task_group.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

namespace iwas::http::detail {

class Connection;

/// What the server and its connections share; lives until the last connection is gone.
struct Shared {
    Shared(boost::asio::any_io_executor executor, ServerOptions options_, Router router_)
        : options{std::move(options_)}, router{std::move(router_)},
          // The accept loop, and one reader beside the writer of each event stream.
          tasks{std::move(executor), options.connections_max + options.event_streams_max + 1}
    {
        if (options.rate_limit) limiter.emplace(*options.rate_limit);
    }

    ServerOptions options;
    Router router;
    std::optional<RateLimiter> limiter;
    std::optional<boost::asio::ssl::context> tls;
    std::set<Connection*> connections;
    std::map<std::string, std::size_t> per_address;
    std::size_t event_streams = 0;
    bool draining = false;
    TaskGroup tasks;

    /// The Date header (RFC 9110 §6.6.1), formatted once a second.
    const std::string& date();

private:
    std::time_t dated_at_ = 0;
    std::string date_;
};

class Connection {
public:
    virtual ~Connection() = default;
    /// Ends at the next good moment: now when idle, else after the answer.
    virtual void drain() = 0;
    /// Closes the socket now.
    virtual void abort() = 0;
};

/// Starts serving `socket`, over TLS when the server has it. False when the connection limits
/// refuse; the socket is then closed.
bool start_connection(const std::shared_ptr<Shared>& shared, boost::asio::ip::tcp::socket socket);

/// Whether X-Forwarded-For of this peer is believed.
bool is_trusted_proxy(const ServerOptions& options, std::string_view address);

/// Fills a Request from the parts of its head. Nothing when the target or the cookies are
/// malformed.
std::optional<Request> make_request(
    const Shared& shared, Method method, std::string target, Headers headers, std::string peer,
    bool secure);

} // namespace iwas::http::detail
