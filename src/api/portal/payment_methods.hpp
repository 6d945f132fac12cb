// The ways to pay that a customer is offered at a location.
#pragma once

#include "api/customer.hpp"

#include <boost/json/array.hpp>

namespace iwas::api::portal {

/// Every way that is set up at the location, in order of display; those that this customer cannot
/// use say why.
boost::json::array payment_methods_json(
    const domain::Catalog& catalog, const domain::Location& location, const Customer& customer);

/// What a gateway has to know of the browser that pays.
workflows::PaymentWay payment_way(
    const Customer& customer, domain::PaymentMethod method, const domain::Catalog& catalog,
    const Services& services);

/// Whether the purchase was made by this customer or for this device.
bool may_see(const Customer& customer, const domain::Transaction& transaction);

} // namespace iwas::api::portal
