// SimClock: virtual time. It stands still while anything can run and then jumps to the next
// wake-up.
#pragma once

#include "ports/clock.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <queue>
#include <vector>

namespace iwas::sim {

using ports::awaitable;

/// One place where one coroutine waits until somebody wakes it. A wake-up that comes first counts.
class Waiter {
public:
    explicit Waiter(boost::asio::any_io_executor executor);
    void wake();
    [[nodiscard]] bool is_woken() const { return is_woken_; }
    /// Returns when woken, or when the coroutine is cancelled.
    static awaitable<void> wait(std::shared_ptr<Waiter> self);

private:
    boost::asio::steady_timer timer_; // never expires; cancelled to wake
    bool is_woken_ = false;
};

class SimClock final : public ports::Clock {
public:
    using Action = std::function<void()>;

    /// `executor` runs the coroutines that wait.
    explicit SimClock(boost::asio::any_io_executor executor);

    [[nodiscard]] UtcTime utc_now() const override;
    [[nodiscard]] SteadyTime steady_now() const override { return now_; }
    /// Every zone is Vietnam's: seven hours before UTC, without summer time.
    [[nodiscard]] domain::LocalTime local_time(UtcTime time, std::string_view zone) const override;
    awaitable<void> sleep_until(SteadyTime time) override;

    /// Calls `action` at `time`, or at once when that is past. Same moments keep their order.
    void at(SteadyTime time, Action action);
    template <class Rep, class Period>
    void after(std::chrono::duration<Rep, Period> wait, Action action)
    {
        at(now_ + std::chrono::duration_cast<SteadyTime::duration>(wait), std::move(action));
    }

    /// Goes to the next wake-up and calls its action. False when there is none until `limit`; then
    /// the time is `limit`.
    bool jump(SteadyTime limit);
    /// From now on nobody sleeps: for the end of the world.
    void stop();

    [[nodiscard]] const boost::asio::any_io_executor& executor() const { return executor_; }
    [[nodiscard]] Milliseconds elapsed() const;

private:
    struct Entry {
        SteadyTime time;
        std::uint64_t order = 0;
        Action action;
    };
    struct Later {
        bool operator()(const Entry& a, const Entry& b) const
        {
            return a.time != b.time ? a.time > b.time : a.order > b.order;
        }
    };

    boost::asio::any_io_executor executor_;
    SteadyTime start_;
    SteadyTime now_;
    std::uint64_t last_order_ = 0;
    std::vector<Entry> queue_; // a heap
    bool is_stopped_ = false;
};

/// A place for one value from another party.
template <class T>
class Mailbox {
public:
    explicit Mailbox(boost::asio::any_io_executor executor)
        : waiter_{std::make_shared<Waiter>(std::move(executor))}
    {
    }
    /// Only the first value counts.
    void put(T value)
    {
        if (value_ || is_closed_) return;
        value_.emplace(std::move(value));
        waiter_->wake();
    }
    /// The value, or nothing when it did not come by `until`.
    static awaitable<std::optional<T>> take(
        std::shared_ptr<Mailbox> self, SimClock& clock, SteadyTime until)
    {
        clock.at(until, [waiter = std::weak_ptr{self->waiter_}] {
            if (const auto held = waiter.lock()) held->wake();
        });
        co_await Waiter::wait(self->waiter_);
        self->is_closed_ = true;
        co_return std::move(self->value_);
    }

private:
    std::shared_ptr<Waiter> waiter_;
    std::optional<T> value_;
    bool is_closed_ = false;
};

} // namespace iwas::sim
