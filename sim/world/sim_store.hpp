// SimStore: the real store seen from one life of IWAS, with time, faults and death in between.
#pragma once

#include "ports/store/store.hpp"
#include "sim/world/border.hpp"

namespace iwas::sim {

/// Learns what became durable, whatever IWAS was told of it.
class StoreWitness {
public:
    virtual ~StoreWitness() = default;
    /// As it was stored: its amount may be below the price.
    virtual void opened(const domain::Transaction& transaction) = 0;
    virtual void committed(const ports::Step& step) = 0;
};

/// Changes a step before it is stored: a ledger with a bug, to prove that the witness sees it.
using Tampering = std::function<void(ports::Step&)>;

class SimStore final : public ports::Store {
public:
    SimStore(ports::Store& inner, Border border, StoreWitness& witness, const Tampering& tampering)
        : inner_{inner}, border_{std::move(border)}, witness_{witness}, tampering_{tampering}
    {
    }

    template <class T>
    using Answer = awaitable<Result<T, ports::StoreError>>;

    // Ledger
    awaitable<Result<ports::OpenedPurchase, ports::OpenPurchaseError>> open_purchase(
        ports::PurchaseIntent intent) override;
    Answer<ports::Committed> commit(ports::Step step) override;
    Answer<std::optional<domain::Transaction>> load_transaction(domain::TransactionId id) override;
    Answer<std::optional<domain::Session>> load_session(domain::SessionId id) override;
    Answer<std::vector<domain::Session>> open_sessions_of(domain::AccountId account) override;
    Answer<std::optional<domain::Session>> open_session_of_device(
        domain::LocationId location, MacAddress mac) override;
    Answer<std::vector<domain::Session>> open_sessions_at(domain::RouterId router) override;
    Answer<std::vector<domain::Session>> open_sessions_after(
        domain::SessionId after, int limit) override;
    Answer<std::optional<domain::Transaction>> unfinished_transaction_of_device(
        domain::LocationId location, MacAddress mac) override;
    Answer<std::vector<domain::Transaction>> transactions_of(
        domain::AccountId account, int limit) override;
    Answer<std::vector<ports::QueuedRefund>> refund_queue(int limit) override;
    Answer<std::vector<ports::QueuedRefund>> queued_refunds(
        ports::QueueFilter filter, int limit) override;
    Answer<std::vector<domain::NetworkSession>> network_sessions_of(
        domain::SessionId session) override;
    // Jobs
    Answer<std::vector<ports::Job>> lease_jobs(
        UtcTime now, UtcTime due_before, UtcTime lease_until, int limit) override;
    Answer<bool> offer_job(ports::Job job) override;
    Answer<std::optional<ports::Job>> load_job(domain::JobId id) override;
    Answer<void> postpone_job(domain::JobId id, UtcTime due_at) override;
    Answer<void> finish_job(domain::JobId id) override;
    Answer<void> postpone_turn(ports::Job turn, UtcTime due_at) override;
    Answer<void> finish_turn(ports::Job turn) override;
    Answer<int> release_own_leases() override;
    // Payments
    Answer<std::optional<domain::Payment>> payment_by_gateway_id(
        domain::PaymentAccountId account, std::string gateway_id) override;
    Answer<std::vector<domain::Payment>> payments_of(domain::TransactionId transaction) override;
    Answer<std::vector<domain::Payment>> payments_between(
        domain::PaymentAccountId account, UtcTime from, UtcTime to, int limit) override;
    Answer<std::optional<domain::Transaction>> transaction_of_order(
        domain::PaymentAccountId account, std::string order_id) override;
    Answer<std::vector<domain::Transaction>> unpaid_orders_of_amount(
        domain::PaymentAccountId account, Money due, UtcTime since) override;
    Answer<std::vector<domain::Payment>> unmatched_payments(
        domain::PaymentAccountId account, Money amount, UtcTime since) override;
    Answer<std::vector<domain::Transaction>> transactions_from(
        domain::TransactionId origin) override;
    Answer<std::vector<domain::Transaction>> find_transactions(
        ports::TransactionFilter filter, int limit) override;
    Answer<std::vector<ports::TransactionEvent>> events_of(
        domain::TransactionId transaction) override;
    Answer<void> keep_invitation(
        domain::TransactionId transaction, domain::Invitation invitation) override;
    Answer<std::optional<domain::Invitation>> load_invitation(
        domain::TransactionId transaction) override;
    Answer<void> append_notice(ports::KeptNotice notice) override;
    Answer<Money> credit_of(domain::AccountId account) override;
    Answer<std::vector<ports::CreditEntry>> credit_entries(
        domain::AccountId account, int limit) override;

    // Payment windows
    awaitable<Result<ports::OpenedPaymentWindow, ports::OpenPaymentWindowError>>
    open_payment_window(
        domain::PaymentWindow window, int times_max, UtcTime day_start, ports::Job end) override;
    Answer<ports::PaymentWindowUse> payment_window_use(
        domain::OrganizationId organization, domain::LocationId location, MacAddress mac,
        UtcTime day_start) override;
    Answer<std::optional<domain::PaymentWindow>> load_payment_window(domain::SessionId id) override;
    Answer<std::optional<domain::PaymentWindow>> open_payment_window_of(
        domain::LocationId location, MacAddress mac) override;
    Answer<void> end_payment_window(
        domain::SessionId id, UtcTime now, bool counts, ports::Job closing) override;
    Answer<std::vector<domain::PaymentWindow>> open_payment_windows_after(
        domain::SessionId after, int limit) override;

