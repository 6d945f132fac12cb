// What befalls the world while faults last: gateways, the PC system and routers go and come back.
#include "sim/world/world.hpp"

namespace iwas::sim {

awaitable<void> World::incidents()
{
    while (!is_calm_) {
        const Seconds mean = nature_.faults.incident_every;
        const SteadyTime next_at = clock_.steady_now() + random().between(Seconds{1}, mean * 2);
        co_await clock_.sleep_until(next_at);
        if (is_calm_) co_return;
        if (random().chance(0.3)) {
            gateway_incident();
            continue;
        }
        if (random().chance(0.4)) {
            pc_.is_down = !pc_.is_down;
            nature_.tell(pc_.is_down ? "the PC system goes down" : "the PC system is back");
            continue;
        }
        router_incident(router(random().chance(0.7) ? "r1" : "r2"));
    }
}

void World::gateway_incident()
{
    GatewayModel& model = gateways_.model;
    switch (random().between(0, 3)) {
    case 0:
    case 1:
        model.is_down = !model.is_down;
        nature_.tell(model.is_down ? "the gateways go down" : "the gateways are back");
        return;
    case 2:
        model.refunds_take_time = !model.refunds_take_time;
        model.slow_refunds_fail = model.refunds_take_time && random().chance(0.3);
        nature_.tell(model.refunds_take_time ? "refunds take time" : "refunds are quick");
        return;
    default:
        model.refunds_fail = !model.refunds_fail;
        nature_.tell(model.refunds_fail ? "refunds are refused" : "refunds are made again");
        return;
    }
}

void World::router_incident(RouterSite& site)
{
    const std::string& name = site.router().id.text();
    switch (random().between(0, 3)) {
    case 0:
        nature_.tell(name + " restarts");
        site.model.restart(random().between(Milliseconds{2'000}, Milliseconds{60'000}));
        return;
    case 1:
        nature_.tell(name + " disappears");
        site.model.disappear();
        clock_.after(random().between(Seconds{5}, Seconds{400}), [this, &site, name] {
            nature_.tell(name + " reappears");
            site.model.reappear();
        });
        return;
    case 2:
    case 3:
        if (!site.model.hotspot().active().empty()) {
            nature_.tell(name + " forgets a session");
            (void)site.model.forget(site.model.hotspot().active().begin()->first);
        }
        return;
    default: return;
    }
}

} // namespace iwas::sim
