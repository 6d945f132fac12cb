// AccessDirectory: who may be online, in memory, for the RADIUS server to answer from.
// Real: adapters/radius. Simulated: the same.
#pragma once

#include "core/mac_address.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/package.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

/// What the RADIUS server must know of one session to admit its devices.
struct Admission {
    domain::SessionId session;
    domain::LocationId location;
    std::string user_name; // unique at the location
    SecretText password;
    std::vector<MacAddress> devices; // only these may use it; MAC authentication finds it by them
    std::optional<UtcTime> ends_at;  // the hard end; nothing: the clock has not started
    Seconds remaining{0};            // with no `ends_at`: what Session-Timeout says
    domain::RateLimit rate;
    std::optional<std::uint64_t> octets_left;
    int device_limit = 1;
    Seconds interim_interval{60};
    std::optional<int> vlan;
};

class AccessDirectory {
public:
    virtual ~AccessDirectory() = default;

    /// Adds the session or replaces what is known of it. In force when the call returns.
    virtual void admit(Admission admission) = 0;
    /// Forgets the session; later requests are rejected. Nothing happens when it is unknown.
    virtual void revoke(const domain::SessionId& session) = 0;
};

} // namespace iwas::ports
