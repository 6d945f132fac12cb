#include "adapters/router/session_orders.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace iwas::adapters {

awaitable<Result<void, CoaError>> RadiusSessionOrders::disconnect(
    domain::Router router, NetworkSessionName session, SteadyTime deadline)
{
    const auto target = co_await target_of(router);
    if (!target) co_return std::unexpected{CoaError::unreachable};
    const auto done =
        co_await orders_.disconnect(*target, router.kind, std::move(session), deadline);
    co_return done;
}

awaitable<Result<void, CoaError>> RadiusSessionOrders::change(
    domain::Router router, NetworkSessionName session, ServiceChange change, SteadyTime deadline)
{
    const auto target = co_await target_of(router);
    if (!target) co_return std::unexpected{CoaError::unreachable};
    const auto done =
        co_await orders_.change(*target, router.kind, std::move(session), change, deadline);
    co_return done;
}

/// Nothing when the router's name leads to no IPv4 address.
awaitable<std::optional<RadiusTarget>> RadiusSessionOrders::target_of(domain::Router router)
{
    using boost::asio::ip::udp;
    std::string host = router.coa_host;
    if (host.empty() && router.api) host = router.api->host;
    if (host.empty()) host = to_string(router.radius_source.network());
    auto address = Ipv4Address::parse(host);
    if (!address) {
        udp::resolver resolver{executor_};
        const auto resolved = co_await resolver.async_resolve(
            udp::v4(), host, std::string{}, boost::asio::as_tuple(boost::asio::use_awaitable));
        const auto& [error, endpoints] = resolved;
        if (error || endpoints.empty()) co_return std::nullopt;
        address = Ipv4Address{endpoints.begin()->endpoint().address().to_v4().to_uint()};
    }
    co_return RadiusTarget{
        .address = *address,
        .port = router.coa_port,
        .secret = std::make_shared<const radius::SharedSecret>(router.radius_secret),
    };
}

} // namespace iwas::adapters
