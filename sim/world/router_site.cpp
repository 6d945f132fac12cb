#include "sim/world/router_site.hpp"

#include <algorithm>

namespace iwas::sim {

namespace {

RouterOptions options_of(const domain::Router& router, bool mac_cookies)
{
    RouterOptions options;
    options.nas.identifier = router.id.text();
    options.nas.address = router.radius_source.network();
    options.radius_secret = router.radius_secret;
    options.mac_cookies = mac_cookies;
    return options;
}

} // namespace

RouterSite::RouterSite(
    const domain::Router& router, bool mac_cookies, Nature& nature, RadiusDoor& door,
    TaskGroup& tasks)
    : model{options_of(router, mac_cookies), nature.clock, nature.random, *this, tasks},
      router_{router}, nature_{nature}, door_{door}, tasks_{tasks}
{
}

Milliseconds RouterSite::on_the_way()
{
    return nature_.random.between(Milliseconds{1}, Milliseconds{15});
}

bool RouterSite::loses_packet()
{
    return nature_.random.chance(nature_.faults.packet_lost);
}

bool RouterSite::loses_command()
{
    return nature_.random.chance(nature_.faults.api_lost);
}

awaitable<std::optional<Bytes>> RouterSite::exchange(
    RadiusService service, Bytes request, Milliseconds timeout, unsigned tries)
{
    const auto box = std::make_shared<Mailbox<Bytes>>(nature_.clock.executor());
    const SteadyTime begun = nature_.clock.steady_now();
    for (unsigned sent = 0; sent < tries; ++sent)
        nature_.clock.at(
            begun + timeout * sent, [this, service, request, weak = std::weak_ptr{box}] {
                if (const auto waiting = weak.lock()) carry(service, request, waiting);
            });
    co_return co_await Mailbox<Bytes>::take(box, nature_.clock, begun + timeout * tries);
}

/// Takes one datagram to IWAS, perhaps twice, perhaps not at all, and its answer back.
void RouterSite::carry(
    RadiusService service, const Bytes& request, std::shared_ptr<Mailbox<Bytes>> box)
{
    const int copies = nature_.random.chance(nature_.faults.packet_twice) ? 2 : 1;
    for (int copy = 0; copy < copies; ++copy) {
        if (loses_packet()) continue;
        nature_.clock.after(on_the_way(), [this, service, request, box] {
            if (!model.is_reachable()) return;
            door_.receive(
                service, request, router_.radius_source.network(), [this, box](Bytes reply) {
                    if (loses_packet()) return;
                    nature_.clock.after(
                        on_the_way(), [box, reply = std::move(reply)] { box->put(reply); });
                });
        });
    }
}

awaitable<void> RouterSite::run_login(
    LoginAttempt attempt, std::shared_ptr<Mailbox<LoginOutcome>> box)
{
    auto outcome = co_await model.log_in(std::move(attempt));
    if (loses_command()) co_return;
    nature_.clock.after(on_the_way(), [box, outcome = std::move(outcome)] { box->put(outcome); });
}

awaitable<Result<LoginOutcome, ports::GrantError>> RouterSite::log_in(
    LoginAttempt attempt, SteadyTime deadline)
{
    if (!model.is_reachable()) {
        const SteadyTime give_up_at = std::min(deadline, nature_.clock.steady_now() + Seconds{3});
        co_await nature_.clock.sleep_until(give_up_at);
        co_return std::unexpected{ports::GrantError::unreachable};
    }
    if (refuses_logins) co_return LoginOutcome{LoginResult::rejected, "failure: not allowed here"};
    const auto box = std::make_shared<Mailbox<LoginOutcome>>(nature_.clock.executor());
    if (!loses_command())
        nature_.clock.after(on_the_way(), [this, attempt = std::move(attempt), box] {
            if (!model.is_reachable()) return;
            (void)tasks_.spawn("sim api login", run_login(attempt, box));
        });
    auto outcome = co_await Mailbox<LoginOutcome>::take(box, nature_.clock, deadline);
    if (!outcome) co_return std::unexpected{ports::GrantError::unknown};
    co_return std::move(*outcome);
}

awaitable<std::optional<Bytes>> RouterSite::dynamic(Bytes datagram, SteadyTime deadline)
{
    constexpr Seconds try_timeout{2};
    constexpr unsigned tries = 3;
    const auto box = std::make_shared<Mailbox<Bytes>>(nature_.clock.executor());
    const SteadyTime begun = nature_.clock.steady_now();
    for (unsigned sent = 0; sent < tries; ++sent)
        nature_.clock.at(begun + try_timeout * sent, [this, datagram, weak = std::weak_ptr{box}] {
            const auto waiting = weak.lock();
            if (!waiting || loses_packet()) return;
            nature_.clock.after(on_the_way(), [this, datagram, waiting] {
                auto answer = model.dynamic_authorization(datagram);
                if (!answer || loses_packet()) return;
                nature_.clock.after(
                    on_the_way(), [waiting, reply = std::move(*answer)] { waiting->put(reply); });
            });
        });
    const SteadyTime give_up_at = std::min<SteadyTime>(deadline, begun + try_timeout * tries);
    co_return co_await Mailbox<Bytes>::take(box, nature_.clock, give_up_at);
}

} // namespace iwas::sim
