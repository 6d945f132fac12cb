#include "workflows/run_session.hpp"

#include "core/assert.hpp"
#include "workflows/limits.hpp"
#include "workflows/payment_window.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

// Session: pending -> active -> expired | terminated;  active <-> paused;  pending -> failed
//
// A session ends in two steps that survive a crash: the row is over and the directory refuses,
// with one close_access job a device in the same commit; then the router is told until it agrees.

namespace iwas::workflows {

using domain::EndReason;
using domain::Session;
using domain::SessionDevice;
using domain::SessionState;
using ports::JobKind;

namespace {

constexpr Milliseconds activation_target = 200ms;
/// No coroutine is so slow that it still holds a session that was over so many sessions ago.
constexpr std::size_t published_over_max = 10'000;

} // namespace

RunSession::RunSession(Outside outside, SessionLimits limits) : outside_{outside}, limits_{limits}
{
}

awaitable<std::size_t> RunSession::rebuild_directory()
{
    constexpr int page = 2000;
    std::size_t admitted = 0;
    domain::SessionId after;
    while (true) {
        const auto sessions = co_await outside_.store.open_sessions_after(after, page);
        if (!sessions) {
            // Half a directory would turn paying customers away.
            const SteadyTime again_at = outside_.clock.steady_now() + 1s;
            co_await outside_.clock.sleep_until(again_at);
            continue;
        }
        for (const Session& session : *sessions) {
            after = session.id;
            publish(session);
            if (session.state != SessionState::paused) ++admitted;
        }
        if (sessions->size() < static_cast<std::size_t>(page)) co_return admitted;
    }
}

awaitable<Result<ports::Opened, ports::GrantError>> RunSession::open_access(
    Session session, domain::RouterId router, MacAddress mac, ports::LoginChallenge challenge,
    SteadyTime deadline, RunTrace& trace)
{
    // The router asks RADIUS while it logs the device in: the directory must know before.
    publish(session);
    co_await end_payment_window_of(outside_, session.location, mac);

    SessionDevice device{.mac = mac, .router = router};
    if (const SessionDevice* known = domain::find_device(session, mac)) device = *known;
    device.router = router;
    ports::Grant grant = grant_of(session, device, outside_.clock.utc_now());
    auto call = trace.call(party::router, "log in " + masked(mac), activation_target);
    auto opened = co_await outside_.access.open(std::move(grant), std::move(challenge), deadline);
    if (opened && opened->is_confirmed)
        call.answered("on the active list");
    else if (opened && opened->form)
        call.answered("the browser posts the form");
    else if (opened)
        call.answered("accepted, not confirmed");
    else
        call.failed(opened.error() == ports::GrantError::refused ? "refused" : "no answer");
    co_return opened;
}

awaitable<bool> RunSession::activate(Session session, std::string actor)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        if (session.state != SessionState::pending) {
            publish(session);
            co_return session.state == SessionState::active;
        }

        const UtcTime now = outside_.clock.utc_now();
        Session active = domain::activated(session, now);
        ports::Step step{
            .session = active,
            .jobs = {expire_job(active, *active.ends_at)},
            .finished = {job_id(JobKind::resume_purchase, session.transaction.value())},
            .actor = actor,
            .why = "confirmed online",
            .now = now,
        };
        const auto committed = co_await outside_.store.commit(std::move(step));
        if (committed) {
            active.version = committed->session_version;
            publish(active);
            outside_.notifier.changed(session.id.value());
            outside_.notifier.changed(session.transaction.value());
            const UtcTime began = co_await measured_from(session);
            outside_.tracer.finished("purchase", now - began);
            co_return true;
        }
        auto stored = co_await look_again(session.id);
        if (!stored) co_return false;
        session = std::move(*stored);
    }
    co_return false;
}

