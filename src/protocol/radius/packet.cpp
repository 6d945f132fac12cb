#include "protocol/radius/packet.hpp"

#include <algorithm>

namespace iwas::radius {

namespace {

constexpr std::size_t attribute_header_octets = 2;
constexpr std::size_t vendor_id_octets = 4;

bool are_well_formed(ByteView rest) noexcept
{
    while (!rest.empty()) {
        if (rest.size() < attribute_header_octets) return false;
        const std::size_t length = rest[1];
        if (length < attribute_header_octets || length > rest.size()) return false;
        rest = rest.subspan(length);
    }
    return true;
}

} // namespace

Result<PacketView, DecodeError> decode(ByteView datagram) noexcept
{
    if (datagram.size() < header_octets) return std::unexpected{DecodeError::too_short};
    const std::size_t length = load_be16(datagram, 2);
    if (length < header_octets || length > packet_octets_max || length > datagram.size())
        return std::unexpected{DecodeError::bad_length};
    const ByteView packet = datagram.first(length);
    if (!are_well_formed(packet.subspan(header_octets)))
        return std::unexpected{DecodeError::bad_attribute};
    return PacketView{packet};
}

std::optional<VendorAttributes> vendor_attributes(ByteView value) noexcept
{
    if (value.size() < vendor_id_octets + attribute_header_octets) return std::nullopt;
    const ByteView attributes = value.subspan(vendor_id_octets);
    if (!are_well_formed(attributes)) return std::nullopt;
    return VendorAttributes{load_be32(value, 0), AttributeRange{attributes}};
}

std::optional<std::uint32_t> as_integer(ByteView value) noexcept
{
    if (value.size() != 4) return std::nullopt;
    return load_be32(value, 0);
}

Authenticator PacketView::authenticator() const
{
    Authenticator copy;
    std::ranges::copy(octets_.subspan(4, copy.size()), copy.begin());
    return copy;
}

std::optional<ByteView> PacketView::find(std::uint8_t type) const
{
    for (const Attribute attribute : attributes())
        if (attribute.type == type) return attribute.value;
    return std::nullopt;
}

std::optional<std::uint32_t> PacketView::find_integer(std::uint8_t type) const
{
    const auto value = find(type);
    return value ? as_integer(*value) : std::nullopt;
}

std::optional<ByteView> PacketView::find_vendor(std::uint32_t vendor, std::uint8_t type) const
{
    for (const Attribute attribute : attributes()) {
        if (attribute.type != attribute::vendor_specific) continue;
        const auto inner = vendor_attributes(attribute.value);
        if (!inner || inner->vendor != vendor) continue;
        for (const Attribute sub : inner->attributes)
            if (sub.type == type) return sub.value;
    }
    return std::nullopt;
}

std::optional<std::uint32_t> PacketView::find_vendor_integer(
    std::uint32_t vendor, std::uint8_t type) const
{
    const auto value = find_vendor(vendor, type);
    return value ? as_integer(*value) : std::nullopt;
}

std::size_t PacketView::count(std::uint8_t type) const
{
    std::size_t found = 0;
    for (const Attribute attribute : attributes())
        found += attribute.type == type ? 1 : 0;
    return found;
}

std::optional<std::string_view> name_of(Code code) noexcept
{
    switch (code) {
    case Code::access_request: return "Access-Request";
    case Code::access_accept: return "Access-Accept";
    case Code::access_reject: return "Access-Reject";
    case Code::accounting_request: return "Accounting-Request";
    case Code::accounting_response: return "Accounting-Response";
    case Code::access_challenge: return "Access-Challenge";
    case Code::status_server: return "Status-Server";
    case Code::disconnect_request: return "Disconnect-Request";
    case Code::disconnect_ack: return "Disconnect-ACK";
    case Code::disconnect_nak: return "Disconnect-NAK";
    case Code::coa_request: return "CoA-Request";
    case Code::coa_ack: return "CoA-ACK";
    case Code::coa_nak: return "CoA-NAK";
    case Code::protocol_error: return "Protocol-Error";
    }
    return std::nullopt;
}

} // namespace iwas::radius
