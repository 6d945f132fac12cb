// What an Access-Accept grants, attribute by attribute: limits beyond 32 bits, VLANs, keys.
#pragma once

#include "protocol/radius/ms_chap.hpp"
#include "protocol/radius/packet_writer.hpp"

namespace iwas::radius {

/// A 64-bit counter from its two halves (RFC 2869 §5.1).
constexpr std::uint64_t join_gigawords(std::uint32_t gigawords, std::uint32_t octets)
{
    return std::uint64_t{gigawords} << 32 | octets;
}

/// Mikrotik-Total-Limit, with its Gigawords when the limit needs them.
void add_mikrotik_total_limit(PacketWriter& writer, std::uint64_t octets);

/// WISPr-Bandwidth-Max-Up and -Max-Down in bit/s; values beyond 32 bits become the largest.
void add_wispr_bandwidth(
    PacketWriter& writer, std::uint64_t upload_bps, std::uint64_t download_bps);

/// Tunnel-Type VLAN, Tunnel-Medium-Type 802 and Tunnel-Private-Group-ID, all untagged with the tag
/// octet written (RFC 2868 §3.6, RFC 3580 §3.31). `vlan`: 1-4094.
void add_vlan(PacketWriter& writer, std::uint16_t vlan);

/// An integer with a tag octet (RFC 2868 §3.1): 24 bits of value.
struct TaggedInteger {
    std::uint8_t tag = 0;
    std::uint32_t value = 0;
};
std::optional<TaggedInteger> read_tagged_integer(ByteView value);

/// A text with an optional tag: a first octet up to 0x1F is one (RFC 2868 §3.6).
struct TaggedText {
    std::uint8_t tag = 0;
    std::string_view text;
};
TaggedText read_tagged_text(ByteView value);

/// MS-CHAP2-Success, MS-MPPE keys (salted with `salt` and `salt + 1`), and the policy
/// "encryption allowed, 40, 56 or 128 bits" (RFC 2548 §2.3.3, §2.4).
void add_ms_chap2_success(
    PacketWriter& writer, std::uint8_t identifier, const MsChap2Proof& proof, std::uint16_t salt,
    const SharedSecret& secret);

} // namespace iwas::radius
