// The simulated café's configuration: what it sells and through which routers.
#pragma once

#include "domain/tenant.hpp"

#include <array>
#include <memory>

namespace iwas::sim {

inline const domain::LocationId cafe_location = domain::LocationId::trusted("q7");

inline const domain::OrganizationId cafe_organization = domain::OrganizationId::trusted("icafe");

inline constexpr std::array gateway_methods{
    domain::PaymentMethod::momo,   domain::PaymentMethod::zalopay, domain::PaymentMethod::vnpay,
    domain::PaymentMethod::vietqr, domain::PaymentMethod::payos,
};
/// The organization's account at each gateway bears the method's name.
domain::PaymentAccountId gateway_account(domain::PaymentMethod method);

/// One location, two MikroTik routers (r1, r2) and the packages
///   quick    15 min,  5,000, one device, ends at PC logout
///   hour     60 min, 12,000, one device, pauses at PC logout
///   family   30 min, 15,000, two devices, ignores PC logout
///   capped   30 min,  8,000, one device, 100 MB
///   scarce   15 min,  3,000, one device, two at a time, twice a day
/// to be paid by every method. MoMo and ZaloPay can be kept for one tap. Of a transfer up to 300 is
/// left off to tell orders apart.
std::shared_ptr<domain::Catalog> cafe_catalog();

} // namespace iwas::sim