/// From "Buy" to online, however many runs that took. Who pays at a gateway takes his time there:
/// his purchase counts from the payment.
awaitable<UtcTime> RunSession::measured_from(Session session)
{
    constexpr Seconds surely_paid_at_once{2};
    const UtcTime bought_at = session.transaction.value().made_at();
    if (session.created_at - bought_at < surely_paid_at_once) co_return bought_at;
    const auto paid = co_await outside_.store.load_transaction(session.transaction);
    const bool took_his_time = paid && *paid && domain::is_gateway((*paid)->method);
    co_return took_his_time ? session.created_at : bought_at;
}

awaitable<Result<Session, SessionError>> RunSession::look_again(domain::SessionId id)
{
    auto stored = co_await outside_.store.load_session(id);
    if (!stored) co_return std::unexpected{SessionError::try_later};
    if (!*stored) co_return std::unexpected{SessionError::not_found};
    co_return std::move(**stored);
}

namespace {

/// Whether the limit still ends the session: it may have been extended since somebody looked.
bool is_called_for(const Session& session, EndReason reason, UtcTime now)
{
    switch (reason) {
    case EndReason::time_expired: // what stands still ends when it was kept long enough
        return session.state == SessionState::paused ||
               domain::time_left(session, now) == Seconds{0};
    case EndReason::data_limit: return domain::octets_left(session) == 0U;
    case EndReason::none:
    case EndReason::pc_logout:
    case EndReason::user_logout:
    case EndReason::admin_action:
    case EndReason::new_device:
    case EndReason::abuse:
    case EndReason::activation_failed: return true;
    }
    return true;
}

} // namespace

awaitable<Result<Session, SessionError>> RunSession::terminate(
    Session session, SessionState state, EndReason reason, std::string actor)
{
    RunTrace trace{
        outside_.tracer, outside_.clock,
        state == SessionState::expired ? "expire_session" : "terminate_session",
        session.id.value()};
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        if (domain::is_over(session.state)) {
            publish(session);
            co_return session;
        }
        // Its purchase is still under way and decides what becomes of it.
        if (session.state == SessionState::pending)
            co_return std::unexpected{SessionError::try_later};

        const UtcTime now = outside_.clock.utc_now();
        if (!is_called_for(session, reason, now)) co_return session;
        Session over = domain::ended(session, state, reason, now);
        std::vector<ports::Job> closing = close_jobs(session, now, now + limits::lease);
        ports::Step step{
            .session = over,
            .jobs = closing,
            .finished =
                {job_id(JobKind::expire_session, session.id.value()),
                 job_id(JobKind::apply_change, session.id.value())},
            .actor = actor,
            .why = std::string{to_text(reason)},
            .now = now,
        };
        const auto committed = co_await outside_.store.commit(std::move(step));
        if (committed) {
            trace.condition(std::string{to_text(reason)});
            if (state == SessionState::expired && session.ends_at)
                trace.count_from(*session.ends_at);
            else if (state == SessionState::expired)
                trace.leave_unmeasured(); // nobody waited for that
            over.version = committed->session_version;
            publish(over);
            outside_.notifier.changed(over.id.value());
            co_await close_now(over, std::move(closing));
            co_return over;
        }
        auto stored = co_await look_again(session.id);
        if (!stored) co_return std::unexpected{stored.error()};
        session = std::move(*stored);
    }
    co_return std::unexpected{SessionError::try_later};
}

