// PaymentWindow: a few minutes of slow internet before paying, so that a bank or wallet app works.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/package.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::domain {

/// What a location gives to a device that is about to pay.
struct PaymentWindowOffer {
    std::chrono::minutes duration{5}; // 1 to 30
    std::uint64_t rate_bps = 512'000; // in each direction
    int times_per_day = 2;            // of a device, on the location's clock; at least 1

    friend bool operator==(const PaymentWindowOffer&, const PaymentWindowOffer&) = default;
};

/// open -> ended. It is no session: nothing is paid and nothing is owed, it takes nobody's place,
/// and the session that is bought meanwhile has its whole time.
struct PaymentWindow {
    /// Names it to the router as a session is named; never a session's.
    SessionId id;
    OrganizationId organization;
    LocationId location;
    RouterId router;
    MacAddress mac;
    std::optional<Ipv4Address> ip;
    std::uint64_t rate_bps = 0;
    UtcTime opened_at;
    UtcTime ends_at;
    std::optional<UtcTime> ended_at;
    bool counts = true; // false: the router never let the device in
};

/// The name under which the router knows the device meanwhile; unlike any session's.
std::string user_name_of(const PaymentWindow& window);
bool is_payment_window_name(std::string_view user_name);

} // namespace iwas::domain
