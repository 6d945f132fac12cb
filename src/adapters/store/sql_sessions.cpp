#include "adapters/store/sql_sessions.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/spelling.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace iwas::adapters {

namespace {

using domain::Session;
using domain::SessionDevice;
using domain::SessionId;
using ports::StoreError;

constexpr std::string_view session_columns =
    "id, version, transaction_id, account_id, organization_id, location_id, terms, state, reason, "
    "user_name, password_sealed, created_at, started_at, ends_at, remaining, ended_at";
constexpr std::string_view session_kinds = "titttttttttiiiii";

std::string place_of(SessionId id)
{
    return "session.password:" + to_string(id);
}

Session read_session(Row& row, const KeyRing& keys)
{
    Session session;
    session.id = row.id<SessionId>();
    session.version = row.integer();
    session.transaction = row.id<domain::TransactionId>();
    session.account = row.id<domain::AccountId>();
    session.organization = row.key<domain::OrganizationId>();
    session.location = row.key<domain::LocationId>();
    session.terms = terms_of(row.text());
    const auto state = domain::session_state_from(row.text());
    const auto reason = domain::end_reason_from(row.text());
    if (!state || !reason) damaged("unknown session state or reason");
    session.state = *state;
    session.reason = *reason;
    session.user_name = row.text();
    auto password = keys.open(row.text(), place_of(session.id));
    if (!password) damaged("session password: no key opens it");
    session.password = std::move(*password);
    session.created_at = row.time();
    session.started_at = row.maybe_time();
    session.ends_at = row.maybe_time();
    session.remaining = row.seconds();
    session.ended_at = row.maybe_time();
    return session;
}

/// Which sessions a query is about: a condition on their table, and its parameters.
struct Selection {
    bool is_history = false;
    std::string condition;
    std::initializer_list<Param> params;

