// LeapingClock: the system's clock, which the demonstration can set forward.
#pragma once

#include "adapters/clock/system_clock.hpp"

namespace iwas::app {

/// Lets an hour pass at once, so that the end of a session can be shown. Use on the I/O thread.
class LeapingClock final : public ports::Clock {
public:
    explicit LeapingClock(boost::asio::any_io_executor executor) : real_{std::move(executor)} {}

    void leap(Milliseconds by) { ahead_ += by; }

    [[nodiscard]] UtcTime utc_now() const override { return real_.utc_now() + ahead_; }
    [[nodiscard]] SteadyTime steady_now() const override { return real_.steady_now() + ahead_; }
    [[nodiscard]] domain::LocalTime local_time(UtcTime time, std::string_view zone) const override
    {
        return real_.local_time(time, zone);
    }
    ports::awaitable<void> sleep_until(SteadyTime time) override
    {
        // In short naps: a leap must wake whoever it makes late.
        while (steady_now() < time) {
            const SteadyTime nap = real_.steady_now() + Milliseconds{50};
            co_await real_.sleep_until(std::min(time - ahead_, nap));
        }
    }

private:
    adapters::SystemClock real_;
    Milliseconds ahead_{0};
};

} // namespace iwas::app
