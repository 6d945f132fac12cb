// The ways to pay that a customer is offered at a location.
#pragma once

#include "api/customer.hpp"
#include "api/views.hpp"

#include <boost/json/array.hpp>

namespace iwas::api::portal {

/// To whom ways to pay are offered, and where. All of it outlives the call.
struct Offered {
    const domain::Catalog& catalog;
    const domain::Location& location;
    const Customer& customer;
    const workflows::Wallet& wallet; // empty while nobody is signed in
    UtcTime now;
};

/// Every way that is set up at the location, in order of display, each with what this customer
/// keeps of it; those that he cannot use say why.
boost::json::array payment_methods_json(const Offered& offered);

/// What a gateway has to know of the browser that pays.
workflows::PaymentWay payment_way(
    const Customer& customer, domain::PaymentMethod method, const domain::Catalog& catalog,
    const Services& services);

/// Whether the purchase was made by this customer or for this device.
bool may_see(const Customer& customer, const domain::Transaction& transaction);

} // namespace iwas::api::portal
