#include "api/occupancy.hpp"

#include <algorithm>
#include <set>

namespace iwas::api {

ports::awaitable<Occupancy::Counts> Occupancy::at(
    std::shared_ptr<const domain::Catalog> catalog, domain::LocationId location)
{
    const auto packages = catalog->packages_at(location);
    const bool has_capacity =
        std::ranges::any_of(packages, [](const auto* each) { return each->capacity.has_value(); });
    if (!has_capacity) co_return Counts{};

    const SteadyTime now = clock_.steady_now();
    const auto found = known_.find(location);
    if (found != known_.end() && found->second.counted_at + good_for > now)
        co_return found->second.counts;

    Counts counts;
    std::set<domain::SessionId> counted; // a session may have devices at several routers
    for (const auto& [id, router] : catalog->routers) {
        if (router.location != location) continue;
        const auto open = co_await ledger_.open_sessions_at(id);
        if (!open) co_return Counts{};
        for (const domain::Session& session : *open)
            if (counted.insert(session.id).second) ++counts[session.terms.package];
    }
    if (known_.size() >= locations_max) known_.clear();
    known_[location] = {counts, now};
    co_return counts;
}

} // namespace iwas::api
