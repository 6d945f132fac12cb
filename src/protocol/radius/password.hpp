// Passwords on the wire: User-Password, CHAP, and the salted form of tunnel passwords and keys.
#pragma once

#include "protocol/radius/packet_writer.hpp"

namespace iwas::radius {

/// Clear text of a User-Password; wiped by the owner with `wipe`. At most 128 octets.
struct ClearPassword {
    std::array<std::uint8_t, 128> octets;
    std::size_t size = 0;

    [[nodiscard]] ByteView view() const { return std::span{octets}.first(size); }
};

/// Undoes the hiding of User-Password (RFC 2865 §5.2) and cuts trailing NULs. Nothing when
/// `hidden` is empty, longer than 128 octets or no multiple of 16: a failed authentication.
/// With a wrong secret the result is noise, usually not UTF-8.
std::optional<ClearPassword> reveal_password(
    ByteView hidden, const Authenticator& request, const SharedSecret& secret);

/// Adds a hidden User-Password to an Access-Request. Over 128 octets: nothing is added and the
/// packet fails as too long.
void add_user_password(PacketWriter& writer, ByteView password, const SharedSecret& secret);

/// Whether `chap_password` (17 octets: id, digest) proves `password` for `challenge`, which is the
/// CHAP-Challenge, of any size, or else the request's authenticator. RFC 2865 §2.2, §5.3.
bool is_chap_right(ByteView chap_password, ByteView challenge, ByteView password);
/// The value of CHAP-Password.
std::array<std::uint8_t, 17> chap_password(
    std::uint8_t identifier, ByteView challenge, ByteView password);

/// Salted encryption (RFC 2868 §3.5, RFC 2548 §2.4.2): returns salt, then the sealed octets.
/// `salt`: unique within a packet; its highest bit is set here. `clear`: at most 239 octets.
struct Salted {
    std::array<std::uint8_t, value_octets_max> octets;
    std::size_t size = 0;

    [[nodiscard]] ByteView view() const { return std::span{octets}.first(size); }
};
std::optional<Salted> seal_with_salt(
    ByteView clear, std::uint16_t salt, const Authenticator& request, const SharedSecret& secret);
/// The inverse. Nothing for a bad size or an inner length past the end.
std::optional<Bytes> open_with_salt(
    ByteView value, const Authenticator& request, const SharedSecret& secret);

} // namespace iwas::radius
