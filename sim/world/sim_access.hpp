// SimAccess: the program's own RouterAccess, over the simulated routers instead of sockets.
#pragma once

#include "adapters/router/access.hpp"
#include "sim/world/router_site.hpp"

namespace iwas::sim {

/// The RouterOS API of one simulated router, operation by operation.
class SimRouterApi final : public adapters::RouterApi {
public:
    SimRouterApi(RouterSite& site, Border border) : site_{site}, border_{std::move(border)} {}

    template <class T>
    using ApiResult = adapters::ApiResult<T>;
    using Rows = std::vector<adapters::HotspotActive>;

    awaitable<ApiResult<std::optional<adapters::HotspotHost>>> find_host(
        MacAddress mac, SteadyTime deadline) override;
    awaitable<ApiResult<void>> log_in(adapters::HotspotLogin login, SteadyTime deadline) override;
    awaitable<ApiResult<Rows>> active(SteadyTime deadline) override;
    awaitable<ApiResult<Rows>> find_active(MacAddress mac, SteadyTime deadline) override;
    awaitable<ApiResult<void>> remove_active(
        std::string id, MacAddress mac, SteadyTime deadline) override;
    awaitable<ApiResult<adapters::SystemResource>> resource(SteadyTime deadline) override;
    awaitable<ApiResult<std::string>> identity(SteadyTime deadline) override;

private:
    /// One command that may be repeated: tried three times, as the real client does.
    template <class T>
    awaitable<ApiResult<T>> ask(
        std::string_view what, std::function<T(RouterModel&)> work, SteadyTime deadline);

    RouterSite& site_;
    Border border_;
};

/// Disconnect- and CoA-Requests, signed and read as on the wire.
class SimOrders final : public adapters::SessionOrders {
public:
    SimOrders(std::map<domain::RouterId, RouterSite*> sites, Border border)
        : sites_{std::move(sites)}, border_{std::move(border)}
    {
    }
    awaitable<Result<void, adapters::CoaError>> disconnect(
        domain::Router router, adapters::NetworkSessionName session, SteadyTime deadline) override;
    awaitable<Result<void, adapters::CoaError>> change(
        domain::Router router, adapters::NetworkSessionName session, adapters::ServiceChange change,
        SteadyTime deadline) override;

private:
    using Fill = std::function<void(radius::PacketWriter&)>;
    awaitable<Result<void, adapters::CoaError>> order(
        domain::Router router, radius::Code code, adapters::NetworkSessionName session, Fill fill,
        SteadyTime deadline);

    std::map<domain::RouterId, RouterSite*> sites_;
    Border border_;
};

class SimRouterApis final : public adapters::RouterApis {
public:
    SimRouterApis(const std::map<domain::RouterId, RouterSite*>& sites, const Border& border);
    std::shared_ptr<adapters::RouterApi> api_of(const domain::Router& router) override;

private:
    std::map<domain::RouterId, std::shared_ptr<SimRouterApi>> apis_;
};

} // namespace iwas::sim
