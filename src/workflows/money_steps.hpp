// What the steps share that take money in.
#pragma once

#include "domain/payment.hpp"
#include "domain/transaction.hpp"

#include <string_view>

namespace iwas::workflows {

/// Who tells of money from that source, as events name him.
std::string_view actor_of(domain::PaymentSource source);

/// What kept the money until its order was found, without it; to be stored with the order.
domain::Transaction without_money(
    domain::Transaction kept_by, const domain::TransactionId& order, UtcTime now);

} // namespace iwas::workflows
