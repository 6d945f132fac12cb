// What somebody does who was told how to pay an order.
#pragma once

#include "domain/transaction.hpp"
#include "sim/world/gateway_site.hpp"

namespace iwas::sim {

/// Pays in time, late, never, twice, another amount, in parts, with or without the memo, or is
/// refused, as `random` decides; the deeds come later by themselves. `order`: as he was shown it.
void plan_payment(
    GatewaySite& site, const Nature& nature, const domain::Transaction& order, SimRandom& random);

} // namespace iwas::sim
