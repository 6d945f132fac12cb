// PollDiff: finds out who sat down and who left from lists of who sits at a PC now.
#pragma once

#include "core/time.hpp"
#include "protocol/pc_events/event.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iwas::pc_events {

/// One row of a snapshot.
struct Seat {
    std::string session_id;
    std::string member_id;
    std::string user_name;
    std::string pc_name;
    UtcTime started_at;
};

/// The fallback for PC systems whose events are not pushed, or get lost. Errs on the side of
/// leaving people alone: one bad list must not cut off a café.
///
/// A session is over when it is missing in two good snapshots in a row, or in one when it was last
/// seen 45 s ago or more. A snapshot from which more than half of the sessions vanished at once is
/// suspicious: those sessions have to be missing once more. Failed polls prove nothing. A member
/// who is found at another PC has moved: nothing ended.
///
/// Pure: the caller brings the times. One object per location.
class PollDiff {
public:
    /// A good snapshot, received at `utc` and `steady`. Tells what changed since the last one; the
    /// first only sets the base. Event ids depend on the session only, so that a repeated report
    /// after a restart is known as the same. Times of events: a start as the café says it; an end
    /// is when the member was last seen, but not before his start by the café's clock.
    std::vector<Event> observe(
        const std::vector<Seat>& snapshot, std::string_view branch_id, UtcTime utc,
        SteadyTime steady);

    /// The session's end was learned elsewhere (it was pushed): it is not reported again.
    void forget(const std::string& session_id) { known_.erase(session_id); }

    /// How long ago the last good snapshot came; nothing before the first.
    [[nodiscard]] std::optional<Milliseconds> silence(SteadyTime now) const;
    /// Whether `polls` intervals passed without a good snapshot: the café's line is degraded. Then
    /// nobody is disconnected, because nothing is known.
    [[nodiscard]] bool is_degraded(SteadyTime now, Milliseconds interval, int polls = 3) const;
    /// Sessions that count as open.
    [[nodiscard]] std::size_t open_sessions() const { return known_.size(); }

private:
    struct Known {
        Seat seat;
        SteadyTime last_seen;
        UtcTime last_seen_utc;
        int misses = 0;
        int misses_needed = 2;
    };

    std::map<std::string, Known> known_;
    std::optional<SteadyTime> last_good_;
};

} // namespace iwas::pc_events
