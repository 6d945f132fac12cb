// The captive portal API document (RFC 8908) and the options that announce it (RFC 8910).
#pragma once

#include "core/bytes.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::captive {

/// The media type of the document (RFC 8908 §4.1); it is served with `Cache-Control: private`.
inline constexpr std::string_view capport_media_type = "application/captive+json";

/// The URI that says "no portal here" (RFC 8910 §2), for staff and PC networks.
inline constexpr std::string_view capport_unrestricted = "urn:ietf:params:capport:unrestricted";

/// The members of RFC 8908 §5. Times and octets are meaningful only for a device that is not
/// captive; absent means unlimited or unknown.
struct CapportState {
    bool captive = true;
    std::optional<std::string> user_portal_url{};
    std::optional<std::string> venue_info_url{};
    std::optional<bool> can_extend_session{};
    std::optional<std::int64_t> seconds_remaining{};
    std::optional<std::int64_t> octets_remaining{};
};

/// The JSON document. Remaining values are left out while the device is captive, and are never
/// below zero.
std::string to_json(const CapportState& state);

/// DHCPv4 option 114: code, length, URI. Nothing when the URI is empty or longer than 255 octets.
std::optional<Bytes> dhcp4_capport_option(std::string_view uri);
/// DHCPv6 option 103: 16-bit code, 16-bit length, URI.
std::optional<Bytes> dhcp6_capport_option(std::string_view uri);
/// Neighbor discovery option 37: type, length in units of 8 octets, URI padded with zeros.
std::optional<Bytes> nd_capport_option(std::string_view uri);

} // namespace iwas::captive
