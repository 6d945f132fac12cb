#include "adapters/store/sql_accounting.hpp"

#include <algorithm>
#include <utility>

namespace iwas::adapters {

namespace {

using domain::AccountingRecord;
using domain::AccountingStatus;
using domain::NetworkSession;

// RFC 2866 §5.10
constexpr int cause_admin_reboot = 7;
constexpr int cause_nas_reboot = 11;

struct Known {
    NetworkSession session;
    std::int64_t turn = 1;
};

std::string class_of(const AccountingRecord& record)
{
    return record.session ? to_string(*record.session) : std::string{};
}

/// Counters fit SQL's signed 64 bits: 2^63 octets are more than any network session moves.
std::int64_t stored_octets(std::uint64_t octets)
{
    return static_cast<std::int64_t>(std::min<std::uint64_t>(octets, INT64_MAX));
}

NetworkSession read_common(Row& row, const AccountingRecord& record)
{
    NetworkSession session;
    session.router = record.router;
    session.acct_session_id = record.acct_session_id;
    session.session = record.session;
    session.mac = row.maybe_mac();
    session.ip = row.maybe_ip();
    session.started_at = row.time();
    session.last_seen_at = row.time();
    session.session_time = row.seconds();
    session.up_octets = static_cast<std::uint64_t>(row.integer());
    session.down_octets = static_cast<std::uint64_t>(row.integer());
    return session;
}

std::optional<Known> find_open(Connection& db, const AccountingRecord& record)
{
    constexpr std::string_view query =
        "select turn, mac, ip, started_at, last_seen_at, session_time, up_octets, down_octets "
        "from open_network_session where router_id = :router and acct_session_id = :acct "
        "and session_id = :session";
    static const std::string locking_query = std::string{query} + " for update";
    std::optional<Known> known;
    db.one(
        db.is_sqlite() ? query : locking_query, "ittiiiii",
        {record.router, record.acct_session_id, class_of(record)}, [&](Row& row) {
            const std::int64_t turn = row.integer();
            known = Known{read_common(row, record), turn};
        });
    return known;
}

/// The stopped turn that the record can belong to: the last that began before its event.
std::optional<Known> find_stopped(Connection& db, const AccountingRecord& record)
{
    std::optional<Known> known;
    db.one(
        "select turn, mac, ip, started_at, last_seen_at, session_time, up_octets, down_octets, "
        "stopped_at, terminate_cause from network_session_history where router_id = :router "
        "and acct_session_id = :acct and session_id = :session "
        "order by case when started_at <= :event_at then 0 else 1 end, started_at desc limit 1",
        "ittiiiiiii", {record.router, record.acct_session_id, class_of(record), record.event_at},
        [&](Row& row) {
            const std::int64_t turn = row.integer();
            known = Known{read_common(row, record), turn};
            known->session.stopped_at = row.time();
            known->session.terminate_cause = static_cast<int>(row.integer());
        });
    return known;
}

void insert_open(Connection& db, const AccountingRecord& record, const Known& now)
{
    const NetworkSession& session = now.session;
    db.run(
        "insert into open_network_session (router_id, acct_session_id, session_id, turn, "
        "location_id, user_name, mac, ip, started_at, last_seen_at, session_time, up_octets, "
        "down_octets) values (:router, :acct, :session, :turn, :location, :user_name, :mac, :ip, "
        ":started_at, :last_seen_at, :session_time, :up_octets, :down_octets)",
        {record.router, record.acct_session_id, class_of(record), now.turn, record.location,
         record.user_name, session.mac.value_or(MacAddress{}), session.ip, session.started_at,
         session.last_seen_at, session.session_time, stored_octets(session.up_octets),
         stored_octets(session.down_octets)});
}

void update_open(Connection& db, const AccountingRecord& record, const NetworkSession& session)
{
    db.run(
        "update open_network_session set mac = :mac, ip = :ip, last_seen_at = :last_seen_at, "
        "session_time = :session_time, up_octets = :up_octets, down_octets = :down_octets "
        "where router_id = :router and acct_session_id = :acct and session_id = :session",
        {session.mac.value_or(MacAddress{}), session.ip, session.last_seen_at, session.session_time,
         stored_octets(session.up_octets), stored_octets(session.down_octets), record.router,
         record.acct_session_id, class_of(record)});
}

void insert_stopped(
    Connection& db, const AccountingRecord& record, const Known& now, bool is_orphan)
{
    const NetworkSession& session = now.session;
    db.run(
        "insert into network_session_history (router_id, acct_session_id, session_id, turn, "
        "location_id, user_name, mac, ip, started_at, last_seen_at, session_time, up_octets, "
        "down_octets, stopped_at, terminate_cause, is_orphan) values (:router, :acct, :session, "
        ":turn, :location, :user_name, :mac, :ip, :started_at, :last_seen_at, :session_time, "
        ":up_octets, :down_octets, :stopped_at, :terminate_cause, :is_orphan)",
        {record.router, record.acct_session_id, class_of(record), now.turn, record.location,
         record.user_name, session.mac.value_or(MacAddress{}), session.ip, session.started_at,
         session.last_seen_at, session.session_time, stored_octets(session.up_octets),
         stored_octets(session.down_octets), session.stopped_at, session.terminate_cause,
         is_orphan});
}

void update_stopped(Connection& db, const AccountingRecord& record, const Known& now)
{
    const NetworkSession& session = now.session;
    db.run(
        "update network_session_history set mac = :mac, ip = :ip, last_seen_at = :last_seen_at, "
        "session_time = :session_time, up_octets = :up_octets, down_octets = :down_octets "
        "where router_id = :router and acct_session_id = :acct and session_id = :session "
        "and turn = :turn",
        {session.mac.value_or(MacAddress{}), session.ip, session.last_seen_at, session.session_time,
         stored_octets(session.up_octets), stored_octets(session.down_octets), record.router,
         record.acct_session_id, class_of(record), now.turn});
}

void apply_to_open(Connection& db, const AccountingRecord& record, const Known& open)
{
    const Known now{domain::applied(open.session, record), open.turn};
    if (now.session == open.session) return;
    if (!now.session.stopped_at) return update_open(db, record, now.session);
    db.run(
        "delete from open_network_session where router_id = :router "
        "and acct_session_id = :acct and session_id = :session",
        {record.router, record.acct_session_id, class_of(record)});
    insert_stopped(db, record, now, false);
}

std::int64_t next_turn(
    Connection& db, const AccountingRecord& record, const std::optional<Known>& open)
{
    const std::int64_t last = db.number(
        "select coalesce(max(turn), 0) from network_session_history where router_id = :router "
        "and acct_session_id = :acct and session_id = :session",
        {record.router, record.acct_session_id, class_of(record)});
    return std::max(last, open ? open->turn : 0) + 1;
}

/// Everything that the router had open before it went down is over at `event_at`.
void stop_all(Connection& db, const AccountingRecord& record)
{
    const int usual_cause =
        record.status == AccountingStatus::nas_on ? cause_nas_reboot : cause_admin_reboot;
    const int cause = record.terminate_cause != 0 ? record.terminate_cause : usual_cause;
    db.run(
        "insert into network_session_history (router_id, acct_session_id, session_id, turn, "
        "location_id, user_name, mac, ip, started_at, last_seen_at, session_time, up_octets, "
        "down_octets, stopped_at, terminate_cause, is_orphan) "
        "select router_id, acct_session_id, session_id, turn, location_id, user_name, mac, ip, "
        "started_at, last_seen_at, session_time, up_octets, down_octets, "
        "case when last_seen_at > :event_at then last_seen_at else :stopped_at end, "
        "cast(:cause as bigint), 0 from open_network_session "
        "where router_id = :router and started_at <= :began_before",
        {record.event_at, record.event_at, cause, record.router, record.event_at});
    db.run(
        "delete from open_network_session where router_id = :router and started_at <= :event_at",
        {record.router, record.event_at});
}

/// Whether `record` tells of a network session that began after the stop of the known one.
bool begins_after(const AccountingRecord& record, const NetworkSession& stopped)
{
    const UtcTime began = record.status == AccountingStatus::start
                              ? record.event_at
                              : record.event_at - record.session_time;
    return began > *stopped.stopped_at;
}

} // namespace

void apply_record(Connection& db, const AccountingRecord& record)
{
    if (record.status == AccountingStatus::nas_on || record.status == AccountingStatus::nas_off)
        return stop_all(db, record);

    const auto open = find_open(db, record);
    // The router may repeat what it said of an earlier turn while the next one runs.
    const bool is_of_earlier_turn =
        open && open->turn > 1 && record.event_at < open->session.started_at;
    if (open && !is_of_earlier_turn) return apply_to_open(db, record, *open);

    const auto stopped = find_stopped(db, record);
    if (stopped && !begins_after(record, stopped->session)) {
        const Known now{domain::applied(stopped->session, record), stopped->turn};
        if (now.session != stopped->session) update_stopped(db, record, now);
        return;
    }
    const std::int64_t turn = stopped ? next_turn(db, record, open) : 1;
    const Known now{domain::applied(std::nullopt, record), turn};
    if (now.session.stopped_at) return insert_stopped(db, record, now, true);
    // A turn between two known ones has ended by now; its Stop will say how.
    if (!open) insert_open(db, record, now);
}

} // namespace iwas::adapters
