#include "protocol/pc_events/poll_diff.hpp"

#include <algorithm>
#include <set>

namespace iwas::pc_events {

namespace {

constexpr Seconds gone_after{45};

Event event_for(const Seat& seat, EventKind kind, std::string_view branch_id, UtcTime at)
{
    Event event;
    event.event_id = "poll:" + std::string{to_text(kind)} + ":" + seat.session_id;
    // Ids of the pushed events are at most that long as well.
    if (event.event_id.size() > 128) event.event_id.resize(128);
    event.kind = kind;
    event.branch_id = branch_id;
    event.member_id = seat.member_id;
    event.user_name = seat.user_name;
    event.session_id = seat.session_id;
    event.pc_name = seat.pc_name;
    event.occurred_at = at;
    return event;
}

} // namespace

std::vector<Event> PollDiff::observe(
    const std::vector<Seat>& snapshot, std::string_view branch_id, UtcTime utc, SteadyTime steady)
{
    std::vector<Event> events;
    const bool is_first = !last_good_;
    last_good_ = steady;
    std::set<std::string_view> present;
    std::set<std::string_view> members;
    const std::size_t known_before = known_.size();
    for (const Seat& seat : snapshot) {
        if (!present.insert(seat.session_id).second) continue;
        members.insert(seat.member_id);
        const auto [found, is_new] = known_.try_emplace(seat.session_id);
        Known& known = found->second;
        if (is_new && !is_first)
            events.push_back(
                event_for(seat, EventKind::session_started, branch_id, seat.started_at));
        if (!is_new && known.seat.pc_name != seat.pc_name) {
            Event moved = event_for(seat, EventKind::session_moved, branch_id, utc);
            moved.event_id += ":" + seat.pc_name + ":" + std::to_string(to_unix_ms(utc));
            if (moved.event_id.size() > 128) moved.event_id.resize(128);
            moved.from_pc = known.seat.pc_name;
            moved.to_pc = seat.pc_name;
            events.push_back(std::move(moved));
        }
        known = Known{.seat = seat, .last_seen = steady, .last_seen_utc = utc};
    }

    std::size_t newly_missing = 0;
    for (const auto& [id, known] : known_)
        if (known.misses == 0 && !present.contains(id)) ++newly_missing;
    const bool is_suspicious = newly_missing * 2 > known_before;

    for (auto entry = known_.begin(); entry != known_.end();) {
        Known& known = entry->second;
        if (present.contains(entry->first)) {
            ++entry;
            continue;
        }
        if (known.misses++ == 0 && is_suspicious) known.misses_needed = 3;
        const bool is_long_gone =
            steady - known.last_seen >= gone_after && known.misses >= known.misses_needed - 1;
        if (known.misses < known.misses_needed && !is_long_gone) {
            ++entry;
            continue;
        }
        if (!members.contains(known.seat.member_id))
            events.push_back(event_for(
                known.seat, EventKind::session_ended, branch_id,
                std::max(known.last_seen_utc, known.seat.started_at)));
        entry = known_.erase(entry);
    }
    return events;
}

std::optional<Milliseconds> PollDiff::silence(SteadyTime now) const
{
    if (!last_good_) return std::nullopt;
    return std::chrono::floor<Milliseconds>(now - *last_good_);
}

bool PollDiff::is_degraded(SteadyTime now, Milliseconds interval, int polls) const
{
    return last_good_ && now - *last_good_ > interval * polls;
}

} // namespace iwas::pc_events
