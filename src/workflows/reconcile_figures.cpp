// Where the money of the day is, counted from the ledger itself.
#include "workflows/reconcile.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::Difference;
using domain::DifferenceKind;
using domain::Transaction;

namespace {

/// Whether money really went back to the payer.
bool went_back(const Transaction& refund)
{
    return refund.refund_id != domain::credit_refund &&
           !refund.refund_id.starts_with(domain::attached_refund_prefix) &&
           !refund.refund_id.starts_with(domain::dismissed_refund_prefix);
}

} // namespace

awaitable<void> Reconcile::count_money(Work& work)
{
    const bool is_gateway = work.comparison.subject.side == domain::OtherSide::gateway;
    if (is_gateway)
        co_await count_payments(work);
    else
        co_await count_debits(work);

    const auto refunds = co_await outside_.store.refunds_between(
        work.comparison.subject, work.day.from, work.day.to, limits_.rows_max);
    if (!refunds) {
        work.is_stored = false;
        co_return;
    }
    for (const Transaction& refund : *refunds) {
        if (!went_back(refund)) continue;
        ++work.comparison.figures.refunds;
        work.comparison.figures.refunded += due_of(refund);
    }
}

awaitable<void> Reconcile::count_payments(Work& work)
{
    const auto account = domain::PaymentAccountId::trusted(work.comparison.subject.name);
    const auto payments = co_await outside_.store.payments_between(
        account, work.day.from, work.day.to, limits_.rows_max);
    if (!payments) {
        work.is_stored = false;
        co_return;
    }
    std::set<domain::TransactionId> counted;
    for (const domain::Payment& payment : *payments) {
        if (!counted.insert(payment.transaction).second) continue;
        const auto order = co_await outside_.store.load_transaction(payment.transaction);
        const auto all = co_await outside_.store.payments_of(payment.transaction);
        const auto others = co_await outside_.store.transactions_from(payment.transaction);
        if (!order || !all || !others) {
            work.is_stored = false;
            co_return;
        }
        Transaction nobody;
        nobody.state = domain::TransactionState::failed;
        domain::DayFigures figures;
        domain::add_payments(
            figures, order->value_or(nobody), *all, *others, work.day.from, work.day.to);
        work.comparison.figures = work.comparison.figures + figures;
        if (figures.unaccounted == Money{}) continue;
        Difference lost{
            .kind = DifferenceKind::not_accounted,
            .reference = to_string(payment.transaction),
            .transaction = payment.transaction,
            .ours_amount = figures.received + figures.attached_in - figures.unaccounted,
            .ours = *order ? std::string{to_text((*order)->state)} : std::string{"no row"},
            .theirs_amount = figures.received + figures.attached_in,
            .theirs = "paid"};
        (void)co_await note(work, std::move(lost), "money came in and the ledger does not hold it");
    }
}

awaitable<void> Reconcile::count_debits(Work& work)
{
    const auto location = domain::LocationId::trusted(work.comparison.subject.name);
    const std::vector<Transaction> debits = co_await transactions_of_day(
        work, {.location = location, .method = domain::PaymentMethod::pc_balance});
    for (const Transaction& debit : debits) {
        if (debit.origin) continue;
        std::vector<Transaction> parts;
        if (debit.refunded > Money{}) {
            auto found = co_await outside_.store.transactions_from(debit.id);
            if (!found) {
                work.is_stored = false;
                co_return;
            }
            parts = std::move(*found);
        }
        domain::add_debit(work.comparison.figures, debit, parts);
    }
}

} // namespace iwas::workflows
