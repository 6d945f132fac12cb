// MikrotikAccess: opens, closes and lists access at one router, and makes sure of it: by the active
// list of a MikroTik, else by what the router accounts.
#pragma once

#include "adapters/router/router_api.hpp"
#include "adapters/router/router_reports.hpp"
#include "adapters/router/session_orders.hpp"
#include "ports/access_control.hpp"

#include <memory>

namespace iwas::adapters {

/// One call's view of a router; cheap to make. `api` is null for a router without API.
class MikrotikAccess {
public:
    MikrotikAccess(
        domain::Router router, std::shared_ptr<RouterApi> api, SessionOrders& orders,
        RouterReports& reports, ports::Clock& clock);

    /// Logs the device in at the router and looks for it on the active list. Without an API, or
    /// when it cannot be reached, the browser's form.
    awaitable<Result<ports::Opened, ports::GrantError>> open(
        ports::Grant grant, ports::LoginChallenge challenge, SteadyTime deadline);
    /// Disconnect-Request, then the active list, then removal. Without an API: Disconnect-Request,
    /// then the Accounting-Stop; `unknown` when it does not come.
    awaitable<Result<void, ports::GrantError>> close(ports::Grant grant, SteadyTime deadline);
    /// CoA-Request, then a look at the time that the router now gives, and a correction.
    awaitable<Result<void, ports::GrantError>> change(ports::Grant grant, SteadyTime deadline);
    awaitable<Result<std::vector<ports::ActiveDevice>, ports::GrantError>> list(
        SteadyTime deadline);

private:
    /// What to do after an attempt to log in.
    enum class Next : std::uint8_t { confirmed, again, refused, unreachable, unknown };

    // `grant` stands in the frame of `open`, which awaits these; they put the device's address
    // right.
    awaitable<Next> log_in(ports::Grant& grant, SteadyTime deadline);
    awaitable<Next> look_after_refusal(
        ports::Grant& grant, ApiFailure failure, SteadyTime deadline);
    awaitable<Result<void, ports::GrantError>> remove(ports::Grant grant, SteadyTime deadline);
    awaitable<Result<void, ports::GrantError>> close_by_order(
        ports::Grant grant, SteadyTime deadline);
    awaitable<bool> stops(ports::Grant grant, unsigned restarts_before, SteadyTime deadline);
    awaitable<std::optional<HotspotActive>> row_of(ports::Grant grant, SteadyTime deadline);
    awaitable<bool> is_absent(ports::Grant grant, SteadyTime deadline);
    awaitable<bool> correct_time(
        ports::Grant grant, ServiceChange sent, SteadyTime wanted_end, SteadyTime deadline);

    domain::Router router_;
    std::shared_ptr<RouterApi> api_;
    SessionOrders& orders_;
    RouterReports& reports_;
    ports::Clock& clock_;
};

/// How a failed order counts for the workflow.
ports::GrantError grant_error_of(CoaError error);
ports::GrantError grant_error_of(const ApiFailure& failure);

/// The name by which an order finds the session of a grant.
NetworkSessionName session_name_of(const ports::Grant& grant);

} // namespace iwas::adapters
