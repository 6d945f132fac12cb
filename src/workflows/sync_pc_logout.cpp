#include "workflows/sync_pc_logout.hpp"

#include "core/bytes.hpp"
#include "workflows/limits.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>
#include <charconv>

// event -> durable with its job -> paused | terminated | ignored, as each package says.
// Silence of the café ends nothing: only events do.

namespace iwas::workflows {

using domain::PcEvent;
using domain::PcEventKind;
using domain::SessionState;
using ports::JobKind;

namespace {

/// "KIND UNIX_MS SESSION MEMBER USER": the names may hold any character, so they are in hex.
std::string detail_of(const PcEvent& event)
{
    std::string detail{to_text(event.kind)};
    detail.append(" ").append(std::to_string(to_unix_ms(event.occurred_at)));
    for (const std::string* each : {&event.session_id, &event.member_id, &event.user_name})
        detail.append(" ").append(to_hex(as_bytes(*each)));
    return detail;
}

/// One job for each logout: an earlier one that is just being handled must not take the place of a
/// later one, nor finish it.
domain::JobId grace_job_id(const domain::SessionId& session, const PcEvent& event)
{
    const Ulid& id = session.value();
    const auto moment = static_cast<std::uint64_t>(to_unix_ms(event.occurred_at));
    return job_id(JobKind::pc_logout, Ulid{id.high(), id.low() ^ moment});
}

/// Takes the text up to the next space off `rest`.
std::string_view next_word(std::string_view& rest)
{
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    return word;
}

std::optional<PcEvent> event_of(const ports::Job& job)
{
    std::string_view rest = job.detail;
    PcEvent event{
        .location = domain::LocationId::trusted(job.target),
        .kind = domain::pc_event_kind_from(next_word(rest)),
    };
    const std::string_view moment = next_word(rest);
    std::int64_t ms = 0;
    const char* const end = moment.data() + moment.size();
    if (moment.empty() || std::from_chars(moment.data(), end, ms).ptr != end) return std::nullopt;
    event.occurred_at = from_unix_ms(ms);
    for (std::string* each : {&event.session_id, &event.member_id, &event.user_name}) {
        const auto octets = from_hex(next_word(rest));
        if (!octets) return std::nullopt;
        *each = std::string{as_text(*octets)};
    }
    return event;
}

} // namespace

SyncPcLogout::SyncPcLogout(Outside outside, RunSession& sessions)
    : outside_{outside}, sessions_{sessions}
{
}

awaitable<Result<bool, ports::StoreError>> SyncPcLogout::receive(PcEvent event)
{
    const UtcTime now = outside_.clock.utc_now();
    const auto id = outside_.random.make_id<domain::JobId>(now);
    ports::Job job{
        .id = id,
        .kind = JobKind::pc_event,
        .subject = id.value(),
        .target = event.location.text(),
        .detail = detail_of(event),
        .due_at = now,
        .lease_until = now + limits::lease,
    };
    const auto is_new = co_await outside_.store.keep_pc_event(event.location, event.event_id, job);
    if (is_new && *is_new) outside_.tasks.start("pc_event", handle(std::move(job)));
    co_return is_new;
}

awaitable<void> SyncPcLogout::handle(ports::Job job)
{
    bool is_done = true;
    if (job.kind == JobKind::pc_logout) {
        is_done = co_await grace_is_over(job);
    } else if (const auto event = event_of(job)) {
        is_done = co_await apply(*event);
    }
    if (is_done)
        (void)co_await outside_.store.finish_job(job.id);
    else
        (void)co_await outside_.store.postpone_job(job.id, outside_.clock.utc_now() + 1s);
}

awaitable<bool> SyncPcLogout::apply(PcEvent event)
{
    if (event.kind == PcEventKind::other) co_return true;
    const auto account = co_await account_of(event);
    if (!account) co_return false;
    if (!*account) co_return true; // a member who never used the WiFi
    switch (event.kind) {
    case PcEventKind::session_started:
    case PcEventKind::session_moved:
        co_return co_await came_to_pc(std::move(**account), std::move(event));
    case PcEventKind::session_ended:
        co_return co_await left_pc(std::move(**account), std::move(event));
    case PcEventKind::other: co_return true;
    }
    co_return true;
}

awaitable<Result<std::optional<domain::Account>, ports::StoreError>> SyncPcLogout::account_of(
    PcEvent event)
{
    if (event.member_id.empty())
        co_return co_await outside_.store.account_of_user_name(event.location, event.user_name);
    co_return co_await outside_.store.account_of_member(event.location, event.member_id);
}

awaitable<bool> SyncPcLogout::grace_is_over(ports::Job job)
{
    const auto session = co_await outside_.store.load_session(domain::SessionId{job.subject});
    if (!session) co_return false;
    if (!*session || (*session)->state != SessionState::active) co_return true;

    const auto event = event_of(job);
    const auto account = co_await outside_.store.load_account((*session)->account);
    if (!account) co_return false;
    const bool came_back = *account && event && (*account)->at_pc_since &&
                           *(*account)->at_pc_since > event->occurred_at;
    if (came_back) co_return true;
    co_return co_await act_on(**session);
}

awaitable<bool> SyncPcLogout::came_to_pc(domain::Account account, PcEvent event)
{
    if (account.at_pc_since && *account.at_pc_since >= event.occurred_at) co_return true;
    account.at_pc_since = event.occurred_at;
    account.pc_session_id = event.session_id;
    const auto kept = co_await outside_.store.keep_account(std::move(account));
    if (!kept) co_return false;

    // A move between PCs ends nothing: what waits for its grace time will see that he is back.
    co_return true;
}

awaitable<bool> SyncPcLogout::left_pc(domain::Account account, PcEvent event)
{
    // Events may come out of order: he has sat down again since. And where the new seat's login
    // comes before the old one's logout, he sits at another PC by now.
    if (account.at_pc_since && event.occurred_at < *account.at_pc_since) co_return true;
    const bool names_both = !account.pc_session_id.empty() && !event.session_id.empty();
    if (names_both && account.pc_session_id != event.session_id) co_return true;
    if (!account.pc_session_id.empty()) {
        domain::Account left = account;
        left.pc_session_id.clear();
        const auto kept = co_await outside_.store.keep_account(std::move(left));
        if (!kept) co_return false;
    }

    const auto sessions = co_await outside_.store.open_sessions_of(account.id);
    if (!sessions) co_return false;
    const auto catalog = outside_.catalog.current();
    const domain::Location* location = catalog->location(event.location);
    const Seconds grace = location ? location->pc_logout_grace : Seconds{0};
    bool is_done = true;
    for (const domain::Session& session : *sessions) {
        if (session.terms.on_pc_logout == domain::PcLogoutRule::ignore) continue;
        if (session.state != SessionState::active) continue;
        // Old news: he bought it after he had left the PC.
        if (session.created_at > event.occurred_at) continue;
        if (grace == Seconds{0}) {
            is_done = co_await act_on(session) && is_done;
            continue;
        }
        const UtcTime now = outside_.clock.utc_now();
        ports::Step step{.actor = "pc_system", .why = "left the PC", .now = now};
        step.jobs.push_back({
            .id = grace_job_id(session.id, event),
            .kind = JobKind::pc_logout,
            .subject = session.id.value(),
            .target = event.location.text(),
            .detail = detail_of(event),
            .due_at = now + grace,
        });
        const auto committed = co_await outside_.store.commit(std::move(step));
        is_done = committed.has_value() && is_done;
    }
    co_return is_done;
}

awaitable<bool> SyncPcLogout::act_on(domain::Session session)
{
    RunTrace trace{outside_.tracer, outside_.clock, "pc_logout", session.id.value()};
    trace.async(party::pc_system, party::iwas, "member left the PC");
    switch (session.terms.on_pc_logout) {
    case domain::PcLogoutRule::ignore: co_return true;
    case domain::PcLogoutRule::pause: {
        const auto paused = co_await sessions_.pause(std::move(session), "pc_system");
        co_return paused || paused.error() != SessionError::try_later;
    }
    case domain::PcLogoutRule::terminate: {
        const auto over = co_await sessions_.terminate(
            std::move(session), SessionState::terminated, domain::EndReason::pc_logout,
            "pc_system");
        co_return over || over.error() != SessionError::try_later;
    }
    }
    co_return true;
}

} // namespace iwas::workflows
