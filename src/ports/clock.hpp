// Clock: the only source of time. Real: adapters/clock. Simulated: sim/world.
#pragma once

#include "core/time.hpp"
#include "domain/package.hpp"

#include <boost/asio/awaitable.hpp>

#include <string_view>

namespace iwas::ports {

template <class T>
using awaitable = boost::asio::awaitable<T>;

class Clock {
public:
    virtual ~Clock() = default;

    [[nodiscard]] virtual UtcTime utc_now() const = 0;
    [[nodiscard]] virtual SteadyTime steady_now() const = 0;
    /// The wall clock in the IANA zone `zone`; UTC when the zone is not known.
    [[nodiscard]] virtual domain::LocalTime local_time(
        UtcTime time, std::string_view zone) const = 0;
    /// Returns at or after `time`. Resumes on the I/O thread.
    virtual awaitable<void> sleep_until(SteadyTime time) = 0;
};

} // namespace iwas::ports
