// RadiusRequester: sends RADIUS requests and awaits their answers over pooled UDP sockets.
#pragma once

#include "core/circuit_breaker.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"
#include "protocol/radius/packet_writer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <functional>
#include <memory>

namespace iwas::adapters {

/// Who is asked, and by what secret.
struct RadiusTarget {
    Ipv4Address address;
    std::uint16_t port = 0;
    std::shared_ptr<const radius::SharedSecret> secret;
    /// Answers without Message-Authenticator are as if they had not come (CVE-2024-3596). For
    /// Access-Requests and Status-Server; routers leave it out of their CoA answers.
    bool requires_message_authenticator = false;
};

enum class AskError {
    unreachable, ///< nothing was sent, or the destination has been silent for too long to be asked
    unknown,     ///< something was sent, and no valid answer came in time
};

/// A verified answer.
struct RadiusAnswer {
    Bytes octets;
    radius::Authenticator request{}; ///< the header's authenticator of what it answers
    Milliseconds took{0};            ///< since the first attempt
    int attempts = 1;

    /// Borrows `octets`.
    [[nodiscard]] radius::PacketView packet() const { return radius::decode(octets).value(); }
};

struct RequesterSettings {
    Milliseconds attempt{2000};
    int attempts = 3;
    /// An attempt waits up to this share longer, so that many callers do not repeat together.
    int jitter_percent = 10;
    /// Of each destination; a request without an answer is a failure.
    CircuitBreaker::Limits circuit{};
    /// Each carries 256 requests per destination.
    std::size_t sockets_max = 64;
};

/// All calls come from the executor's thread.
class RadiusRequester {
public:
    /// Adds the attributes of a request; Message-Authenticator is added before where it is due.
    using Fill = std::function<void(radius::PacketWriter&)>;

    explicit RadiusRequester(
        boost::asio::any_io_executor executor, RequesterSettings settings = {});
    /// Closes. Waiting callers get `unknown` when the executor next runs.
    ~RadiusRequester();
    RadiusRequester(const RadiusRequester&) = delete;
    RadiusRequester& operator=(const RadiusRequester&) = delete;

    /// Sends up to three times, 2 s and a little apart, the same octets from the same port (a
    /// Status-Server anew each time, RFC 5997 §4.3), until an answer verifies. Ends by `deadline`.
    /// Not cancellable. Access-Request and Status-Server bear a Message-Authenticator first; the
    /// others do when `fill` adds one. Identifiers are used in turn for each socket and
    /// destination.
    boost::asio::awaitable<Result<RadiusAnswer, AskError>> ask(
        RadiusTarget target, radius::Code code, Fill fill, SteadyTime deadline);

    void close();

    /// Destinations that are not asked for the moment, after five requests without an answer.
    [[nodiscard]] std::size_t open_circuits() const;
    /// Requests that wait for an answer.
    [[nodiscard]] std::size_t outstanding() const;
    /// Datagrams that answered nothing of ours or did not verify.
    [[nodiscard]] std::uint64_t bad_answers() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace iwas::adapters
