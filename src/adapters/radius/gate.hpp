// Gate: the checks that every request passes before anything in it is believed.
#pragma once

#include "adapters/radius/clients.hpp"
#include "protocol/radius/authenticator.hpp"

namespace iwas::adapters {

/// Where a datagram came from.
struct RadiusSource {
    Ipv4Address address;
    std::uint16_t port = 0;

    friend bool operator==(const RadiusSource&, const RadiusSource&) = default;
};

enum class RadiusPort { authentication, accounting };

/// A request that is well formed, from a known client, and proven as far as its kind allows.
struct CheckedRequest {
    radius::PacketView packet;
    const PreparedClient* client = nullptr;
    /// The one of the client's secrets that fits.
    const radius::SharedSecret* secret = nullptr;
    bool has_message_authenticator = false;
};

/// Why a datagram is discarded; `client` is null when it came from nobody known.
struct Discarded {
    RadiusEvent why = RadiusEvent::malformed;
    const PreparedClient* client = nullptr;
};

/// Checks in this order: size and attributes, source, code, which of the routers behind that source
/// it is (by NAS-Identifier, when there are several), the router's flags about
/// Message-Authenticator, Message-Authenticator, Request Authenticator (RFC 2865 §3, RFC 2866 §3,
/// RFC 3579 §3.2, RFC 5997 §3, CVE-2024-3596). Borrows `datagram` and `table`. No allocation.
Result<CheckedRequest, Discarded> check_request(
    ByteView datagram, RadiusSource source, RadiusPort port, const ClientTable& table);

} // namespace iwas::adapters
