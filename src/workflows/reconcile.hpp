// Reconcile: holds the ledger of a day against what gateways, banks and PC systems say of it.
#pragma once

#include "domain/local_day.hpp"
#include "domain/reconciliation.hpp"
#include "domain/tenant.hpp"
#include "workflows/outside.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::workflows {

class PurchasePackage;

struct ReconcileLimits {
    Seconds after_midnight = 3h;       // late notices have come by then
    Milliseconds pause{350};           // between two questions about single orders
    int asked_max = 3'000;             // questions about one subject's day
    Seconds ask_within = 21s;          // one question, with its retry
    Seconds list_within = 120s;        // a list, page by page
    Seconds may_take = 45min;          // one subject; then another node takes it up
    Seconds again_after = 1h;          // where something was not answered
    Seconds stored_again_after = 1min; // where the store failed while somebody waits
    int days_max = 7;       // so many days back it is made up for what was not compared completely
    Seconds settles = 5min; // what is younger may not be everywhere yet
    Seconds list_margin = 1h; // around the day: both sides' clocks and days need not agree
    int rows_max = 100'000;   // of the ledger, for one subject's day
    /// So long a bank may refuse a refund that counts as made, and a gateway may make one that a
    /// person has settled. No document has a number; a customer
    /// whose money did not come asks within that time.
    std::chrono::days refunds_asked_for{14};
    int silences_max = 3; // so many questions in a row without an answer: it is tried again later
};

/// What a reconcile job is about; nothing set: the daily turn.
struct ReconcileOrder {
    std::optional<std::chrono::year_month_day> day;
    std::optional<domain::ReconciliationSubject> subject; // nothing: all of the organization
};
/// "", "2026-11-26" or "2026-11-26 gateway NAME".
std::string detail_of(const ReconcileOrder& order);
/// Nothing for a text that is none.
std::optional<ReconcileOrder> reconcile_order_in(std::string_view detail);

/// The job with which the running servers are asked to compare at once; its subject tells since
/// when. The same order has the same id: offered again while it waits or goes on it is the same
/// job, and afterwards a new one.
ports::Job reconcile_job(
    const domain::OrganizationId& organization, const ReconcileOrder& order, UtcTime now);
/// Offers that job. Since when it is asked for: earlier than `now` where somebody else has asked
/// for the same, and it has not ended yet.
awaitable<Result<UtcTime, ports::StoreError>> ask_to_reconcile(
    ports::Jobs& jobs, domain::OrganizationId organization, ReconcileOrder order, UtcTime now);

/// What can be compared: the organization's payment accounts, and its locations' PC systems.
std::vector<domain::ReconciliationSubject> subjects_of(
    const domain::Catalog& catalog, const domain::OrganizationId& organization);

class Reconcile {
public:
    Reconcile(Outside outside, PurchasePackage& purchases, ReconcileLimits limits = {});

    /// Sees to it that every organization has its daily job. To be called now and then.
    awaitable<void> schedule();
    /// Handles reconcile: the days that are due, or what was asked for.
    awaitable<void> handle(ports::Job job);

    /// Compares one day with one other side. What is missing here is taken in as a notice would
    /// have brought it; every difference is kept, once, however often this runs.
    awaitable<Result<ports::Comparison, ports::StoreError>> compare(
        domain::Organization organization, domain::LocalDay day,
        domain::ReconciliationSubject subject);

private:
    /// One comparison while it goes on.
    struct Work {
        ports::Comparison comparison;
        domain::LocalDay day;
        std::string time_zone;
        std::set<std::pair<domain::DifferenceKind, std::string>> seen;
        std::vector<domain::Transaction> refunds; // to be asked for
        bool is_stored = true;                    // every read and write of the store went well
        bool was_asked = false;                   // the next question waits a little
    };
    /// What a daily turn still has to compare.
    struct Due {
        domain::LocalDay day;
        domain::ReconciliationSubject subject;
    };
    /// Nothing: the store did not answer.
    awaitable<std::optional<std::vector<Due>>> due_comparisons(
        domain::Organization organization, domain::LocalDay last);
    awaitable<void> daily(ports::Job job, domain::Organization organization);
    awaitable<void> on_demand(
        ports::Job job, domain::Organization organization, ReconcileOrder order);
    /// No other node takes the job up while one subject is compared; a restart of this one does.
    awaitable<void> hold(domain::JobId job);
    [[nodiscard]] UtcTime next_turn(const domain::Organization& organization) const;

