// The reconciliation side of SimStore.
#include "sim/world/sim_store_ask.hpp"

namespace iwas::sim {

SimStore::Answer<void> SimStore::keep_comparison(ports::Comparison comparison)
{
    return ask<void>(
        "keep_comparison", [this, comparison] { return inner_.keep_comparison(comparison); });
}

SimStore::Answer<std::vector<ports::Comparison>> SimStore::comparisons_of(
    domain::OrganizationId organization, std::string day)
{
    return ask<std::vector<ports::Comparison>>("comparisons_of", [this, organization, day] {
        return inner_.comparisons_of(organization, day);
    });
}

SimStore::Answer<std::vector<ports::Comparison>> SimStore::comparisons_between(
    domain::OrganizationId organization, std::string first, std::string last)
{
    return ask<std::vector<ports::Comparison>>(
        "comparisons_between", [this, organization, first, last] {
            return inner_.comparisons_between(organization, first, last);
        });
}

SimStore::Answer<std::vector<domain::FirstComparison>> SimStore::first_comparisons(
    domain::OrganizationId organization)
{
    return ask<std::vector<domain::FirstComparison>>("first_comparisons", [this, organization] {
        return inner_.first_comparisons(organization);
    });
}

SimStore::Answer<domain::Difference> SimStore::keep_difference(
    domain::Difference found, std::string actor, std::string why)
{
    return ask<domain::Difference>("keep_difference", [this, found, actor, why] {
        return inner_.keep_difference(found, actor, why);
    });
}

SimStore::Answer<domain::Difference> SimStore::settle_difference(
    domain::Difference loaded, domain::DifferenceState state, std::string actor, std::string why,
    UtcTime now)
{
    return ask<domain::Difference>("settle_difference", [this, loaded, state, actor, why, now] {
        return inner_.settle_difference(loaded, state, actor, why, now);
    });
}

SimStore::Answer<std::optional<domain::Difference>> SimStore::load_difference(
    domain::DifferenceId id)
{
    return ask<std::optional<domain::Difference>>(
        "load_difference", [this, id] { return inner_.load_difference(id); });
}

SimStore::Answer<std::vector<domain::Difference>> SimStore::find_differences(
    ports::DifferenceFilter filter, int limit)
{
    return ask<std::vector<domain::Difference>>("find_differences", [this, filter, limit] {
        return inner_.find_differences(filter, limit);
    });
}

SimStore::Answer<std::vector<ports::DifferenceCount>> SimStore::count_differences(
    domain::OrganizationId organization, std::string first, std::string last,
    std::vector<domain::LocationId> locations)
{
    return ask<std::vector<ports::DifferenceCount>>(
        "count_differences", [this, organization, first, last, locations] {
            return inner_.count_differences(organization, first, last, locations);
        });
}

SimStore::Answer<std::vector<ports::DifferenceEvent>> SimStore::difference_events(
    domain::DifferenceId id)
{
    return ask<std::vector<ports::DifferenceEvent>>(
        "difference_events", [this, id] { return inner_.difference_events(id); });
}

SimStore::Answer<std::vector<domain::Transaction>> SimStore::refunds_between(
    domain::ReconciliationSubject subject, UtcTime from, UtcTime to, int limit)
{
    return ask<std::vector<domain::Transaction>>(
        "refunds_between", [this, subject, from, to, limit] {
            return inner_.refunds_between(subject, from, to, limit);
        });
}

SimStore::Answer<std::vector<ports::CreditMovement>> SimStore::credit_movements(
    domain::OrganizationId organization, UtcTime from, UtcTime to)
{
    return ask<std::vector<ports::CreditMovement>>(
        "credit_movements",
        [this, organization, from, to] { return inner_.credit_movements(organization, from, to); });
}

} // namespace iwas::sim
