// A few minutes of slow internet, so that a bank or wallet app can open.
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

Refusal refusal_of(workflows::PaymentWindowError error)
{
    using enum workflows::PaymentWindowError;
    switch (error) {
    case not_offered:
    case used_up: return {.code = ProblemCode::payment_window_used_up};
    case device_blocked: return {.code = ProblemCode::device_blocked};
    case already_online: return {.code = ProblemCode::device_already_active};
    case router_refused: return {.code = ProblemCode::activation_failed};
    case router_pending: return {.code = ProblemCode::try_later, .wait = 3s};
    case try_later: break;
    }
    return {.code = ProblemCode::try_later, .wait = 1s};
}

awaitable<Response> open(Customer customer, Services& services)
{
    const auto opened = co_await services.payment_window.open(customer.visit);
    if (!opened) co_return customer.refuse(refusal_of(opened.error()));
    auto body = co_await portal_json(customer, services);
    if (!body) co_return std::move(body.error());
    co_return json_response(200, *body);
}

/// Owns what the opening needs, so that it can go on when its customer is answered.
awaitable<Response> open_once(Customer customer, Request request, Services& services)
{
    const std::function<awaitable<Response>()> work = [&] { return open(customer, services); };
    Response response = co_await run_once(customer, std::move(request), services, work);
    co_return response;
}

} // namespace

json::value payment_window_json(const std::optional<workflows::PaymentWindowState>& state)
{
    constexpr std::uint64_t kilo = 1'000;
    if (!state) return nullptr;
    json::value until = nullptr;
    if (state->active_until) until = json::value(to_rfc3339(*state->active_until));
    return json::object{
        {"minutes", state->offer.duration.count()},
        {"rate_kbps", state->offer.rate_bps / kilo},
        {"times_left_today", state->times_left},
        {"active_until", std::move(until)},
    };
}

awaitable<Response> post_payment_window(Request request, Services& services)
{
    const SteadyTime by = services.clock.steady_now() + services.settings.answer_within;
    auto entered = co_await enter(request, Entry::change, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    if (!customer.account) {
        // The browser may have forgotten him; his order says that he is paying.
        const auto order = co_await services.store.unfinished_transaction_of_device(
            customer.visit.location, customer.visit.mac);
        if (!order) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
        if (!*order) co_return customer.refuse(ProblemCode::not_signed_in);
    }
    Response response = co_await answer_by(
        by, customer, open_once(customer, std::move(request), services), services);
    co_return response;
}

} // namespace iwas::api::portal
