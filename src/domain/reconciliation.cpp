#include "domain/reconciliation.hpp"

#include "domain/enum_text.hpp"

#include <algorithm>
#include <vector>

namespace iwas::domain {

namespace {

constexpr EnumText sides{std::to_array<std::pair<OtherSide, std::string_view>>({
    {OtherSide::gateway, "gateway"},
    {OtherSide::pc_system, "pc_system"},
})};
constexpr EnumText kinds{std::to_array<std::pair<DifferenceKind, std::string_view>>({
    {DifferenceKind::missing_here, "missing_here"},
    {DifferenceKind::missing_there, "missing_there"},
    {DifferenceKind::amount_differs, "amount_differs"},
    {DifferenceKind::state_differs, "state_differs"},
    {DifferenceKind::refund_differs, "refund_differs"},
    {DifferenceKind::not_accounted, "not_accounted"},
})};
constexpr EnumText states{std::to_array<std::pair<DifferenceState, std::string_view>>({
    {DifferenceState::open, "open"},
    {DifferenceState::explained, "explained"},
    {DifferenceState::corrected, "corrected"},
    {DifferenceState::dismissed, "dismissed"},
})};
constexpr EnumText outcomes{std::to_array<std::pair<ComparisonOutcome, std::string_view>>({
    {ComparisonOutcome::complete, "complete"},
    {ComparisonOutcome::incomplete, "incomplete"},
    {ComparisonOutcome::not_comparable, "not_comparable"},
})};
constexpr EnumText day_outcomes{std::to_array<std::pair<DayOutcome, std::string_view>>({
    {DayOutcome::agrees, "agrees"},
    {DayOutcome::differs, "differs"},
    {DayOutcome::not_compared, "not_compared"},
})};

using Place = Money DayFigures::*;

/// Where money is that has come in for `txn`.
Place place_of(const Transaction& txn)
{
    switch (txn.state) {
    case TransactionState::created:
    case TransactionState::pending: return &DayFigures::waiting;
    case TransactionState::success: return &DayFigures::granted;
    case TransactionState::refunding:
        return txn.is_refund_queued ? &DayFigures::queued : &DayFigures::under_way;
    case TransactionState::refunded:
        if (txn.refund_id == credit_refund) return &DayFigures::kept_as_credit;
        if (txn.refund_id.starts_with(attached_refund_prefix)) return &DayFigures::attached_out;
        if (txn.refund_id.starts_with(dismissed_refund_prefix)) return &DayFigures::dismissed;
        return &DayFigures::returned;
    case TransactionState::failed:
    case TransactionState::expired: return &DayFigures::unaccounted;
    }
    return &DayFigures::unaccounted;
}

struct Share {
    Place place = nullptr;
    Money amount;
};

/// Whose money is a part of `order`'s payments.
std::vector<const Transaction*> sharing(
    std::span<const Payment> payments, std::span<const Transaction> others)
{
    std::vector<const Transaction*> found;
    for (const Transaction& other : others)
        if (std::ranges::any_of(
                payments, [&](const Payment& p) { return p.gateway_id == other.charge_id; }))
            found.push_back(&other);
    return found;
}

/// `total` parted among the transactions that hold it, the order's own share first.
std::vector<Share> shares_of(
    const Transaction& order, Money total, const std::vector<const Transaction*>& others)
{
    Money given_away;
    Money given_by_staff;
    for (const Transaction* other : others) {
        given_away += due_of(*other);
        if (other->reason == TransactionReason::staff_refund) given_by_staff += due_of(*other);
    }
    const bool is_charged = order.state == TransactionState::success ||
                            order.state == TransactionState::refunding ||
                            order.state == TransactionState::refunded;
    const Money own = is_charged ? due_of(order) - given_by_staff : total - given_away;
    std::vector<Share> shares{{place_of(order), std::max(Money{}, own)}};
    for (const Transaction* other : others)
        shares.push_back({place_of(*other), due_of(*other)});
    return shares;
}

} // namespace

bool is_settled_by_people(const Transaction& refund)
{
    return refund.refund_id == credit_refund ||
           refund.refund_id.starts_with(attached_refund_prefix) ||
           refund.refund_id.starts_with(dismissed_refund_prefix) ||
           refund.refund_id.starts_with(by_hand_refund_prefix);
}

bool may_follow(DifferenceState from, DifferenceState to)
{
    switch (from) {
    case DifferenceState::open: return to != DifferenceState::open;
    case DifferenceState::corrected: return to == DifferenceState::open;
    case DifferenceState::explained:
    case DifferenceState::dismissed: return false;
    }
    return false;
}

void add_payments(
    DayFigures& figures, const Transaction& order, std::span<const Payment> payments,
    std::span<const Transaction> others, UtcTime from, UtcTime to)
{
    Money total;
    for (const Payment& each : payments)
        total += each.amount;
    const std::vector<Share> shares = shares_of(order, total, sharing(payments, others));

    // Payments and shares laid end to end on one line: what lies side by side belongs together.
    Money payment_begin;
    for (const Payment& payment : payments) {
        const Money payment_end = payment_begin + payment.amount;
        if (payment.paid_at >= from && payment.paid_at < to) {
            const bool is_attached = payment.gateway_id.starts_with(attached_payment_prefix);
            (is_attached ? figures.attached_in : figures.received) += payment.amount;
            if (!is_attached) ++figures.payments;
            Money left = payment.amount;
            Money share_begin;
            for (const Share& share : shares) {
                const Money share_end = share_begin + share.amount;
                const Money common =
                    std::min(payment_end, share_end) - std::max(payment_begin, share_begin);
                share_begin = share_end;
                if (common <= Money{}) continue;
                figures.*share.place += common;
                left -= common;
            }
            figures.unaccounted += left;
            // An order has one fee, however many payments: it goes with the one that settled it.
            if (order.state == TransactionState::success && payment.gateway_id == order.charge_id)
                figures.fees += order.fee;
        }
        payment_begin = payment_end;
    }
}

void add_debit(DayFigures& figures, const Transaction& debit, std::span<const Transaction> parts)
{
    const bool is_charged = debit.state == TransactionState::success ||
                            debit.state == TransactionState::refunding ||
                            debit.state == TransactionState::refunded;
    if (!is_charged || due_of(debit) == Money{}) return;
    ++figures.payments;
    figures.received += due_of(debit);
    Money own = due_of(debit);
    for (const Transaction& part : parts) {
        if (part.reason != TransactionReason::staff_refund) continue;
        figures.*place_of(part) += due_of(part);
        own -= due_of(part);
    }
    figures.*place_of(debit) += own;
}

DayFigures operator+(DayFigures a, const DayFigures& b)
{
    a.payments += b.payments;
    a.refunds += b.refunds;
    for (const auto& [name, amount] : day_amounts)
        a.*amount += b.*amount;
    return a;
}

std::vector<ReconciliationSubject> expected_on(
    std::string_view day, std::string_view last_day, std::vector<ReconciliationSubject> subjects,
    std::span<const FirstComparison> first)
{
    std::erase_if(subjects, [&](const ReconciliationSubject& subject) {
        const auto known = std::ranges::find(first, subject, &FirstComparison::subject);
        return day < (known == first.end() ? last_day : std::string_view{known->day});
    });
    return subjects;
}

DayOutcome outcome_of(
    std::span<const Comparison> comparisons, std::span<const ReconciliationSubject> expected,
    std::int64_t open_differences)
{
    if (open_differences > 0 || sum_of(comparisons).unaccounted != Money{})
        return DayOutcome::differs;
    const auto is_compared = [&](const ReconciliationSubject& subject) {
        return std::ranges::count(comparisons, subject, &Comparison::subject) > 0;
    };
    const bool is_all = !comparisons.empty() && std::ranges::all_of(expected, is_compared) &&
                        std::ranges::all_of(comparisons, [](const Comparison& each) {
                            return each.outcome == ComparisonOutcome::complete;
                        });
    return is_all ? DayOutcome::agrees : DayOutcome::not_compared;
}

DayFigures sum_of(std::span<const Comparison> comparisons)
{
    DayFigures sum;
    for (const Comparison& each : comparisons)
        sum = sum + each.figures;
    return sum;
}

std::string_view to_text(OtherSide side)
{
    return sides.text_of(side);
}
std::string_view to_text(DifferenceKind kind)
{
    return kinds.text_of(kind);
}
std::string_view to_text(DifferenceState state)
{
    return states.text_of(state);
}
std::string_view to_text(ComparisonOutcome outcome)
{
    return outcomes.text_of(outcome);
}
std::string_view to_text(DayOutcome outcome)
{
    return day_outcomes.text_of(outcome);
}
std::optional<OtherSide> other_side_from(std::string_view text)
{
    return sides.value_of(text);
}
std::optional<DifferenceKind> difference_kind_from(std::string_view text)
{
    return kinds.value_of(text);
}
std::optional<DifferenceState> difference_state_from(std::string_view text)
{
    return states.value_of(text);
}
std::optional<ComparisonOutcome> comparison_outcome_from(std::string_view text)
{
    return outcomes.value_of(text);
}

} // namespace iwas::domain
