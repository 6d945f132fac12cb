// Wire: the octet stream to a router, plain TCP or TLS, behind one small interface.
#pragma once

#include "core/bytes.hpp"
#include "core/result.hpp"
#include "core/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <memory>
#include <span>
#include <string>

namespace iwas::adapters {

using boost::asio::awaitable;

/// An open stream. One read and one write may run at a time. After `close` both end with failure.
class Wire {
public:
    virtual ~Wire() = default;
    /// How many octets came; 0 when the stream has ended or failed.
    virtual awaitable<std::size_t> read_some(std::span<std::uint8_t> into) = 0;
    /// Whether all octets were handed to the system.
    virtual awaitable<bool> write(std::string octets) = 0;
    virtual void close() noexcept = 0;
};

struct WireOptions {
    std::string host;
    std::uint16_t port = 8728;
    bool uses_tls = false;
    /// SHA-256 of the router's certificate (DER), lower-case hexadecimal. When set, this
    /// certificate and no other is accepted; when empty, the system's authorities and the host name
    /// decide.
    std::string certificate_sha256;
};

/// Connects by `deadline`. The error is a sentence for the log that names no secret. Whatever fails
/// here, nothing was asked of the router.
awaitable<Result<std::unique_ptr<Wire>, std::string>> open_wire(
    boost::asio::any_io_executor executor, WireOptions options, SteadyTime deadline);

} // namespace iwas::adapters
