// CircuitBreaker: stops calling an outside system that keeps failing, and tries it again later.
#pragma once

#include "core/time.hpp"

#include <cstdint>

namespace iwas {

/// Pure; the caller brings the time and calls from one thread.
///
///   closed ──failures_to_open in a row──> open ──open_for──> half_open
///   half_open ──success──> closed         half_open ──failure──> open
///
/// Only failures of the system itself count (no answer, 5xx but 501); a decline is an answer.
class CircuitBreaker {
public:
    struct Limits {
        /// Failures without a success between them that open the circuit; at least 1.
        unsigned failures_to_open = 5;
        /// Failures further apart than this are not "in a row".
        Milliseconds forget_after{60'000};
        /// How long an open circuit refuses before it lets one call try.
        Milliseconds open_for{10'000};
    };
    enum class State : std::uint8_t { closed, open, half_open };

    explicit CircuitBreaker(Limits limits) : limits_{limits} {}
    CircuitBreaker() : CircuitBreaker{Limits{}} {}

    /// Whether a call may be made now. In half_open the first caller takes the only trial; its
    /// result must be reported. A trial that never reports is given up after `open_for`.
    bool may_call(SteadyTime now);
    /// Reports an answer, whatever it said.
    void succeeded();
    /// Reports that the system did not answer, or answered that it is broken.
    void failed(SteadyTime now);

    [[nodiscard]] State state(SteadyTime now) const;
    /// How long until the next call may try; zero when it may now.
    [[nodiscard]] Milliseconds retry_after(SteadyTime now) const;

private:
    Limits limits_;
    unsigned failures_ = 0;
    bool open_ = false;
    SteadyTime last_failure_{};
    /// While open: when the next trial is allowed. A trial in flight pushes it forward.
    SteadyTime trial_at_{};
};

} // namespace iwas
