#include "domain/accounting.hpp"

#include <algorithm>

namespace iwas::domain {

namespace {

constexpr std::uint64_t wrap_octets = std::uint64_t{1} << 32;

/// The 64-bit counter that a newer 32-bit `reported` continues. A value far below the known one
/// has begun anew; one slightly below is taken for a router's miscount.
std::uint64_t carried_on(std::uint64_t known, std::uint64_t reported)
{
    const std::uint64_t same_turn = known / wrap_octets * wrap_octets + reported % wrap_octets;
    const bool has_wrapped = same_turn < known && known - same_turn > wrap_octets / 2;
    return has_wrapped ? same_turn + wrap_octets : same_turn;
}

} // namespace

NetworkSession applied(const std::optional<NetworkSession>& known, const AccountingRecord& record)
{
    NetworkSession now = known.value_or(NetworkSession{
        .router = record.router,
        .acct_session_id = record.acct_session_id,
        .session = record.session,
        .mac = record.mac,
        .ip = record.ip,
        // An Interim or Stop may be the first thing heard of the session.
        .started_at = record.event_at - record.session_time,
        .last_seen_at = record.event_at,
    });
    if (!now.mac) now.mac = record.mac;
    if (!now.session) now.session = record.session;
    if (record.ip) now.ip = record.ip;
    now.last_seen_at = std::max(now.last_seen_at, record.event_at);
    std::uint64_t up_octets = record.up_octets;
    std::uint64_t down_octets = record.down_octets;
    if (record.lacks_gigawords && known) {
        // Of a late report nobody can tell whether it is from before the counter began anew.
        const bool is_late = record.session_time < known->session_time;
        up_octets = is_late ? 0 : carried_on(known->up_octets, up_octets);
        down_octets = is_late ? 0 : carried_on(known->down_octets, down_octets);
    }
    now.session_time = std::max(now.session_time, record.session_time);
    now.up_octets = std::max(now.up_octets, up_octets);
    now.down_octets = std::max(now.down_octets, down_octets);
    if (record.status == AccountingStatus::stop && !now.stopped_at) {
        now.stopped_at = record.event_at;
        now.terminate_cause = record.terminate_cause;
    }
    return now;
}

} // namespace iwas::domain
