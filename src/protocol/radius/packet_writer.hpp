// PacketWriter: builds and signs a RADIUS packet in a buffer of the caller, without allocation.
#pragma once

#include "core/ip_address.hpp"
#include "protocol/radius/packet.hpp"
#include "protocol/radius/shared_secret.hpp"

namespace iwas::radius {

/// Room for the largest packet.
using PacketBuffer = std::array<std::uint8_t, packet_octets_max>;

enum class EncodeError {
    too_long, ///< a value over 253 octets (247 within a vendor's), or a packet over 4096
};

/// Writes attributes in the order of the calls; what does not fit is remembered and told by
/// `finish`. Empty text is never written (RFC 2865 §5).
class PacketWriter {
public:
    /// `base` is the header's authenticator while signing (authenticator.hpp): for a response that
    /// of the request, for Access-Request and Status-Server a random one, else zeros.
    PacketWriter(
        PacketBuffer& buffer, Code code, std::uint8_t identifier, const Authenticator& base);

    void add(std::uint8_t type, ByteView value);
    void add_text(std::uint8_t type, std::string_view text);
    void add_integer(std::uint8_t type, std::uint32_t value);
    void add_address(std::uint8_t type, Ipv4Address address);
    /// One Vendor-Specific attribute with one sub-attribute: what every access server reads.
    void add_vendor(std::uint32_t vendor, std::uint8_t type, ByteView value);
    void add_vendor_text(std::uint32_t vendor, std::uint8_t type, std::string_view text);
    void add_vendor_integer(std::uint32_t vendor, std::uint8_t type, std::uint32_t value);
    /// Reserves attribute 80, which `finish` fills. Call it first (CVE-2024-3596), at most once.
    void add_message_authenticator();
    /// Copies every Proxy-State of `request` in order (RFC 2865 §5.33).
    void copy_proxy_state(const PacketView& request);

    [[nodiscard]] const Authenticator& base() const { return base_; }
    /// How many octets further attributes may take.
    [[nodiscard]] std::size_t octets_left() const { return packet_octets_max - size_; }

    /// Writes Length, the Message-Authenticator if reserved, then the header's authenticator.
    /// The octets lie in the buffer given at construction.
    [[nodiscard]] Result<ByteView, EncodeError> finish(const SharedSecret& secret);

private:
    /// A span for the value, or an empty one after too much.
    std::span<std::uint8_t> reserve(std::uint8_t type, std::size_t value_octets);

    PacketBuffer& buffer_;
    Authenticator base_;
    std::size_t size_ = header_octets;
    std::size_t message_authenticator_at_ = 0;
    bool failed_ = false;
};

/// The longest beginning of `text` of at most `octets_max` octets that cuts no UTF-8 character.
std::string_view cut_utf8(std::string_view text, std::size_t octets_max);

} // namespace iwas::radius