    [[nodiscard]] std::string table() const
    {
        return is_history ? "session_history" : "open_session";
    }
    /// For the tables that hang on the sessions.
    [[nodiscard]] std::string ids() const
    {
        return "(select id from " + table() + " where " + condition + ")";
    }
};

/// The last thing accounting said of a device of a session.
struct Presence {
    bool is_online = false;
    UtcTime seen_at;
    std::string acct_session_id;
    std::optional<Ipv4Address> ip;
};

using Presences = std::map<std::pair<SessionId, MacAddress>, Presence>;
using OctetSums = std::map<SessionId, std::uint64_t>;

void read_network(Connection& db, const Selection& which, Presences& presences, OctetSums& sums)
{
    const auto read = [&](bool is_online, std::string_view table) {
        db.each(
            "select session_id, mac, acct_session_id, ip, last_seen_at, up_octets + down_octets "
            "from " +
                std::string{table} + " where session_id in " + which.ids(),
            "ttttii", which.params, [&](Row& row) {
                const auto id = row.id<SessionId>();
                const auto mac = row.maybe_mac();
                std::string acct_session_id = row.text();
                const auto ip = row.maybe_ip();
                const UtcTime seen_at = row.time();
                sums[id] += static_cast<std::uint64_t>(row.integer());
                if (!mac) return;
                Presence& known = presences[{id, *mac}];
                const auto rank = std::pair{is_online, seen_at};
                if (!known.acct_session_id.empty() &&
                    rank <= std::pair{known.is_online, known.seen_at})
                    return;
                known = {is_online, seen_at, std::move(acct_session_id), ip};
            });
    };
    read(true, "open_network_session");
    read(false, "network_session_history");
}

std::vector<Session> load(Connection& db, const KeyRing& keys, const Selection& which)
{
    std::vector<Session> sessions;
    db.each(
        "select " + std::string{session_columns} + " from " + which.table() + " where " +
            which.condition + " order by id",
        session_kinds, which.params,
        [&](Row& row) { sessions.push_back(read_session(row, keys)); });
    if (sessions.empty()) return sessions;

    Presences presences;
    OctetSums sums;
    read_network(db, which, presences, sums);
    for (Session& session : sessions)
        if (const auto sum = sums.find(session.id); sum != sums.end())
            session.used_octets = sum->second;

    db.each(
        "select session_id, mac, router_id, ip, added_at from " + which.table() +
            "_device where session_id in " + which.ids() + " order by session_id, added_at, mac",
        "tttti", which.params, [&](Row& row) {
            const auto id = row.id<SessionId>();
            const auto session = std::ranges::lower_bound(sessions, id, {}, &Session::id);
            if (session == sessions.end() || session->id != id) return;
            SessionDevice device;
            device.mac = row.mac();
            device.router = row.key<domain::RouterId>();
            device.ip = row.maybe_ip();
            device.added_at = row.time();
            if (const auto seen = presences.find({id, device.mac}); seen != presences.end()) {
                device.is_online = seen->second.is_online;
                device.acct_session_id = seen->second.acct_session_id;
                if (seen->second.ip) device.ip = seen->second.ip;
            }
            session->devices.push_back(std::move(device));
        });
    return sessions;
}

std::optional<Session> first_of(std::vector<Session> sessions)
{
    if (sessions.empty()) return std::nullopt;
    return std::move(sessions.front());
}

void insert_session(
    Connection& db, const KeyRing& keys, const Session& session, std::int64_t version)
{
    const std::string table = is_over(session.state) ? "session_history" : "open_session";
    db.run(
        "insert into " + table +
            " (id, version, transaction_id, account_id, organization_id, location_id, package_id, "
            "terms, state, reason, user_name, password_sealed, created_at, started_at, ends_at, "
            "remaining, ended_at) values (:id, :version, :transaction_id, :account_id, "
            ":organization_id, :location_id, :package_id, :terms, :state, :reason, :user_name, "
            ":password, :created_at, :started_at, :ends_at, :remaining, :ended_at)",
        {session.id, version, session.transaction, session.account, session.organization,
         session.location, session.terms.package, stored(session.terms),
         domain::to_text(session.state), domain::to_text(session.reason), session.user_name,
         keys.seal(session.password, place_of(session.id)), session.created_at, session.started_at,
         session.ends_at, session.remaining, session.ended_at});
}

bool update_session(Connection& db, const KeyRing& keys, const Session& session)
{
    return db.run(
               "update open_session set version = version + 1, package_id = :package_id, "
               "terms = :terms, state = :state, reason = :reason, user_name = :user_name, "
               "password_sealed = :password, started_at = :started_at, ends_at = :ends_at, "
               "remaining = :remaining, ended_at = :ended_at where id = :id and version = :version",
               {session.terms.package, stored(session.terms), domain::to_text(session.state),
                domain::to_text(session.reason), session.user_name,
                keys.seal(session.password, place_of(session.id)), session.started_at,
                session.ends_at, session.remaining, session.ended_at, session.id,
                session.version}) == 1;
}

void insert_device(Connection& db, const Session& session, const SessionDevice& device)
{
    const std::string table =
        is_over(session.state) ? "session_history_device" : "open_session_device";
    db.run(
        "insert into " + table +
            " (session_id, mac, location_id, router_id, ip, added_at) "
            "values (:session_id, :mac, :location_id, :router_id, :ip, :added_at) "
            "on conflict (session_id, mac) do update set router_id = excluded.router_id, "
            "ip = excluded.ip",
        {session.id, device.mac, session.location, device.router, device.ip, device.added_at});
}

/// Whether the device is in another session that is not paused.
bool is_online_elsewhere(Connection& db, const Session& session, const MacAddress& mac)
{
    return db.exists(
        "select 1 from open_session_device join open_session on open_session.id = session_id "
        "where open_session_device.location_id = :location and mac = :mac "
        "and session_id <> :session and state <> 'paused' limit 1",
        {session.location, mac, session.id});
}

/// Whether the device has, or is buying, another session at the location.
bool is_elsewhere(Connection& db, const Session& session, const MacAddress& mac)
{
    return is_online_elsewhere(db, session, mac) ||
           db.exists(
               "select 1 from txn where location_id = :location and mac = :mac "
               "and is_unfinished = 1 and state <> 'refunding' and session_id <> :session limit 1",
               {session.location, mac, session.id});
}

/// A device belongs to the session that it has now: one whose time stands still lets it go, and
/// gets it back when it goes on.
void take_from_paused(Connection& db, const Session& session, const MacAddress& mac)
{
    constexpr std::string_view others =
        " in (select session_id from open_session_device where location_id = :location "
        "and mac = :mac and session_id <> :session) and state = 'paused'";
    const auto params = {Param{session.location}, Param{mac}, Param{session.id}};
    const std::int64_t touched = db.run(
        "update open_session set version = version + 1 where id" + std::string{others}, params);
    if (touched == 0) return;
    db.run(
        "delete from open_session_device where location_id = :location and mac = :mac "
        "and session_id <> :session "
        "and session_id in (select id from open_session where state = 'paused')",
        params);
}

/// Makes the stored devices of an open session equal to the session's. False: one that would be
/// new is elsewhere.
bool keep_devices(Connection& db, const Session& session)
{
    std::vector<SessionDevice> known;
    db.each(
        "select mac, router_id, ip from open_session_device where session_id = :session_id", "ttt",
        {session.id}, [&](Row& row) {
            SessionDevice device;
            device.mac = row.mac();
            device.router = row.key<domain::RouterId>();
            device.ip = row.maybe_ip();
            known.push_back(std::move(device));
        });
    for (const SessionDevice& old : known)
        if (!domain::find_device(session, old.mac))
            db.run(
                "delete from open_session_device where session_id = :session_id and mac = :mac",
                {session.id, old.mac});
    for (const SessionDevice& device : session.devices) {
        const auto old = std::ranges::find(known, device.mac, &SessionDevice::mac);
        if (old == known.end() && is_elsewhere(db, session, device.mac)) return false;
        if (old == known.end()) take_from_paused(db, session, device.mac);
        if (old == known.end() || old->router != device.router || old->ip != device.ip)
            insert_device(db, session, device);
    }
    return true;
}

/// A purchase decides by the devices of open sessions; so it and this step wait for each other.
void lock_devices(Connection& db, const Session& session)
{
    std::vector<std::string> names;
    for (const SessionDevice& device : session.devices)
        names.push_back("device:" + session.location.text() + ":" + to_string(device.mac));
    lock_names(db, std::move(names));
}

} // namespace

