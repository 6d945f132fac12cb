// What paying with a saved method and keeping one share.
#pragma once

#include "domain/saved_method.hpp"
#include "domain/transaction.hpp"
#include "ports/payment_gateway.hpp"
#include "ports/store/store.hpp"
#include "workflows/payment_way.hpp"

#include <string>

namespace iwas::workflows {

/// Whether a token pays, so that the customer is not asked; a bank account has none.
bool pays_by_token(const domain::Transaction& transaction);
/// What the gateway calls the customer: opaque, and the same for all that he does.
std::string customer_of(domain::AccountId account);
/// The saved token as the gateway takes it back.
ports::BoundToken token_of(const domain::SavedMethod& saved);
/// A binding as the gateway is asked for it, and about it; nothing is paid. `way` is needed only to
/// ask for it.
ports::PaymentOrder binding_order(
    const domain::SavedMethod& saved, const PaymentWay& way, Seconds lives_for);
/// The gateway would not have it any more: it pays no more, until the customer keeps it anew.
ports::awaitable<void> expire_method(
    ports::Store& store, domain::SavedMethodId id, std::string why, UtcTime now);

} // namespace iwas::workflows
