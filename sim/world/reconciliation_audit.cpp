#include "sim/world/reconciliation_audit.hpp"

#include "sim/world/cafe.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim {

using domain::Difference;
using domain::DifferenceKind;
using domain::DifferenceState;
using domain::LocalDay;
using domain::OtherSide;
using domain::Payment;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;

namespace {

bool is_of(const LocalDay& day, UtcTime time)
{
    return time >= day.from && time < day.to;
}

bool is_from_staff(const Payment& payment)
{
    return payment.gateway_id.starts_with(domain::attached_payment_prefix);
}

bool is_open(const Transaction& txn)
{
    return txn.state == TransactionState::created || txn.state == TransactionState::pending;
}

bool goes_back(const Transaction& txn)
{
    return txn.state == TransactionState::refunding || txn.state == TransactionState::refunded;
}

bool is_charged(const Transaction& txn)
{
    const bool is_paid = txn.state == TransactionState::success || goes_back(txn);
    return is_paid && !txn.charge_id.empty();
}

std::string text_of(const TrueDifference& difference)
{
    return fmt::format(
        "{} {} at {} on {}, ours {}, theirs {}", to_text(difference.kind), difference.reference,
        difference.subject.name, difference.day, difference.ours.vnd(), difference.theirs.vnd());
}

TrueDifference true_of(const Difference& stored)
{
    return {
        .day = stored.day,
        .subject = stored.subject,
        .kind = stored.kind,
        .reference = stored.reference,
        .ours = stored.ours_amount,
        .theirs = stored.theirs_amount};
}

bool is_same_row(const Transaction& a, const Transaction& b)
{
    return a.state == b.state && a.reason == b.reason && a.amount == b.amount &&
           a.credit_used == b.credit_used && a.refunded == b.refunded && a.fee == b.fee &&
           a.charge_id == b.charge_id && a.refund_id == b.refund_id &&
           a.gateway_refund_id == b.gateway_refund_id && a.origin == b.origin &&
           a.is_refund_queued == b.is_refund_queued && a.session == b.session &&
           a.updated_at == b.updated_at;
}

} // namespace

const GatewayModel::Movement* ReconciliationAudit::in_book(const std::string& gateway_id) const
{
    const auto found = gateways_.model.movements().find(gateway_id);
    const bool is_there = found != gateways_.model.movements().end() && !found->second.is_reversed;
    return is_there ? &found->second : nullptr;
}

std::vector<TrueDifference> ReconciliationAudit::truth(const LocalDay& day) const
{
    Truth truth;
    for (const auto& [id, account] : catalog_.payment_accounts) {
        if (gateways_.model.without_list.contains(id))
            order_truth(day, account, truth);
        else
            list_truth(day, account, truth);
        refund_truth(day, account, truth);
    }
    if (pc_.abilities.finds_charges) debit_truth(day, truth);
    std::ranges::sort(truth);
    return truth;
}

void ReconciliationAudit::list_truth(
    const LocalDay& day, const domain::PaymentAccount& account, Truth& truth) const
{
    TrueDifference about{
        .day = domain::to_text(day.date), .subject = {OtherSide::gateway, account.id.text()}};
    std::optional<UtcTime> first_order;
    for (const auto& [id, txn] : auditor_.transactions())
        if (txn.payment_account == account.id)
            first_order = std::min(first_order.value_or(txn.created_at), txn.created_at);
    const auto& recorded = auditor_.money().recorded();
    for (const auto& [id, movement] : gateways_.model.movements()) {
        const ports::ReceivedMoney& money = movement.listed.money;
        const bool is_listed = movement.account == account.id && !movement.is_reversed;
        if (!is_listed || !is_of(day, money.paid_at)) continue;
        const auto ours = recorded.find(id);
        about.reference = id;
        about.theirs = money.amount;
        about.ours = ours == recorded.end() ? Money{} : ours->second.amount;
        about.kind =
            ours == recorded.end() ? DifferenceKind::missing_here : DifferenceKind::amount_differs;
        const bool is_ours =
            ours != recorded.end() || (first_order && *first_order <= money.paid_at);
        if (is_ours && about.ours != about.theirs) truth.push_back(about);
    }
    about.kind = DifferenceKind::missing_there;
    about.theirs = Money{};
    for (const auto& [id, payment] : recorded) {
        if (payment.account != account.id || is_from_staff(payment)) continue;
        if (!is_of(day, payment.paid_at) || in_book(id)) continue;
        about.reference = id;
        about.ours = payment.amount;
        truth.push_back(about);
    }
}

