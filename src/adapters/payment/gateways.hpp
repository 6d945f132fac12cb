// mapping_for: which mapping speaks for a payment method.
#pragma once

#include "adapters/payment/mapping.hpp"
#include "domain/payment_method.hpp"

namespace iwas::adapters {

/// Null for methods that are not paid through a gateway. The mapping lives as long as the program.
const GatewayMapping* mapping_for(domain::PaymentMethod method);

} // namespace iwas::adapters
