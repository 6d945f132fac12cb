// VNPay 2.1.0 behind the port: signed pages, the merchant API and notices.
#pragma once

#include "adapters/payment/mapping.hpp"

namespace iwas::adapters {

/// Payments begin on a page of VNPay (`page_url`), without a call; the merchant API is under
/// `base_url`. Saved cards need the token contract (`saves_tokens`, `token_url`), and each charge
/// is confirmed on a page again, hence the invitation in its pending status; a card is given up by
/// forgetting its token, as VNPay's way to remove it is a page too. VNPay lists nothing.
const GatewayMapping& vnpay_mapping();

} // namespace iwas::adapters
