// What the store promises to those who look after the money: StaffRegister and Reconciliations.
#pragma once

#include "adapters/store/sql_reconciliation.hpp"
#include "adapters/store/sql_staff.hpp"
#include "adapters/store/store_money.hpp"

namespace iwas::adapters::store_parts {

class BooksStore : public MoneyStore {
public:
    using MoneyStore::MoneyStore;

    // Staff
    Answer<void> add_staff(
        domain::StaffMember member, Sha256Digest token_digest, std::string actor) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write,
            [member = std::move(member), token_digest,
             actor = std::move(actor)](Connection& db) -> Result<void, StoreError> {
                if (!adapters::add_staff(db, member, token_digest, actor))
                    return std::unexpected(StoreError::conflict);
                return {};
            });
    }
    Answer<std::optional<domain::StaffMember>> staff_of_token(Sha256Digest token_digest) override
    {
        return read<std::optional<domain::StaffMember>>(
            [token_digest](Connection& db) { return adapters::staff_of_token(db, token_digest); });
    }
    Answer<std::vector<domain::StaffMember>> all_staff() override
    {
        return read<std::vector<domain::StaffMember>>(
            [](Connection& db) { return adapters::all_staff(db); });
    }
    Answer<bool> revoke_staff(domain::StaffId name, std::string actor, UtcTime now) override
    {
        return write<bool>([name = std::move(name), actor = std::move(actor), now](Connection& db) {
            return adapters::revoke_staff(db, name, actor, now);
        });
    }

    // Reconciliations
    Answer<void> keep_comparison(Comparison comparison) override
    {
        return write<void>([comparison = std::move(comparison)](Connection& db) {
            adapters::keep_comparison(db, comparison);
        });
    }
    Answer<std::vector<Comparison>> comparisons_of(
        domain::OrganizationId organization, std::string day) override
    {
        return read<std::vector<Comparison>>(
            [organization = std::move(organization), day = std::move(day)](Connection& db) {
                return adapters::comparisons_between(db, organization, day, day);
            });
    }
    Answer<std::vector<Comparison>> comparisons_between(
        domain::OrganizationId organization, std::string first, std::string last) override
    {
        return read<std::vector<Comparison>>([organization = std::move(organization),
                                              first = std::move(first),
                                              last = std::move(last)](Connection& db) {
            return adapters::comparisons_between(db, organization, first, last);
        });
    }
    Answer<std::vector<domain::FirstComparison>> first_comparisons(
        domain::OrganizationId organization) override
    {
        return read<std::vector<domain::FirstComparison>>(
            [organization = std::move(organization)](Connection& db) {
                return adapters::first_comparisons(db, organization);
            });
    }
    Answer<domain::Difference> keep_difference(
        domain::Difference found, std::string actor, std::string why) override
    {
        return write<domain::Difference>([found = std::move(found), actor = std::move(actor),
                                          why = std::move(why)](Connection& db) {
            return adapters::keep_difference(db, found, actor, why);
        });
    }
    Answer<domain::Difference> settle_difference(
        domain::Difference loaded, domain::DifferenceState state, std::string actor,
        std::string why, UtcTime now) override
    {
        return perform<Result<domain::Difference, StoreError>>(
            *runner_, Access::write,
            [loaded = std::move(loaded), state, actor = std::move(actor), why = std::move(why),
             now](Connection& db) {
                return adapters::settle_difference(db, loaded, state, actor, why, now);
            });
    }
    Answer<std::optional<domain::Difference>> load_difference(domain::DifferenceId id) override
    {
        return read<std::optional<domain::Difference>>(
            [id](Connection& db) { return adapters::load_difference(db, id); });
    }
    Answer<std::vector<domain::Difference>> find_differences(
        DifferenceFilter filter, int limit) override
    {
        return read<std::vector<domain::Difference>>(
            [filter = std::move(filter), limit](Connection& db) {
                return adapters::find_differences(db, filter, limit);
            });
    }
    Answer<std::vector<DifferenceCount>> count_differences(
        domain::OrganizationId organization, std::string first, std::string last,
        std::vector<domain::LocationId> locations) override
    {
        return read<std::vector<DifferenceCount>>(
            [organization = std::move(organization), first = std::move(first),
             last = std::move(last), locations = std::move(locations)](Connection& db) {
                return adapters::count_differences(db, organization, first, last, locations);
            });
    }
    Answer<std::vector<DifferenceEvent>> difference_events(domain::DifferenceId id) override
    {
        return read<std::vector<DifferenceEvent>>(
            [id](Connection& db) { return adapters::difference_events(db, id); });
    }
    Answer<std::vector<domain::Transaction>> refunds_between(
        domain::ReconciliationSubject subject, UtcTime from, UtcTime to, int limit) override
    {
        return read<std::vector<domain::Transaction>>(
            [subject = std::move(subject), from, to, limit](Connection& db) {
                return adapters::refunds_between(db, subject, from, to, limit);
            });
    }
    Answer<std::vector<CreditMovement>> credit_movements(
        domain::OrganizationId organization, UtcTime from, UtcTime to) override
    {
        return read<std::vector<CreditMovement>>(
            [organization = std::move(organization), from, to](Connection& db) {
                return adapters::credit_movements(db, organization, from, to);
            });
    }
};

} // namespace iwas::adapters::store_parts