bool ReconciliationAudit::has_refund(const Payment& payment, const Transaction& order) const
{
    return goes_back(order) || std::ranges::any_of(auditor_.transactions(), [&](const auto& each) {
               const Transaction& other = each.second;
               const bool holds_it = other.charge_id == payment.gateway_id ||
                                     other.reason == TransactionReason::partial_payment;
               return other.origin == order.id && holds_it && goes_back(other);
           });
}

void ReconciliationAudit::order_truth(
    const LocalDay& day, const domain::PaymentAccount& account, Truth& truth) const
{
    TrueDifference about{
        .day = domain::to_text(day.date), .subject = {OtherSide::gateway, account.id.text()}};
    const auto& transactions = auditor_.transactions();
    const auto& recorded = auditor_.money().recorded();
    for (const auto& [id, order] : transactions) {
        if (order.payment_account != account.id || order.order_id.empty() || is_open(order))
            continue;
        const bool is_paid_then = std::ranges::any_of(recorded, [&](const auto& each) {
            const auto holder = transactions.find(each.second.transaction);
            const bool is_its = holder != transactions.end() && (holder->second.id == order.id ||
                                                                 holder->second.origin == order.id);
            return is_its && is_of(day, each.second.paid_at);
        });
        if (!is_of(day, order.created_at) && !is_paid_then) continue;

        std::set<std::string> received;
        const auto there = gateways_.model.orders().find(order.order_id);
        if (there != gateways_.model.orders().end())
            for (const ports::ReceivedMoney& money : there->second.received) {
                received.insert(money.gateway_id);
                const auto ours = recorded.find(money.gateway_id);
                about.kind = ours == recorded.end() ? DifferenceKind::missing_here
                                                    : DifferenceKind::amount_differs;
                about.reference = money.gateway_id;
                about.ours = ours == recorded.end() ? Money{} : ours->second.amount;
                about.theirs = money.amount;
                if (about.ours != about.theirs) truth.push_back(about);
            }
        about.kind = DifferenceKind::missing_there;
        about.theirs = Money{};
        for (const auto& [name, payment] : recorded) {
            if (payment.transaction != order.id || is_from_staff(payment)) continue;
            if (received.contains(name) || has_refund(payment, order)) continue;
            about.reference = name;
            about.ours = payment.amount;
            truth.push_back(about);
        }
    }
}

void ReconciliationAudit::refund_truth(
    const LocalDay& day, const domain::PaymentAccount& account, Truth& truth) const
{
    const bool has_list = !gateways_.model.without_list.contains(account.id);
    for (const auto& [id, refund] : auditor_.transactions()) {
        if (refund.payment_account != account.id || refund.gateway_refund_id.empty()) continue;
        const bool is_done_here = refund.state == TransactionState::refunded;
        const bool is_asked_for =
            is_done_here ? is_of(day, refund.updated_at)
                         : refund.is_refund_queued && !has_list && is_of(day, refund.created_at);
        if (!goes_back(refund) || !is_asked_for) continue;
        const auto there = gateways_.model.refunds().find(refund.gateway_refund_id);
        const bool is_done_there = there != gateways_.model.refunds().end() &&
                                   there->second.state == ports::RefundState::done;
        // Of what a person settled, the refund that was made all the same is one too many.
        const bool is_by_people = is_done_here && domain::is_settled_by_people(refund);
        if (is_by_people ? !is_done_there : is_done_here == is_done_there) continue;
        truth.push_back(
            {.day = domain::to_text(day.date),
             .subject = {OtherSide::gateway, account.id.text()},
             .kind = DifferenceKind::refund_differs,
             .reference = is_by_people ? to_string(refund.id) : refund.gateway_refund_id,
             .ours = domain::due_of(refund),
             .theirs = is_done_there ? domain::due_of(refund) : Money{}});
    }
}

