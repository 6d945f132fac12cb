// TryCounters: how often something was tried within a window of time, for many keys in bounded
// memory.
#pragma once

#include "core/time.hpp"

#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>

namespace iwas::workflows {

/// Pure; the caller brings the time. A key's window begins with its first try.
class TryCounters {
public:
    /// What happens to a new key when every place is taken by a window that still runs.
    enum class WhenFull { forget_oldest, block_new };
    struct Limits {
        int tries_max = 3; // at least 1
        Seconds window{300};
        std::size_t counters_max = 100'000; // at least 1
        WhenFull when_full = WhenFull::forget_oldest;
    };
    explicit TryCounters(Limits limits) : limits_{limits} {}

    /// How long until `key` may try again; nothing when it may now.
    std::optional<Seconds> blocked_for(const std::string& key, SteadyTime now);
    /// Counts a try of a key that is not blocked.
    void count(const std::string& key, SteadyTime now);
    /// Takes one try back.
    void forget_try(const std::string& key);
    /// Forgets all tries of the key.
    void forget(const std::string& key);

    [[nodiscard]] std::size_t size() const { return counters_.size(); }

private:
    struct Counter {
        std::string key;
        int tries = 0;
        SteadyTime window_ends;
    };
    using Place = std::list<Counter>::iterator;

    void drop_ended(SteadyTime now);
    void drop(Place place);

    Limits limits_;
    std::list<Counter> counters_; // in the order in which their windows end
    std::unordered_map<std::string, Place> places_;
};

} // namespace iwas::workflows
