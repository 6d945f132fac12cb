#include "protocol/pc_events/event.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace iwas::pc_events {

namespace {

namespace json = boost::json;

constexpr std::size_t field_octets_max = 128;
constexpr std::size_t timestamp_digits_max = 12;
constexpr std::size_t depth_max = 8;

constexpr std::array<std::pair<std::string_view, EventKind>, 9> kind_names{{
    {"session.started", EventKind::session_started},
    {"session.ended", EventKind::session_ended},
    {"session.moved", EventKind::session_moved},
    {"balance.changed", EventKind::balance_changed},
    {"member.updated", EventKind::member_updated},
    {"heartbeat", EventKind::heartbeat},
    {"PC_LOGOUT", EventKind::session_ended},
    {"USER_LOGOUT", EventKind::session_ended},
    {"LOGOUT", EventKind::session_ended},
}};

std::optional<UtcTime> read_timestamp(std::string_view text)
{
    if (text.empty() || text.size() > timestamp_digits_max) return std::nullopt;
    if (!std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return std::nullopt;
    std::int64_t seconds = 0;
    std::from_chars(text.data(), text.data() + text.size(), seconds);
    return from_unix_ms(seconds * 1000);
}

/// A text member of at most `field_octets_max` octets; absent and null read as empty. False when it
/// is anything else.
bool read_text(const json::object& object, std::string_view name, std::string& into)
{
    const json::value* value = object.if_contains(name);
    if (value == nullptr || value->is_null()) return true;
    if (!value->is_string() || value->as_string().size() > field_octets_max) return false;
    into.assign(value->as_string().data(), value->as_string().size());
    return true;
}

bool names_member(EventKind kind)
{
    return kind == EventKind::session_started || kind == EventKind::session_ended ||
           kind == EventKind::session_moved;
}

} // namespace

Result<void, SignatureError> verify_signature(
    std::string_view timestamp, std::string_view signatures, std::string_view body,
    std::span<const SecretText> secrets, UtcTime now)
{
    const auto sent_at = read_timestamp(timestamp);
    if (!sent_at) return std::unexpected(SignatureError::malformed);

    std::array<Bytes, signatures_max> claimed;
    std::size_t count = 0;
    for (std::size_t at = 0; at <= signatures.size();) {
        const std::size_t end = std::min(signatures.find(',', at), signatures.size());
        const std::string_view entry = trimmed(signatures.substr(at, end - at));
        at = end + 1;
        if (!entry.starts_with("v1=")) continue;
        auto octets = from_hex(entry.substr(3));
        if (!octets || octets->size() != std::tuple_size_v<Sha256Digest> || count == signatures_max)
            return std::unexpected(SignatureError::malformed);
        claimed[count++] = std::move(*octets);
    }
    if (count == 0) return std::unexpected(SignatureError::malformed);

    // Every pair is compared, so that the time tells nothing about which secret is in force.
    bool fits = false;
    for (const SecretText& secret : secrets) {
        if (secret.empty()) continue;
        const Sha256Digest expected = hmac_sha256(
            as_bytes(secret.reveal()), {as_bytes(timestamp), as_bytes("."), as_bytes(body)});
        for (std::size_t i = 0; i < count; ++i)
            fits |= equal_constant_time(expected, claimed[i]);
    }
    if (!fits) return std::unexpected(SignatureError::wrong);
    if (std::chrono::abs(now - *sent_at) > clock_difference_max)
        return std::unexpected(SignatureError::outside_window);
    return {};
}

std::string_view to_text(EventKind kind)
{
    for (const auto& [name, value] : kind_names)
        if (value == kind) return name;
    return "other";
}

EventKind event_kind_from(std::string_view text)
{
    for (const auto& [name, value] : kind_names)
        if (name == text) return value;
    return EventKind::other;
}

Result<Event, BodyError> parse_event(std::string_view body)
{
    if (body.size() > body_octets_max) return std::unexpected(BodyError::too_large);
    json::parse_options options;
    options.max_depth = depth_max;
    boost::system::error_code error;
    const json::value parsed = json::parse(body, error, {}, options);
    if (error || !parsed.is_object()) return std::unexpected(BodyError::malformed);
    const json::object& object = parsed.get_object();

    Event event;
    std::string type;
    std::string occurred_at;
    const std::pair<std::string_view, std::string*> fields[] = {
        {"event_id", &event.event_id},   {"type", &type},
        {"branch_id", &event.branch_id}, {"member_id", &event.member_id},
        {"username", &event.user_name},  {"session_id", &event.session_id},
        {"pc_name", &event.pc_name},     {"from_pc", &event.from_pc},
        {"to_pc", &event.to_pc},         {"occurred_at", &occurred_at},
    };
    for (const auto& [name, into] : fields)
        if (!read_text(object, name, *into)) return std::unexpected(BodyError::malformed);
    const auto time = from_rfc3339(occurred_at);
    if (event.event_id.empty() || event.branch_id.empty() || type.empty() || !time)
        return std::unexpected(BodyError::malformed);
    event.kind = event_kind_from(type);
    event.occurred_at = *time;
    if (names_member(event.kind) && event.member_id.empty() && event.user_name.empty())
        return std::unexpected(BodyError::malformed);
    return event;
}

} // namespace iwas::pc_events