Result<std::int64_t, StoreError> keep_session(
    Connection& db, const KeyRing& keys, const Session& session)
{
    lock_devices(db, session);
    const std::int64_t version = session.version + 1;
    const bool is_history = is_over(session.state);
    if (session.version == 0) {
        if (db.exists("select 1 from open_session where id = :id", {session.id}) ||
            db.exists("select 1 from session_history where id = :id", {session.id}))
            return std::unexpected(StoreError::conflict);
        insert_session(db, keys, session, version);
        for (const SessionDevice& device : session.devices) {
            // A late payment may meet a session that was bought since.
            if (is_online_elsewhere(db, session, device.mac))
                return std::unexpected(StoreError::device_taken);
            take_from_paused(db, session, device.mac);
            insert_device(db, session, device);
        }
        return version;
    }
    if (!is_history) {
        if (!update_session(db, keys, session)) return std::unexpected(StoreError::conflict);
        if (!keep_devices(db, session)) return std::unexpected(StoreError::device_taken);
        return version;
    }
    if (db.run(
            "delete from open_session where id = :id and version = :version",
            {session.id, session.version}) != 1)
        return std::unexpected(StoreError::conflict);
    db.run("delete from open_session_device where session_id = :id", {session.id});
    insert_session(db, keys, session, version);
    for (const SessionDevice& device : session.devices)
        insert_device(db, session, device);
    return version;
}

std::optional<Session> load_session(Connection& db, const KeyRing& keys, SessionId id)
{
    auto open = load(db, keys, {false, "id = :id", {id}});
    if (!open.empty()) return first_of(std::move(open));
    return first_of(load(db, keys, {true, "id = :id", {id}}));
}

std::vector<Session> open_sessions_of(
    Connection& db, const KeyRing& keys, domain::AccountId account)
{
    auto sessions = load(db, keys, {false, "account_id = :account", {account}});
    std::ranges::reverse(sessions);
    return sessions;
}

std::optional<Session> open_session_of_device(
    Connection& db, const KeyRing& keys, const domain::LocationId& location, const MacAddress& mac)
{
    auto sessions = load(
        db, keys,
        {false,
         "id in (select session_id from open_session_device where location_id = :location "
         "and mac = :mac)",
         {location, mac}});
    std::ranges::reverse(sessions);
    return first_of(std::move(sessions));
}

std::vector<Session> open_sessions_at(
    Connection& db, const KeyRing& keys, const domain::RouterId& router)
{
    return load(
        db, keys,
        {false,
         "id in (select session_id from open_session_device where router_id = :router)",
         {router}});
}

std::vector<Session> open_sessions_after(
    Connection& db, const KeyRing& keys, SessionId after, int limit)
{
    // The end of the range first, so that the queries below are ranges over indices.
    std::optional<SessionId> last;
    db.one(
        "select max(id) from (select id from open_session where id > :after order by id "
        "limit :limit) as page",
        "t", {after, limit}, [&](Row& row) {
            if (const auto text = row.maybe_text()) last = SessionId::parse(*text);
        });
    if (!last) return {};
    return load(db, keys, {false, "id > :after and id <= :last", {after, *last}});
}

std::vector<domain::NetworkSession> network_sessions_of(Connection& db, SessionId session)
{
    std::vector<domain::NetworkSession> found;
    db.each(
        "select router_id, acct_session_id, mac, ip, started_at, last_seen_at, session_time, "
        "up_octets, down_octets from open_network_session where session_id = :session "
        "order by started_at",
        "ttttiiiii", {session}, [&](Row& row) {
            domain::NetworkSession each;
            each.router = row.key<domain::RouterId>();
            each.acct_session_id = row.text();
            each.session = session;
            each.mac = row.maybe_mac();
            each.ip = row.maybe_ip();
            each.started_at = row.time();
            each.last_seen_at = row.time();
            each.session_time = row.seconds();
            each.up_octets = static_cast<std::uint64_t>(row.integer());
            each.down_octets = static_cast<std::uint64_t>(row.integer());
            found.push_back(std::move(each));
        });
    return found;
}

} // namespace iwas::adapters
