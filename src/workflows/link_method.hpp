// LinkMethod: a customer keeps a way to pay, arranges what he keeps, and has it forgotten.
#pragma once

#include "domain/account.hpp"
#include "domain/saved_method.hpp"
#include "workflows/outside.hpp"
#include "workflows/payment_way.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::workflows {

class RunTrace;

/// A customer's own account at a bank.
struct BankAccount {
    std::string bin;   // of the bank, six digits
    SecretText number; // 6 to 19 letters and digits
};

struct LinkRequest {
    domain::Account account;
    domain::Visit visit; // carries the proof of the password
    domain::PaymentMethod method = domain::PaymentMethod::momo;
    PaymentWay way;                            // the method's id is appended to its return address
    std::optional<BankAccount> bank_account{}; // where `method` is a bank transfer
};

enum class WalletRejection {
    not_found,                 // this customer keeps nothing of that id
    method_inactive,           // cannot be kept here, by him, or any more of them
    reauthentication_required, // the password has to be typed once more
    last_method,               // the only one he keeps, while something runs
    declined,                  // the gateway said no
    gateway_unavailable,       // it did not say how the customer can agree; he tries again
    try_later,                 // the store did not answer; nothing changed
};

/// What the customer keeps, in his order, and what each has paid.
struct Wallet {
    std::vector<domain::SavedMethod> methods;
    std::vector<ports::MethodUsage> usage;
};
/// What one of them has paid so far.
ports::MethodUsage usage_of(const Wallet& wallet, const domain::SavedMethod& saved);

/// What is not set stays as it is.
struct MethodChange {
    std::optional<std::string> label; // at most 40 characters
    std::optional<std::size_t> position;
    bool makes_default = false;
};

struct LinkLimits {
    std::size_t methods_max = 10; // of an account, those that wait for an agreement among them
    Seconds bind_within = 21s;    // one request to the gateway, with its retry
    Seconds agree_within = 15min; // so long the customer may take
    Seconds poll_first = 5s;      // the gateway is asked again after so long, then less often
    Seconds poll_max = 60s;
    Seconds refresh_before = 24h; // of a token's end: the gateway may have a new one
    Seconds late_agreement = 24h; // one that comes after IWAS gave up still counts
    Seconds forget_for = 7 * 24h; // so long the gateway is asked to forget a removed one
    Seconds forget_again_max = 1h;
    Seconds lease = 120s;
};

/// Tokens are kept sealed. Each intent is durable before the gateway hears of it, with the job that
/// goes on where the process stopped.
class LinkMethod {
public:
    explicit LinkMethod(Outside outside, LinkLimits limits = {});

    /// Asks the gateway for the customer's agreement; `invitation` says where he gives it. The PC
    /// account and a bank account are kept at once: nothing can be taken from one without him.
    awaitable<Result<domain::SavedMethod, WalletRejection>> begin(LinkRequest request);
    /// A binding of this account, whatever became of it.
    awaitable<Result<domain::SavedMethod, WalletRejection>> find(
        domain::AccountId account, domain::SavedMethodId id);
    /// Asks the gateway now: the browser came back from it. False: there is no such binding.
    awaitable<bool> look_now(domain::SavedMethodId id);
    /// A gateway's notice about the binding that it knows as `order_id`. False: not kept.
    awaitable<bool> told(
        domain::PaymentAccount account, std::string order_id, ports::BindingStatus status);

    /// A member's wallet begins with his PC account, where the café has a PC system.
    awaitable<Result<Wallet, ports::StoreError>> view(domain::Account account);
    awaitable<Result<void, WalletRejection>> change(
        domain::Account account, domain::SavedMethodId id, MethodChange change);
    /// The customer does not see it any more; the gateway is asked to forget it until it says so.
    awaitable<Result<void, WalletRejection>> remove(
        domain::Account account, domain::Visit visit, domain::SavedMethodId id);

    /// Handles link_method: brings the method as far as it goes now. Running it twice does no harm.
    awaitable<void> handle(ports::Job job);

private:
    using Methods = std::vector<domain::SavedMethod>;

    awaitable<Result<Methods, ports::StoreError>> listed(domain::Account account);
    awaitable<Result<domain::SavedMethod, WalletRejection>> keep_pc_account(
        domain::Account account);
    /// The same account again is the one that is there.
    awaitable<Result<domain::SavedMethod, WalletRejection>> keep_bank_account(LinkRequest request);
    awaitable<bool> something_runs(domain::AccountId account);
    awaitable<void> ask_for_agreement(domain::SavedMethod saved, domain::JobId job);
    awaitable<void> renew(domain::SavedMethod saved, domain::JobId job);
    awaitable<void> forget(domain::SavedMethod saved, domain::JobId job);
    awaitable<ports::GatewayAnswer<ports::BindingStatus>> ask(domain::SavedMethod saved);

    /// What the gateway says, put into the stored row. Each gives false when it was not stored.
    awaitable<bool> take(domain::SavedMethod saved, ports::BindingStatus status, std::string actor);
    awaitable<bool> keep_token(
        domain::SavedMethod saved, ports::BoundToken token, std::string actor);
    awaitable<bool> end(
        domain::SavedMethod saved, domain::SavedMethodState state, std::string actor,
        std::string why);
    [[nodiscard]] ports::Job next_look(const domain::SavedMethod& saved, UtcTime due_at) const;

    Outside outside_;
    LinkLimits limits_;
};

} // namespace iwas::workflows
