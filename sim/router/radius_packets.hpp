// The RADIUS packets of the simulated router: what a MikroTik hotspot sends, and what it takes from
// the answers.
#pragma once

#include "protocol/radius/packet.hpp"
#include "protocol/radius/shared_secret.hpp"
#include "sim/router/hotspot.hpp"

#include <string>
#include <variant>

namespace iwas::sim {

/// How the router calls itself in its packets.
struct NasIdentity {
    std::string identifier = "icafe-sim";    // NAS-Identifier: the router's name
    std::string hotspot_server = "hotspot1"; // Called-Station-Id
    Ipv4Address address{0x0A'05'32'01};      // NAS-IP-Address, 10.5.50.1
    std::string port_id = "vlan20-guest";    // NAS-Port-Id
};

struct ChapProof {
    std::uint8_t id = 0;
    std::array<std::uint8_t, 16> digest{};
    Bytes challenge;
};

/// Who wants to log in, with what.
struct LoginAttempt {
    MacAddress mac;
    Ipv4Address ip;
    std::string user_name;
    std::variant<SecretText, ChapProof> proof;
    std::string login_by; // http-pap, http-chap, mac, mac-cookie, api
};

/// A request ready to be sent, with what is needed to check its answer.
struct RadiusRequest {
    Bytes octets;
    radius::Authenticator base{}; // of its header, on which every reply is built
};

RadiusRequest access_request(
    const NasIdentity& nas, const LoginAttempt& attempt, const std::string& acct_session_id,
    std::uint8_t identifier, const radius::Authenticator& random,
    const radius::SharedSecret& secret, bool with_message_authenticator);

RadiusRequest accounting_request(
    const NasIdentity& nas, const AccountingEvent& event, Seconds delay, UtcTime event_time,
    std::uint8_t identifier, const radius::SharedSecret& secret);

/// Accounting-On (7) or Accounting-Off (8) of the whole router.
RadiusRequest accounting_on_off(
    const NasIdentity& nas, bool is_on, std::uint8_t identifier,
    const radius::SharedSecret& secret);

enum class AnswerFault : std::uint8_t {
    none,
    malformed,
    wrong_authenticator,
    no_message_authenticator
};

/// What a reply says. Limits and class only with an accept; the message with both.
struct RadiusAnswer {
    AnswerFault fault = AnswerFault::none;
    radius::Code code = radius::Code::access_reject;
    SessionLimits limits;
    Bytes class_;
    std::string reply_message;
};

/// Checks a reply as a router does that demands a Message-Authenticator of an Access-Accept or
/// -Reject (`require-message-auth`), and reads it.
RadiusAnswer read_answer(
    ByteView datagram, const RadiusRequest& request, const radius::SharedSecret& secret,
    bool requires_message_authenticator);

/// The limits among a packet's attributes.
SessionLimits read_limits(const radius::PacketView& packet);

} // namespace iwas::sim
