// RunSession: the life of a session after it was paid: activate, account, pause, extend, expire,
// terminate, and its devices.
#pragma once

#include "domain/account.hpp"
#include "workflows/outside.hpp"

#include <deque>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace iwas::workflows {

class RunTrace;

enum class SessionError {
    not_found,      // no such session, or not this account's
    over,           // it has ended
    max_devices,    // MAX_DEVICES_REACHED
    device_blocked, // DEVICE_BLOCKED
    device_taken,   // DEVICE_ALREADY_ACTIVE: it has another session here
    router_refused, // the router does not know the device, or said no
    router_pending, // the router did not answer; IWAS goes on trying
    try_later,      // the store did not answer
};

/// What a device needs to come online.
struct DeviceAdmitted {
    domain::Session session;
    bool is_online = false;
    std::optional<ports::LoginForm> form;
};

struct SessionLimits {
    Seconds paused_kept = std::chrono::days{90}; // how long time that stands still is kept
};

class RunSession {
public:
    explicit RunSession(Outside outside, SessionLimits limits = {});

    /// Fills the directory with every open session, however long the store takes to answer. To be
    /// done before RADIUS is answered.
    awaitable<std::size_t> rebuild_directory();

    /// Brings the directory to this state of the session, as it is stored under its version. An
    /// older version than it has changes nothing: coroutines come back from the store in any
    /// order, and whoever ended the session must have the last word.
    void publish(const domain::Session& session);

    /// Opens the router for a device of a paid session. Confirmed, it makes a pending session
    /// active and starts its clock.
    awaitable<Result<ports::Opened, ports::GrantError>> open_access(
        domain::Session session, domain::RouterId router, MacAddress mac,
        ports::LoginChallenge challenge, SteadyTime deadline, RunTrace& trace);
    /// pending -> active, with the expiry job. True when it is active now. `session` may have
    /// changed since it was loaded: then the stored one decides.
    awaitable<bool> activate(domain::Session session, std::string actor);

    /// What the router reported, after it became durable.
    awaitable<void> account(domain::AccountingRecord record);

    /// The customer's wishes. `account` must own the session.
    awaitable<Result<domain::Session, SessionError>> end(
        domain::AccountId account, domain::SessionId id, domain::EndReason reason);
    awaitable<Result<DeviceAdmitted, SessionError>> admit_device(
        domain::AccountId account, domain::SessionId id, domain::Visit visit);
    awaitable<Result<domain::Session, SessionError>> disconnect_device(
        domain::AccountId account, domain::SessionId id, MacAddress mac,
        std::string actor = "customer");

    /// The system's moves. `session` as it was loaded; where it has changed since, the stored one
    /// decides.
    awaitable<Result<domain::Session, SessionError>> terminate(
        domain::Session session, domain::SessionState state, domain::EndReason reason,
        std::string actor);
    /// `as_of`: the time stands since then; nothing: since now.
    awaitable<Result<domain::Session, SessionError>> pause(
        domain::Session session, std::string actor, std::optional<UtcTime> as_of = std::nullopt);

    /// Handles expire_session, close_access and apply_change.
    awaitable<void> handle(ports::Job job);

    /// Compares the router's active list with the sessions and puts right what differs: closes who
    /// is online without a right, brings back who was lost, corrects what is shown.
    awaitable<void> compare(domain::RouterId router);

private:
    awaitable<void> expire(ports::Job job);
    awaitable<void> close_access(ports::Job job);
    awaitable<void> apply_change(ports::Job job);
    awaitable<void> apply_once(ports::Job job);
    /// `session` as it was just stored together with `jobs`.
    awaitable<void> close_now(domain::Session session, std::vector<ports::Job> jobs);
    awaitable<void> disconnect(domain::Session session, ports::Job job);
    /// The session as it is stored now, after a change to it was not.
    awaitable<Result<domain::Session, SessionError>> look_again(domain::SessionId id);
    awaitable<void> account_start(domain::AccountingRecord record);
    awaitable<void> account_usage(domain::AccountingRecord record);
    awaitable<std::optional<domain::Session>> session_of(domain::AccountingRecord record);
    /// False: the device is not there, or has no right any more.
    awaitable<bool> bring_back(domain::Session session, domain::SessionDevice device);
    awaitable<void> compare_once(domain::RouterId router);
    awaitable<void> bring_back_all(
        domain::RouterId router,
        std::vector<std::pair<domain::Session, domain::SessionDevice>> lost);
    awaitable<void> close_stray(domain::RouterId router, ports::ActiveDevice stray);
    awaitable<void> mark_lost(domain::Session session, domain::SessionDevice device);
    awaitable<bool> commit(ports::Step step);
    awaitable<UtcTime> measured_from(domain::Session session);
    void watch(const domain::Session& session);
    awaitable<Result<domain::Session, SessionError>> load_owned(
        domain::AccountId account, domain::SessionId id);

    Outside outside_;
    SessionLimits limits_;
    /// Changes that are on their way to a router, each with the one that came meanwhile.
    std::unordered_map<domain::SessionId, std::optional<ports::Job>> changing_;
    std::set<domain::RouterId> comparing_;
    /// Where the next comparison goes on to bring devices back, so that absent ones do not keep
    /// the others waiting.
    std::map<domain::RouterId, std::size_t> bring_back_from_;
    /// Sessions for which an interim record may mean something to do: pending ones and those with
    /// a data cap. All others are not loaded for each record.
    std::unordered_set<domain::SessionId> watched_;
    /// The version of each session that the directory has; of sessions that are over, the latest.
    std::unordered_map<domain::SessionId, std::int64_t> published_;
    std::deque<domain::SessionId> published_over_;
};

} // namespace iwas::workflows
