// The WiFi session: look at it, follow it, end it, go on with it.
#include "api/portal/follow.hpp"
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

const Refusal store_is_away{.code = ProblemCode::try_later, .wait = 1s};

Refusal refusal_of(workflows::SessionError error)
{
    switch (error) {
    case workflows::SessionError::not_found: return {.code = ProblemCode::not_found};
    case workflows::SessionError::over: return {.code = ProblemCode::session_expired};
    case workflows::SessionError::max_devices: return {.code = ProblemCode::max_devices_reached};
    case workflows::SessionError::device_taken: return {.code = ProblemCode::device_already_active};
    case workflows::SessionError::device_blocked: return {.code = ProblemCode::device_blocked};
    case workflows::SessionError::router_refused: return {.code = ProblemCode::activation_failed};
    case workflows::SessionError::router_pending:
    case workflows::SessionError::try_later: return store_is_away;
    }
    return store_is_away;
}

awaitable<Response> end_session(Customer customer, domain::SessionId id, Services& services)
{
    const auto ended =
        co_await services.sessions.end(customer.account->id, id, domain::EndReason::user_logout);
    if (!ended) co_return customer.refuse(refusal_of(ended.error()));
    co_return json_response(200, session_json(*ended, viewer_of(customer, services)));
}

awaitable<Response> resume_session(Customer customer, domain::SessionId id, Services& services)
{
    domain::Visit visit = visit_with_way_back(customer, services);
    const auto admitted =
        co_await services.sessions.admit_device(customer.account->id, id, std::move(visit));
    const Viewer viewer = viewer_of(customer, services);
    if (admitted) {
        json::value form = nullptr;
        if (admitted->form) form = form_json(*admitted->form);
        co_return json_response(
            admitted->is_online ? 200 : 202, {{"session", session_json(admitted->session, viewer)},
                                              {"login_form", std::move(form)}});
    }

    Refusal refusal = refusal_of(admitted.error());
    const bool is_pending = admitted.error() == workflows::SessionError::router_pending;
    const bool is_full = admitted.error() == workflows::SessionError::max_devices;
    if (!is_pending && !is_full) co_return customer.refuse(refusal);
    const auto session = co_await services.store.load_session(id);
    if (!session || !*session) co_return customer.refuse(store_is_away);
    if (is_pending)
        co_return json_response(
            202, {{"session", session_json(**session, viewer)}, {"login_form", nullptr}});
    refusal.devices = devices_json(**session, viewer);
    refusal.device_limit = (*session)->terms.device_limit;
    co_return customer.refuse(refusal);
}

using Change = awaitable<Response>(Customer, domain::SessionId, Services&);

/// Owns what the change needs, so that it can go on when its customer is answered.
awaitable<Response> once(
    Customer customer, Request request, domain::SessionId id, Change* change, Services& services)
{
    const std::function<awaitable<Response>()> work = [&] {
        return change(customer, id, services);
    };
    Response response = co_await run_once(customer, std::move(request), services, work);
    co_return response;
}

} // namespace

awaitable<Response> get_current_session(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);

    const auto session = co_await current_session(customer, services);
    if (!session) co_return customer.refuse(store_is_away);
    json::value body = nullptr;
    if (*session) body = session_json(**session, viewer_of(customer, services));
    co_return json_response(200, {{"session", std::move(body)}});
}

awaitable<Response> get_session_events(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);

    const auto session = co_await current_session(customer, services);
    if (!session) co_return customer.refuse(store_is_away);
    if (!*session) co_return customer.refuse(ProblemCode::not_found);
    const domain::SessionId id = (*session)->id;
    co_return stream_session(std::move(customer), id, services);
}

awaitable<Response> post_session_end(Request request, Services& services)
{
    const SteadyTime by = services.clock.steady_now() + services.settings.answer_within;
    const auto id = domain::SessionId::parse(request.param("id"));
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);

    Response response = co_await answer_by(
        by, customer, once(customer, std::move(request), *id, end_session, services), services);
    co_return response;
}

awaitable<Response> post_session_resume(Request request, Services& services)
{
    const SteadyTime by = services.clock.steady_now() + services.settings.answer_within;
    const auto id = domain::SessionId::parse(request.param("id"));
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);

    Response response = co_await answer_by(
        by, customer, once(customer, std::move(request), *id, resume_session, services), services);
    co_return response;
}

} // namespace iwas::api::portal
