#include "sim/router/hotspot.hpp"

#include "core/assert.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim {

namespace {

constexpr std::uint64_t bits_per_octet = 8;

template <class T>
void keep_earlier(std::optional<T>& earliest, const std::optional<T>& candidate)
{
    if (candidate && (!earliest || *candidate < *earliest)) earliest = candidate;
}

template <class T>
void take_over(std::optional<T>& value, const std::optional<T>& change)
{
    if (change) value = change;
}

} // namespace

std::vector<AccountingEvent> Hotspot::add_device(MacAddress mac, Ipv4Address ip, SteadyTime now)
{
    std::vector<AccountingEvent> events;
    Device& device = devices_[mac];
    if (device.id.empty()) {
        device.id = fmt::format("*H{:X}", ++last_host_);
        device.mac = mac;
    } else if (device.ip != ip) {
        events = log_out(mac, TerminateCause::lost_carrier, now);
    }
    device.ip = ip;
    device.seen_at = now;
    return events;
}

std::vector<AccountingEvent> Hotspot::remove_device(MacAddress mac, SteadyTime now)
{
    auto events = log_out(mac, TerminateCause::lost_carrier, now);
    devices_.erase(mac);
    return events;
}

const Device* Hotspot::find_device(MacAddress mac) const
{
    const auto found = devices_.find(mac);
    return found == devices_.end() ? nullptr : &found->second;
}

void Hotspot::set_demand(
    MacAddress mac, std::uint64_t up_bps, std::uint64_t down_bps, SteadyTime now)
{
    const auto device = devices_.find(mac);
    if (device == devices_.end()) return;
    // What has passed so far passed at the old speed.
    const auto session = active_.find(mac);
    if (session != active_.end()) count(session->second, now);
    device->second.wanted_up_bps = up_bps;
    device->second.wanted_down_bps = down_bps;
    if (session != active_.end()) reschedule(session->second);
}

AccountingEvent Hotspot::log_in(ActiveSession session, SteadyTime now)
{
    IWAS_ASSERT(devices_.contains(session.mac));
    IWAS_ASSERT(!active_.contains(session.mac));
    session.id = fmt::format("*A{:06X}", ++last_active_);
    session.nas_port = static_cast<int>(last_active_);
    session.started_at = now;
    session.counted_to = now;
    if (session.limits.session_timeout) session.ends_at = now + *session.limits.session_timeout;
    if (session.limits.interim_interval)
        session.next_interim_at = now + *session.limits.interim_interval;
    const MacAddress mac = session.mac;
    by_row_id_[session.id] = mac;
    by_acct_session_id_[session.acct_session_id] = mac;
    ++logins_[session.user_name];
    ActiveSession& added = active_.emplace(mac, std::move(session)).first->second;
    reschedule(added);
    return {.kind = AccountingKind::start, .session = added, .at = now};
}

std::vector<AccountingEvent> Hotspot::log_out(MacAddress mac, TerminateCause cause, SteadyTime now)
{
    const auto found = active_.find(mac);
    if (found == active_.end()) return {};
    count(found->second, now);
    AccountingEvent stop{
        .kind = AccountingKind::stop, .session = found->second, .at = now, .cause = cause};
    erase(found);
    return {std::move(stop)};
}

bool Hotspot::forget(MacAddress mac)
{
    const auto found = active_.find(mac);
    if (found == active_.end()) return false;
    erase(found);
    return true;
}

void Hotspot::forget_sessions()
{
    while (!active_.empty())
        erase(active_.begin());
    for (auto& [mac, device] : devices_)
        device.id = fmt::format("*H{:X}", ++last_host_);
}

void Hotspot::change(MacAddress mac, const SessionLimits& limits, SteadyTime now)
{
    const auto found = active_.find(mac);
    if (found == active_.end()) return;
    ActiveSession& session = found->second;
    count(session, now);
    SessionLimits& current = session.limits;
    if (limits.session_timeout) {
        current.session_timeout = limits.session_timeout;
        session.ends_at = now + *limits.session_timeout;
    }
    if (!limits.rate_text.empty()) current.rate_text = limits.rate_text;
    take_over(current.up_bps, limits.up_bps);
    take_over(current.down_bps, limits.down_bps);
    take_over(current.up_octets_max, limits.up_octets_max);
    take_over(current.down_octets_max, limits.down_octets_max);
    take_over(current.idle_timeout, limits.idle_timeout);
    take_over(current.logins_max, limits.logins_max);
    reschedule(session);
}

