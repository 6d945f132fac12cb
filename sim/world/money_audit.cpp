#include "sim/world/money_audit.hpp"

#include "domain/received_money.hpp"
#include "domain/reconciliation.hpp"

#include <fmt/format.h>

namespace iwas::sim {

using domain::Transaction;
using domain::TransactionId;
using domain::TransactionReason;
using domain::TransactionState;

namespace {

/// Whether the money of a new transaction was part of what its origin held.
bool is_split_off(const Transaction& txn)
{
    return txn.origin && (txn.reason == TransactionReason::surplus_payment ||
                          txn.reason == TransactionReason::partial_payment ||
                          txn.reason == TransactionReason::staff_refund);
}

/// Of what staff gave to an order: the transaction that had held it.
std::optional<TransactionId> taken_from(const domain::Payment& payment)
{
    const std::string_view name = payment.gateway_id;
    if (!name.starts_with(domain::attached_payment_prefix)) return std::nullopt;
    return TransactionId::parse(name.substr(domain::attached_payment_prefix.size()));
}

bool is_dismissed(const Transaction& txn)
{
    return txn.refund_id.starts_with(domain::dismissed_refund_prefix);
}
bool is_attached(const Transaction& txn)
{
    return txn.refund_id.starts_with(domain::attached_refund_prefix);
}
bool is_by_hand(const Transaction& txn)
{
    return txn.refund_id.starts_with(domain::by_hand_refund_prefix);
}

Money of(const auto& sums, const auto& id)
{
    const auto found = sums.find(id);
    return found == sums.end() ? Money{} : found->second;
}

} // namespace

std::string MoneyAudit::reference_by_hand(const Transaction& txn)
{
    return txn.refund_id.substr(domain::by_hand_refund_prefix.size());
}

void MoneyAudit::opened(const Transaction& txn)
{
    if (txn.credit_used == Money{}) return;
    spent_[txn.id] += txn.credit_used;
    credit_[txn.account] -= txn.credit_used;
    if (credit_[txn.account] < Money{})
        broke_("more credit spent than there was: " + story_of(txn));
}

void MoneyAudit::keep_payment(const domain::Payment& payment)
{
    const auto [found, is_new] = payments_.try_emplace(payment.gateway_id, payment);
    if (!is_new) broke_("a payment was recorded twice: " + payment.gateway_id);
    held_[payment.transaction] += payment.amount;
    if (const auto holder = taken_from(payment)) held_[*holder] -= payment.amount;
}

void MoneyAudit::count_grant(const ports::Step& step)
{
    const Transaction& txn = *step.transaction;
    if (step.session && !txn.is_extension && txn.state == TransactionState::success)
        sessions_[txn.id].insert(step.session->id);
    if (sessions_[txn.id].size() > 1) broke_("two sessions for one order: " + story_of(txn));
    const auto before = transactions_.find(txn.id);
    const bool was_paid =
        before != transactions_.end() && before->second.state == TransactionState::success;
    if (txn.state != TransactionState::success || was_paid) return;
    if (++grants_[txn.id] > 1) broke_("granted twice: " + story_of(txn));
}

void MoneyAudit::committed(const ports::Step& step)
{
    for (const domain::Payment& payment : step.payments)
        keep_payment(payment);
    for (const Transaction& other : step.others) {
        const bool is_new = !transactions_.contains(other.id);
        const bool has_payment = held_.contains(other.id);
        if (!is_new || has_payment || !is_split_off(other)) continue;
        held_[*other.origin] -= other.amount;
        held_[other.id] += other.amount;
    }
    for (const ports::CreditEntry& entry : step.credit) {
        credit_[entry.account] += entry.amount;
        if (credit_[entry.account] < Money{})
            broke_("store credit below zero: " + to_string(entry.account));
        if (entry.why == "kept_refund")
            credited_[entry.transaction] += entry.amount;
        else
            spent_[entry.transaction] -= entry.amount;
    }
    if (step.transaction) count_grant(step);
}

Money MoneyAudit::held(const TransactionId& id) const
{
    return of(held_, id);
}

/// What the gateway gave back for this transaction, done or under way.
Money MoneyAudit::returned(const Transaction& txn) const
{
    if (txn.refund_id.empty()) return {};
    if (is_by_hand(txn)) {
        const auto given = site_.given_by_hand.find(reference_by_hand(txn));
        return given == site_.given_by_hand.end() ? Money{} : given->second;
    }
    const auto lost = site_.spoiled.lost_refunds.find(txn.refund_id);
    if (lost != site_.spoiled.lost_refunds.end()) return lost->second.asked.amount;
    const auto refund = site_.model.refunds().find(txn.refund_id);
    if (refund == site_.model.refunds().end()) return {};
    if (refund->second.state == ports::RefundState::failed) return {};
    return refund->second.asked.amount;
}

std::string MoneyAudit::story_of(const Transaction& txn) const
{
    std::string story = fmt::format(
        "{} ({} {} {}{}, amount {}, credit used {}, holds {}, charge \"{}\", refund \"{}\", "
        "returned {}, credited {}, order \"{}\"",
        to_string(txn.id), to_text(txn.method), to_text(txn.state), to_text(txn.reason),
        txn.is_refund_queued ? " queued" : "", txn.amount.vnd(), txn.credit_used.vnd(),
        held(txn.id).vnd(), txn.charge_id, txn.refund_id, returned(txn).vnd(),
        of(credited_, txn.id).vnd(), txn.order_id);
    if (txn.origin) story += ", from " + to_string(*txn.origin);
    for (const auto& [id, payment] : payments_)
        if (payment.transaction == txn.id)
            story += fmt::format(", payment {} of {}", id, payment.amount.vnd());
    return story + ")";
}

/// What IWAS recorded was really paid, there and so much.
void MoneyAudit::check_payment(const domain::Payment& payment) const
{
    if (site_.spoiled.payments.contains(payment.gateway_id)) return;
    if (const auto holder = taken_from(payment)) {
        const auto held_by = transactions_.find(*holder);
        const bool is_its = held_by != transactions_.end() && is_attached(held_by->second) &&
                            domain::due_of(held_by->second) == payment.amount;
        if (!is_its) broke_("attached without its holder: " + payment.gateway_id);
        return;
    }
    const auto movement = site_.model.movements().find(payment.gateway_id);
    if (movement == site_.model.movements().end()) {
        broke_("a payment that nobody made: " + payment.gateway_id);
        return;
    }
    const auto txn = transactions_.find(payment.transaction);
    if (txn == transactions_.end()) {
        broke_("a payment without a transaction: " + payment.gateway_id);
        return;
    }
    if (movement->second.account != payment.account)
        broke_("recorded at another account: " + payment.gateway_id);
    if (movement->second.listed.money.amount == payment.amount) return;
    // The gateway told another amount; then it buys nothing, and a person finds out.
    const bool waits = txn->second.reason == TransactionReason::amount_mismatch ||
                       txn->second.reason == TransactionReason::doubtful_payment;
    const bool may_differ = waits && site_.misreported().contains(payment.gateway_id);
    if (!may_differ) broke_("recorded with another amount: " + story_of(txn->second));
}

void MoneyAudit::check_refund(const std::string& id, const GatewayModel::Refund& refund) const
{
    const Transaction* owner = nullptr;
    for (const auto& [key, txn] : transactions_)
        if (txn.gateway_refund_id == id) owner = &txn;
    if (!owner) {
        // A refund that was refused is forgotten, so that another way can be taken.
        if (refund.state != ports::RefundState::failed) broke_("a refund that is not ours: " + id);
        return;
    }
    if (refund.state == ports::RefundState::failed) return;
    const bool is_due =
        owner->state == TransactionState::refunding || owner->state == TransactionState::refunded;
    if (!is_due) broke_("refunded what is granted or open: " + story_of(*owner));
    if (domain::is_bank_transfer(owner->method))
        broke_("a bank was asked for a refund: " + story_of(*owner));
    if (refund.asked.amount != domain::due_of(*owner))
        broke_("another amount was refunded: " + story_of(*owner));
    if (of(credited_, owner->id) > Money{})
        broke_("refunded and kept as credit: " + story_of(*owner));
}

/// Each state says how much the transaction holds.
void MoneyAudit::check_transaction(const Transaction& txn) const
{
    check_credit(txn);
    if (txn.is_refund_queued && domain::due_of(txn) <= Money{})
        broke_("nothing waits in the queue: " + story_of(txn));
    if (!domain::is_gateway(txn.method)) return;
    const Money has = held(txn.id);
    const Money due = domain::due_of(txn);
    switch (txn.state) {
    case TransactionState::created:
    case TransactionState::pending:
        if (has < Money{} || has >= due || (has > Money{} && !domain::is_bank_transfer(txn.method)))
            broke_("an open order holds too much: " + story_of(txn));
        return;
    case TransactionState::success:
        if (has != due - txn.refunded)
            broke_("granted for another amount than was paid: " + story_of(txn));
        return;
    case TransactionState::refunding:
        if (has != due) broke_("about to refund what it does not hold: " + story_of(txn));
        return;
    case TransactionState::refunded: {
        if (is_attached(txn)) {
            if (has != Money{}) broke_("attached and still held: " + story_of(txn));
            return;
        }
        if (is_dismissed(txn) || is_by_hand(txn)) {
            if (has != due) broke_("settled by a person without its money: " + story_of(txn));
            return;
        }
        const Money back = returned(txn) + of(credited_, txn.id);
        if (has != due || back != due) broke_("not refunded exactly once: " + story_of(txn));
        return;
    }
    case TransactionState::failed:
    case TransactionState::expired:
        if (has != Money{}) broke_("an ended order keeps money: " + story_of(txn));
        return;
    }
}

void MoneyAudit::check_credit(const Transaction& txn) const
{
    const bool uses = txn.state == TransactionState::success ||
                      txn.state == TransactionState::pending ||
                      txn.state == TransactionState::created;
    // With the last of the money that staff gives back goes the credit, too.
    const bool is_given_back = txn.refunded > Money{} && txn.refunded == domain::due_of(txn);
    const Money wanted = uses && !is_given_back ? txn.credit_used : Money{};
    if (of(spent_, txn.id) != wanted) broke_("store credit spent wrongly: " + story_of(txn));
}

void MoneyAudit::check() const
{
    for (const auto& [id, payment] : payments_)
        check_payment(payment);
    for (const auto& [id, refund] : site_.model.refunds())
        check_refund(id, refund);
    for (const auto& [id, txn] : transactions_)
        check_transaction(txn);
    for (const auto& [id, movement] : site_.model.movements())
        if (movement.refunded > movement.listed.money.amount)
            broke_("more went back than was paid: " + id);
}

std::vector<std::string> MoneyAudit::unknown_payments() const
{
    std::vector<std::string> unknown;
    for (const auto& [id, movement] : site_.model.movements())
        if (!movement.is_reversed && !payments_.contains(id)) unknown.push_back(id);
    return unknown;
}

bool MoneyAudit::is_quiet() const
{
    return site_.under_way() == 0 && unknown_payments().empty();
}

MoneySums MoneyAudit::sums() const
{
    MoneySums sums;
    for (const auto& [id, payment] : payments_)
        if (!taken_from(payment)) sums.received += payment.amount;
    for (const auto& [id, amount] : credited_)
        sums.credited += amount;
    for (const auto& [id, txn] : transactions_) {
        if (!domain::is_gateway(txn.method)) continue;
        const bool waits = txn.is_refund_queued && txn.state == TransactionState::refunding;
        if (txn.state == TransactionState::success)
            sums.granted += domain::due_of(txn) - txn.refunded;
        if (waits) sums.queued += domain::due_of(txn);
        if (txn.state != TransactionState::refunded) continue;
        if (is_dismissed(txn))
            sums.dismissed += domain::due_of(txn);
        else
            sums.returned += returned(txn);
    }
    return sums;
}

void MoneyAudit::check_known() const
{
    for (const std::string& id : unknown_payments()) {
        const ports::ListedPayment& listed = site_.model.movements().at(id).listed;
        broke_(fmt::format(
            "IWAS never learned of payment {} of {} for \"{}\"", id, listed.money.amount.vnd(),
            listed.order_id));
    }
}

/// Who noted that he gave it back has, and nobody gave anything back that is not noted.
void MoneyAudit::check_by_hand() const
{
    std::set<std::string> noted;
    for (const auto& [id, txn] : transactions_) {
        if (txn.state != TransactionState::refunded || !is_by_hand(txn)) continue;
        if (!noted.insert(reference_by_hand(txn)).second)
            broke_("two refunds have one receipt: " + story_of(txn));
        if (domain::is_gateway(txn.method) && returned(txn) != domain::due_of(txn))
            broke_("noted as given back by hand: " + story_of(txn));
    }
    for (const auto& [reference, amount] : site_.given_by_hand)
        if (!noted.contains(reference)) broke_("given back twice, by hand: " + reference);
}

void MoneyAudit::check_settled() const
{
    check_known();
    const MoneySums all = sums();
    if (!all.is_balanced())
        broke_(fmt::format(
            "money: received {}, but granted {} + returned {} + credited {} + queued {} + "
            "dismissed "
            "{}",
            all.received.vnd(), all.granted.vnd(), all.returned.vnd(), all.credited.vnd(),
            all.queued.vnd(), all.dismissed.vnd()));
    check_by_hand();
    // Credit that is left is what came in and was not spent.
    Money left;
    for (const auto& [account, amount] : credit_)
        left += amount;
    Money spent;
    for (const auto& [id, amount] : spent_)
        spent += amount;
    if (left != all.credited - spent)
        broke_(fmt::format(
            "store credit: {} came in, {} was spent, {} is left", all.credited.vnd(), spent.vnd(),
            left.vnd()));
}

} // namespace iwas::sim
