// The devices of a session: letting one in, moving the session to it, letting one go.
#include "workflows/limits.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::DeviceChange;
using domain::Session;
using domain::SessionDevice;
using domain::SessionState;

namespace {

/// The session with the device of `visit` in it, and what has to go for it.
struct DevicePlan {
    Session session;
    std::vector<ports::Job> closing;
    std::vector<domain::JobId> finished;
};

DevicePlan plan_device(const Session& session, const domain::Visit& visit, UtcTime now)
{
    DevicePlan plan{.session = session};
    auto& devices = plan.session.devices;
    if (domain::change_for_device(session, visit.mac) == DeviceChange::replace) {
        plan.closing = close_jobs(session, now, now + limits::lease);
        devices.clear();
    }
    auto mine = std::ranges::find(devices, visit.mac, &SessionDevice::mac);
    if (mine == devices.end()) {
        devices.push_back({.mac = visit.mac, .added_at = now});
        mine = devices.end() - 1;
    }
    mine->router = visit.router;
    if (visit.ip) mine->ip = visit.ip;
    // A command to disconnect this device that still waits for its router is void now.
    plan.finished.push_back(close_job(plan.session, *mine, now, now).id);

    if (session.state == SessionState::paused) plan.session = domain::resumed(plan.session, now);
    return plan;
}

} // namespace

awaitable<Result<Session, SessionError>> RunSession::load_owned(
    domain::AccountId account, domain::SessionId id)
{
    auto loaded = co_await outside_.store.load_session(id);
    if (!loaded) co_return std::unexpected{SessionError::try_later};
    if (!*loaded || (*loaded)->account != account)
        co_return std::unexpected{SessionError::not_found};
    if (domain::is_over((*loaded)->state)) co_return std::unexpected{SessionError::over};
    co_return std::move(**loaded);
}

awaitable<Result<Session, SessionError>> RunSession::end(
    domain::AccountId account, domain::SessionId id, domain::EndReason reason)
{
    auto owned = co_await load_owned(account, id);
    if (!owned) co_return std::unexpected{owned.error()};
    co_return co_await terminate(std::move(*owned), SessionState::terminated, reason, "customer");
}

awaitable<Result<DeviceAdmitted, SessionError>> RunSession::admit_device(
    domain::AccountId account, domain::SessionId id, domain::Visit visit)
{
    RunTrace trace{outside_.tracer, outside_.clock, "admit_device", id.value()};
    trace.async(party::phone, party::iwas, "use the session on " + masked(visit.mac));
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto owned = co_await load_owned(account, id);
        if (!owned) co_return std::unexpected{owned.error()};
        if (owned->location != visit.location) co_return std::unexpected{SessionError::not_found};
        if (domain::is_blocked(*outside_.catalog.current(), visit.location, visit.mac))
            co_return std::unexpected{SessionError::device_blocked};
        if (domain::change_for_device(*owned, visit.mac) == DeviceChange::refuse)
            co_return std::unexpected{SessionError::max_devices};

        const bool was_paused = owned->state == SessionState::paused;
        const UtcTime now = outside_.clock.utc_now();
        DevicePlan plan = plan_device(*owned, visit, now);
        ports::Step step{
            .session = plan.session,
            .jobs = plan.closing,
            .finished = plan.finished,
            .actor = "customer",
            .why = was_paused ? "resumed" : "device",
            .now = now,
        };
        if (plan.session.ends_at)
            step.jobs.push_back(expire_job(plan.session, *plan.session.ends_at));
        const auto committed = co_await outside_.store.commit(std::move(step));
        if (!committed && committed.error() == ports::StoreError::conflict) continue;
        if (!committed && committed.error() == ports::StoreError::device_taken)
            co_return std::unexpected{SessionError::device_taken};
        if (!committed) co_return std::unexpected{SessionError::try_later};

        // The old device first: a package of one device is never on two.
        plan.session.version = committed->session_version;
        publish(plan.session);
        co_await close_now(plan.session, std::move(plan.closing));

        const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
        const auto opened = co_await open_access(
            plan.session, visit.router, visit.mac, challenge_of(visit), by, trace);
        if (!opened) {
            // Time that was standing does not run for a device that did not come online.
            if (was_paused) (void)co_await pause(plan.session, "system", now);
            co_return std::unexpected{
                opened.error() == ports::GrantError::refused ? SessionError::router_refused
                                                             : SessionError::router_pending};
        }
        if (opened->is_confirmed) (void)co_await activate(plan.session, "router");
        auto stored = co_await outside_.store.load_session(id);
        if (!stored || !*stored) co_return std::unexpected{SessionError::try_later};
        outside_.notifier.changed(id.value());
        co_return DeviceAdmitted{std::move(**stored), opened->is_confirmed, opened->form};
    }
    co_return std::unexpected{SessionError::try_later};
}

awaitable<Result<Session, SessionError>> RunSession::disconnect_device(
    domain::AccountId account, domain::SessionId id, MacAddress mac, std::string actor)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto owned = co_await load_owned(account, id);
        if (!owned) co_return std::unexpected{owned.error()};
        const SessionDevice* device = domain::find_device(*owned, mac);
        if (!device) co_return *owned;
        if (owned->state == SessionState::pending)
            co_return std::unexpected{SessionError::try_later};

        const UtcTime now = outside_.clock.utc_now();
        std::vector<ports::Job> closing{close_job(*owned, *device, now, now + limits::lease)};
        Session without = *owned;
        std::erase_if(without.devices, [&](const SessionDevice& each) { return each.mac == mac; });
        ports::Step step{
            .session = without,
            .jobs = closing,
            .actor = actor,
            .why = "device disconnected",
            .now = now,
        };
        const auto committed = co_await outside_.store.commit(std::move(step));
        if (!committed && committed.error() == ports::StoreError::conflict) continue;
        if (!committed) co_return std::unexpected{SessionError::try_later};

        without.version = committed->session_version;
        publish(without);
        co_await close_now(without, std::move(closing));
        outside_.notifier.changed(id.value());
        co_return without;
    }
    co_return std::unexpected{SessionError::try_later};
}

} // namespace iwas::workflows
