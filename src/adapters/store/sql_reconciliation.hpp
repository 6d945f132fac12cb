// Reconciliation in SQL: comparisons, differences and their events.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/reconciliation.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

void keep_comparison(Connection& db, const ports::Comparison& comparison);
std::vector<ports::Comparison> comparisons_between(
    Connection& db, const domain::OrganizationId& organization, const std::string& first,
    const std::string& last);
std::vector<domain::FirstComparison> first_comparisons(
    Connection& db, const domain::OrganizationId& organization);

domain::Difference keep_difference(
    Connection& db, const domain::Difference& found, const std::string& actor,
    const std::string& why);
Result<domain::Difference, ports::StoreError> settle_difference(
    Connection& db, const domain::Difference& loaded, domain::DifferenceState state,
    const std::string& actor, const std::string& why, UtcTime now);
std::optional<domain::Difference> load_difference(Connection& db, domain::DifferenceId id);
std::vector<domain::Difference> find_differences(
    Connection& db, const ports::DifferenceFilter& filter, int limit);
std::vector<ports::DifferenceCount> count_differences(
    Connection& db, const domain::OrganizationId& organization, const std::string& first,
    const std::string& last, const std::vector<domain::LocationId>& locations);
std::vector<ports::DifferenceEvent> difference_events(Connection& db, domain::DifferenceId id);

std::vector<domain::Transaction> refunds_between(
    Connection& db, const domain::ReconciliationSubject& subject, UtcTime from, UtcTime to,
    int limit);
std::vector<ports::CreditMovement> credit_movements(
    Connection& db, const domain::OrganizationId& organization, UtcTime from, UtcTime to);

} // namespace iwas::adapters
