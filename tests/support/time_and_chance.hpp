// For tests: clocks and chance. RealClock waits for real; ManualClock jumps.
#pragma once

#include "ports/clock.hpp"
#include "ports/random.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <map>
#include <memory>
#include <random>

namespace iwas::tests {

using ports::awaitable;

class RealClock final : public ports::Clock {
public:
    explicit RealClock(boost::asio::any_io_executor executor) : executor_{std::move(executor)} {}

    UtcTime utc_now() const override
    {
        return std::chrono::time_point_cast<Milliseconds>(std::chrono::system_clock::now());
    }
    SteadyTime steady_now() const override { return std::chrono::steady_clock::now(); }
    domain::LocalTime local_time(UtcTime, std::string_view) const override { return {}; }
    awaitable<void> sleep_until(SteadyTime time) override
    {
        boost::asio::steady_timer timer{executor_, time};
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

private:
    boost::asio::any_io_executor executor_;
};

/// Time that stands still until `run_for` lets it jump from one sleeper to the next.
class ManualClock final : public ports::Clock {
public:
    explicit ManualClock(boost::asio::io_context& io) : io_{io} {}

    UtcTime utc_now() const override
    {
        return UtcTime{std::chrono::days{20'000}} +
               std::chrono::duration_cast<Milliseconds>(now_.time_since_epoch());
    }
    SteadyTime steady_now() const override { return now_; }
    domain::LocalTime local_time(UtcTime, std::string_view) const override { return {}; }
    awaitable<void> sleep_until(SteadyTime time) override
    {
        if (time <= now_) co_return;
        const auto timer = std::make_shared<boost::asio::steady_timer>(io_, SteadyTime::max());
        sleepers_.emplace(time, timer);
        co_await timer->async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }

    /// Runs everything that is due within `duration`, in order.
    void run_for(Milliseconds duration)
    {
        const SteadyTime end = now_ + duration;
        while (true) {
            io_.restart();
            io_.poll();
            if (sleepers_.empty() || sleepers_.begin()->first > end) break;
            const auto next = sleepers_.extract(sleepers_.begin());
            now_ = next.key();
            next.mapped()->cancel();
        }
        now_ = end;
    }

private:
    boost::asio::io_context& io_;
    SteadyTime now_{std::chrono::hours{1}};
    std::multimap<SteadyTime, std::shared_ptr<boost::asio::steady_timer>> sleepers_;
};

class SeededRandom final : public ports::Random {
public:
    explicit SeededRandom(std::uint64_t seed = 1) : random_{seed} {}
    void fill(std::span<std::uint8_t> bytes) override
    {
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random_());
    }

private:
    std::mt19937_64 random_;
};

} // namespace iwas::tests
