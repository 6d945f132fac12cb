// ReconciliationAudit: what the other sides' books and the ledger disagree on, worked out from
// outside, held against what IWAS found by reconciling.
#pragma once

#include "domain/local_day.hpp"
#include "ports/store/reconciliation.hpp"
#include "sim/world/auditor.hpp"

#include <set>
#include <string>
#include <vector>

namespace iwas::sim {

/// One difference as it has to be told.
struct TrueDifference {
    std::string day;
    domain::ReconciliationSubject subject;
    domain::DifferenceKind kind = domain::DifferenceKind::missing_here;
    std::string reference;
    Money ours;
    Money theirs;

    friend auto operator<=>(const TrueDifference&, const TrueDifference&) = default;
};

/// The ledger at one moment.
struct LedgerCopy {
    MoneyAudit::Transactions transactions;
    std::set<std::string> payments; // by the gateway's name
};

/// Two halves that share nothing with the workflow but the names of things: the truth, from the
/// books of gateways and PC system; and the checks of what the store holds after a run.
///
/// What differs and may still not be told, because the other side offers no way to see it:
/// - at a gateway without a list, money of which no order of ours is the owner;
/// - there too, a lost payment that goes back: such gateways tell of the refund instead;
/// - at an account with a list, what came before IWAS had a first order there;
/// - refunds made by hand, and refunds of transfers: nobody lists them;
/// - of PC systems: debits that nobody here asked for, and what waits for a person.
class ReconciliationAudit {
public:
    using Broke = std::function<void(std::string rule)>;

    ReconciliationAudit(
        const Auditor& auditor, const GatewaySite& gateways, const PcSite& pc,
        const domain::Catalog& catalog, Broke broke)
        : auditor_{auditor}, gateways_{gateways}, pc_{pc}, catalog_{catalog},
          broke_{std::move(broke)}
    {
    }

    /// All that differs now, of what happened on `day`.
    [[nodiscard]] std::vector<TrueDifference> truth(const domain::LocalDay& day) const;
    [[nodiscard]] LedgerCopy ledger() const;

    /// After a run of quiet days: `stored` has each of `told` exactly once; open, or corrected
    /// where the money was taken in. `by_itself`: transactions whose own jobs may have found the
    /// money before the run came to it. Whatever else is stored was true when it was found, and is
    /// corrected.
    void check_found(
        const std::vector<TrueDifference>& told, const std::vector<domain::Difference>& stored,
        const std::set<domain::TransactionId>& by_itself) const;
    /// What is open is what differs.
    void check_open(
        const std::vector<TrueDifference>& truth,
        const std::vector<domain::Difference>& stored) const;
    /// Nothing changed but through money that was missing and has been taken in, at gateways, and
    /// `late`: debits of ended purchases.
    void check_ledger(const LedgerCopy& before, const std::set<domain::TransactionId>& late) const;
    /// The sums of a day: of the books, and of where the ledger says that the money is.
    void check_figures(
        const ports::Comparison& comparison, const std::vector<domain::Difference>& open) const;

private:
    using Truth = std::vector<TrueDifference>;

    void list_truth(
        const domain::LocalDay& day, const domain::PaymentAccount& account, Truth& truth) const;
    void order_truth(
        const domain::LocalDay& day, const domain::PaymentAccount& account, Truth& truth) const;
    void refund_truth(
        const domain::LocalDay& day, const domain::PaymentAccount& account, Truth& truth) const;
    void debit_truth(const domain::LocalDay& day, Truth& truth) const;
    void debit_truth(const domain::Transaction& debit, TrueDifference about, Truth& truth) const;
    [[nodiscard]] bool has_refund(
        const domain::Payment& payment, const domain::Transaction& order) const;
    [[nodiscard]] bool was_true(const domain::Difference& found) const;
    [[nodiscard]] const GatewayModel::Movement* in_book(const std::string& gateway_id) const;
    [[nodiscard]] domain::DayFigures figures_of(const ports::Comparison& comparison) const;
    void check_book(
        const ports::Comparison& comparison, const std::vector<domain::Difference>& open) const;

    const Auditor& auditor_;
    const GatewaySite& gateways_;
    const PcSite& pc_;
    const domain::Catalog& catalog_;
    Broke broke_;
};

} // namespace iwas::sim
