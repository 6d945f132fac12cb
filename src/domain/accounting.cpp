#include "domain/accounting.hpp"

#include <algorithm>

namespace iwas::domain {

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
    now.session_time = std::max(now.session_time, record.session_time);
    now.up_octets = std::max(now.up_octets, record.up_octets);
    now.down_octets = std::max(now.down_octets, record.down_octets);
    if (record.status == AccountingStatus::stop && !now.stopped_at) {
        now.stopped_at = record.event_at;
        now.terminate_cause = record.terminate_cause;
    }
    return now;
}

} // namespace iwas::domain
