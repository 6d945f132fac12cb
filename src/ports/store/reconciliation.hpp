// Reconciliations: comparisons of a day with gateways, banks and PC systems, and what they found.
#pragma once

#include "domain/reconciliation.hpp"
#include "ports/store/jobs.hpp"
#include "ports/store/payments.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

using domain::Comparison;
using domain::ComparisonOutcome;

struct DifferenceFilter {
    std::optional<domain::OrganizationId> organization;
    std::optional<std::string> day;
    std::optional<domain::ReconciliationSubject> subject;
    std::optional<domain::DifferenceState> state;
    /// Only of the PC systems of these locations; empty: of every subject.
    std::vector<domain::LocationId> locations{};
    std::optional<domain::DifferenceId> before; // older than this one: the next page
};

/// One line of a difference's story.
struct DifferenceEvent {
    UtcTime at;
    std::string state_before; // empty: it was found
    std::string state_after;
    std::string actor; // reconciliation, or staff:NAME
    std::string why;
};

/// How many differences a day has.
struct DifferenceCount {
    std::string day;
    std::int64_t open = 0;
    std::int64_t settled = 0; // in any way
};

/// Changes of store credit on a day, positive numbers, by the word that explains them.
struct CreditMovement {
    std::string why;
    int entries = 0;
    Money amount;
};

class Reconciliations {
public:
    virtual ~Reconciliations() = default;

    /// In place of the earlier comparison of the same day and subject.
    virtual awaitable<Result<void, StoreError>> keep_comparison(Comparison comparison) = 0;
    virtual awaitable<Result<std::vector<Comparison>, StoreError>> comparisons_of(
        domain::OrganizationId organization, std::string day) = 0;
    /// Of the days `first` to `last`, both among them.
    virtual awaitable<Result<std::vector<Comparison>, StoreError>> comparisons_between(
        domain::OrganizationId organization, std::string first, std::string last) = 0;
    /// One for each subject that was ever compared.
    virtual awaitable<Result<std::vector<domain::FirstComparison>, StoreError>> first_comparisons(
        domain::OrganizationId organization) = 0;

    /// Stores the difference with an event, unless the same one (day, subject, kind, reference) is
    /// there: that one comes back as it is, and one that was corrected is open again.
    virtual awaitable<Result<domain::Difference, StoreError>> keep_difference(
        domain::Difference found, std::string actor, std::string why) = 0;
    /// Moves it on, with an event. conflict: it changed since it was loaded, or its state does not
    /// allow that.
    virtual awaitable<Result<domain::Difference, StoreError>> settle_difference(
        domain::Difference loaded, domain::DifferenceState state, std::string actor,
        std::string why, UtcTime now) = 0;
    virtual awaitable<Result<std::optional<domain::Difference>, StoreError>> load_difference(
        domain::DifferenceId id) = 0;
    /// Newest first.
    virtual awaitable<Result<std::vector<domain::Difference>, StoreError>> find_differences(
        DifferenceFilter filter, int limit) = 0;
    /// Of the days `first` to `last`, both among them; nothing for a day without a difference.
    /// `locations` as in DifferenceFilter.
    virtual awaitable<Result<std::vector<DifferenceCount>, StoreError>> count_differences(
        domain::OrganizationId organization, std::string first, std::string last,
        std::vector<domain::LocationId> locations) = 0;
    virtual awaitable<Result<std::vector<DifferenceEvent>, StoreError>> difference_events(
        domain::DifferenceId id) = 0;

    /// Of the subject's refunds those that came to an end in [from, to), oldest first.
    virtual awaitable<Result<std::vector<domain::Transaction>, StoreError>> refunds_between(
        domain::ReconciliationSubject subject, UtcTime from, UtcTime to, int limit) = 0;
    /// Of the organization's customers in [from, to).
    virtual awaitable<Result<std::vector<CreditMovement>, StoreError>> credit_movements(
        domain::OrganizationId organization, UtcTime from, UtcTime to) = 0;
};

} // namespace iwas::ports
