// What routers report of sessions, and what is done when both sides do not agree.
#include "core/scoped_entry.hpp"
#include "domain/payment_window.hpp"
#include "workflows/limits.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace iwas::workflows {

using domain::AccountingStatus;
using domain::Session;
using domain::SessionDevice;
using domain::SessionState;

namespace {

constexpr int in_vain_max = 50;
constexpr int terminate_cause_lost_service = 3; // RFC 2866 §5.10
constexpr int terminate_cause_nas_request = 10;

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
    // A payment window is no session, and proves none of the same device.
    if (domain::is_payment_window_name(record.user_name)) co_return std::nullopt;
    if (record.session) {
        auto loaded = co_await outside_.store.load_session(*record.session);
        if (!loaded || !*loaded) co_return std::nullopt;
        // The Class came from the router; another branch's session is none of its business.
        if ((*loaded)->location != record.location) co_return std::nullopt;
        co_return std::move(*loaded);
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
    } else if (is_stop && session->state == SessionState::active && record.mac) {
        // Cut at the cap that the router knew; it was raised since.
        publish(*session);
        const SessionDevice* device = domain::find_device(*session, *record.mac);
        const bool is_cut = record.terminate_cause == terminate_cause_nas_request;
        if (device && is_cut) (void)co_await bring_back(*session, *device);
    } else {
        publish(*session); // whoever logs in next gets what is left of the cap, not the whole
    }
    outside_.notifier.changed(session->id.value());
}

awaitable<void> RunSession::compare(domain::RouterId router)
{
    if (!outside_.access.can_list(router)) co_return;
    // A slow router is compared for longer than it takes until the next turn.
    if (!comparing_.insert(router).second) co_return;
    const ScopedEntry entry{comparing_, router};
    co_await compare_once(router);
}

awaitable<void> RunSession::compare_once(domain::RouterId router)
{
    // Sessions first: one that begins in between is on the list and not yet here, and is looked
    // up again before anything is done to it.
    const auto sessions = co_await outside_.store.open_sessions_at(router);
    if (!sessions) co_return;
    const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
    auto active = co_await outside_.access.list(router, by);
    if (!active) co_return;
    // Who is online to pay is not online by what he paid for.
    std::erase_if(*active, [](const ports::ActiveDevice& device) {
        return domain::is_payment_window_name(device.user_name);
    });

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
    std::vector<std::pair<Session, SessionDevice>> lost;
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
            lost.emplace_back(session, device);
        }
    }
    co_await bring_back_all(router, std::move(lost));
}

awaitable<void> RunSession::bring_back_all(
    domain::RouterId router, std::vector<std::pair<Session, SessionDevice>> lost)
{
    // Most of them went home. Each comparison tries so many in vain and the next goes on from
    // there; who does come back costs nothing of that.
    std::size_t& from = bring_back_from_[router];
    if (from >= lost.size()) from = 0;
    std::ranges::rotate(lost, lost.begin() + static_cast<std::ptrdiff_t>(from));
    int in_vain = 0;
    std::size_t tried = 0;
    while (tried < lost.size() && in_vain < in_vain_max) {
        const auto& [session, device] = lost.at(tried++);
        const bool is_back = co_await bring_back(session, device);
        if (!is_back) ++in_vain;
    }
    bring_back_from_[router] = tried < lost.size() ? from + tried : 0;
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

awaitable<bool> RunSession::bring_back(Session session, SessionDevice device)
{
    const auto current = co_await outside_.store.load_session(session.id);
    const bool has_right = current && *current && (*current)->state == SessionState::active &&
                           domain::find_device(**current, device.mac);
    if (!has_right) co_return false;
    // Refused means that the phone is not in the café: nothing to put right, and nothing to tell.
    HeldTracer held{outside_.tracer};
    RunTrace trace{held, outside_.clock, "bring_back", session.id.value()};
    trace.leave_unmeasured();
    const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
    const auto opened = co_await open_access(**current, device.router, device.mac, {}, by, trace);
    if (opened) held.tell();
    co_return opened && opened->is_confirmed;
}

} // namespace iwas::workflows
