#include "sim/world/sim_clock.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace iwas::sim {

namespace asio = boost::asio;

namespace {

// Monday 2026-09-21, 09:00 in Vietnam: an ordinary day at an ordinary hour.
constexpr UtcTime first_moment{Milliseconds{1'789'956'000'000}};
constexpr std::chrono::hours vietnam_offset{7};

} // namespace

Waiter::Waiter(asio::any_io_executor executor)
    : timer_{std::move(executor), asio::steady_timer::time_point::max()}
{
}

void Waiter::wake()
{
    is_woken_ = true;
    timer_.cancel();
}

awaitable<void> Waiter::wait(std::shared_ptr<Waiter> self)
{
    if (!self->is_woken_) co_await self->timer_.async_wait(asio::as_tuple(asio::use_awaitable));
}

SimClock::SimClock(asio::any_io_executor executor)
    : executor_{std::move(executor)}, start_{std::chrono::hours{1}}, now_{start_}
{
}

UtcTime SimClock::utc_now() const
{
    return first_moment + elapsed();
}

Milliseconds SimClock::elapsed() const
{
    return std::chrono::floor<Milliseconds>(now_ - start_);
}

domain::LocalTime SimClock::local_time(UtcTime time, std::string_view) const
{
    const auto local = time + vietnam_offset;
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::weekday weekday{day};
    return {
        .weekday = static_cast<int>(weekday.iso_encoding()) - 1,
        .minute_of_day =
            static_cast<int>(std::chrono::duration_cast<std::chrono::minutes>(local - day).count()),
        .day_start = UtcTime{day.time_since_epoch()} - vietnam_offset,
    };
}

awaitable<void> SimClock::sleep_until(SteadyTime time)
{
    if (is_stopped_) co_return;
    const auto waiter = std::make_shared<Waiter>(executor_);
    at(time, [weak = std::weak_ptr{waiter}] {
        if (const auto held = weak.lock()) held->wake();
    });
    co_await Waiter::wait(waiter);
}

void SimClock::at(SteadyTime time, Action action)
{
    if (is_stopped_) return;
    queue_.push_back({std::max(time, now_), ++last_order_, std::move(action)});
    std::ranges::push_heap(queue_, Later{});
}

bool SimClock::jump(SteadyTime limit)
{
    if (queue_.empty() || queue_.front().time > limit) {
        now_ = std::max(now_, limit);
        return false;
    }
    std::ranges::pop_heap(queue_, Later{});
    Entry next = std::move(queue_.back());
    queue_.pop_back();
    now_ = next.time;
    next.action();
    return true;
}

void SimClock::stop()
{
    is_stopped_ = true;
    queue_.clear();
}

} // namespace iwas::sim
