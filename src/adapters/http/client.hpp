// Client: outbound HTTP/1.1 calls with deadlines, pooled connections and a closed set of errors.
#pragma once

#include "adapters/http/address_policy.hpp"
#include "adapters/http/message.hpp"
#include "adapters/http/url.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

namespace iwas::http {

enum class ClientError : std::uint8_t {
    unreachable,     // nothing was sent: no address, refused, TLS failed, or over our own limits
    timeout_unknown, // sent, and no whole answer: it may have been carried out
    bad_response,    // sent, and the answer is not HTTP
    too_large,       // sent, and the answer is larger than allowed
};

std::string_view to_string(ClientError error);

/// An outside service: where it is, and how both sides prove who they are.
struct Peer {
    BaseUrl url;
    AddressPolicy addresses;
    /// SHA-256 of the certificate (DER), 64 hexadecimal digits: exactly this one is accepted, from
    /// whoever it is. Without it, the system's authorities and the host name decide.
    std::optional<std::string> pinned_certificate;
    /// PEM texts for mutual TLS, both or none.
    std::string client_certificate;
    SecretText client_key;
};

struct OutboundRequest {
    Method method = Method::get;
    /// Begins with '/'; appended to the peer's prefix. Percent-encoded by the caller.
    std::string target;
    /// A `Host` here replaces the peer's.
    Headers headers;
    std::string body;
    /// The largest body of the answer; 0: what the client allows all of them.
    std::size_t answer_octets_max = 0;
};

struct InboundResponse {
    int status = 0;
    Headers headers;
    std::string body;
};

struct ClientOptions {
    Milliseconds connect_timeout{2000};
    Milliseconds idle_time_max{20'000};
    std::size_t header_octets_max = 16 * 1024;
    std::size_t body_octets_max = 64 * 1024;
    /// Calls in flight; more are answered with unreachable at once.
    std::size_t calls_max = 1024;
    std::size_t idle_per_peer_max = 16;
    std::size_t peers_max = 4096;
    /// A file of further certificate authorities (PEM); empty: the system's only.
    std::string authorities_file;
};

/// Makes outbound calls. Real: Client. Simulated: sim/pc_system/in_process_caller.
class Caller {
public:
    virtual ~Caller() = default;
    /// One attempt, bounded by `deadline`. Any HTTP status is a response, not an error.
    virtual boost::asio::awaitable<Result<InboundResponse, ClientError>> send(
        Peer peer, OutboundRequest request, SteadyTime deadline) = 0;
};

/// Use on the executor's thread only. Follows no redirects, retries nothing, speaks IPv4.
class Client final : public Caller {
public:
    explicit Client(boost::asio::any_io_executor executor, ClientOptions options = {});
    ~Client() override;
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    boost::asio::awaitable<Result<InboundResponse, ClientError>> send(
        Peer peer, OutboundRequest request, SteadyTime deadline) override;

    /// Connections that wait for their next request.
    [[nodiscard]] std::size_t idle_connections() const;
    /// Closes idle connections.
    void close_idle();

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace iwas::http
