// Occupancy: how many sessions of each package are open at a location, for the list of packages.
#pragma once

#include "domain/tenant.hpp"
#include "ports/store/ledger.hpp"

#include <map>

namespace iwas::api {

/// A hint that spares a useless try; the purchase itself counts again, in its own transaction.
/// Counts are a few seconds old at most. Used on the I/O thread.
class Occupancy {
public:
    using Counts = std::map<domain::PackageId, int>;

    Occupancy(ports::Ledger& ledger, const ports::Clock& clock) : ledger_{ledger}, clock_{clock} {}

    /// Empty when no package of the location has a capacity, or the store does not answer.
    ports::awaitable<Counts> at(
        std::shared_ptr<const domain::Catalog> catalog, domain::LocationId location);

    static constexpr Seconds good_for{5};
    static constexpr std::size_t locations_max = 10'000;

private:
    struct Known {
        Counts counts;
        SteadyTime counted_at;
    };

    ports::Ledger& ledger_;
    const ports::Clock& clock_;
    std::map<domain::LocationId, Known> known_;
};

} // namespace iwas::api
