// MoMo Payment Gateway AIO v2 as pure functions. Source: developers.momo.vn v3, payment.
#pragma once

#include "adapters/payment/mapping.hpp"

namespace iwas::adapters {

/// Orders by wallet (captureWallet), refunds, linked wallets and their one-tap payments. Lists
/// nothing: MoMo has no list of payments. The account's base_url is the host without a path.
const GatewayMapping& momo_mapping();

} // namespace iwas::adapters
