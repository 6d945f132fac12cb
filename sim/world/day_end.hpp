// DayEnd: the books are closed in a world that has become quiet: IWAS reconciles every day that it
// saw, perhaps through trouble and death, and the audit looks at what it found.
#pragma once

#include "sim/world/reconciliation_audit.hpp"
#include "sim/world/world.hpp"

namespace iwas::sim {

struct DayEndPlan {
    int forged = 0;               // so many differences are tried to be made before
    std::function<void()> forge;  // makes more of them; empty: nobody does
    bool has_trouble = false;     // the first run meets faults
    std::uint64_t dies_after = 0; // so many crossings of a port in that run; 0: it lives on
    bool waits = false;           // for the job of the dead, instead of asking again
};

struct DayEndReport {
    int forged = 0;        // differences that were made
    std::size_t found = 0; // differences that are stored, of the whole life of the world
    std::size_t open = 0;  // of them those that a person has to look at
    std::size_t runs = 0;  // comparisons of a day with another side that were kept

    DayEndReport& operator+=(const DayEndReport& other)
    {
        forged += other.forged;
        found += other.found;
        open += other.open;
        runs += other.runs;
        return *this;
    }
};

/// Needs a quiet world and no faults, and leaves it so.
DayEndReport end_days(World& world, const DayEndPlan& plan, SimRandom& random);

/// Asks for a comparison of the day that `time` is in, as `iwas reconcile run` does.
void ask_to_reconcile(World& world, UtcTime time, SimRandom& random);
/// Now and then somebody asks for it while everything is in motion.
awaitable<void> reconcile_in_between(World& world, SimRandom random);

} // namespace iwas::sim
