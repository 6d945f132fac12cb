#include "domain/tenant.hpp"

#include "core/bytes.hpp"

#include <algorithm>

namespace iwas::domain {

namespace {

template <class Map, class Id>
const typename Map::mapped_type* find_in(const Map& map, const Id& id)
{
    const auto found = map.find(id);
    return found == map.end() ? nullptr : &found->second;
}

} // namespace

const Location* Catalog::location(const LocationId& id) const
{
    return find_in(locations, id);
}
const Router* Catalog::router(const RouterId& id) const
{
    return find_in(routers, id);
}
const Package* Catalog::package(const PackageId& id) const
{
    return find_in(packages, id);
}
const PcSystem* Catalog::pc_system(const LocationId& id) const
{
    return find_in(pc_systems, id);
}

const PaymentAccount* Catalog::payment_account(const PaymentAccountId& id) const
{
    return find_in(payment_accounts, id);
}
const PaymentAccount* Catalog::payment_account(
    const OrganizationId& organization, PaymentMethod method) const
{
    for (const auto& [id, account] : payment_accounts)
        if (account.is_enabled && account.method == method && account.organization == organization)
            return &account;
    return nullptr;
}

const Router* Catalog::router_by_nas_identifier(std::string_view nas_identifier) const
{
    for (const auto& [id, router] : routers)
        if (router.nas_identifier.empty() ? id.text() == nas_identifier
                                          : router.nas_identifier == nas_identifier)
            return &router;
    return nullptr;
}

std::vector<const Package*> Catalog::packages_at(const LocationId& id) const
{
    const Location* where = location(id);
    std::vector<const Package*> found;
    if (!where) return found;
    for (const auto& [key, package] : packages)
        if (is_offered_at(package, where->organization, id)) found.push_back(&package);
    std::ranges::sort(found, {}, [](const Package* each) {
        return std::pair<int, const PackageId&>{each->position, each->id};
    });
    return found;
}

bool is_blocked(const Catalog& catalog, const LocationId& location, const MacAddress& mac)
{
    const Location* where = catalog.location(location);
    return where && where->blocked_devices.contains(mac);
}

bool may_share_radius_source(const Router& a, const Router& b)
{
    return !a.nas_identifier.empty() && !b.nas_identifier.empty() &&
           a.nas_identifier != b.nas_identifier &&
           equal_constant_time(
               std::string_view{a.radius_secret.reveal()},
               std::string_view{b.radius_secret.reveal()}) &&
           a.requires_message_authenticator == b.requires_message_authenticator &&
           a.limits_proxy_state == b.limits_proxy_state;
}

std::string_view to_text(RouterKind kind)
{
    switch (kind) {
    case RouterKind::mikrotik: return "mikrotik";
    case RouterKind::uam: return "uam";
    case RouterKind::generic: return "generic";
    }
    return {};
}

std::optional<RouterKind> router_kind_from(std::string_view text)
{
    if (text == "mikrotik") return RouterKind::mikrotik;
    if (text == "uam") return RouterKind::uam;
    if (text == "generic") return RouterKind::generic;
    return std::nullopt;
}

} // namespace iwas::domain
