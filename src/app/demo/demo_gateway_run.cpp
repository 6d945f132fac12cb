// A guest who pays at a simulated gateway or bank, from the captive redirect to online.
#include "app/demo/demo_run.hpp"
#include "app/demo/demo_steps.hpp"
#include "sim/cafe/paying.hpp"

namespace iwas::app {

namespace {

using ports::awaitable;

constexpr std::int64_t price_vnd = 12'000;
constexpr Milliseconds online_within{5000};

std::int64_t number_at(const sim::PhoneAnswer& answer, std::string_view pointer)
{
    boost::system::error_code error;
    const auto* const found = answer.body.find_pointer(pointer, error);
    return found && found->is_int64() ? found->as_int64() : 0;
}

} // namespace

awaitable<bool> run_demo_gateway_purchase(
    Program& program, sim::SimulatedCafe& cafe, http::Client& client, LeapingClock& clock,
    std::string method)
{
    Checks checks;
    const sim::CafeDevice device = cafe.devices().front();
    sim::Phone phone{client, device.port};
    sim::GatewayFace* const face = sim::gateway_of(cafe.gateways().hub(), method);
    if (!checks.expect(face != nullptr, method + " has a simulator")) co_return false;

    const bool is_redirected = co_await phone.open_portal();
    if (!checks.expect(is_redirected, "the router sends the phone to the portal")) co_return false;
    const auto guest = co_await phone.sign_in_as_guest();
    if (!checks.expect(guest.is_ok(), "goes on as a guest")) co_return false;
    const auto ordered =
        co_await phone.buy("evening", price_vnd, "5d6f1c1e-3a57-4b7e-9d5e-0c5f2a7b9e02", method);
    const bool is_invited = ordered.text_at("/state") == "awaiting_payment";
    if (!checks.expect(is_invited, "ordered: " + ordered.text_at("/state") + ordered.problem()))
        co_return false;
    const bool is_held = co_await is_held_back(phone, cafe.router(), device.mac);
    checks.expect(is_held, "unpaid: the router holds the phone back");

    const SteadyTime began = clock.steady_now();
    const sim::PayCommand command = sim::pay_command_of(ordered.body);
    const auto paid = face->pay(command, clock.utc_now());
    if (!checks.expect(paid.has_value(), paid ? "paid by " + method : paid.error()))
        co_return false;
    const std::string id = ordered.text_at("/id");
    sim::PhoneAnswer last;
    const bool is_online = co_await eventually(clock, 20s, [&]() -> awaitable<bool> {
        last = co_await phone.purchase(id);
        co_return last.text_at("/state") == "online";
    });
    const auto took = std::chrono::duration_cast<Milliseconds>(clock.steady_now() - began);
    checks.expect(is_online, "bought: " + last.text_at("/state"));
    checks.expect(
        took <= online_within, fmt::format(
                                   "from the payment to online in {} ms (never more than {} ms)",
                                   took.count(), online_within.count()));
    co_await print_trace(program, clock, last.text_at("/transaction/id"));

    checks.expect(cafe.router().model().is_online(device.mac), "the router lists the phone");
    const bool is_open = co_await phone.has_internet();
    checks.expect(is_open, "the phone reaches the internet");
    const Money due{number_at(ordered, "/payment/due")};
    checks.expect(
        due > Money{} && face->book.total_taken() == due && face->book.total_refunded() == Money{},
        "the gateway took " + to_string(face->book.total_taken()));
    co_return checks.all_hold();
}

} // namespace iwas::app
