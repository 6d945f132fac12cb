#include "app/demo/demo_run.hpp"

#include "adapters/trace/limits.hpp"
#include "app/demo/demo_steps.hpp"
#include "sim/phone/phone.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::app {

namespace {

using domain::SessionState;
using ports::awaitable;

constexpr std::int64_t price_vnd = 5000;
constexpr adapters::WorkflowLimits purchase_limits = *adapters::limits_of("purchase");
constexpr adapters::WorkflowLimits expiry_limits = *adapters::limits_of("expire_session");

std::string against(Milliseconds took, const adapters::WorkflowLimits& limits)
{
    return fmt::format(
        "{} ms (target {} ms, never more than {} ms)", took.count(), limits.target.count(),
        limits.never_more_than.count());
}

/// Buys and follows the purchase until it is online or has failed. The last answer.
awaitable<sim::PhoneAnswer> buy(sim::Phone& phone, ports::Clock& clock)
{
    sim::PhoneAnswer answer =
        co_await phone.buy("hour", price_vnd, "5d6f1c1e-3a57-4b7e-9d5e-0c5f2a7b9e01");
    const std::string id = answer.text_at("/id");
    for (int polls = 0; polls < 60 && answer.status == 202; ++polls) {
        const SteadyTime next = clock.steady_now() + Milliseconds{250};
        co_await clock.sleep_until(next);
        sim::PhoneAnswer now = co_await phone.purchase(id);
        const std::string state = now.text_at("/state");
        if (state != "paying" && state != "activating") co_return now;
    }
    co_return answer;
}

/// The hour passes, and the router cuts the phone off.
awaitable<void> play_the_end(
    Program& program, sim::SimulatedCafe& cafe, sim::Phone& phone, LeapingClock& clock,
    Checks& checks, std::string session_text)
{
    const auto id = domain::SessionId::parse(session_text);
    std::optional<UtcTime> due;
    const auto session_is = [&](SessionState state) -> awaitable<bool> {
        const auto loaded = co_await program.store().load_session(*id);
        if (!loaded || !*loaded) co_return false;
        due = (*loaded)->ends_at;
        co_return (*loaded)->state == state;
    };
    const bool is_active = id && co_await session_is(SessionState::active);
    if (!checks.expect(is_active && due, "the session has its hour")) co_return;

    clock.leap(1h - 2s);
    const bool is_open = co_await phone.has_internet();
    checks.expect(is_open, "two seconds before its end the session runs");
    const unsigned boots = cafe.router().model().boots();
    const MacAddress device = cafe.devices().front().mac;
    const bool is_cut = co_await eventually(clock, 7s, [&]() -> awaitable<bool> {
        const bool is_back = co_await is_held_back(phone, cafe.router(), device);
        co_return is_back;
    });
    const Milliseconds late = std::max(Milliseconds{0}, clock.utc_now() - *due);
    checks.expect(
        is_cut && cafe.router().model().boots() == boots,
        "after its end the router lists the phone no more and holds it back again");
    checks.expect(
        late <= expiry_limits.never_more_than,
        fmt::format("seen within {} of its end", against(late, expiry_limits)));
    const bool is_expired = co_await eventually(clock, 5s, [&]() -> awaitable<bool> {
        const bool is_over = co_await session_is(SessionState::expired);
        co_return is_over;
    });
    checks.expect(is_expired, "the session is over: TIME_EXPIRED");
}

} // namespace

awaitable<bool> is_held_back(sim::Phone& phone, sim::RouterServer& router, MacAddress device)
{
    if (router.model().is_online(device)) co_return false;
    const bool is_redirected = co_await phone.is_redirected();
    co_return is_redirected;
}

awaitable<bool> run_demo_purchase(
    Program& program, sim::SimulatedCafe& cafe, http::Client& client, LeapingClock& clock)
{
    Checks checks;
    const sim::CafeDevice device = cafe.devices().front();
    sim::Phone phone{client, device.port};
    const std::int64_t balance_before = cafe.pc_system().find_user("alice")->cash;

    const bool is_outside = co_await is_held_back(phone, cafe.router(), device.mac);
    checks.expect(is_outside, "before: the router holds the phone back");
    const bool is_redirected = co_await phone.open_portal();
    if (!checks.expect(is_redirected, "the router sends it to the portal")) co_return false;
    const auto signed_in = co_await phone.sign_in("alice", "alice123");
    if (!checks.expect(signed_in.is_ok(), "signed in with the PC account")) co_return false;

    const SteadyTime began = clock.steady_now();
    const auto purchase = co_await buy(phone, clock);
    const auto took = std::chrono::duration_cast<Milliseconds>(clock.steady_now() - began);
    const std::string state = purchase.text_at("/state");
    checks.expect(
        state == "online", fmt::format("bought: {}", state.empty() ? purchase.problem() : state));
    checks.expect(
        took <= purchase_limits.never_more_than,
        fmt::format("from the tap to online in {}", against(took, purchase_limits)));
    const std::string transaction = purchase.text_at("/transaction/id");
    const std::string session_text = purchase.text_at("/session/id");
    co_await print_trace(program, clock, transaction);

    checks.expect(cafe.router().model().is_online(device.mac), "the router lists the phone");
    bool is_open = co_await phone.has_internet();
    checks.expect(is_open, "the phone reaches the internet");
    const std::int64_t paid = balance_before - cafe.pc_system().find_user("alice")->cash;
    checks.expect(paid == price_vnd, fmt::format("the PC balance paid {}", to_string(Money{paid})));

    co_await play_the_end(program, cafe, phone, clock, checks, session_text);
    co_return checks.all_hold();
}

} // namespace iwas::app
