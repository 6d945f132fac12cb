// MS-CHAP version 2 (RFC 2759, RFC 2548) and the keys that follow from it (RFC 3079).
#pragma once

#include "protocol/radius/packet.hpp"

#include <string>

namespace iwas::radius {

using NtHash = std::array<std::uint8_t, 16>;
using NtResponse = std::array<std::uint8_t, 24>;

/// MD4 of the password in UTF-16LE. Nothing when `password` is not UTF-8.
std::optional<NtHash> nt_hash(std::string_view password);

/// The value of MS-CHAP2-Response (RFC 2548 §2.3.2), borrowed.
struct MsChap2Response {
    std::uint8_t identifier = 0;
    ByteView peer_challenge; ///< 16 octets
    ByteView nt_response;    ///< 24 octets
};
/// Nothing when `value` is not 50 octets long.
std::optional<MsChap2Response> read_ms_chap2_response(ByteView value);

/// SHA1(peer challenge, authenticator challenge, user name without a domain)[0..8].
std::array<std::uint8_t, 8> ms_chap2_challenge_hash(
    ByteView peer_challenge, ByteView challenge, std::string_view user_name);
NtResponse ms_chap2_nt_response(const NtHash& hash, ByteView challenge_hash);

/// What a server needs to answer a right response.
struct MsChap2Proof {
    std::string authenticator_response;    ///< "S=" and 40 upper-case hexadecimal digits
    std::array<std::uint8_t, 16> send_key; ///< MS-MPPE-Send-Key, as the access server sends
    std::array<std::uint8_t, 16> recv_key; ///< MS-MPPE-Recv-Key
};

/// Checks `response` in constant time. `challenge`: MS-CHAP-Challenge, 16 octets. `user_name` as
/// the client wrote it: a leading `DOMAIN\` is cut (RFC 2759 §8.2). Nothing when it is wrong.
std::optional<MsChap2Proof> prove_ms_chap2(
    const NtHash& hash, ByteView challenge, const MsChap2Response& response,
    std::string_view user_name);

/// Value of MS-CHAP-Error for a wrong password without retry: "E=691 R=0 C=... V=3 M=..."
/// after the response's identifier (RFC 2759 §6). `challenge`: 16 fresh octets.
std::string ms_chap_error(std::uint8_t identifier, ByteView challenge, std::string_view message);

} // namespace iwas::radius
