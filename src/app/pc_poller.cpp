#include "app/pc_poller.hpp"

#include <algorithm>

namespace iwas::app {

namespace {

constexpr Seconds look_every{1};
constexpr Seconds answer_within{10};

std::vector<pc_events::Seat> seats_of(const std::vector<ports::PcSession>& sessions)
{
    std::vector<pc_events::Seat> seats;
    for (const ports::PcSession& session : sessions)
        seats.push_back({
            .session_id = session.session_id,
            .member_id = session.member_id,
            .user_name = session.user_name,
            .pc_name = session.pc_name,
            .started_at = session.started_at,
        });
    return seats;
}

domain::PcEvent event_of(const domain::LocationId& location, const pc_events::Event& event)
{
    return {
        .location = location,
        .event_id = event.event_id,
        .kind = domain::pc_event_kind_from(to_text(event.kind)),
        .member_id = event.member_id.empty() ? event.user_name : event.member_id,
        .occurred_at = event.occurred_at,
    };
}

} // namespace

ports::awaitable<void> PcPoller::run()
{
    for (;;) {
        const SteadyTime now = clock_.steady_now();
        const auto catalog = catalog_.current();
        for (const auto& [location, pc_system] : catalog->pc_systems) {
            if (!pc_system.logout_sync || pc_system.poll_interval <= 0s) continue;
            Branch& branch = branches_[location];
            branch.interval = pc_system.poll_interval;
            if (branch.is_polling || branch.due_at > now) continue;
            branch.due_at = now + pc_system.poll_interval;
            branch.is_polling = tasks_.start("poll PCs", poll(location, pc_system.poll_interval));
        }
        std::erase_if(branches_, [&](const auto& each) {
            return !each.second.is_polling && !catalog->pc_system(each.first);
        });
        const SteadyTime at = now + look_every;
        co_await clock_.sleep_until(at);
    }
}

ports::awaitable<void> PcPoller::poll(domain::LocationId location, Seconds interval)
{
    const SteadyTime by = clock_.steady_now() + std::min(answer_within, interval);
    const auto sessions = co_await pc_system_.active_sessions(location, by);
    Branch& branch = branches_[location];
    branch.is_polling = false;
    if (!sessions) co_return; // silence proves nothing
    const std::vector<pc_events::Event> events = branch.diff.observe(
        seats_of(*sessions), location.text(), clock_.utc_now(), clock_.steady_now());
    for (const pc_events::Event& event : events) {
        domain::PcEvent taken = event_of(location, event);
        // Not kept: the next snapshots show the same once more only after a restart, so try again.
        for (int tries = 0; tries < 3; ++tries) {
            const auto kept = co_await pc_logout_.receive(taken);
            if (kept) break;
            const SteadyTime again = clock_.steady_now() + 1s;
            co_await clock_.sleep_until(again);
        }
    }
}

std::size_t PcPoller::degraded() const
{
    const SteadyTime now = clock_.steady_now();
    return static_cast<std::size_t>(std::ranges::count_if(branches_, [&](const auto& each) {
        return each.second.diff.is_degraded(now, each.second.interval);
    }));
}

} // namespace iwas::app