awaitable<Result<Session, SessionError>> RunSession::pause(
    Session session, std::string actor, std::optional<UtcTime> as_of)
{
    RunTrace trace{outside_.tracer, outside_.clock, "pause_session", session.id.value()};
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        if (session.state == SessionState::paused) {
            publish(session);
            co_return session;
        }
        if (session.state != SessionState::active) co_return std::unexpected{SessionError::over};

        const UtcTime now = outside_.clock.utc_now();
        if (domain::time_left(session, as_of.value_or(now)) == Seconds{0}) {
            co_return co_await terminate(
                std::move(session), SessionState::expired, EndReason::time_expired,
                std::move(actor));
        }
        Session stopped = domain::paused(session, as_of.value_or(now));
        std::vector<ports::Job> closing = close_jobs(session, now, now + limits::lease);
        ports::Step step{
            .session = stopped,
            .jobs = closing,
            .actor = actor,
            .why = "paused",
            .now = now,
        };
        step.jobs.push_back(expire_job(stopped, now + limits_.paused_kept));
        const auto committed = co_await outside_.store.commit(std::move(step));
        if (committed) {
            trace.condition("paused with " + std::to_string(stopped.remaining.count()) + " s left");
            stopped.version = committed->session_version;
            publish(stopped);
            outside_.notifier.changed(stopped.id.value());
            co_await close_now(stopped, std::move(closing));
            co_return stopped;
        }
        auto stored = co_await look_again(session.id);
        if (!stored) co_return std::unexpected{stored.error()};
        session = std::move(*stored);
    }
    co_return std::unexpected{SessionError::try_later};
}

awaitable<void> RunSession::handle(ports::Job job)
{
    switch (job.kind) {
    case JobKind::expire_session: co_await expire(std::move(job)); break;
    case JobKind::close_access: co_await close_access(std::move(job)); break;
    case JobKind::apply_change: co_await apply_change(std::move(job)); break;
    case JobKind::resume_purchase:
    case JobKind::refund:
    case JobKind::watch_late_debit:
    case JobKind::pc_logout:
    case JobKind::end_payment_window:
    case JobKind::link_method:
    case JobKind::pc_event:
    case JobKind::reconcile:
    case JobKind::attach_money: IWAS_ASSERT(job.kind == JobKind::expire_session);
    }
}

awaitable<void> RunSession::expire(ports::Job job)
{
    auto loaded = co_await outside_.store.load_session(domain::SessionId{job.subject});
    if (!loaded) {
        (void)co_await outside_.store.postpone_job(job.id, outside_.clock.utc_now() + 1s);
        co_return;
    }
    const bool is_open = *loaded && ((*loaded)->state == SessionState::active ||
                                     (*loaded)->state == SessionState::paused);
    if (!is_open) {
        (void)co_await outside_.store.finish_turn(std::move(job));
        co_return;
    }
    const UtcTime ends_at = (*loaded)->ends_at.value_or(job.due_at);
    if (ends_at > outside_.clock.utc_now()) { // extended in the meantime
        (void)co_await outside_.store.postpone_job(job.id, ends_at);
        co_return;
    }
    const auto ended = co_await terminate(
        std::move(**loaded), SessionState::expired, EndReason::time_expired, "system");
    const UtcTime again_at = outside_.clock.utc_now() + 1s;
    if (!ended)
        (void)co_await outside_.store.postpone_job(job.id, again_at);
    else if (!domain::is_over(ended->state)) // extended in this very moment
        (void)co_await outside_.store.postpone_job(job.id, ended->ends_at.value_or(again_at));
}

awaitable<bool> RunSession::commit(ports::Step step)
{
    const auto subject = step.session ? step.session->id : domain::SessionId{};
    const auto committed = co_await outside_.store.commit(std::move(step));
    if (committed && !subject.is_nil()) outside_.notifier.changed(subject.value());
    co_return committed.has_value();
}

void RunSession::publish(const Session& session)
{
    std::int64_t& known = published_[session.id];
    if (session.version < known) return;
    known = session.version;
    watch(session);
    if (session.state == SessionState::pending || session.state == SessionState::active)
        outside_.directory.admit(admission_of(session, *outside_.catalog.current()));
    else
        outside_.directory.revoke(session.id);

    if (!domain::is_over(session.state)) return;
    published_over_.push_back(session.id);
    if (published_over_.size() > published_over_max) {
        published_.erase(published_over_.front());
        published_over_.pop_front();
    }
}

void RunSession::watch(const Session& session)
{
    const bool needs_attention =
        session.state == SessionState::pending || session.terms.data_cap_octets.has_value();
    if (needs_attention && !domain::is_over(session.state))
        watched_.insert(session.id);
    else
        watched_.erase(session.id);
}

} // namespace iwas::workflows
