// DemoRun: one purchase from the captive redirect to the end of the session, checked at every step.
#pragma once

#include "app/demo/leaping_clock.hpp"
#include "app/wiring.hpp"
#include "sim/cafe/simulated_cafe.hpp"
#include "sim/phone/phone.hpp"

namespace iwas::app {

/// Whether the router holds the device back: it works, sends the phone to the portal, and its own
/// list has no session of the device. Through a dead router no phone gets either, which is no
/// proof.
ports::awaitable<bool> is_held_back(
    sim::Phone& phone, sim::RouterServer& router, MacAddress device);

/// Plays one customer and prints what happened. True only when the simulated router let the phone
/// through after the purchase and stopped it after the session, and the PC balance was debited
/// once.
ports::awaitable<bool> run_demo_purchase(
    Program& program, sim::SimulatedCafe& cafe, http::Client& client, LeapingClock& clock);

/// The same for a guest who pays at a gateway: `method` is momo, zalopay, vnpay or vietqr. True
/// only when the router let the phone through after the payment, not before, and the gateway's book
/// and IWAS agree about the money.
ports::awaitable<bool> run_demo_gateway_purchase(
    Program& program, sim::SimulatedCafe& cafe, http::Client& client, LeapingClock& clock,
    std::string method);

} // namespace iwas::app
