#include "protocol/radius/packet_writer.hpp"

#include "core/assert.hpp"
#include "protocol/radius/authenticator.hpp"

#include <algorithm>

namespace iwas::radius {

PacketWriter::PacketWriter(
    PacketBuffer& buffer, Code code, std::uint8_t identifier, const Authenticator& base)
    : buffer_{buffer}, base_{base}
{
    buffer_[0] = static_cast<std::uint8_t>(code);
    buffer_[1] = identifier;
    std::ranges::copy(base, buffer_.begin() + 4);
}

std::span<std::uint8_t> PacketWriter::reserve(std::uint8_t type, std::size_t value_octets)
{
    if (value_octets > value_octets_max || value_octets + 2 > octets_left()) {
        failed_ = true;
        return {};
    }
    buffer_[size_] = type;
    buffer_[size_ + 1] = static_cast<std::uint8_t>(value_octets + 2);
    const auto value = std::span{buffer_}.subspan(size_ + 2, value_octets);
    size_ += value_octets + 2;
    return value;
}

void PacketWriter::add(std::uint8_t type, ByteView value)
{
    const auto place = reserve(type, value.size());
    if (place.size() == value.size()) std::ranges::copy(value, place.begin());
}

void PacketWriter::add_text(std::uint8_t type, std::string_view text)
{
    if (!text.empty()) add(type, as_bytes(text));
}

void PacketWriter::add_integer(std::uint8_t type, std::uint32_t value)
{
    std::array<std::uint8_t, 4> octets;
    store_be32(octets, 0, value);
    add(type, octets);
}

void PacketWriter::add_address(std::uint8_t type, Ipv4Address address)
{
    add_integer(type, address.value());
}

void PacketWriter::add_vendor(std::uint32_t vendor, std::uint8_t type, ByteView value)
{
    const auto place = reserve(attribute::vendor_specific, value.size() + 6);
    if (place.empty()) return;
    store_be32(place, 0, vendor);
    place[4] = type;
    place[5] = static_cast<std::uint8_t>(value.size() + 2);
    std::ranges::copy(value, place.begin() + 6);
}

void PacketWriter::add_vendor_text(std::uint32_t vendor, std::uint8_t type, std::string_view text)
{
    if (!text.empty()) add_vendor(vendor, type, as_bytes(text));
}

void PacketWriter::add_vendor_integer(std::uint32_t vendor, std::uint8_t type, std::uint32_t value)
{
    std::array<std::uint8_t, 4> octets;
    store_be32(octets, 0, value);
    add_vendor(vendor, type, octets);
}

void PacketWriter::add_message_authenticator()
{
    IWAS_ASSERT(message_authenticator_at_ == 0);
    const auto place = reserve(attribute::message_authenticator, Authenticator{}.size());
    if (place.empty()) return;
    std::ranges::fill(place, std::uint8_t{0});
    message_authenticator_at_ = static_cast<std::size_t>(place.data() - buffer_.data());
}

void PacketWriter::copy_proxy_state(const PacketView& request)
{
    for (const Attribute attribute : request.attributes())
        if (attribute.type == attribute::proxy_state) add(attribute.type, attribute.value);
}

Result<ByteView, EncodeError> PacketWriter::finish(const SharedSecret& secret)
{
    if (failed_) return std::unexpected{EncodeError::too_long};
    store_be16(buffer_, 2, static_cast<std::uint16_t>(size_));
    const ByteView packet = std::span{buffer_}.first(size_);
    if (message_authenticator_at_ != 0) {
        const Md5Digest value = secret.hmac({packet});
        std::ranges::copy(
            value, buffer_.begin() + static_cast<std::ptrdiff_t>(message_authenticator_at_));
    }
    if (!has_random_authenticator(static_cast<Code>(buffer_[0]))) {
        const Md5Digest value = Md5{}.add(packet).add(secret.octets()).finish();
        std::ranges::copy(value, buffer_.begin() + 4);
    }
    return packet;
}

std::string_view cut_utf8(std::string_view text, std::size_t octets_max)
{
    if (text.size() <= octets_max) return text;
    std::size_t size = octets_max;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80)
        --size;
    return text.substr(0, size);
}

} // namespace iwas::radius
