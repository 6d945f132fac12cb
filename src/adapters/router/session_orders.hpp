// SessionOrders: what a router is told over RADIUS about a running session (RFC 5176). Real: over
// adapters/radius. Simulated: straight to sim/router.
#pragma once

#include "adapters/radius/dynamic_authorization.hpp"

namespace iwas::adapters {

using boost::asio::awaitable;

class SessionOrders {
public:
    virtual ~SessionOrders() = default;
    virtual awaitable<Result<void, CoaError>> disconnect(
        domain::Router router, NetworkSessionName session, SteadyTime deadline) = 0;
    virtual awaitable<Result<void, CoaError>> change(
        domain::Router router, NetworkSessionName session, ServiceChange change,
        SteadyTime deadline) = 0;
};

/// Sends the orders to `coa_host` of the router, or the host of its API, or the one address of its
/// `radius_source`; `unreachable` when there is none of them.
class RadiusSessionOrders final : public SessionOrders {
public:
    /// `requester` outlives it.
    RadiusSessionOrders(boost::asio::any_io_executor executor, RadiusRequester& requester)
        : executor_{std::move(executor)}, orders_{requester}
    {
    }

    awaitable<Result<void, CoaError>> disconnect(
        domain::Router router, NetworkSessionName session, SteadyTime deadline) override;
    awaitable<Result<void, CoaError>> change(
        domain::Router router, NetworkSessionName session, ServiceChange change,
        SteadyTime deadline) override;

private:
    awaitable<std::optional<RadiusTarget>> target_of(domain::Router router, SteadyTime deadline);

    boost::asio::any_io_executor executor_;
    DynamicAuthorization orders_;
};

} // namespace iwas::adapters
