#include "workflows/try_counters.hpp"

namespace iwas::workflows {

std::optional<Seconds> TryCounters::blocked_for(const std::string& key, SteadyTime now)
{
    drop_ended(now);
    const auto until = [&](const Counter& counter) {
        return std::chrono::ceil<Seconds>(counter.window_ends - now);
    };
    if (const auto found = places_.find(key); found != places_.end()) {
        const Counter& counter = *found->second;
        if (counter.tries < limits_.tries_max) return std::nullopt;
        return until(counter);
    }
    const bool is_full = counters_.size() >= limits_.counters_max;
    if (is_full && limits_.when_full == WhenFull::block_new) return until(counters_.front());
    return std::nullopt;
}

void TryCounters::count(const std::string& key, SteadyTime now)
{
    drop_ended(now);
    auto found = places_.find(key);
    if (found == places_.end()) {
        while (counters_.size() >= limits_.counters_max)
            drop(counters_.begin());
        const Place place =
            counters_.insert(counters_.end(), Counter{key, 0, now + limits_.window});
        found = places_.emplace(key, place).first;
    }
    ++found->second->tries;
}

void TryCounters::forget_try(const std::string& key)
{
    const auto found = places_.find(key);
    if (found != places_.end() && --found->second->tries <= 0) drop(found->second);
}

void TryCounters::forget(const std::string& key)
{
    if (const auto found = places_.find(key); found != places_.end()) drop(found->second);
}

void TryCounters::drop_ended(SteadyTime now)
{
    while (!counters_.empty() && counters_.front().window_ends <= now)
        drop(counters_.begin());
}

void TryCounters::drop(Place place)
{
    places_.erase(place->key);
    counters_.erase(place);
}

} // namespace iwas::workflows
