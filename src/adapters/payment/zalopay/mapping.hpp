// ZaloPay OpenAPI v2 as pure functions. Source: docs.zalopay.vn, specs; the client library
// zalopay-oss/zalopay-nodejs for the order of signed values.
#pragma once

#include "adapters/payment/mapping.hpp"

namespace iwas::adapters {

/// Orders, refunds, agreements and their one-tap payments. Lists nothing: there is no such call.
/// The account's base_url is the host without a path.
const GatewayMapping& zalopay_mapping();

} // namespace iwas::adapters
