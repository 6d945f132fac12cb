#include "adapters/router/access.hpp"

#include "adapters/router/login_form.hpp"

#include <utility>

namespace iwas::adapters {

using ports::GrantError;
using ports::Opened;

RouterAccess::RouterAccess(
    CatalogSource catalog, RouterApis& apis, SessionOrders& orders, ports::Clock& clock)
    : catalog_{std::move(catalog)}, apis_{apis}, orders_{orders}, clock_{clock}
{
}

awaitable<Result<Opened, GrantError>> RouterAccess::open(
    ports::Grant grant, ports::LoginChallenge challenge, SteadyTime deadline)
{
    auto router = find(grant.router);
    // A router that was removed from the configuration admits nobody.
    if (!router) co_return std::unexpected{GrantError::refused};
    switch (router->kind) {
    case domain::RouterKind::mikrotik: {
        auto api = apis_.api_of(*router);
        MikrotikAccess access{std::move(*router), std::move(api), orders_, reports_, clock_};
        auto opened = co_await access.open(std::move(grant), std::move(challenge), deadline);
        co_return opened;
    }
    case domain::RouterKind::uam: {
        auto form = uam_form(*router, grant, challenge);
        if (!form) co_return std::unexpected{GrantError::refused};
        co_return Opened{.form = std::move(form)};
    }
    case domain::RouterKind::generic: {
        // Without a login page the router asks by MAC address as soon as the device sends
        // something.
        if (challenge.login_url.empty()) co_return Opened{};
        auto form = hotspot_form(*router, grant, challenge);
        if (!form) co_return std::unexpected{GrantError::refused};
        co_return Opened{.form = std::move(form)};
    }
    }
    std::unreachable();
}

awaitable<Result<void, GrantError>> RouterAccess::close(ports::Grant grant, SteadyTime deadline)
{
    auto router = find(grant.router);
    if (!router) co_return Result<void, GrantError>{};
    // Only MikroTik has more than the order by RADIUS; without an API the steps are the same.
    auto api = apis_.api_of(*router);
    MikrotikAccess access{std::move(*router), std::move(api), orders_, reports_, clock_};
    const auto closed = co_await access.close(std::move(grant), deadline);
    co_return closed;
}

awaitable<Result<void, GrantError>> RouterAccess::change(ports::Grant grant, SteadyTime deadline)
{
    auto router = find(grant.router);
    if (!router) co_return std::unexpected{GrantError::refused};
    auto api = apis_.api_of(*router);
    MikrotikAccess access{std::move(*router), std::move(api), orders_, reports_, clock_};
    const auto changed = co_await access.change(std::move(grant), deadline);
    co_return changed;
}

bool RouterAccess::can_list(const domain::RouterId& id) const
{
    const auto router = find(id);
    return router && router->kind == domain::RouterKind::mikrotik && router->api;
}

awaitable<Result<std::vector<ports::ActiveDevice>, GrantError>> RouterAccess::list(
    domain::RouterId id, SteadyTime deadline)
{
    auto router = find(id);
    if (!router) co_return std::unexpected{GrantError::unreachable};
    auto api = apis_.api_of(*router);
    MikrotikAccess access{std::move(*router), std::move(api), orders_, reports_, clock_};
    auto devices = co_await access.list(deadline);
    co_return devices;
}

std::optional<domain::Router> RouterAccess::find(const domain::RouterId& id) const
{
    const auto catalog = catalog_();
    const domain::Router* const router = catalog->router(id);
    if (router == nullptr) return std::nullopt;
    return *router;
}

} // namespace iwas::adapters
