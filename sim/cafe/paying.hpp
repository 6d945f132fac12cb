// What a customer's phone takes from the portal's answer to pay at a simulated gateway.
#pragma once

#include "sim/payment/hub.hpp"

#include <boost/json/value.hpp>

#include <string_view>

namespace iwas::sim {

/// What the customer's app or page is given by a purchase of the customer API that awaits its
/// payment: the link, or what stands in the bank's QR code.
PayCommand pay_command_of(const boost::json::value& purchase);

/// Where money of `method` (as the API calls it, such as "vietqr") is paid; null: nowhere here.
GatewayFace* gateway_of(const GatewayHub& hub, std::string_view method);

} // namespace iwas::sim
