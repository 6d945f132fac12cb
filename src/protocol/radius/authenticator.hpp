// Authenticators: who made a packet, and whether it answers ours.
//
// Each check needs the authenticator that stood in the header while the packet was being signed,
// called its *base* here:
//   Access-Request, Status-Server          its own, which is random
//   every response                         that of the request it answers
//   Accounting-, CoA-, Disconnect-Request  16 zero octets (RFC 2866 §3, RFC 5176 §2.3 and §3.4)
#pragma once

#include "protocol/radius/packet.hpp"
#include "protocol/radius/shared_secret.hpp"

namespace iwas::radius {

/// Whether packets of this code are requests whose authenticator is random.
[[nodiscard]] bool has_random_authenticator(Code code);
/// Whether packets of this code answer a request.
[[nodiscard]] bool is_response(Code code);

/// The base of a request, by its code.
[[nodiscard]] Authenticator base_of_request(const PacketView& request);

enum class MessageAuthenticator {
    absent,
    right,
    wrong,    ///< another value, or not 16 octets
    repeated, ///< more than one: the packet is to be discarded
};

/// Checks attribute 80 (RFC 3579 §3.2, RFC 5176 §3.4) in time independent of its value.
[[nodiscard]] MessageAuthenticator check_message_authenticator(
    const PacketView& packet, const Authenticator& base, const SharedSecret& secret);

/// Checks the header's authenticator of a response or of an Accounting-, CoA- or
/// Disconnect-Request: MD5(code, id, length, base, attributes, secret).
[[nodiscard]] bool is_authenticator_right(
    const PacketView& packet, const Authenticator& base, const SharedSecret& secret);

} // namespace iwas::radius
