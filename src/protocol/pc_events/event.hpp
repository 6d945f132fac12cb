// Events that a PC system pushes: signature, age and body ("IWAS Café Connector v1", events).
#pragma once

#include "core/result.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace iwas::pc_events {

inline constexpr std::size_t body_octets_max = 64 * 1024;
inline constexpr std::size_t signatures_max = 8;
/// How far the sender's clock may be from ours, either way.
inline constexpr Seconds clock_difference_max{300};

enum class SignatureError : std::uint8_t {
    malformed,      // a header is missing or not of the form below
    outside_window, // the timestamp is more than `clock_difference_max` away
    wrong,          // no signature fits any secret
};

/// Checks who sent `body` (raw octets, before parsing). `timestamp`: X-IWAS-Timestamp, decimal Unix
/// seconds. `signatures`: X-IWAS-Signature, "v1=" and 64 hexadecimal digits of HMAC-SHA256(secret,
/// timestamp "." body), several separated by commas; entries of other versions are skipped. One of
/// them must fit one of `secrets`. Compares in constant time. No secrets: nothing fits.
Result<void, SignatureError> verify_signature(
    std::string_view timestamp, std::string_view signatures, std::string_view body,
    std::span<const SecretText> secrets, UtcTime now);

enum class EventKind : std::uint8_t {
    session_started,
    session_ended, // also the legacy names PC_LOGOUT, USER_LOGOUT and LOGOUT
    session_moved,
    balance_changed,
    member_updated,
    heartbeat,
    other, // a type of a later contract: to be accepted and ignored
};

/// "session.started", ...; "other".
std::string_view to_text(EventKind kind);
EventKind event_kind_from(std::string_view text);

struct Event {
    std::string event_id; // 1-128 characters, unique per branch
    EventKind kind = EventKind::other;
    std::string branch_id;
    std::string member_id; // may be empty when user_name is not, and the other way round
    std::string user_name;
    std::string session_id;
    std::string pc_name;
    std::string from_pc; // session_moved
    std::string to_pc;
    UtcTime occurred_at;
};

enum class BodyError : std::uint8_t {
    too_large, // over `body_octets_max`
    malformed, // no JSON object, a field of the wrong type or too long, or no event_id,
               // branch_id, type or occurred_at; or a session event that names no member
};

/// Reads an event. Trusts nothing: verify the signature first. Unknown members are ignored.
Result<Event, BodyError> parse_event(std::string_view body);

} // namespace iwas::pc_events
