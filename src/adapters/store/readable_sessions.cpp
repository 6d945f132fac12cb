#include "adapters/store/readable_sessions.hpp"

#include "adapters/store/sql_sessions.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <iterator>
#include <optional>

namespace iwas::adapters {

using domain::Session;
using domain::SessionId;

namespace {

std::optional<SessionId> next_open_session(Connection& db, SessionId after)
{
    std::optional<SessionId> next;
    db.one(
        "select id from open_session where id > :after order by id limit 1", "t", {after},
        [&](Row& row) { next = row.id<SessionId>(); });
    return next;
}

} // namespace

std::vector<Session> readable_sessions_after(
    Connection& db, const KeyRing& keys, SessionId after, int limit)
{
    try {
        return open_sessions_after(db, keys, after, limit);
    } catch (const DamagedRow&) {
        // Below, one by one, it turns out which one it is.
    }
    std::vector<Session> sessions;
    while (sessions.size() < static_cast<std::size_t>(limit)) {
        const auto next = next_open_session(db, after);
        if (!next) break;
        try {
            std::ranges::move(
                open_sessions_after(db, keys, after, 1), std::back_inserter(sessions));
        } catch (const DamagedRow& error) {
            spdlog::error(
                "event=session_damaged session={} It is left out until its row is mended: {}",
                to_string(*next), error.what());
        }
        after = *next;
    }
    return sessions;
}

} // namespace iwas::adapters
