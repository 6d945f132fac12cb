// Server: HTTP/1.1 on the program's one I/O thread.
#pragma once

#include "adapters/http/message.hpp"
#include "adapters/http/rate_limit.hpp"
#include "adapters/http/router.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace iwas::http {

/// PEM files. The key may stand in the certificate's file.
struct TlsFiles {
    std::string certificate_chain;
    std::string private_key;
};

/// What the server tells after each answer, for metrics.
struct Served {
    Method method = Method::get;
    /// The route's pattern, not the path, so that the number of values is bounded.
    std::string_view pattern;
    int status = 0;
    std::chrono::nanoseconds duration{};
};

struct ServerOptions {
    std::string address = "127.0.0.1";
    /// 0: any free port, see Server::port().
    std::uint16_t port = 0;
    std::size_t header_octets_max = 16 * 1024;
    std::size_t body_octets_max = 64 * 1024;
    std::size_t connections_max = 4096;
    /// Trusted proxies are exempt. Generous: a café behind NAT is one address.
    std::size_t connections_per_address_max = 1024;
    std::size_t event_streams_max = 1024;
    /// First octet to end of headers, and headers to end of body.
    Milliseconds header_timeout{10'000};
    Milliseconds body_timeout{15'000};
    /// Between requests of one connection.
    Milliseconds idle_timeout{60'000};
    Milliseconds write_timeout{30'000};
    /// Between two comments of a quiet event stream.
    Milliseconds event_keepalive{15'000};
    /// When set, requests per client address; refused with 429.
    std::optional<RateLimiter::Limits> rate_limit;
    /// The words of that refusal: the request, and how long to wait. A plain one where it is empty.
    std::function<Response(const Request&, Seconds)> refuse_over_rate;
    std::optional<TlsFiles> tls;
    /// Peers whose X-Forwarded-For and X-Forwarded-Proto are believed.
    std::vector<Ipv4Prefix> trusted_proxies;
    /// Set on every answer that does not set them itself.
    std::vector<std::pair<std::string, std::string>> default_headers = security_headers();
    std::function<void(const Served&)> observe;

    static std::vector<std::pair<std::string, std::string>> security_headers();
};

/// Owns the listener and its connections. Use on the executor's thread only.
class Server {
public:
    Server(boost::asio::any_io_executor executor, ServerOptions options, Router router);
    /// After stop() has completed, or after the executor has stopped for good.
    ~Server();
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Binds and listens. Throws std::runtime_error that names address and port when it cannot
    /// (port in use, certificate unreadable).
    void start();
    /// The port bound by start().
    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::size_t connections() const;

    /// Stops accepting, closes idle connections and event streams, lets requests in work finish
    /// until `deadline`, then closes the rest. Completes when no connection is left.
    boost::asio::awaitable<void> stop(SteadyTime deadline);

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace iwas::http
