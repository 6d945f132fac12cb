// Border: where IWAS meets its outside. Every port call crosses it on its way out and back; there
// time passes, and there IWAS may die.
#pragma once

#include "sim/world/faults.hpp"
#include "sim/world/sim_clock.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace iwas::sim {

/// One life of the IWAS process. What a dead one still does has no effect.
struct Life {
    bool is_over = false;
};

/// What all lives and parties of one world share: time, chance, faults, and the record of what
/// happened.
struct Nature {
    SimClock& clock;
    SimRandom random;
    Faults faults;
    /// How often a port was crossed since the world began.
    std::uint64_t crossings = 0;
    /// Die at this crossing, whatever the chances say; 0: never.
    std::uint64_t crash_at_crossing = 0;
    /// Ends the present life; called at most once for each.
    std::function<void()> crash;
    /// Takes a line of the story; empty: nobody listens.
    std::function<void(std::string)> listener;

    void tell(std::string_view line) const
    {
        if (listener) listener(std::string{line});
    }
    [[nodiscard]] bool is_told() const { return static_cast<bool>(listener); }
};

class Border {
public:
    Border(Nature& nature, std::shared_ptr<Life> life) : nature_{nature}, life_{std::move(life)} {}

    /// Crosses the border: takes from nothing to `usual` of time, and may end the life. Throws
    /// operation_aborted in a life that is over, which unwinds its coroutines.
    awaitable<void> cross(std::string_view what, Milliseconds usual);
    void throw_if_over() const;

    [[nodiscard]] bool is_over() const { return life_->is_over; }
    [[nodiscard]] Nature& nature() const { return nature_; }
    [[nodiscard]] const std::shared_ptr<Life>& life() const { return life_; }

private:
    Nature& nature_;
    std::shared_ptr<Life> life_;
};

} // namespace iwas::sim
