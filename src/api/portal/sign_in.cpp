// Signing in with a PC-café account, and out again.
#include "api/peer_source.hpp"
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"
#include "core/folding.hpp"

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

Refusal refusal_of(const workflows::LogInFailure& failure)
{
    switch (failure.error) {
    case workflows::LogInError::invalid_credentials:
        return {.code = ProblemCode::invalid_credentials};
    case workflows::LogInError::account_suspended: return {.code = ProblemCode::account_suspended};
    case workflows::LogInError::rate_limited:
        return {.code = ProblemCode::rate_limited, .wait = failure.retry_after};
    case workflows::LogInError::pc_system_unavailable:
        return {.code = ProblemCode::pc_system_unavailable, .wait = 5s};
    case workflows::LogInError::try_later: return {.code = ProblemCode::try_later, .wait = 1s};
    }
    return {.code = ProblemCode::try_later};
}

struct Credentials {
    std::string user_name;
    SecretText password;
};

Result<Credentials, Refusal> credentials_of(const Request& request)
{
    const auto body = json_body(request);
    if (!body) return std::unexpected{body.error()};
    auto user_name = text_member(*body, "username", 1, 64);
    if (!user_name) return std::unexpected{user_name.error()};
    if (has_control_character(*user_name)) return std::unexpected{invalid_field("username")};
    auto password = text_member(*body, "password", 1, 128);
    if (!password) return std::unexpected{password.error()};
    return Credentials{std::move(*user_name), SecretText{std::move(*password)}};
}

awaitable<Response> signed_in_response(
    Customer customer, Result<workflows::SignedIn, workflows::LogInFailure> signed_in,
    bool is_secure, Services& services)
{
    if (!signed_in) co_return customer.refuse(refusal_of(signed_in.error()));
    customer.visit = std::move(signed_in->visit);
    customer.account = std::move(signed_in->account);

    const auto situation = co_await situation_of(customer, services);
    if (!situation) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    const SteadyTime by = services.clock.steady_now() + services.settings.balance_within;
    std::optional<Balance> known;
    if (!domain::is_guest(*customer.account))
        known = co_await services.balances.of(*customer.account, by);

    const Viewer viewer = viewer_of(customer, services);
    json::value balance = nullptr;
    if (known) balance = balance_json(*known);
    json::value active = nullptr;
    if (situation->active) active = session_json(*situation->active, viewer);
    json::array others;
    for (const domain::Session& session : situation->others)
        others.push_back(session_json(session, viewer));
    const std::string token = services.tokens.visit_token(customer.visit.id);
    Response response = json_response(
        200, {
                 {"account", account_json(*customer.account)},
                 {"balance", std::move(balance)},
                 {"active_session", std::move(active)},
                 {"other_sessions", std::move(others)},
                 {"visit_token", token},
                 {"csrf_token", services.tokens.csrf_token(customer.visit.id)},
             });
    const Seconds signed_in_for = std::chrono::floor<Seconds>(
        customer.visit.signed_in_until.value_or(viewer.now) - viewer.now);
    response.headers.add(
        "Set-Cookie", cookie(device_cookie, token, services.settings.visit_for, is_secure));
    response.headers.add("Set-Cookie", cookie(session_cookie, token, signed_in_for, is_secure));
    co_return response;
}

awaitable<Response> sign_in(
    Customer customer, workflows::LogInRequest order, bool is_secure, Services& services)
{
    auto signed_in = co_await services.log_in.run(std::move(order));
    Response response =
        co_await signed_in_response(std::move(customer), std::move(signed_in), is_secure, services);
    co_return response;
}

} // namespace

awaitable<Response> post_sign_in_guest(Request request, Services& services)
{
    const bool is_secure = request.secure;
    std::string peer_address = request.peer_address;
    auto entered = co_await enter(std::move(request), Entry::change, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);
    // Asked twice, he stays who he is: what he has bought as this guest would be lost to him.
    if (customer.account && domain::is_guest(*customer.account)) {
        workflows::SignedIn same{*customer.account, customer.visit};
        Response response =
            co_await signed_in_response(std::move(customer), std::move(same), is_secure, services);
        co_return response;
    }
    auto signed_in = co_await services.log_in.as_guest(customer.visit, std::move(peer_address));
    Response response =
        co_await signed_in_response(std::move(customer), std::move(signed_in), is_secure, services);
    co_return response;
}

awaitable<Response> post_sign_in(Request request, Services& services)
{
    const SteadyTime by = services.clock.steady_now() + services.settings.sign_in_within;
    auto entered = co_await enter(request, Entry::change, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);
    auto credentials = credentials_of(request);
    if (!credentials) co_return customer.refuse(credentials.error());

    workflows::LogInRequest order{
        .visit = customer.visit,
        .user_name = std::move(credentials->user_name),
        .password = std::move(credentials->password),
        .peer_address = peer_source(request.peer_address),
    };
    Response response = co_await answer_by(
        by, customer, sign_in(customer, std::move(order), request.secure, services), services);
    co_return response;
}

namespace {

awaitable<Response> reauthenticate(
    Customer customer, workflows::LogInRequest order, Services& services)
{
    const auto proven = co_await services.log_in.prove(std::move(order), *customer.account);
    if (!proven) co_return customer.refuse(refusal_of(proven.error()));
    co_return Response::empty(204);
}

} // namespace

awaitable<Response> post_reauthenticate(Request request, Services& services)
{
    const SteadyTime by = services.clock.steady_now() + services.settings.sign_in_within;
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    const auto body = json_body(request);
    if (!body) co_return customer.refuse(body.error());
    auto password = text_member(*body, "password", 1, 128);
    if (!password) co_return customer.refuse(password.error());
    // A guest has none.
    if (domain::is_guest(*customer.account))
        co_return customer.refuse(ProblemCode::invalid_credentials);

    workflows::LogInRequest order{
        .visit = customer.visit,
        .user_name = customer.account->user_name,
        .password = SecretText{std::move(*password)},
        .peer_address = peer_source(request.peer_address),
    };
    Response response = co_await answer_by(
        by, customer, reauthenticate(customer, std::move(order), services), services);
    co_return response;
}

awaitable<Response> post_sign_out(Request request, Services& services)
{
    const auto elsewhere = services.tokens.visit_of(request.cookies.value(session_cookie));
    const bool is_secure = request.secure;
    auto entered = co_await enter(std::move(request), Entry::change, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);

    const auto left = co_await services.log_in.sign_out(customer.visit);
    if (!left) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    // The browser may have signed in in an older visit, which its cookie still names.
    if (elsewhere && *elsewhere != customer.visit.id) {
        auto older = co_await services.store.load_visit(*elsewhere);
        if (older && *older) {
            domain::Visit visit = std::move(**older);
            const auto forgotten = co_await services.log_in.sign_out(std::move(visit));
            if (!forgotten)
                co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
        }
    }
    Response response = Response::empty(204);
    response.headers.add("Set-Cookie", cookie(session_cookie, "", 0s, is_secure));
    co_return response;
}

} // namespace iwas::api::portal
