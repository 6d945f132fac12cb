// AccessControl: opens and closes network access at the NAS. Real: adapters/router. Simulated:
// sim/router behind the same adapter.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/result.hpp"
#include "core/secret.hpp"
#include "domain/ids.hpp"
#include "domain/package.hpp"
#include "ports/clock.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

/// The right of one device to be online through one router.
struct Grant {
    domain::SessionId session;
    domain::RouterId router;
    std::string user_name;
    SecretText password;
    MacAddress mac;
    std::optional<Ipv4Address> ip;
    std::string acct_session_id; // of the running network session; empty when not known
    Seconds time_left{0};
    domain::RateLimit rate;
    std::optional<std::uint64_t> octets_left;
};

/// A login form of the router that the customer's browser has to post (GET or POST).
struct LoginForm {
    std::string url;
    std::string method; // "POST" or "GET"
    std::map<std::string, std::string> fields;
};

/// What the browser brought from the router's redirect, needed to build the form.
struct LoginChallenge {
    std::string login_url; // link-login-only, or the UAM logon address
    std::string chap_id;   // as the router printed them, octal escapes included
    std::string chap_challenge;
    std::string return_url;
};

enum class GrantError {
    refused,     // the router said no; nothing changed
    unreachable, // nothing was sent; nothing changed
    unknown,     // no answer; the change may be in force
    absent,      // the device is not online by this grant: there is nothing to change
};

struct Opened {
    /// The router's active list shows the device. Without it, wait for the Accounting-Start.
    bool is_confirmed = false;
    /// The browser must post this; only routers without server-side login need it.
    std::optional<LoginForm> form;
};

/// One line of the router's active list.
struct ActiveDevice {
    std::string user_name;
    MacAddress mac;
    std::optional<Ipv4Address> ip;
    std::string acct_session_id; // empty where the router does not list it
    std::uint64_t up_octets = 0;
    std::uint64_t down_octets = 0;
    Seconds uptime{0};
};

class AccessControl {
public:
    virtual ~AccessControl() = default;

    /// Admits the device in `grant`; the directory already knows it. Idempotent: a device that is
    /// online by this grant stays online. Bounded by `deadline`; not cancellable.
    virtual awaitable<Result<Opened, GrantError>> open(
        Grant grant, LoginChallenge challenge, SteadyTime deadline) = 0;

    /// Ends the device's access and makes sure of it: Disconnect-Request, then the active list,
    /// then removal by the router's API. Success means that the device is not online by this
    /// grant; a device that was already gone is success. Errors: unreachable and unknown, to be
    /// repeated until the router is back.
    virtual awaitable<Result<void, GrantError>> close(Grant grant, SteadyTime deadline) = 0;

    /// Brings new time, speed and cap of a running session to the router. Idempotent. Error
    /// `absent`: the network session has ended and its Stop got lost; every other one is to be
    /// repeated.
    virtual awaitable<Result<void, GrantError>> change(Grant grant, SteadyTime deadline) = 0;

    /// Whether `list` works for this router; without it accounting alone tells who is online.
    [[nodiscard]] virtual bool can_list(const domain::RouterId& router) const = 0;

    /// The router's active list.
    virtual awaitable<Result<std::vector<ActiveDevice>, GrantError>> list(
        domain::RouterId router, SteadyTime deadline) = 0;
};

} // namespace iwas::ports
