// One whole simulated run of a seed, as the tests and `iwas-simulate` do it.
#pragma once

#include "sim/world/day_end.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace iwas::sim {

/// What members of staff did.
struct StaffCounts {
    int refunds = 0; // of purchases, whole or in parts
    int by_hand = 0;
    int attached = 0;
    int dismissed = 0;

    StaffCounts& operator+=(const StaffCounts& other)
    {
        refunds += other.refunds;
        by_hand += other.by_hand;
        attached += other.attached;
        dismissed += other.dismissed;
        return *this;
    }
};

struct RunReport {
    std::uint64_t seed = 0;
    std::vector<std::string> broken; // the rules that did not hold; empty: all is well
    std::uint64_t steps = 0;
    std::uint64_t crossings = 0;
    std::size_t transactions = 0;
    std::size_t sessions = 0;
    std::size_t lives = 0;    // how often IWAS was started
    std::size_t payments = 0; // recorded, by gateways and banks
    MoneySums money;
    DayEndReport days;
    StaffCounts staff;
    std::size_t one_tap = 0; // purchases that a kept wallet paid
};

/// Customers and faults drawn from the seed for about forty minutes, then no faults until all is
/// settled. `listener` takes the story; empty: nobody listens.
RunReport run_seed(std::uint64_t seed, std::function<void(std::string)> listener = {});

/// The command that tells the story of a seed.
std::string replay_command(std::uint64_t seed);

} // namespace iwas::sim
