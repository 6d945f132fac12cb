// RouterAccess: the AccessControl port for every kind of router.
#pragma once

#include "adapters/router/mikrotik/access.hpp"

#include <functional>
#include <memory>

namespace iwas::adapters {

/// The API of each router that has one. Real: MikrotikPool. Simulated: straight to sim/router.
class RouterApis {
public:
    virtual ~RouterApis() = default;
    /// Null when the router has no API.
    virtual std::shared_ptr<RouterApi> api_of(const domain::Router& router) = 0;
};

/// mikrotik: login and removal by the RouterOS API, form as fallback. uam, generic: the browser
/// posts the router's form, or the router asks by MAC address; the Accounting-Start confirms, and a
/// Disconnect-Request ends.
class RouterAccess final : public ports::AccessControl {
public:
    /// Gives the configuration in force; never null.
    using CatalogSource = std::function<std::shared_ptr<const domain::Catalog>()>;

    RouterAccess(
        CatalogSource catalog, RouterApis& apis, SessionOrders& orders, ports::Clock& clock);

    /// To be told of every accounting record that is durable: it proves what no list can show.
    void heard(const domain::AccountingRecord& record) { reports_.note(record); }

    awaitable<Result<ports::Opened, ports::GrantError>> open(
        ports::Grant grant, ports::LoginChallenge challenge, SteadyTime deadline) override;
    awaitable<Result<void, ports::GrantError>> close(
        ports::Grant grant, SteadyTime deadline) override;
    awaitable<Result<void, ports::GrantError>> change(
        ports::Grant grant, SteadyTime deadline) override;
    [[nodiscard]] bool can_list(const domain::RouterId& router) const override;
    awaitable<Result<std::vector<ports::ActiveDevice>, ports::GrantError>> list(
        domain::RouterId router, SteadyTime deadline) override;

private:
    [[nodiscard]] std::optional<domain::Router> find(const domain::RouterId& id) const;

    CatalogSource catalog_;
    RouterApis& apis_;
    SessionOrders& orders_;
    ports::Clock& clock_;
    RouterReports reports_;
};

} // namespace iwas::adapters
