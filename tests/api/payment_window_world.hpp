// A café that gives payment windows, and the phone that wants one.
#pragma once

#include "tests/api/api_world.hpp"

namespace iwas::api::testing {

inline const MacAddress mac = *MacAddress::parse(phone_mac);
inline const auto q7 = domain::LocationId::trusted("q7");

/// Five minutes, twice a day, at a router that lets devices in by itself.
inline void give_windows(domain::Catalog& wanted)
{
    wanted.locations[q7].payment_window = {
        .duration = std::chrono::minutes{5}, .rate_bps = 512'000, .times_per_day = 2};
    domain::Router& router = wanted.routers[domain::RouterId::trusted("r1")];
    router.api.emplace();
    router.api->host = "192.168.20.1";
}

} // namespace iwas::api::testing
