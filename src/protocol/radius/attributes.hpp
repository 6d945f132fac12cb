// The numbers of RADIUS: packet codes, attribute types, vendors and values that IWAS uses.
#pragma once

#include <cstddef>
#include <cstdint>

namespace iwas::radius {

/// Packet codes (RFC 2865 §3, RFC 2866 §3, RFC 5176 §2.3, RFC 5997 §3).
enum class Code : std::uint8_t {
    access_request = 1,
    access_accept = 2,
    access_reject = 3,
    accounting_request = 4,
    accounting_response = 5,
    access_challenge = 11,
    status_server = 12,
    disconnect_request = 40,
    disconnect_ack = 41,
    disconnect_nak = 42,
    coa_request = 43,
    coa_ack = 44,
    coa_nak = 45,
    protocol_error = 52,
};

/// Header: code, identifier, length, authenticator. RFC 2865 §3.
inline constexpr std::size_t header_octets = 20;
/// The largest packet. RFC 2865 §3.
inline constexpr std::size_t packet_octets_max = 4096;
/// The largest attribute value. RFC 2865 §5.
inline constexpr std::size_t value_octets_max = 253;
/// The largest value of one vendor sub-attribute: 253 less vendor id, type and length.
inline constexpr std::size_t vendor_value_octets_max = 247;

namespace attribute {
inline constexpr std::uint8_t user_name = 1;
inline constexpr std::uint8_t user_password = 2;
inline constexpr std::uint8_t chap_password = 3;
inline constexpr std::uint8_t nas_ip_address = 4;
inline constexpr std::uint8_t nas_port = 5;
inline constexpr std::uint8_t service_type = 6;
inline constexpr std::uint8_t framed_ip_address = 8;
inline constexpr std::uint8_t filter_id = 11;
inline constexpr std::uint8_t reply_message = 18;
inline constexpr std::uint8_t state = 24;
inline constexpr std::uint8_t class_ = 25;
inline constexpr std::uint8_t vendor_specific = 26;
inline constexpr std::uint8_t session_timeout = 27;
inline constexpr std::uint8_t idle_timeout = 28;
inline constexpr std::uint8_t called_station_id = 30;
inline constexpr std::uint8_t calling_station_id = 31;
inline constexpr std::uint8_t nas_identifier = 32;
inline constexpr std::uint8_t proxy_state = 33;
inline constexpr std::uint8_t acct_status_type = 40;
inline constexpr std::uint8_t acct_delay_time = 41;
inline constexpr std::uint8_t acct_input_octets = 42;
inline constexpr std::uint8_t acct_output_octets = 43;
inline constexpr std::uint8_t acct_session_id = 44;
inline constexpr std::uint8_t acct_session_time = 46;
inline constexpr std::uint8_t acct_terminate_cause = 49;
inline constexpr std::uint8_t acct_multi_session_id = 50;
inline constexpr std::uint8_t acct_input_gigawords = 52;
inline constexpr std::uint8_t acct_output_gigawords = 53;
inline constexpr std::uint8_t event_timestamp = 55;
inline constexpr std::uint8_t chap_challenge = 60;
inline constexpr std::uint8_t nas_port_type = 61;
inline constexpr std::uint8_t port_limit = 62;
inline constexpr std::uint8_t tunnel_type = 64;
inline constexpr std::uint8_t tunnel_medium_type = 65;
inline constexpr std::uint8_t tunnel_password = 69;
inline constexpr std::uint8_t eap_message = 79;
inline constexpr std::uint8_t message_authenticator = 80;
inline constexpr std::uint8_t tunnel_private_group_id = 81;
inline constexpr std::uint8_t acct_interim_interval = 85;
inline constexpr std::uint8_t nas_port_id = 87;
inline constexpr std::uint8_t error_cause = 101;
} // namespace attribute

namespace vendor {
inline constexpr std::uint32_t microsoft = 311;
inline constexpr std::uint32_t wispr = 14122;
inline constexpr std::uint32_t chillispot = 14559;
inline constexpr std::uint32_t mikrotik = 14988;
} // namespace vendor

namespace microsoft {
inline constexpr std::uint8_t chap_error = 2;
inline constexpr std::uint8_t mppe_encryption_policy = 7;
inline constexpr std::uint8_t mppe_encryption_types = 8;
inline constexpr std::uint8_t chap_challenge = 11;
inline constexpr std::uint8_t mppe_send_key = 16;
inline constexpr std::uint8_t mppe_recv_key = 17;
inline constexpr std::uint8_t chap2_response = 25;
inline constexpr std::uint8_t chap2_success = 26;
} // namespace microsoft

namespace wispr {
inline constexpr std::uint8_t location_id = 1;
inline constexpr std::uint8_t location_name = 2;
inline constexpr std::uint8_t logoff_url = 3;
inline constexpr std::uint8_t bandwidth_max_up = 7;
inline constexpr std::uint8_t bandwidth_max_down = 8;
} // namespace wispr

namespace chillispot {
/// 1: octets are counted as the access server sees them, 2: as the client does (CoovaChilli).
inline constexpr std::uint8_t acct_view_point = 10;
} // namespace chillispot

namespace mikrotik {
inline constexpr std::uint8_t recv_limit = 1;
inline constexpr std::uint8_t xmit_limit = 2;
inline constexpr std::uint8_t group = 3;
inline constexpr std::uint8_t rate_limit = 8;
inline constexpr std::uint8_t host_ip = 10;
inline constexpr std::uint8_t recv_limit_gigawords = 14;
inline constexpr std::uint8_t xmit_limit_gigawords = 15;
inline constexpr std::uint8_t total_limit = 17;
inline constexpr std::uint8_t total_limit_gigawords = 18;
inline constexpr std::uint8_t address_list = 19;
} // namespace mikrotik

/// Acct-Status-Type (RFC 2866 §5.1).
namespace status_type {
inline constexpr std::uint32_t start = 1;
inline constexpr std::uint32_t stop = 2;
inline constexpr std::uint32_t interim_update = 3;
inline constexpr std::uint32_t accounting_on = 7;
inline constexpr std::uint32_t accounting_off = 8;
} // namespace status_type

} // namespace iwas::radius
