#include "protocol/radius/service.hpp"

#include "protocol/radius/password.hpp"

#include <algorithm>
#include <charconv>
#include <limits>

namespace iwas::radius {

namespace {

constexpr std::uint32_t tunnel_type_vlan = 13;
constexpr std::uint32_t tunnel_medium_802 = 6;
constexpr std::uint8_t tag_octet_max = 0x1F;

std::uint32_t at_most_32_bits(std::uint64_t value)
{
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(value, std::numeric_limits<std::uint32_t>::max()));
}

} // namespace

void add_mikrotik_total_limit(PacketWriter& writer, std::uint64_t octets)
{
    writer.add_vendor_integer(
        vendor::mikrotik, mikrotik::total_limit, static_cast<std::uint32_t>(octets));
    if (octets >> 32 != 0)
        writer.add_vendor_integer(
            vendor::mikrotik, mikrotik::total_limit_gigawords,
            static_cast<std::uint32_t>(octets >> 32));
}

void add_wispr_bandwidth(PacketWriter& writer, std::uint64_t upload_bps, std::uint64_t download_bps)
{
    writer.add_vendor_integer(vendor::wispr, wispr::bandwidth_max_up, at_most_32_bits(upload_bps));
    writer.add_vendor_integer(
        vendor::wispr, wispr::bandwidth_max_down, at_most_32_bits(download_bps));
}

void add_vlan(PacketWriter& writer, std::uint16_t vlan)
{
    // Tag 0 is the highest octet of the integer.
    writer.add_integer(attribute::tunnel_type, tunnel_type_vlan);
    writer.add_integer(attribute::tunnel_medium_type, tunnel_medium_802);
    std::array<char, 8> text{}; // text[0] is the tag
    const auto end = std::to_chars(text.data() + 1, text.data() + text.size(), vlan).ptr;
    writer.add(
        attribute::tunnel_private_group_id,
        as_bytes({text.data(), static_cast<std::size_t>(end - text.data())}));
}

std::optional<TaggedInteger> read_tagged_integer(ByteView value)
{
    const auto whole = as_integer(value);
    if (!whole) return std::nullopt;
    return TaggedInteger{static_cast<std::uint8_t>(*whole >> 24), *whole & 0xFFFFFF};
}

TaggedText read_tagged_text(ByteView value)
{
    if (!value.empty() && value[0] <= tag_octet_max) return {value[0], as_text(value.subspan(1))};
    return {0, as_text(value)};
}

void add_ms_chap2_success(
    PacketWriter& writer, std::uint8_t identifier, const MsChap2Proof& proof, std::uint16_t salt,
    const SharedSecret& secret)
{
    std::string success(1, static_cast<char>(identifier));
    success += proof.authenticator_response;
    writer.add_vendor_text(vendor::microsoft, microsoft::chap2_success, success);
    writer.add_vendor_integer(vendor::microsoft, microsoft::mppe_encryption_policy, 1);
    writer.add_vendor_integer(vendor::microsoft, microsoft::mppe_encryption_types, 0x0E);
    const auto next = static_cast<std::uint16_t>(salt + 1);
    if (const auto key = seal_with_salt(proof.send_key, salt, writer.base(), secret))
        writer.add_vendor(vendor::microsoft, microsoft::mppe_send_key, key->view());
    if (const auto key = seal_with_salt(proof.recv_key, next, writer.base(), secret))
        writer.add_vendor(vendor::microsoft, microsoft::mppe_recv_key, key->view());
}

} // namespace iwas::radius
