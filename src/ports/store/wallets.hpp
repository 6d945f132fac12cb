// Wallets: the ways to pay that customers keep, each change with its event.
#pragma once

#include "domain/saved_method.hpp"
#include "ports/store/jobs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

/// One atomic change. Versions are those of the rows as they were loaded; 0 inserts. A method that
/// changes state leaves an append-only event with `actor` and `why`. One that is stored as the
/// default is afterwards the only one of its account.
struct WalletStep {
    std::vector<domain::SavedMethod> methods;
    /// So many methods the account kept when it was decided to add one, as saved_methods_of tells;
    /// conflict when it keeps more or fewer now.
    std::optional<std::size_t> kept_before{};
    std::vector<Job> jobs;               // added; a job with the same id is replaced
    std::vector<domain::JobId> finished; // removed
    std::string actor;                   // customer, gateway or system
    std::string why;
    UtcTime now;
};

/// What was paid with one saved method.
struct MethodUsage {
    std::optional<domain::SavedMethodId> method; // nothing: the balance of the PC account
    int payments = 0;
    Money total; // without what came back
    UtcTime last_used_at;
};

/// One line of a saved method's story.
struct MethodEvent {
    UtcTime at;
    std::string state_before; // empty: it did not exist
    std::string state_after;
    std::string actor;
    std::string why;
};

class Wallets {
public:
    virtual ~Wallets() = default;

    /// conflict: a version was not the stored one; nothing was stored.
    virtual awaitable<Result<void, StoreError>> change_wallet(WalletStep step) = 0;
    virtual awaitable<Result<std::optional<domain::SavedMethod>, StoreError>> load_saved_method(
        domain::SavedMethodId id) = 0;
    /// The one whose binding the gateway knows by that name.
    virtual awaitable<Result<std::optional<domain::SavedMethod>, StoreError>> saved_method_of_order(
        domain::PaymentAccountId account, std::string order_id) = 0;
    /// In the customer's order; without those that failed, are leaving or are removed.
    virtual awaitable<Result<std::vector<domain::SavedMethod>, StoreError>> saved_methods_of(
        domain::AccountId account) = 0;
    /// Of each saved method that has paid, whatever became of it since.
    virtual awaitable<Result<std::vector<MethodUsage>, StoreError>> method_usage_of(
        domain::AccountId account) = 0;
    /// In the order in which they happened.
    virtual awaitable<Result<std::vector<MethodEvent>, StoreError>> events_of_method(
        domain::SavedMethodId id) = 0;
};

} // namespace iwas::ports
