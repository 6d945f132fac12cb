#include "domain/session.hpp"

#include "core/assert.hpp"
#include "domain/enum_text.hpp"

#include <algorithm>

namespace iwas::domain {

namespace {

using State = SessionState;

constexpr EnumText states{std::to_array<std::pair<State, std::string_view>>({
    {State::pending, "pending"},
    {State::active, "active"},
    {State::paused, "paused"},
    {State::expired, "expired"},
    {State::terminated, "terminated"},
    {State::failed, "failed"},
})};

constexpr EnumText reasons{std::to_array<std::pair<EndReason, std::string_view>>({
    {EndReason::none, "none"},
    {EndReason::time_expired, "TIME_EXPIRED"},
    {EndReason::data_limit, "DATA_LIMIT"},
    {EndReason::pc_logout, "PC_LOGOUT"},
    {EndReason::user_logout, "USER_LOGOUT"},
    {EndReason::admin_action, "ADMIN_ACTION"},
    {EndReason::new_device, "NEW_DEVICE"},
    {EndReason::abuse, "ABUSE"},
    {EndReason::activation_failed, "ACTIVATION_FAILED"},
})};

void move_to(Session& session, State to)
{
    IWAS_ASSERT(may_follow(session.state, to));
    session.state = to;
}

} // namespace

bool may_follow(SessionState from, SessionState to)
{
    switch (from) {
    case State::pending: return to == State::active || to == State::failed;
    case State::active:
        return to == State::paused || to == State::expired || to == State::terminated;
    case State::paused:
        return to == State::active || to == State::expired || to == State::terminated;
    case State::expired:
    case State::terminated:
    case State::failed: return false;
    }
    return false;
}

bool is_over(SessionState state)
{
    return state == State::expired || state == State::terminated || state == State::failed;
}

Seconds time_left(const Session& session, UtcTime now)
{
    if (is_over(session.state)) return Seconds{0};
    if (!session.ends_at) return session.remaining;
    // Rounded up: a customer with half a second left still has a second, never a Session-Timeout
    // of 0, which some access servers read as "no limit".
    return std::max(Seconds{0}, std::chrono::ceil<Seconds>(*session.ends_at - now));
}

std::optional<std::uint64_t> octets_left(const Session& session)
{
    if (!session.terms.data_cap_octets) return std::nullopt;
    const std::uint64_t cap = *session.terms.data_cap_octets;
    return cap - std::min(cap, session.used_octets);
}

const SessionDevice* find_device(const Session& session, const MacAddress& mac)
{
    const auto found = std::ranges::find(session.devices, mac, &SessionDevice::mac);
    return found == session.devices.end() ? nullptr : &*found;
}

bool is_on_network(const Session& session, const SessionDevice& device, UtcTime now)
{
    constexpr Seconds start_reported_within{10};
    if (session.state != State::active) return false;
    if (device.is_online) return true;
    const bool was_never_reported = device.acct_session_id.empty();
    const bool is_only_one = session.devices.size() == 1;
    return was_never_reported && is_only_one && session.started_at &&
           now - *session.started_at < start_reported_within;
}

Session activated(Session session, UtcTime now)
{
    move_to(session, State::active);
    session.started_at = now;
    session.ends_at = now + session.remaining;
    session.remaining = Seconds{0};
    return session;
}

Session paused(Session session, UtcTime now)
{
    const Seconds left = time_left(session, now);
    move_to(session, State::paused);
    session.remaining = left;
    session.ends_at.reset();
    return session;
}

Session resumed(Session session, UtcTime now)
{
    IWAS_ASSERT(session.state == State::paused);
    move_to(session, State::active);
    session.ends_at = now + session.remaining;
    session.remaining = Seconds{0};
    return session;
}

Session extended(Session session, const Terms& more, UtcTime now)
{
    IWAS_ASSERT(!is_over(session.state));
    if (session.ends_at)
        session.ends_at = std::max(*session.ends_at, now) + more.duration;
    else
        session.remaining += more.duration;
    // The better of both speeds and the sum of both caps: nobody gets less by paying more.
    session.terms.rate.up_bps = std::max(session.terms.rate.up_bps, more.rate.up_bps);
    session.terms.rate.down_bps = std::max(session.terms.rate.down_bps, more.rate.down_bps);
    session.terms.rate.burst_down_bps =
        std::max(session.terms.rate.burst_down_bps, more.rate.burst_down_bps);
    session.terms.device_limit = std::max(session.terms.device_limit, more.device_limit);
    if (session.terms.data_cap_octets) {
        if (more.data_cap_octets)
            *session.terms.data_cap_octets += *more.data_cap_octets;
        else
            session.terms.data_cap_octets.reset();
    }
    return session;
}

Session shortened(Session session, Seconds less)
{
    IWAS_ASSERT(!is_over(session.state));
    if (session.ends_at)
        *session.ends_at -= less;
    else
        session.remaining -= std::min(less, session.remaining);
    return session;
}

Session ended(Session session, SessionState state, EndReason reason, UtcTime now)
{
    IWAS_ASSERT(is_over(state));
    move_to(session, state);
    session.reason = reason;
    session.ended_at = now;
    session.remaining = Seconds{0};
    session.ends_at.reset();
    for (SessionDevice& device : session.devices)
        device.is_online = false;
    return session;
}

DeviceChange change_for_device(const Session& session, const MacAddress& mac)
{
    if (find_device(session, mac)) return DeviceChange::none;
    if (static_cast<int>(session.devices.size()) < session.terms.device_limit)
        return DeviceChange::add;
    return session.terms.device_limit == 1 ? DeviceChange::replace : DeviceChange::refuse;
}

std::string_view to_text(SessionState state)
{
    return states.text_of(state);
}
std::string_view to_text(EndReason reason)
{
    return reasons.text_of(reason);
}
std::optional<SessionState> session_state_from(std::string_view text)
{
    return states.value_of(text);
}
std::optional<EndReason> end_reason_from(std::string_view text)
{
    return reasons.value_of(text);
}

} // namespace iwas::domain
