// What routers report of sessions, and what is done when both sides do not agree.
#include "workflows/limits.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <map>
#include <set>

namespace iwas::workflows {

using domain::AccountingStatus;
using domain::Session;
using domain::SessionDevice;
using domain::SessionState;

namespace {

constexpr int brought_back_max = 50;
constexpr int terminate_cause_lost_service = 3; // RFC 2866 §5.10

/// Names that IWAS gave: generated ones and MAC addresses. Other users of the hotspot (staff
/// accounts on the router itself) are none of its business.
bool is_ours(const std::string& user_name)
{
    return user_name.starts_with("w-") || MacAddress::parse(user_name).has_value();
}

} // namespace

awaitable<void> RunSession::account(domain::AccountingRecord record)
{
    switch (record.status) {
    case AccountingStatus::start: co_await account_start(std::move(record)); break;
    case AccountingStatus::interim:
    case AccountingStatus::stop: co_await account_usage(std::move(record)); break;
    case AccountingStatus::nas_on:
        // The router forgot its sessions; those who paid are brought back.
        co_await compare(record.router);
        break;
    case AccountingStatus::nas_off: break;
    }
}

awaitable<std::optional<Session>> RunSession::session_of(domain::AccountingRecord record)
{
    if (record.session) {
        auto loaded = co_await outside_.store.load_session(*record.session);
        if (loaded) co_return std::move(*loaded);
        co_return std::nullopt;
    }
    if (!record.mac) co_return std::nullopt;
    auto found = co_await outside_.store.open_session_of_device(record.location, *record.mac);
    if (found) co_return std::move(*found);
    co_return std::nullopt;
}

awaitable<void> RunSession::account_start(domain::AccountingRecord record)
{
    const auto session = co_await session_of(record);
    if (!session) co_return; // compare() looks after who is nobody's

    if (session->state == SessionState::pending) (void)co_await activate(*session, "router");

    const auto current = co_await outside_.store.load_session(session->id);
    if (!current || !*current) co_return;
    const bool has_right = (*current)->state == SessionState::active &&
                           (!record.mac || domain::find_device(**current, *record.mac));
    if (!has_right && record.mac) {
        // Online without a right: it ended, paused or lost the device while the login ran.
        const UtcTime now = outside_.clock.utc_now();
        const SessionDevice device{
            .mac = *record.mac,
            .ip = record.ip,
            .router = record.router,
            .acct_session_id = record.acct_session_id,
        };
        ports::Job closing = close_job(**current, device, now, now + limits::lease);
        ports::Step step{
            .jobs = {closing}, .actor = "system", .why = "online without a right", .now = now};
        (void)co_await commit(std::move(step));
        co_await close_access(std::move(closing));
    }
    outside_.notifier.changed(session->id.value());
}

awaitable<void> RunSession::account_usage(domain::AccountingRecord record)
{
    if (record.session && !watched_.contains(*record.session)) {
        outside_.notifier.changed(record.session->value());
        co_return;
    }
    const auto session = co_await session_of(record);
    if (!session) co_return;
    const bool is_stop = record.status == AccountingStatus::stop;
    if (session->state == SessionState::pending && !is_stop) {
        (void)co_await activate(*session, "router");
    } else if (session->state == SessionState::active && domain::octets_left(*session) == 0U) {
        (void)co_await terminate(
            *session, SessionState::expired, domain::EndReason::data_limit, "router");
    } else {
        publish(*session); // whoever logs in next gets what is left of the cap, not the whole
    }
    outside_.notifier.changed(session->id.value());
}

awaitable<void> RunSession::compare(domain::RouterId router)
{
    if (!outside_.access.can_list(router)) co_return;
    // Sessions first: one that begins in between is on the list and not yet here, and is looked
    // up again before anything is done to it.
    const auto sessions = co_await outside_.store.open_sessions_at(router);
    if (!sessions) co_return;
    const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
    const auto active = co_await outside_.access.list(router, by);
    if (!active) co_return;

    std::set<std::pair<std::string, MacAddress>> online;
    for (const ports::ActiveDevice& device : *active)
        online.insert({device.user_name, device.mac});
    std::set<MacAddress> online_macs;
    for (const ports::ActiveDevice& device : *active)
        online_macs.insert(device.mac);

    std::map<std::string, const Session*> by_name;
    std::map<MacAddress, const Session*> by_mac;
    for (const Session& session : *sessions) {
        by_name[session.user_name] = &session;
        for (const SessionDevice& device : session.devices)
            by_mac[device.mac] = &session;
    }

    // Online without a right.
    for (const ports::ActiveDevice& device : *active) {
        const auto named = by_name.find(device.user_name);
        const auto owned = by_mac.find(device.mac);
        const Session* session = named != by_name.end()  ? named->second
                                 : owned != by_mac.end() ? owned->second
                                                         : nullptr;
        if (session && session->state == SessionState::pending) {
            (void)co_await activate(*session, "router");
            continue;
        }
        const bool has_right = session && session->state == SessionState::active &&
                               domain::find_device(*session, device.mac);
        if (!has_right && is_ours(device.user_name)) co_await close_stray(router, device);
    }

    // Blocked since it came online; or with a right and not online: the router lost it, or the
    // phone left.
    const auto catalog = outside_.catalog.current();
    int brought_back = 0;
    for (const Session& session : *sessions) {
        if (session.state != SessionState::active) continue;
        if (domain::octets_left(session) == 0U) {
            // The record that told of it was kept, and what was to follow got lost.
            (void)co_await terminate(
                session, SessionState::expired, domain::EndReason::data_limit, "router");
            continue;
        }
        for (const SessionDevice& device : session.devices) {
            if (domain::is_blocked(*catalog, session.location, device.mac)) {
                (void)co_await disconnect_device(session.account, session.id, device.mac, "system");
                continue;
            }
            if (device.router != router || online_macs.contains(device.mac)) continue;
            if (device.is_online) co_await mark_lost(session, device);
            if (brought_back++ < brought_back_max) co_await bring_back(session, device);
        }
    }
}

awaitable<void> RunSession::close_stray(domain::RouterId router, ports::ActiveDevice stray)
{
    // Look again: it may have been let in since the sessions were read.
    const auto catalog = outside_.catalog.current();
    const domain::Router* known = catalog->router(router);
    if (!known) co_return;
    const auto session = co_await outside_.store.open_session_of_device(known->location, stray.mac);
    if (!session) co_return;
    const bool has_right = *session && ((*session)->state == SessionState::active ||
                                        (*session)->state == SessionState::pending);
    if (has_right) co_return;

    ports::Grant grant{
        .router = router,
        .user_name = stray.user_name,
        .mac = stray.mac,
        .ip = stray.ip,
        .acct_session_id = stray.acct_session_id,
    };
    const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
    (void)co_await outside_.access.close(std::move(grant), by); // the next comparison repeats it
}

awaitable<void> RunSession::mark_lost(Session session, SessionDevice device)
{
    // The Stop that never came. Counters stay what they were: they only grow.
    const UtcTime now = outside_.clock.utc_now();
    domain::AccountingRecord stop{
        .router = device.router,
        .location = session.location,
        .status = AccountingStatus::stop,
        .acct_session_id = device.acct_session_id,
        .session = session.id,
        .user_name = session.user_name,
        .mac = device.mac,
        .ip = device.ip,
        .event_at = now,
        .received_at = now,
        .terminate_cause = terminate_cause_lost_service,
    };
    outside_.store.submit(std::move(stop), [](ports::Journaled) {});
    co_return;
}

awaitable<void> RunSession::bring_back(Session session, SessionDevice device)
{
    const auto current = co_await outside_.store.load_session(session.id);
    const bool has_right = current && *current && (*current)->state == SessionState::active &&
                           domain::find_device(**current, device.mac);
    if (!has_right) co_return;
    RunTrace trace{outside_.tracer, outside_.clock, "bring_back", session.id.value()};
    trace.leave_unmeasured();
    const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
    // Refused means that the phone is not in the café: nothing to put right.
    (void)co_await open_access(**current, device.router, device.mac, {}, by, trace);
}

} // namespace iwas::workflows
