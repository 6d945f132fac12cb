// The customer's devices at this location.
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

#include <algorithm>

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

json::object devices_body(const std::vector<domain::Session>& sessions, const Viewer& viewer)
{
    json::array online;
    json::array others;
    json::value limit = nullptr;
    for (const domain::Session& session : sessions) {
        if (limit.is_null() && session.state == domain::SessionState::active)
            limit = session.terms.device_limit;
        for (json::value& device : devices_json(session, viewer)) {
            const bool is_online = device.at("online").as_bool();
            (is_online ? online : others).push_back(std::move(device));
        }
    }
    for (json::value& device : others)
        online.push_back(std::move(device));
    return {{"devices", std::move(online)}, {"device_limit", std::move(limit)}};
}

awaitable<Response> list_devices(Customer customer, Services& services)
{
    const auto sessions = co_await services.store.open_sessions_of(customer.account->id);
    if (!sessions) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    co_return json_response(200, devices_body(*sessions, viewer_of(customer, services)));
}

awaitable<Response> disconnect(Customer customer, std::string device_id, Services& services)
{
    const auto sessions = co_await services.store.open_sessions_of(customer.account->id);
    if (!sessions) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    for (const domain::Session& session : *sessions) {
        const auto device = std::ranges::find_if(session.devices, [&](const auto& each) {
            return services.tokens.device_id(each.mac) == device_id;
        });
        if (device == session.devices.end()) continue;
        const domain::SessionId id = session.id;
        const MacAddress mac = device->mac;
        const auto done =
            co_await services.sessions.disconnect_device(customer.account->id, id, mac);
        if (!done && done.error() == workflows::SessionError::over)
            co_return customer.refuse(ProblemCode::session_expired);
        if (!done && done.error() == workflows::SessionError::not_found)
            co_return customer.refuse(ProblemCode::not_found);
        // A router that does not answer is told again by a job; the device has lost its right.
        if (!done && done.error() != workflows::SessionError::router_pending)
            co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
        Response response = co_await list_devices(customer, services);
        co_return response;
    }
    co_return customer.refuse(ProblemCode::not_found);
}

/// Owns what the change needs, so that it can go on when its customer is answered.
awaitable<Response> disconnect_once(
    Customer customer, Request request, std::string device_id, Services& services)
{
    const std::function<awaitable<Response>()> work = [&] {
        return disconnect(customer, device_id, services);
    };
    Response response = co_await run_once(customer, std::move(request), services, work);
    co_return response;
}

} // namespace

awaitable<Response> get_devices(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    Response response = co_await list_devices(std::move(*entered), services);
    co_return response;
}

awaitable<Response> post_device_disconnect(Request request, Services& services)
{
    const std::string device_id{request.param("id")};
    const SteadyTime by = services.clock.steady_now() + services.settings.answer_within;
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);

    Response response = co_await answer_by(
        by, customer, disconnect_once(customer, std::move(request), device_id, services), services);
    co_return response;
}

} // namespace iwas::api::portal