void ReconciliationAudit::debit_truth(const LocalDay& day, Truth& truth) const
{
    for (const auto& [id, debit] : auditor_.transactions()) {
        const bool is_debit = debit.method == domain::PaymentMethod::pc_balance && !debit.origin &&
                              domain::due_of(debit) > Money{};
        if (!is_debit || !is_of(day, debit.created_at)) continue;
        debit_truth(
            debit,
            {.day = domain::to_text(day.date),
             .subject = {OtherSide::pc_system, cafe_location.text()},
             .reference = domain::charge_reference(id)},
            truth);
    }
}

void ReconciliationAudit::debit_truth(
    const Transaction& debit, TrueDifference about, Truth& truth) const
{
    const auto charges = pc_.model.charges_of(about.reference);
    const PcChargeRow* charge = charges.empty() ? nullptr : charges.front();
    const Money due = domain::due_of(debit);
    about.ours = due;
    if (!charge) {
        about.kind = DifferenceKind::missing_there;
        if (is_charged(debit)) truth.push_back(about);
        return;
    }
    about.theirs = Money{charge->amount};
    if (debit.state == TransactionState::failed || debit.state == TransactionState::expired) {
        about.kind = DifferenceKind::missing_here;
        about.ours = Money{};
        if (charge->refunded_total() < charge->amount) truth.push_back(about);
        return;
    }
    const bool waits = debit.is_refund_queued && debit.reason == TransactionReason::amount_mismatch;
    if (!is_charged(debit) || waits) return;
    if (about.theirs != about.ours) {
        about.kind = DifferenceKind::amount_differs;
        truth.push_back(about);
        return;
    }
    Money returned = debit.state == TransactionState::refunded ? due : Money{};
    bool is_under_way = debit.state == TransactionState::refunding;
    for (const auto& [id, part] : auditor_.transactions()) {
        if (part.origin != debit.id) continue;
        const bool is_by_hand = part.refund_id.starts_with(domain::by_hand_refund_prefix) ||
                                part.refund_id.starts_with(domain::dismissed_refund_prefix);
        if (debit.state == TransactionState::success && part.state == TransactionState::refunded &&
            !is_by_hand)
            returned += domain::due_of(part);
        is_under_way = is_under_way || part.state == TransactionState::refunding;
    }
    const bool is_by_hand = debit.refund_id.starts_with(domain::by_hand_refund_prefix) ||
                            debit.refund_id.starts_with(domain::dismissed_refund_prefix);
    about.kind = DifferenceKind::refund_differs;
    about.ours = returned;
    about.theirs = Money{charge->refunded_total()};
    if (!is_under_way && !is_by_hand && about.ours != about.theirs) truth.push_back(about);
}

LedgerCopy ReconciliationAudit::ledger() const
{
    LedgerCopy copy{.transactions = auditor_.transactions(), .payments = {}};
    for (const auto& [id, payment] : auditor_.money().recorded())
        copy.payments.insert(id);
    return copy;
}

