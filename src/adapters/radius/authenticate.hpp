// Authentication: what an Access-Request is answered, decided from the directory alone.
#pragma once

#include "adapters/radius/directory.hpp"
#include "adapters/radius/gate.hpp"
#include "protocol/radius/ms_chap.hpp"
#include "protocol/radius/packet_writer.hpp"

namespace iwas::adapters {

enum class AccessVerdict {
    accepted,
    unknown_user,
    wrong_password,
    wrong_device, ///< right password, but not from a device of the session
    no_time_left,
    no_data_left,
    no_credentials, ///< none, two kinds at once, or a kind that IWAS does not speak
};
std::string_view to_text(AccessVerdict verdict);

/// The decision about one Access-Request.
struct AccessDecision {
    AccessVerdict verdict = AccessVerdict::no_credentials;
    /// The session in question; null when there is none.
    Directory::Entry admission;
    /// The device asked by itself (MAC authentication): its refusal must not be delayed.
    bool is_mac_authentication = false;
    Seconds time_left{0};
    /// With MS-CHAPv2: what the answer has to prove, and the response's identifier.
    std::optional<radius::MsChap2Proof> ms_chap2;
    std::optional<std::uint8_t> ms_chap2_identifier;
};

/// Decides by PAP, CHAP, MS-CHAPv2 or MAC authentication. Pure.
AccessDecision decide_access(
    const CheckedRequest& request, const Directory& directory, UtcTime now);

/// Writes the Access-Accept or Access-Reject: Message-Authenticator first, always, then Proxy-State
/// copies, then what the decision grants. The octets lie in `buffer`.
Result<ByteView, radius::EncodeError> write_access_reply(
    const CheckedRequest& request, const AccessDecision& decision, radius::PacketBuffer& buffer);

/// What a session may have, for an Access-Accept or, with the same attributes, a CoA-Request:
/// Session-Timeout, rates and data cap in the attributes that this kind of router reads.
void add_service(
    radius::PacketWriter& writer, domain::RouterKind kind, Seconds time_left,
    const domain::RateLimit& rate, std::optional<std::uint64_t> octets_left);

} // namespace iwas::adapters
