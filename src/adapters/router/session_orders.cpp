#include "adapters/router/session_orders.hpp"

#include "asio/resolve.hpp"

namespace iwas::adapters {

awaitable<Result<void, CoaError>> RadiusSessionOrders::disconnect(
    domain::Router router, NetworkSessionName session, SteadyTime deadline)
{
    const auto target = co_await target_of(router, deadline);
    if (!target) co_return std::unexpected{CoaError::unreachable};
    const auto done =
        co_await orders_.disconnect(*target, router.kind, std::move(session), deadline);
    co_return done;
}

awaitable<Result<void, CoaError>> RadiusSessionOrders::change(
    domain::Router router, NetworkSessionName session, ServiceChange change, SteadyTime deadline)
{
    const auto target = co_await target_of(router, deadline);
    if (!target) co_return std::unexpected{CoaError::unreachable};
    const auto done =
        co_await orders_.change(*target, router.kind, std::move(session), change, deadline);
    co_return done;
}

/// Nothing when the router's name leads to no IPv4 address, or its configuration to no host at all.
awaitable<std::optional<RadiusTarget>> RadiusSessionOrders::target_of(
    domain::Router router, SteadyTime deadline)
{
    std::string host = router.coa_host;
    if (host.empty() && router.api) host = router.api->host;
    if (host.empty() && router.radius_source.length() == 32)
        host = to_string(router.radius_source.network());
    if (host.empty()) co_return std::nullopt;
    const auto addresses = co_await resolve(executor_, host, deadline);
    if (addresses.empty()) co_return std::nullopt;
    co_return RadiusTarget{
        .address = addresses.front(),
        .port = router.coa_port,
        .secret = std::make_shared<const radius::SharedSecret>(router.radius_secret),
    };
}

} // namespace iwas::adapters
