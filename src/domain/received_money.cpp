#include "domain/received_money.hpp"

#include <algorithm>

namespace iwas::domain {

MoneyUse use_of(const Transaction& order, Money paid_before, Money amount)
{
    const Money total = paid_before + amount;
    const Money due = due_of(order);
    const bool may_differ = is_bank_transfer(order.method);
    switch (order.state) {
    case TransactionState::created:
    case TransactionState::pending:
        if (!may_differ && total != due) return MoneyUse::wrong_amount;
        return total < due ? MoneyUse::part : MoneyUse::settles;
    case TransactionState::failed:
    case TransactionState::expired:
        if (!may_differ && total != due) return MoneyUse::wrong_amount;
        return total < due ? MoneyUse::late_part : MoneyUse::reopens;
    case TransactionState::success:
    case TransactionState::refunding:
    case TransactionState::refunded: return MoneyUse::second;
    }
    return MoneyUse::second;
}

Money surplus_of(const Transaction& order, Money paid_before, Money amount)
{
    return std::max(Money{}, paid_before + amount - due_of(order));
}

Transaction aside_of(
    const Transaction& origin, TransactionId id, Money amount, TransactionReason reason,
    UtcTime now)
{
    Transaction aside = origin;
    aside.id = id;
    aside.version = 0;
    aside.order_id.clear();
    aside.amount = amount;
    aside.credit_used = Money{};
    aside.refunded = Money{};
    aside.fee = Money{};
    aside.state = TransactionState::refunding;
    aside.reason = reason;
    aside.charge_id.clear();
    aside.refund_id.clear();
    aside.gateway_refund_id.clear();
    aside.is_refund_queued = is_bank_transfer(origin.method);
    aside.origin = origin.id.is_nil() ? std::nullopt : std::optional{origin.id};
    aside.expires_at.reset();
    aside.available.reset();
    aside.session = SessionId{};
    aside.is_extension = false;
    aside.created_at = now;
    aside.updated_at = now;
    return aside;
}

bool may_be_spent_otherwise(const Transaction& transaction)
{
    return transaction.gateway_refund_id.empty();
}

bool may_keep_as_credit(const Transaction& transaction)
{
    return transaction.state == TransactionState::refunding && transaction.is_refund_queued &&
           is_gateway(transaction.method) && !transaction.account.is_nil() &&
           may_be_spent_otherwise(transaction) &&
           transaction.reason != TransactionReason::unmatched_payment &&
           transaction.reason != TransactionReason::doubtful_payment;
}

Money credit_to_use(Money price, Money balance, PaymentMethod method)
{
    const Money used = std::min(price, balance);
    const Money due = price - used;
    if (!is_gateway(method) || due == Money{} || due >= gateway_min) return used;
    return std::max(Money{}, price - gateway_min);
}

} // namespace iwas::domain
