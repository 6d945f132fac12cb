// What the demonstration's runs have in common: expectations that are printed, patience, diagrams.
#pragma once

#include "app/wiring.hpp"

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace iwas::app {

/// Says whether each expectation held, and remembers whether all did.
class Checks {
public:
    bool expect(bool holds, std::string_view what)
    {
        fmt::print("{} {}\n", holds ? "ok     " : "FAILED ", what);
        all_hold_ = all_hold_ && holds;
        return holds;
    }
    [[nodiscard]] bool all_hold() const { return all_hold_; }

private:
    bool all_hold_ = true;
};

/// Asks until the condition holds or `within` has passed, in real time.
template <class Condition>
ports::awaitable<bool> eventually(ports::Clock& clock, Milliseconds within, Condition condition)
{
    const SteadyTime until = clock.steady_now() + within;
    while (true) {
        const bool holds = co_await condition();
        if (holds) co_return true;
        if (clock.steady_now() > until) co_return false;
        const SteadyTime next = clock.steady_now() + Milliseconds{100};
        co_await clock.sleep_until(next);
    }
}

/// Prints the diagram of a transaction, with its timings, once its last step is stored.
ports::awaitable<void> print_trace(Program& program, ports::Clock& clock, std::string transaction);

} // namespace iwas::app
