#include "core/circuit_breaker.hpp"

namespace iwas {

bool CircuitBreaker::may_call(SteadyTime now)
{
    if (!open_) return true;
    if (now < trial_at_) return false;
    trial_at_ = now + limits_.open_for; // one trial; others wait until it reports or is given up
    return true;
}

void CircuitBreaker::succeeded()
{
    failures_ = 0;
    open_ = false;
}

void CircuitBreaker::failed(SteadyTime now)
{
    if (failures_ > 0 && now - last_failure_ > limits_.forget_after) failures_ = 0;
    last_failure_ = now;
    if (failures_ < limits_.failures_to_open) ++failures_;
    if (open_ || failures_ >= limits_.failures_to_open) {
        open_ = true;
        trial_at_ = now + limits_.open_for;
    }
}

CircuitBreaker::State CircuitBreaker::state(SteadyTime now) const
{
    if (!open_) return State::closed;
    return now < trial_at_ ? State::open : State::half_open;
}

Milliseconds CircuitBreaker::retry_after(SteadyTime now) const
{
    if (!open_ || now >= trial_at_) return Milliseconds{0};
    return std::chrono::ceil<Milliseconds>(trial_at_ - now);
}

} // namespace iwas
