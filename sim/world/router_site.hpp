// RouterSite: one router of the café and the lines to it: RADIUS towards IWAS, the router's API and
// dynamic authorization from IWAS. It lives on when IWAS dies.
#pragma once

#include "domain/tenant.hpp"
#include "ports/access_control.hpp"
#include "sim/router/router_model.hpp"
#include "sim/world/border.hpp"

namespace iwas::sim {

/// Where routers find IWAS's RADIUS server, if one is running.
class RadiusDoor {
public:
    using Reply = std::function<void(Bytes)>;
    virtual ~RadiusDoor() = default;
    virtual void receive(
        RadiusService service, Bytes datagram, Ipv4Address source, Reply reply) = 0;
};

class RouterSite final : public RadiusTransport {
public:
    RouterSite(
        const domain::Router& router, bool mac_cookies, Nature& nature, RadiusDoor& door,
        TaskGroup& tasks);

    RouterModel model;
    /// The router refuses every login at its API.
    bool refuses_logins = false;

    [[nodiscard]] const domain::Router& router() const { return router_; }

    awaitable<std::optional<Bytes>> exchange(
        RadiusService service, Bytes request, Milliseconds timeout, unsigned tries) override;

    /// Runs `work` at the router as one API command. unknown: its answer did not come.
    template <class T>
    awaitable<Result<T, ports::GrantError>> command(
        std::function<T(RouterModel&)> work, SteadyTime deadline);
    awaitable<Result<LoginOutcome, ports::GrantError>> log_in(
        LoginAttempt attempt, SteadyTime deadline);
    /// Sends a Disconnect- or CoA-Request, each try 2 s, in all three. Nothing: no answer.
    awaitable<std::optional<Bytes>> dynamic(Bytes datagram, SteadyTime deadline);

private:
    awaitable<void> run_login(LoginAttempt attempt, std::shared_ptr<Mailbox<LoginOutcome>> box);
    void carry(RadiusService service, const Bytes& request, std::shared_ptr<Mailbox<Bytes>> box);
    [[nodiscard]] Milliseconds on_the_way();
    [[nodiscard]] bool loses_packet();
    [[nodiscard]] bool loses_command();

    domain::Router router_;
    Nature& nature_;
    RadiusDoor& door_;
    TaskGroup& tasks_;
};

template <class T>
awaitable<Result<T, ports::GrantError>> RouterSite::command(
    std::function<T(RouterModel&)> work, SteadyTime deadline)
{
    const SteadyTime give_up_at = std::min(deadline, nature_.clock.steady_now() + Seconds{3});
    if (!model.is_reachable()) { // the connection is refused, or never comes to be
        co_await nature_.clock.sleep_until(give_up_at);
        co_return std::unexpected{ports::GrantError::unreachable};
    }
    const auto box = std::make_shared<Mailbox<T>>(nature_.clock.executor());
    if (!loses_command())
        nature_.clock.after(on_the_way(), [this, work = std::move(work), box] {
            if (!model.is_reachable()) return;
            T answer = work(model);
            if (loses_command()) return;
            nature_.clock.after(
                on_the_way(), [box, answer = std::move(answer)]() mutable { box->put(answer); });
        });
    auto answer = co_await Mailbox<T>::take(box, nature_.clock, give_up_at);
    if (!answer) co_return std::unexpected{ports::GrantError::unknown};
    co_return std::move(*answer);
}

} // namespace iwas::sim
