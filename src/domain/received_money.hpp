// MoneyUse: what becomes of money that a gateway says has come in for an order.
#pragma once

#include "domain/transaction.hpp"

namespace iwas::domain {

enum class MoneyUse {
    settles,      // with what came before, at least what is due: the order is paid
    part,         // less than is due: the rest may follow (bank transfers only)
    reopens,      // the order had ended; the money still buys what was ordered
    wrong_amount, // another amount than was asked for: grants nothing
    second,       // the order was paid before, or its money is on its way back
    late_part,    // the order had ended, and this is not enough for it
};

/// `paid_before`: what was recorded for this order already. A wallet or card gateway takes exactly
/// what it is asked for, so another amount is a fault and no payment; a bank transfer may bring
/// any amount.
MoneyUse use_of(const Transaction& order, Money paid_before, Money amount);

/// What was paid above the amount due; nothing when it was not enough.
Money surplus_of(const Transaction& order, Money paid_before, Money amount);

/// A transaction that holds `amount` of money which `origin` cannot use, to be given back. Without
/// an automatic way back it waits for a person.
Transaction aside_of(
    const Transaction& origin, TransactionId id, Money amount, TransactionReason reason,
    UtcTime now);

/// Whether it may buy something else, or stay here as credit: no gateway was asked to give it back.
/// One that does not tell, or said no, may have given it back after all.
bool may_be_spent_otherwise(const Transaction& transaction);

/// Whether the customer may keep the money as store credit instead of waiting for a person: it has
/// certainly come in, it is certainly his, and it may be spent otherwise.
bool may_keep_as_credit(const Transaction& transaction);

/// How much of `balance` a purchase may use: no gateway is asked for less than `gateway_min`.
Money credit_to_use(Money price, Money balance, PaymentMethod method);
/// The least that a gateway takes (MoMo: 1,000 VND; the others state no minimum).
inline constexpr Money gateway_min{1'000};

} // namespace iwas::domain