    awaitable<void> compare_gateway(Work& work);
    awaitable<void> compare_list(
        Work& work, domain::PaymentAccount account, std::vector<ports::ListedPayment> listed);
    awaitable<void> compare_listed(
        Work& work, domain::PaymentAccount account, ports::ListedPayment listed);
    awaitable<void> compare_orders(Work& work, domain::PaymentAccount account);
    awaitable<std::vector<domain::Transaction>> orders_of_day(Work& work);
    awaitable<void> compare_order(
        Work& work, domain::PaymentAccount account, domain::Transaction order);
    awaitable<void> compare_status(
        Work& work, domain::PaymentAccount account, domain::Transaction order,
        ports::PaymentStatus status);
    awaitable<void> compare_unconfirmed(
        Work& work, domain::Transaction order, std::string theirs,
        std::vector<ports::ReceivedMoney> confirmed);
    awaitable<void> compare_refunds(Work& work);
    /// Whether it was answered.
    awaitable<bool> compare_refund(Work& work, domain::Transaction refund);
    awaitable<void> note_twice_returned(Work& work, domain::Transaction refund, std::string theirs);
    awaitable<bool> look_back(
        ports::Job job, domain::Organization organization, domain::LocalDay day);
    awaitable<bool> look_back_at(
        domain::Organization organization, domain::LocalDay day, domain::PaymentAccount account);
    awaitable<std::vector<domain::Transaction>> doubtful_refunds(Work& work, bool may_be_refused);
    awaitable<std::set<std::string>> told_refunds(Work& work, std::string day);

    awaitable<void> compare_pc_system(Work& work);
    /// A debit and what staff gave back of it.
    struct DebitStand {
        domain::Transaction debit;
        std::vector<domain::Transaction> parts;
        /// Other ones when anything of it has changed.
        [[nodiscard]] std::vector<std::int64_t> versions() const;
    };
    awaitable<void> compare_debit(Work& work, domain::TransactionId id);
    awaitable<Result<DebitStand, ports::StoreError>> stand_of(domain::TransactionId id);
    awaitable<void> compare_stand(
        Work& work, DebitStand stand, Result<ports::PcCharge, ports::PcFailure> charge);
    awaitable<void> compare_charge(Work& work, DebitStand stand, ports::PcCharge charge);

    awaitable<void> count_money(Work& work);
    awaitable<void> count_payments(Work& work);
    awaitable<void> count_debits(Work& work);

    /// `difference` has kind, reference and both sides; the rest is filled in.
    awaitable<std::optional<domain::Difference>> note(
        Work& work, domain::Difference difference, std::string why);
    awaitable<void> settle(
        Work& work, std::optional<domain::Difference> difference, std::string why);
    awaitable<void> close_what_agrees(Work& work);
    awaitable<std::vector<domain::Transaction>> transactions_of_day(
        Work& work, ports::TransactionFilter filter);
    /// False: enough was asked for one day.
    awaitable<bool> may_ask(Work& work);
    void unanswered(Work& work) const;

    /// Which refunds of earlier days this node has asked for on its latest turn: a turn that is
    /// repeated leaves them alone.
    struct LookedBack {
        std::chrono::year_month_day day;
        std::set<domain::TransactionId> asked;
        std::set<domain::TransactionId> silent; // of which nothing was learned
    };
    Outside outside_;
    PurchasePackage& purchases_;
    ReconcileLimits limits_;
    std::map<domain::ReconciliationSubject, LookedBack> looked_back_;
};

} // namespace iwas::workflows
