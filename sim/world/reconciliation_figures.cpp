// The sums half of ReconciliationAudit.
#include "sim/world/reconciliation_audit.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim {

using domain::DayFigures;
using domain::OtherSide;
using domain::TransactionState;

namespace {

std::string told(const DayFigures& figures)
{
    return fmt::format(
        "{} payments, received {} + attached {} = granted {} + returned {} + credit {} + queued {} "
        "+ under way {} + waiting {} + attached out {} + dismissed {} + lost {}, fees {}, {} "
        "refunds of {}",
        figures.payments, figures.received.vnd(), figures.attached_in.vnd(), figures.granted.vnd(),
        figures.returned.vnd(), figures.kept_as_credit.vnd(), figures.queued.vnd(),
        figures.under_way.vnd(), figures.waiting.vnd(), figures.attached_out.vnd(),
        figures.dismissed.vnd(), figures.unaccounted.vnd(), figures.fees.vnd(), figures.refunds,
        figures.refunded.vnd());
}

bool is_of(const ports::Comparison& day, UtcTime time)
{
    return time >= day.from && time < day.to;
}

bool came_from_staff(const domain::Payment& payment)
{
    return payment.gateway_id.starts_with(domain::attached_payment_prefix);
}

/// Whether money went back to the payer, of what is refunded.
bool went_back(const domain::Transaction& txn)
{
    const std::string& id = txn.refund_id;
    return id != domain::credit_refund && !id.starts_with(domain::attached_refund_prefix) &&
           !id.starts_with(domain::dismissed_refund_prefix);
}

/// Where the money of a quiet transaction is.
Money& place_of(const domain::Transaction& txn, DayFigures& figures)
{
    if (txn.state == TransactionState::success) return figures.granted;
    if (txn.state == TransactionState::refunding)
        return txn.is_refund_queued ? figures.queued : figures.under_way;
    const std::string& id = txn.refund_id;
    if (id == domain::credit_refund) return figures.kept_as_credit;
    if (id.starts_with(domain::attached_refund_prefix)) return figures.attached_out;
    if (id.starts_with(domain::dismissed_refund_prefix)) return figures.dismissed;
    return figures.returned;
}

bool is_of_subject(const domain::Transaction& txn, const domain::ReconciliationSubject& subject)
{
    return subject.side == OtherSide::gateway ? txn.payment_account.text() == subject.name
                                              : txn.method == domain::PaymentMethod::pc_balance;
}

/// Whether it has, or had, money that came in.
bool has_money(const domain::Transaction& txn)
{
    return txn.state == TransactionState::success || txn.state == TransactionState::refunding ||
           txn.state == TransactionState::refunded;
}

} // namespace

/// All money of a world comes in on one day: then its places are those of all transactions.
DayFigures ReconciliationAudit::figures_of(const ports::Comparison& comparison) const
{
    const domain::ReconciliationSubject& subject = comparison.subject;
    DayFigures figures;
    if (subject.side == OtherSide::gateway)
        for (const auto& [id, payment] : auditor_.money().recorded()) {
            if (payment.account.text() != subject.name || !is_of(comparison, payment.paid_at))
                continue;
            (came_from_staff(payment) ? figures.attached_in : figures.received) += payment.amount;
            if (!came_from_staff(payment)) ++figures.payments;
        }
    for (const auto& [id, txn] : auditor_.transactions()) {
        if (!is_of_subject(txn, subject) || !has_money(txn)) continue;
        const Money due = domain::due_of(txn);
        const bool is_debit = subject.side == OtherSide::pc_system;
        if (is_debit && !txn.origin && due > Money{} && is_of(comparison, txn.created_at)) {
            ++figures.payments;
            figures.received += due;
        }
        // Parts that staff gave back are transactions of their own.
        place_of(txn, figures) += due - txn.refunded;
        if (txn.state == TransactionState::success && !is_debit && due > Money{})
            figures.fees += txn.fee;
        const bool is_back = txn.state == TransactionState::refunded && went_back(txn);
        if (!is_back || !is_of(comparison, txn.updated_at)) continue;
        ++figures.refunds;
        figures.refunded += due;
    }
    if (figures.received + figures.attached_in > Money{}) return figures;
    // Another day than that one: only what went back can be of it.
    return {.refunds = figures.refunds, .refunded = figures.refunded};
}

void ReconciliationAudit::check_figures(
    const ports::Comparison& comparison, const std::vector<domain::Difference>& open) const
{
    const DayFigures& has = comparison.figures;
    const DayFigures wanted = figures_of(comparison);
    const std::string& name = comparison.subject.name;
    if (has != wanted)
        broke_(fmt::format(
            "the figures of {} on {}: {}; it is: {}", name, comparison.day, told(has),
            told(wanted)));
    const Money placed = has.granted + has.returned + has.kept_as_credit + has.queued +
                         has.under_way + has.waiting + has.attached_out + has.dismissed;
    if (has.received + has.attached_in != placed || has.unaccounted != Money{})
        broke_(
            fmt::format("money without a place at {} on {}: {}", name, comparison.day, told(has)));
    if (comparison.subject.side == OtherSide::gateway) check_book(comparison, open);
}

/// What the gateway's book says = what the report says, and the differences that stand beside it.
void ReconciliationAudit::check_book(
    const ports::Comparison& comparison, const std::vector<domain::Difference>& open) const
{
    Money book;
    for (const auto& [id, movement] : gateways_.model.movements())
        if (movement.account.text() == comparison.subject.name && !movement.is_reversed &&
            is_of(comparison, movement.listed.money.paid_at))
            book += movement.listed.money.amount;
    Money explained = comparison.figures.received;
    std::set<std::string> told_of;
    for (const domain::Difference& each : open) {
        const bool is_its = each.subject == comparison.subject && each.day == comparison.day &&
                            each.state == domain::DifferenceState::open &&
                            each.kind != domain::DifferenceKind::refund_differs;
        if (!is_its) continue;
        explained += each.theirs_amount - each.ours_amount;
        told_of.insert(each.reference);
    }
    // Gateways without a list say nothing of some payments; see the class.
    const auto account = domain::PaymentAccountId::trusted(comparison.subject.name);
    if (gateways_.model.without_list.contains(account))
        for (const auto& [id, payment] : auditor_.money().recorded()) {
            if (payment.account != account || came_from_staff(payment) ||
                !is_of(comparison, payment.paid_at) || told_of.contains(id))
                continue;
            const GatewayModel::Movement* movement = in_book(id);
            if (!movement) explained -= payment.amount;
            if (movement && movement->listed.order_id.empty())
                explained += movement->listed.money.amount - payment.amount;
        }
    if (book != explained)
        broke_(fmt::format(
            "the book of {} has {} on {}, the report and its differences {}",
            comparison.subject.name, book.vnd(), comparison.day, explained.vnd()));
}

} // namespace iwas::sim
