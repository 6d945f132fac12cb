#include "adapters/pc_system/poller.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace iwas::adapters {

namespace {

constexpr Milliseconds look_every{500};
constexpr Milliseconds answer_within{10'000};
constexpr std::size_t undelivered_max = 2000;

/// Takes the mark off whatever ends the poll.
struct PollMark {
    explicit PollMark(bool& is_polling) : is_polling_{is_polling} {}
    ~PollMark() { is_polling_ = false; }
    PollMark(const PollMark&) = delete;
    PollMark& operator=(const PollMark&) = delete;

private:
    bool& is_polling_;
};

std::vector<pc_events::Seat> seats_of(std::vector<ports::PcSession> sessions)
{
    std::vector<pc_events::Seat> seats;
    seats.reserve(sessions.size());
    for (ports::PcSession& session : sessions)
        seats.push_back(
            {std::move(session.session_id), std::move(session.member_id),
             std::move(session.user_name), std::move(session.pc_name), session.started_at});
    return seats;
}

domain::PcEvent domain_event(const domain::LocationId& location, const pc_events::Event& event)
{
    return {
        .location = location,
        .event_id = event.event_id,
        .kind = domain::pc_event_kind_from(pc_events::to_text(event.kind)),
        .member_id = event.member_id,
        .user_name = event.user_name,
        .session_id = event.session_id,
        .occurred_at = event.occurred_at};
}

} // namespace

PcPoller::PcPoller(
    const ports::CatalogView& catalog, ports::PcSystem& pc_system, ports::Clock& clock,
    ports::Tasks& tasks, Sink sink)
    : catalog_{catalog}, pc_system_{pc_system}, clock_{clock}, tasks_{tasks}, sink_{std::move(sink)}
{
}

ports::awaitable<void> PcPoller::run()
{
    while (!is_stopping_) {
        start_due();
        co_await clock_.sleep_until(clock_.steady_now() + look_every);
    }
}

void PcPoller::start_due()
{
    const auto catalog = catalog_.current();
    const SteadyTime now = clock_.steady_now();
    const auto is_asked = [](const domain::PcSystem& system) {
        return system.profile != domain::PcSystemProfile::legacy;
    };
    std::erase_if(lines_, [&](const auto& entry) {
        const domain::PcSystem* system = catalog->pc_system(entry.first);
        return system == nullptr || !is_asked(*system);
    });
    std::size_t position = 0;
    for (const auto& [location, system] : catalog->pc_systems) {
        if (!is_asked(system)) continue;
        const bool wants_sessions = system.logout_sync && system.poll_interval > Seconds{0};
        const Milliseconds interval = wants_sessions ? system.poll_interval : health_every;
        auto& line = lines_[location];
        // What was known when polling was switched off is too old to compare with.
        if (!line || line->wants_sessions != wants_sessions) {
            line = std::make_shared<Line>();
            line->wants_sessions = wants_sessions;
            // Not everybody in the same moment.
            const auto count = std::chrono::ceil<Milliseconds>(interval) / look_every;
            line->due_at = now + look_every * (static_cast<std::int64_t>(position) % count);
        }
        ++position;
        line->interval = interval;
        note_silence(location, *line);
        if (line->is_polling || now < line->due_at) continue;
        line->due_at = now + interval;
        (void)tasks_.start("poll pc system", poll(location));
    }
}

bool PcPoller::is_silent(const Line& line) const
{
    const SteadyTime now = clock_.steady_now();
    if (line.wants_sessions && line.lists_sessions.value_or(true))
        return line.diff.is_degraded(now, line.interval);
    return line.healthy_at && now - *line.healthy_at > 3 * health_every;
}

void PcPoller::note_silence(const domain::LocationId& location, Line& line)
{
    const bool is_degraded = is_silent(line);
    if (is_degraded == line.is_degraded) return;
    line.is_degraded = is_degraded;
    if (is_degraded)
        spdlog::warn("event=pc_system_silent location={}", location.text());
    else
        spdlog::info("event=pc_system_back location={}", location.text());
}

ports::awaitable<void> PcPoller::check_health(
    domain::LocationId location, std::shared_ptr<Line> line)
{
    const SteadyTime asked_at = clock_.steady_now();
    const auto told = co_await pc_system_.capabilities(location, asked_at + answer_within);
    std::optional<bool> lists_sessions;
    if (told)
        lists_sessions = told->lists_sessions;
    else if (
        told.error().error == ports::PcError::refused ||
        told.error().error == ports::PcError::not_found)
        lists_sessions = true;      // it cannot be asked; the list itself will tell
    if (!lists_sessions) co_return; // silence: asked again with the next poll
    line->healthy_at = asked_at;
    line->health_due_at = asked_at + health_every;
    if (line->lists_sessions != lists_sessions)
        spdlog::info(
            "event=pc_system_capabilities location={} lists_sessions={}", location.text(),
            *lists_sessions);
    line->lists_sessions = lists_sessions;
}

ports::awaitable<void> PcPoller::look(domain::LocationId location, std::shared_ptr<Line> line)
{
    const SteadyTime deadline = clock_.steady_now() + answer_within;
    auto sessions = co_await pc_system_.active_sessions(location, deadline);
    if (!sessions) {
        // Whatever it said of itself, it has no list: until the next health check it is left alone.
        if (sessions.error().error == ports::PcError::refused) line->lists_sessions = false;
        co_return;
    }
    const auto events = line->diff.observe(
        seats_of(std::move(*sessions)), location.text(), clock_.utc_now(), clock_.steady_now());
    for (const pc_events::Event& event : events)
        line->undelivered.push_back(domain_event(location, event));
    while (line->undelivered.size() > undelivered_max)
        line->undelivered.pop_front();
}

ports::awaitable<void> PcPoller::poll(domain::LocationId location)
{
    auto& known = lines_[location];
    if (!known) known = std::make_shared<Line>();
    const std::shared_ptr<Line> line = known; // the catalog may drop the location meanwhile
    line->is_polling = true;
    const PollMark mark{line->is_polling};
    if (clock_.steady_now() >= line->health_due_at) co_await check_health(location, line);
    if (line->wants_sessions && line->lists_sessions.value_or(false)) co_await look(location, line);
    bool is_taken = true;
    while (is_taken && !line->undelivered.empty()) {
        domain::PcEvent event = line->undelivered.front();
        is_taken = co_await sink_(std::move(event));
        if (is_taken) line->undelivered.pop_front();
    }
}

void PcPoller::heard_end(const domain::LocationId& location, const std::string& session_id)
{
    const auto line = lines_.find(location);
    if (line != lines_.end()) line->second->diff.forget(session_id);
}

bool PcPoller::is_degraded(const domain::LocationId& location) const
{
    const auto line = lines_.find(location);
    return line != lines_.end() && is_silent(*line->second);
}

std::size_t PcPoller::degraded() const
{
    return static_cast<std::size_t>(
        std::ranges::count_if(lines_, [](const auto& entry) { return entry.second->is_degraded; }));
}

} // namespace iwas::adapters
