// SystemClock: the operating system's time behind ports::Clock.
#pragma once

#include "ports/clock.hpp"

#include <boost/asio/any_io_executor.hpp>

namespace iwas::adapters {

class SystemClock final : public ports::Clock {
public:
    /// `executor` is the one of the I/O thread: sleepers resume there.
    explicit SystemClock(boost::asio::any_io_executor executor) : executor_{std::move(executor)} {}

    [[nodiscard]] UtcTime utc_now() const override;
    [[nodiscard]] SteadyTime steady_now() const override;
    /// Zones come from the system's time zone database.
    [[nodiscard]] domain::LocalTime local_time(UtcTime time, std::string_view zone) const override;
    ports::awaitable<void> sleep_until(SteadyTime time) override;

private:
    boost::asio::any_io_executor executor_;
};

/// Weekday, minute and midnight of `time` in the IANA zone `zone`; in UTC when it is not known.
domain::LocalTime local_time_in(UtcTime time, std::string_view zone);
/// Whether the system knows the IANA zone `zone`.
bool is_time_zone(std::string_view zone);

} // namespace iwas::adapters
