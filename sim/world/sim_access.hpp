// SimAccess: the AccessControl of a MikroTik router over the simulated router: the same steps as the
// real adapter, with the same answers to the same troubles.
#pragma once

#include "sim/world/router_site.hpp"

namespace iwas::sim {

class SimAccess final : public ports::AccessControl {
public:
    SimAccess(std::map<domain::RouterId, RouterSite*> sites, Border border)
        : sites_{std::move(sites)}, border_{std::move(border)}
    {
    }

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
    [[nodiscard]] RouterSite* site_of(const domain::RouterId& router) const;

    std::map<domain::RouterId, RouterSite*> sites_;
    Border border_;
};

} // namespace iwas::sim
