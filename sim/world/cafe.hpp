// The simulated café's configuration: what it sells and through which routers.
#pragma once

#include "domain/tenant.hpp"

#include <memory>

namespace iwas::sim {

inline const domain::LocationId cafe_location = domain::LocationId::trusted("q7");

/// One location, two MikroTik routers (r1, r2) and the packages
///   quick    15 min,  5,000, one device, ends at PC logout
///   hour     60 min, 12,000, one device, pauses at PC logout
///   family   30 min, 15,000, two devices, ignores PC logout
///   capped   30 min,  8,000, one device, 100 MB
///   scarce   15 min,  3,000, one device, two at a time, twice a day
std::shared_ptr<domain::Catalog> cafe_catalog();

} // namespace iwas::sim