    // Wallets
    Answer<void> change_wallet(ports::WalletStep step) override;
    Answer<std::optional<domain::SavedMethod>> load_saved_method(domain::SavedMethodId id) override;
    Answer<std::optional<domain::SavedMethod>> saved_method_of_order(
        domain::PaymentAccountId account, std::string order_id) override;
    Answer<std::vector<domain::SavedMethod>> saved_methods_of(domain::AccountId account) override;
    Answer<std::vector<ports::MethodUsage>> method_usage_of(domain::AccountId account) override;
    Answer<std::vector<ports::MethodEvent>> events_of_method(domain::SavedMethodId id) override;

    // Staff
    Answer<void> add_staff(
        domain::StaffMember member, Sha256Digest token_digest, std::string actor) override;
    Answer<std::optional<domain::StaffMember>> staff_of_token(Sha256Digest token_digest) override;
    Answer<std::vector<domain::StaffMember>> all_staff() override;
    Answer<bool> revoke_staff(domain::StaffId name, std::string actor, UtcTime now) override;

    // Reconciliations
    Answer<void> keep_comparison(ports::Comparison comparison) override;
    Answer<std::vector<ports::Comparison>> comparisons_of(
        domain::OrganizationId organization, std::string day) override;
    Answer<std::vector<ports::Comparison>> comparisons_between(
        domain::OrganizationId organization, std::string first, std::string last) override;
    Answer<std::vector<domain::FirstComparison>> first_comparisons(
        domain::OrganizationId organization) override;
    Answer<domain::Difference> keep_difference(
        domain::Difference found, std::string actor, std::string why) override;
    Answer<domain::Difference> settle_difference(
        domain::Difference loaded, domain::DifferenceState state, std::string actor,
        std::string why, UtcTime now) override;
    Answer<std::optional<domain::Difference>> load_difference(domain::DifferenceId id) override;
    Answer<std::vector<domain::Difference>> find_differences(
        ports::DifferenceFilter filter, int limit) override;
    Answer<std::vector<ports::DifferenceCount>> count_differences(
        domain::OrganizationId organization, std::string first, std::string last,
        std::vector<domain::LocationId> locations) override;
    Answer<std::vector<ports::DifferenceEvent>> difference_events(domain::DifferenceId id) override;
    Answer<std::vector<domain::Transaction>> refunds_between(
        domain::ReconciliationSubject subject, UtcTime from, UtcTime to, int limit) override;
    Answer<std::vector<ports::CreditMovement>> credit_movements(
        domain::OrganizationId organization, UtcTime from, UtcTime to) override;

    // People
    Answer<domain::Account> keep_account(domain::Account account) override;
    Answer<std::optional<domain::Account>> load_account(domain::AccountId id) override;
    Answer<std::optional<domain::Account>> account_of_member(
        domain::LocationId location, std::string member_id) override;
    Answer<std::optional<domain::Account>> account_of_user_name(
        domain::LocationId location, std::string user_name) override;
    Answer<void> keep_visit(domain::Visit visit) override;
    Answer<std::optional<domain::Visit>> load_visit(domain::VisitId id) override;
    Answer<std::optional<domain::Account>> last_account_of_device(
        domain::LocationId location, MacAddress mac) override;
    Answer<bool> keep_pc_event(
        domain::LocationId location, std::string event_id, ports::Job job) override;
    awaitable<Result<ports::RequestState, ports::RequestError>> begin_request(
        std::string scope, std::string key, Sha256Digest request_hash, UtcTime now) override;
    Answer<void> finish_request(
        std::string scope, std::string key, ports::StoredAnswer answer) override;
    Answer<int> forget_old(UtcTime before, int limit) override;
    // Catalog
    Answer<domain::Catalog> load_catalog() override;
    Answer<void> replace_catalog(domain::Catalog wanted, std::string actor, UtcTime now) override;
    Answer<std::int64_t> catalog_version() override;
    // Traces
    Answer<void> append_trace(std::vector<ports::TraceStep> steps) override;
    Answer<std::vector<ports::TraceStep>> load_trace(Ulid trace) override;
    Answer<void> append_audit(ports::AuditEntry entry) override;
    Answer<std::vector<ports::AuditEntry>> recent_audit(int limit) override;
    // Accounting
    void submit(
        domain::AccountingRecord record,
        std::function<void(ports::Journaled)> done) noexcept override;

private:
    static constexpr Milliseconds usual{3};

    /// Out, the real call, and back; either way may fail.
    template <class T>
    Answer<T> ask(std::string_view what, std::function<Answer<T>()> call);
    [[nodiscard]] bool refuses() const;
    [[nodiscard]] bool is_silent() const;

    ports::Store& inner_;
    Border border_;
    StoreWitness& witness_;
    const Tampering& tampering_; // empty: none
};

} // namespace iwas::sim
