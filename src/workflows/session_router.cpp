// What a router has to hear of a session: which devices are to go, and on what terms the others
// stay. Jobs tell it until it agrees.
#include "core/assert.hpp"
#include "core/scoped_entry.hpp"
#include "workflows/limits.hpp"
#include "workflows/router_jobs.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

namespace iwas::workflows {

using domain::Session;
using domain::SessionDevice;
using domain::SessionState;

awaitable<void> RunSession::close_now(Session session, std::vector<ports::Job> jobs)
{
    // Side by side: one slow router answer must not hold the others back.
    for (std::size_t at = 1; at < jobs.size(); ++at)
        outside_.tasks.start("close_access", disconnect(session, jobs[at]));
    if (!jobs.empty()) co_await disconnect(std::move(session), std::move(jobs.front()));
}

awaitable<void> RunSession::close_access(ports::Job job)
{
    const auto device = device_of(job);
    auto loaded = co_await outside_.store.load_session(domain::SessionId{job.subject});
    if (!loaded) {
        (void)co_await outside_.store.postpone_turn(job, outside_.clock.utc_now() + 1s);
        co_return;
    }
    // Whoever ended the session may not have learned that this became durable.
    if (*loaded) publish(**loaded);
    // The device may have been let in again while the job waited for the router.
    const bool is_admitted = *loaded && device && (*loaded)->state == SessionState::active &&
                             domain::find_device(**loaded, device->mac);
    if (!*loaded || !device || is_admitted)
        (void)co_await outside_.store.finish_turn(job);
    else
        co_await disconnect(std::move(**loaded), std::move(job));
}

awaitable<void> RunSession::disconnect(Session session, ports::Job job)
{
    const auto device = device_of(job);
    IWAS_ASSERT(device.has_value());
    RunTrace trace{outside_.tracer, outside_.clock, "close_access", job.subject};
    auto call = trace.call(party::router, "disconnect " + masked(device->mac));
    const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
    ports::Grant grant = grant_of(session, *device, outside_.clock.utc_now());
    const auto closed = co_await outside_.access.close(std::move(grant), by);
    if (closed) {
        call.answered("off the active list");
        (void)co_await outside_.store.finish_turn(job);
        co_return;
    }
    call.failed(closed.error() == ports::GrantError::refused ? "refused" : "no answer");
    trace.leave_unmeasured();
    co_await tell_router_later(outside_, std::move(job), session.location, device->router);
}

awaitable<void> RunSession::apply_change(ports::Job job)
{
    // One after the other: an older change that is repeated late must not undo a newer one.
    const domain::SessionId id{job.subject};
    const auto [running, is_first] = changing_.try_emplace(id);
    if (!is_first) {
        running->second = std::move(job);
        co_return;
    }
    const ScopedEntry entry{changing_, id};
    for (;;) {
        co_await apply_once(std::move(job));
        auto next = std::exchange(changing_[id], std::nullopt);
        if (!next) break;
        job = std::move(*next);
    }
}

awaitable<void> RunSession::apply_once(ports::Job job)
{
    const auto loaded = co_await outside_.store.load_session(domain::SessionId{job.subject});
    if (!loaded) {
        (void)co_await outside_.store.postpone_turn(job, outside_.clock.utc_now() + 1s);
        co_return;
    }
    if (!*loaded || (*loaded)->state != SessionState::active) {
        (void)co_await outside_.store.finish_turn(job);
        co_return;
    }
    const Session& session = **loaded;
    publish(session);
    RunTrace trace{outside_.tracer, outside_.clock, "apply_change", job.subject};
    std::optional<domain::RouterId> against;
    for (const SessionDevice& device : session.devices) {
        // Known to have left: it gets the new terms when it comes back. Of one that was never
        // reported the Start may be on its way, or lost.
        if (!device.is_online && !device.acct_session_id.empty()) continue;
        const UtcTime now = outside_.clock.utc_now();
        auto call = trace.call(party::router, "change " + masked(device.mac));
        const SteadyTime by = outside_.clock.steady_now() + limits::router_within;
        const auto changed = co_await outside_.access.change(grant_of(session, device, now), by);
        if (changed) {
            call.answered("changed");
        } else if (changed.error() == ports::GrantError::absent) {
            call.answered("not online");
            if (device.is_online) co_await mark_lost(session, device);
        } else {
            call.failed(changed.error() == ports::GrantError::refused ? "refused" : "no answer");
            against = device.router;
        }
    }
    if (against)
        co_await tell_router_later(outside_, std::move(job), session.location, *against);
    else
        (void)co_await outside_.store.finish_turn(job);
}

} // namespace iwas::workflows