std::vector<AccountingEvent> Hotspot::advance(SteadyTime now)
{
    std::vector<AccountingEvent> events;
    while (!due_.empty() && due_.begin()->first <= now) {
        const auto at = active_.find(due_.begin()->second);
        IWAS_ASSERT(at != active_.end());
        ActiveSession& session = at->second;
        const auto end = end_of(session);
        if (end && *end <= now) {
            const bool is_time = session.ends_at && *session.ends_at <= *end;
            count(session, *end);
            events.push_back(
                {.kind = AccountingKind::stop,
                 .session = session,
                 .at = *end,
                 .cause = is_time ? TerminateCause::session_timeout : TerminateCause::nas_request});
            erase(at);
            continue;
        }
        count(session, now);
        if (session.next_interim_at && *session.next_interim_at <= now) {
            events.push_back({.kind = AccountingKind::interim, .session = session, .at = now});
            // After a jump of time only one report is due: the counters are totals.
            session.next_interim_at = now + *session.limits.interim_interval;
        }
        reschedule(session);
    }
    return events;
}

std::optional<SteadyTime> Hotspot::next_event_at() const
{
    if (due_.empty()) return std::nullopt;
    return due_.begin()->first;
}

const ActiveSession* Hotspot::find_active(MacAddress mac) const
{
    const auto found = active_.find(mac);
    return found == active_.end() ? nullptr : &found->second;
}

const ActiveSession* Hotspot::find_active(const std::string& id) const
{
    const auto found = by_row_id_.find(id);
    return found == by_row_id_.end() ? nullptr : find_active(found->second);
}

const ActiveSession* Hotspot::find_accounted(const std::string& acct_session_id) const
{
    const auto found = by_acct_session_id_.find(acct_session_id);
    return found == by_acct_session_id_.end() ? nullptr : find_active(found->second);
}

ActiveSession Hotspot::counted(const ActiveSession& session, SteadyTime now) const
{
    ActiveSession copy = session;
    count(copy, now);
    return copy;
}

int Hotspot::logins_of(const std::string& user_name) const
{
    const auto found = logins_.find(user_name);
    return found == logins_.end() ? 0 : found->second;
}

void Hotspot::reschedule(ActiveSession& session)
{
    if (session.due_at) due_.erase({*session.due_at, session.mac});
    session.due_at = end_of(session);
    keep_earlier(session.due_at, session.next_interim_at);
    if (session.due_at) due_.emplace(*session.due_at, session.mac);
}

void Hotspot::erase(std::map<MacAddress, ActiveSession>::iterator session)
{
    const ActiveSession& gone = session->second;
    if (gone.due_at) due_.erase({*gone.due_at, gone.mac});
    by_row_id_.erase(gone.id);
    by_acct_session_id_.erase(gone.acct_session_id);
    const auto logins = logins_.find(gone.user_name);
    if (--logins->second == 0) logins_.erase(logins);
    active_.erase(session);
}

Hotspot::Rates Hotspot::rates_of(const ActiveSession& session) const
{
    const auto device = devices_.find(session.mac);
    if (device == devices_.end()) return {0, 0};
    return {
        std::min(device->second.wanted_up_bps, session.limits.up_bps.value_or(UINT64_MAX)),
        std::min(device->second.wanted_down_bps, session.limits.down_bps.value_or(UINT64_MAX)),
    };
}

/// When the first data cap is used up at the present speed.
std::optional<SteadyTime> Hotspot::cap_reached_at(const ActiveSession& session) const
{
    const auto [up_bps, down_bps] = rates_of(session);
    std::optional<SteadyTime> earliest;
    const auto consider = [&](std::optional<std::uint64_t> cap, std::uint64_t used,
                              std::uint64_t bps) {
        if (!cap) return;
        if (used >= *cap) return keep_earlier(earliest, std::optional{session.counted_to});
        // Beyond a petabyte the product below would overflow, and no session gets there.
        constexpr std::uint64_t remaining_max = 1'000'000'000'000'000;
        if (bps == 0 || *cap - used > remaining_max) return;
        // Rounded up to the millisecond in which the last octet passes.
        const std::uint64_t ms = ((*cap - used) * bits_per_octet * 1000 + bps - 1) / bps;
        keep_earlier(
            earliest,
            std::optional{session.counted_to + Milliseconds{static_cast<std::int64_t>(ms)}});
    };
    consider(session.limits.up_octets_max, session.up_octets, up_bps);
    consider(session.limits.down_octets_max, session.down_octets, down_bps);
    consider(
        session.limits.total_octets_max, session.up_octets + session.down_octets,
        up_bps + down_bps);
    return earliest;
}

std::optional<SteadyTime> Hotspot::end_of(const ActiveSession& session) const
{
    std::optional<SteadyTime> end = session.ends_at;
    keep_earlier(end, cap_reached_at(session));
    return end;
}

void Hotspot::count(ActiveSession& session, SteadyTime until) const
{
    if (until <= session.counted_to) return;
    const auto passed = std::chrono::duration_cast<Milliseconds>(until - session.counted_to);
    const auto [up_bps, down_bps] = rates_of(session);
    const auto ms = static_cast<std::uint64_t>(passed.count());
    session.up_octets += up_bps * ms / (1000 * bits_per_octet);
    session.down_octets += down_bps * ms / (1000 * bits_per_octet);
    session.counted_to += passed; // what is left of a millisecond counts next time
}

} // namespace iwas::sim
