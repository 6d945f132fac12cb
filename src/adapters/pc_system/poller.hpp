// PcPoller: asks each location's PC system who sits at a PC, and hands on what changed. The
// fallback for events that are not pushed or get lost.
#pragma once

#include "domain/pc_event.hpp"
#include "ports/pc_system.hpp"
#include "ports/store/catalog_store.hpp"
#include "ports/tasks.hpp"
#include "protocol/pc_events/poll_diff.hpp"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace iwas::adapters {

/// Use on the I/O thread only.
class PcPoller {
public:
    /// Makes an event durable; false: not now, hand it over again. Repetition has no effect.
    using Sink = std::function<ports::awaitable<bool>(domain::PcEvent)>;

    /// All of it outlives the poller's tasks.
    PcPoller(
        const ports::CatalogView& catalog, ports::PcSystem& pc_system, ports::Clock& clock,
        ports::Tasks& tasks, Sink sink);

    /// Looks twice a second which location is due, by its `poll_interval`, and polls it in a task
    /// of its own, one at a time per location. Returns after stop().
    ports::awaitable<void> run();
    void stop() { is_stopping_ = true; }

    /// How often a connector is asked what it can do, which is also its health check.
    static constexpr Seconds health_every{300};

    /// One poll of `location`: part of run(), and for tests. Asks what the connector can do before
    /// the first list and every `health_every`; a connector that lists no sessions is not asked for
    /// them.
    ports::awaitable<void> poll(domain::LocationId location);

    /// A pushed event told that the session ended: it is not reported a second time.
    void heard_end(const domain::LocationId& location, const std::string& session_id);
    /// Three intervals passed without a good answer: of polling, or of the health check where
    /// nothing is polled. Nobody is disconnected because of that.
    [[nodiscard]] bool is_degraded(const domain::LocationId& location) const;
    /// How many locations are, for the metrics.
    [[nodiscard]] std::size_t degraded() const;

private:
    struct Line {
        pc_events::PollDiff diff;
        SteadyTime due_at{};
        Milliseconds interval{0};
        bool wants_sessions = true;         // as the location is configured
        std::optional<bool> lists_sessions; // as the connector says; nothing before it said
        SteadyTime health_due_at{};
        std::optional<SteadyTime> healthy_at;
        bool is_polling = false;
        bool is_degraded = false;
        std::deque<domain::PcEvent> undelivered;
    };

    void start_due();
    ports::awaitable<void> check_health(domain::LocationId location, std::shared_ptr<Line> line);
    ports::awaitable<void> look(domain::LocationId location, std::shared_ptr<Line> line);
    [[nodiscard]] bool is_silent(const Line& line) const;
    void note_silence(const domain::LocationId& location, Line& line);

    const ports::CatalogView& catalog_;
    ports::PcSystem& pc_system_;
    ports::Clock& clock_;
    ports::Tasks& tasks_;
    Sink sink_;
    std::map<domain::LocationId, std::shared_ptr<Line>> lines_;
    bool is_stopping_ = false;
};

} // namespace iwas::adapters
