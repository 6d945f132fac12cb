// EventHub: wakes whoever watches a transaction or session, and keeps the recent alerts.
#pragma once

#include "core/time.hpp"
#include "ports/clock.hpp"
#include "ports/notifier.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

namespace iwas::api {

struct Alert {
    UtcTime at;
    ports::AlertKind kind = ports::AlertKind::activation_failed;
    domain::LocationId location;
    std::string text;
};

std::string_view to_text(ports::AlertKind kind);

/// The live half of the API. Used on the I/O thread only. Everything in it is bounded: too many
/// watchers are not woken and see changes at their next poll.
class EventHub final : public ports::Notifier {
public:
    /// One watcher of one or more subjects. A change is never lost between two waits.
    class Watch {
    public:
        Watch(EventHub& hub, std::vector<Ulid> subjects);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

        /// Completes at the next change (at once when there was one since the last wait), at a
        /// wake(), or at `until`. The watch must outlive it.
        ports::awaitable<void> wait(SteadyTime until);
        /// Ends a wait although nothing changed.
        void wake();

    private:
        EventHub& hub_;
        std::vector<Ulid> subjects_;
        boost::asio::steady_timer timer_;
        bool is_woken_ = false;
        bool is_registered_ = false;
    };

    EventHub(boost::asio::any_io_executor executor, const ports::Clock& clock);
    ~EventHub() override = default;

    void changed(const Ulid& subject) noexcept override;
    void alert(
        ports::AlertKind kind, const domain::LocationId& location,
        const std::string& text) noexcept override;

    /// The hub must outlive the watch.
    std::shared_ptr<Watch> watch(std::vector<Ulid> subjects);

    /// The newest alerts, oldest first; at most `alerts_max`.
    [[nodiscard]] const std::deque<Alert>& recent_alerts() const { return alerts_; }
    /// Alerts of that kind since the start.
    [[nodiscard]] std::uint64_t alerts_of(ports::AlertKind kind) const;
    [[nodiscard]] std::size_t watchers() const { return watchers_.size(); }

    static constexpr std::size_t alerts_max = 200;
    static constexpr std::size_t watchers_max = 20'000;
    static constexpr std::size_t alert_kinds = 7;

private:
    boost::asio::any_io_executor executor_;
    const ports::Clock& clock_;
    std::unordered_multimap<Ulid, Watch*> watchers_;
    std::deque<Alert> alerts_;
    std::array<std::uint64_t, alert_kinds> alert_counts_{};
};

} // namespace iwas::api
