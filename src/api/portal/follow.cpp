#include "api/portal/follow.hpp"

#include "api/portal/situation.hpp"

#include <boost/json/serialize.hpp>

#include <algorithm>

namespace iwas::api::portal {

namespace {

using Watch = std::shared_ptr<EventHub::Watch>;
using Stream = std::shared_ptr<http::EventStream>;

/// A change that nobody announced, such as another node's, is seen at the next look.
constexpr Milliseconds look_every{500};

awaitable<void> push_purchase(
    Customer customer, domain::TransactionId id, Watch watch, Stream stream, Services& services)
{
    std::string last;
    SteadyTime quiet_until{};
    while (stream->is_open()) {
        const auto view = co_await services.purchases.view(id);
        if (view && *view) {
            const auto body = purchase_json(**view, viewer_of(customer, services));
            std::string text = boost::json::serialize(body);
            const SteadyTime now = services.clock.steady_now();
            if (text != last || now >= quiet_until) {
                if (!stream->send("purchase", "", text)) co_return;
                quiet_until = now + services.settings.purchase_push_every;
            }
            last = std::move(text);
            if (is_final(state_of(**view))) break;
        }
        const SteadyTime until =
            services.clock.steady_now() + services.settings.purchase_push_every;
        co_await watch->wait(until);
    }
    stream->close();
}

awaitable<void> push_session(
    Customer customer, domain::SessionId id, Watch watch, Stream stream, Services& services)
{
    while (stream->is_open()) {
        const auto session = co_await services.store.load_session(id);
        if (session && *session) {
            const auto body = session_json(**session, viewer_of(customer, services));
            if (!stream->send("session", "", boost::json::serialize(body))) co_return;
            if (is_over((*session)->state)) break;
        }
        const SteadyTime until = services.clock.steady_now() + services.settings.session_push_every;
        co_await watch->wait(until);
    }
    stream->close();
}

/// Starts the pushing task; 503 when too much runs already.
Response started(
    bool has_started, const Customer& customer, const Watch& watch, const Stream& stream)
{
    if (!has_started) return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 2s});
    stream->on_close([watch] { watch->wake(); });
    return Response::stream(stream);
}

} // namespace

awaitable<std::optional<workflows::PurchaseView>> settled_purchase(
    domain::TransactionId id, Watch watch, SteadyTime until, Services& services)
{
    std::optional<workflows::PurchaseView> seen;
    for (;;) {
        auto view = co_await services.purchases.view(id);
        if (view && *view) {
            seen = std::move(**view);
            if (is_final(state_of(*seen)) || state_of(*seen) == PurchaseState::awaiting_payment ||
                api::refusal_of(*seen) || seen->form)
                co_return seen;
        }
        const SteadyTime now = services.clock.steady_now();
        if (now >= until) co_return seen;
        const SteadyTime next = std::min(until, now + look_every);
        co_await watch->wait(next);
    }
}

Response stream_purchase(
    Customer customer, domain::TransactionId id, Ulid session, Services& services)
{
    const Stream stream = std::make_shared<http::EventStream>();
    const Watch watch = services.events.watch({id.value(), session});
    const bool has_started = services.tasks.start(
        "purchase events", push_purchase(customer, id, watch, stream, services));
    return started(has_started, customer, watch, stream);
}

Response stream_session(Customer customer, domain::SessionId id, Services& services)
{
    const Stream stream = std::make_shared<http::EventStream>();
    const Watch watch = services.events.watch({id.value()});
    const bool has_started =
        services.tasks.start("session events", push_session(customer, id, watch, stream, services));
    return started(has_started, customer, watch, stream);
}

} // namespace iwas::api::portal