void ReconciliationAudit::check_found(
    const std::vector<TrueDifference>& told, const std::vector<Difference>& stored,
    const std::set<domain::TransactionId>& by_itself) const
{
    std::map<TrueDifference, int> times;
    for (const Difference& each : stored)
        ++times[true_of(each)];
    for (const TrueDifference& wanted : told) {
        const auto found = times.find(wanted);
        if (found == times.end()) {
            // Its purchase looked for the money at the same moment, and was faster.
            const auto payment = auditor_.money().recorded().find(wanted.reference);
            bool may_lack = false;
            for (const auto& [id, txn] : auditor_.transactions()) {
                const bool is_its =
                    domain::charge_reference(id) == wanted.reference ||
                    (payment != auditor_.money().recorded().end() &&
                     (payment->second.transaction == id ||
                      auditor_.transactions().at(payment->second.transaction).origin == id));
                may_lack = may_lack || (is_its && by_itself.contains(id));
            }
            if (wanted.kind != DifferenceKind::missing_here || !may_lack)
                broke_("reconciling did not find: " + text_of(wanted));
        } else if (found->second != 1) {
            broke_("reconciling told it twice: " + text_of(wanted));
        }
    }
    for (const Difference& each : stored) {
        const bool is_told = std::ranges::count(told, true_of(each)) > 0;
        const bool is_mended = each.kind == DifferenceKind::missing_here;
        const auto wanted =
            is_told && !is_mended ? DifferenceState::open : DifferenceState::corrected;
        if (each.state != wanted)
            broke_(fmt::format(
                "reconciling left it {}: {}", to_text(each.state), text_of(true_of(each))));
        if (!is_told && !was_true(each))
            broke_("reconciling tells what is not so: " + text_of(true_of(each)));
    }
}

/// Of what a run found while everything was in motion.
bool ReconciliationAudit::was_true(const Difference& found) const
{
    // The question came before, and the store may take its time.
    constexpr Seconds tolerance{10};
    const auto payment = auditor_.money().recorded().find(found.reference);
    const bool is_recorded = payment != auditor_.money().recorded().end();
    const auto movement = gateways_.model.movements().find(found.reference);
    const bool is_taken_back =
        movement != gateways_.model.movements().end() && movement->second.is_reversed;
    const auto order = gateways_.model.orders().find(found.reference);
    switch (found.kind) {
    case DifferenceKind::missing_here:
        if (found.subject.side == OtherSide::pc_system)
            return !pc_.model.charges_of(found.reference).empty();
        return is_recorded && payment->second.recorded_at + tolerance >= found.found_at;
    case DifferenceKind::missing_there: return is_taken_back;
    case DifferenceKind::state_differs:
        return order != gateways_.model.orders().end() && order->second.is_refused;
    case DifferenceKind::amount_differs:
        // Taken back since, and with it the amount that was not the one that had been told.
        return is_recorded && payment->second.amount == found.ours_amount && is_taken_back &&
               movement->second.listed.money.amount == found.theirs_amount;
    case DifferenceKind::refund_differs:
    case DifferenceKind::not_accounted: return false;
    }
    return false;
}

void ReconciliationAudit::check_open(
    const std::vector<TrueDifference>& truth, const std::vector<Difference>& stored) const
{
    std::vector<TrueDifference> open;
    for (const Difference& each : stored)
        if (each.state == DifferenceState::open) open.push_back(true_of(each));
    std::ranges::sort(open);
    for (const TrueDifference& each : truth)
        if (!std::ranges::binary_search(open, each))
            broke_("it differs and is not open: " + text_of(each));
    for (const TrueDifference& each : open)
        if (!std::ranges::binary_search(truth, each))
            broke_("it is open and does not differ: " + text_of(each));
}

void ReconciliationAudit::check_ledger(
    const LedgerCopy& before, const std::set<domain::TransactionId>& late) const
{
    const auto& now = auditor_.transactions();
    std::set<domain::TransactionId> touched = late;
    for (const auto& [id, payment] : auditor_.money().recorded()) {
        if (before.payments.contains(id)) continue;
        touched.insert(payment.transaction);
        const auto holder = now.find(payment.transaction);
        if (holder != now.end() && holder->second.origin) touched.insert(*holder->second.origin);
    }
    for (const auto& [id, txn] : before.transactions) {
        const auto after = now.find(id);
        if (after == now.end())
            broke_("reconciling lost " + auditor_.money().story_of(txn));
        else if (!touched.contains(id) && !is_same_row(txn, after->second))
            broke_("reconciling changed " + auditor_.money().story_of(after->second));
    }
    for (const auto& [id, txn] : now) {
        if (before.transactions.contains(id) || touched.contains(id)) continue;
        if (!txn.origin || !touched.contains(*txn.origin))
            broke_("reconciling made " + auditor_.money().story_of(txn));
    }
}

} // namespace iwas::sim
