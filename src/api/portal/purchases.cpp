// Buying: a package for this device, or more time for its session.
#include "api/portal/follow.hpp"
#include "api/portal/handlers.hpp"
#include "api/portal/payment_methods.hpp"
#include "api/portal/situation.hpp"

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

Refusal refusal_of(const workflows::PurchaseRejected& rejected)
{
    using Why = workflows::PurchaseRejection;
    switch (rejected.why) {
    case Why::package_not_available: return {.code = ProblemCode::package_not_available};
    case Why::package_at_capacity: return {.code = ProblemCode::package_at_capacity};
    case Why::price_changed:
        return {.code = ProblemCode::price_changed, .price = rejected.current_price};
    case Why::device_blocked: return {.code = ProblemCode::device_blocked};
    case Why::device_already_active: return {.code = ProblemCode::device_already_active};
    case Why::purchase_limit_reached: return {.code = ProblemCode::purchase_limit_reached};
    case Why::session_not_extendable: return {.code = ProblemCode::session_expired};
    case Why::idempotency_conflict: return {.code = ProblemCode::idempotency_conflict};
    case Why::payment_method_inactive: return {.code = ProblemCode::payment_method_inactive};
    case Why::reauthentication_required: return {.code = ProblemCode::reauthentication_required};
    case Why::credit_changed: return {.code = ProblemCode::credit_changed};
    case Why::try_later: return {.code = ProblemCode::try_later, .wait = 1s};
    }
    return {.code = ProblemCode::try_later};
}

struct Order {
    domain::PackageId package;
    Money quoted_price;
    std::string key;
    domain::PaymentMethod method = domain::PaymentMethod::pc_balance;
    std::optional<domain::SavedMethodId> saved_method;
    bool uses_credit = true;
};

/// `must_name_method`: a purchase says how it is paid, an extension may.
Result<Order, Refusal> parse_order(const Request& request, bool must_name_method)
{
    auto key = idempotency_key(request);
    if (!key) return std::unexpected{key.error()};
    const auto body = json_body(request);
    if (!body) return std::unexpected{body.error()};
    const auto package_text = text_member(*body, "package_id", 1, 64);
    if (!package_text) return std::unexpected{package_text.error()};
    const auto price = money_member(*body, "quoted_price");
    if (!price) return std::unexpected{price.error()};
    std::string method_text{to_text(domain::PaymentMethod::pc_balance)};
    if (must_name_method || body->contains("method")) {
        auto named = text_member(*body, "method", 1, 32);
        if (!named) return std::unexpected{named.error()};
        method_text = std::move(*named);
    }
    const auto method = domain::payment_method_from(method_text);
    if (!method) return std::unexpected{Refusal{.code = ProblemCode::payment_method_inactive}};
    std::optional<domain::SavedMethodId> saved;
    if (body->contains("saved_method_id")) {
        const auto id_text = text_member(*body, "saved_method_id", 1, 64);
        if (!id_text) return std::unexpected{id_text.error()};
        saved = domain::SavedMethodId::parse(*id_text);
        if (!saved) return std::unexpected{Refusal{.code = ProblemCode::payment_method_inactive}};
    }
    bool uses_credit = true;
    if (const auto* wish = body->if_contains("use_credit")) {
        if (!wish->is_bool()) return std::unexpected{invalid_field("use_credit")};
        uses_credit = wish->get_bool();
    }
    auto package = domain::PackageId::parse(*package_text);
    if (!package) return std::unexpected{Refusal{.code = ProblemCode::package_not_available}};
    return Order{std::move(*package), *price, std::move(*key), *method, saved, uses_credit};
}

/// Begins the purchase, lets it run, and answers with what it came to by `answer_by`.
awaitable<Response> buy(
    Customer customer, workflows::PurchaseRequest order, SteadyTime answer_by, Services& services)
{
    auto begun = co_await services.purchases.begin(order);
    if (!begun) co_return customer.refuse(refusal_of(begun.error()));
    const domain::TransactionId id = begun->transaction.id;

    // Watched before it starts, so that no change is missed.
    const auto watch = services.events.watch({id.value(), begun->transaction.session.value()});
    const bool is_started =
        !begun->is_new ||
        services.tasks.start(
            "purchase", services.purchases.carry_out(begun->transaction, std::move(order)));
    if (!is_started) co_await services.purchases.leave_to_job(id);
    auto view = co_await settled_purchase(id, watch, answer_by, services);
    if (!view) {
        view = workflows::PurchaseView{.transaction = std::move(begun->transaction)};
    }

    if (auto refusal = api::refusal_of(*view)) co_return customer.refuse(std::move(*refusal));
    const bool is_done = is_final(state_of(*view));
    Response response =
        json_response(is_done ? 201 : 202, purchase_json(*view, viewer_of(customer, services)));
    response.headers.set("Location", "/api/v1/purchases/" + to_string(id));
    co_return response;
}

} // namespace

awaitable<Response> post_purchase(Request request, Services& services)
{
    const SteadyTime answer_by = services.clock.steady_now() + services.settings.answer_within;
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);
    auto order = parse_order(request, true);
    if (!order) co_return customer.refuse(order.error());

    workflows::PurchaseRequest purchase{
        .account = *customer.account,
        .visit = visit_with_way_back(customer, services),
        .package = std::move(order->package),
        .quoted_price = order->quoted_price,
        .idempotency_key = std::move(order->key),
        .extends = std::nullopt,
        .method = order->method,
        .saved_method = order->saved_method,
        .uses_credit = order->uses_credit,
        .way = payment_way(customer, order->method, *services.catalog.current(), services),
    };
    Response response = co_await buy(std::move(customer), std::move(purchase), answer_by, services);
    co_return response;
}

awaitable<Response> post_extend(Request request, Services& services)
{
    const SteadyTime answer_by = services.clock.steady_now() + services.settings.answer_within;
    auto entered = co_await enter(request, Entry::change_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);
    auto order = parse_order(request, false);
    if (!order) co_return customer.refuse(order.error());

    const auto session = co_await current_session(customer, services);
    if (!session) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    if (!*session || (*session)->account != customer.account->id)
        co_return customer.refuse(ProblemCode::session_expired);
    workflows::PurchaseRequest purchase{
        .account = *customer.account,
        .visit = visit_with_way_back(customer, services),
        .package = std::move(order->package),
        .quoted_price = order->quoted_price,
        .idempotency_key = std::move(order->key),
        .extends = (*session)->id,
        .method = order->method,
        .saved_method = order->saved_method,
        .uses_credit = order->uses_credit,
        .way = payment_way(customer, order->method, *services.catalog.current(), services),
    };
    Response response = co_await buy(std::move(customer), std::move(purchase), answer_by, services);
    co_return response;
}

awaitable<Response> get_purchase(Request request, Services& services)
{
    const auto id = domain::TransactionId::parse(request.param("id"));
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);

    const auto view = co_await services.purchases.view(*id);
    if (!view) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    if (!*view || !may_see(customer, (*view)->transaction))
        co_return customer.refuse(ProblemCode::not_found);
    co_return json_response(200, purchase_json(**view, viewer_of(customer, services)));
}

awaitable<Response> get_purchase_events(Request request, Services& services)
{
    const auto id = domain::TransactionId::parse(request.param("id"));
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);

    const auto view = co_await services.purchases.view(*id);
    if (!view) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    if (!*view || !may_see(customer, (*view)->transaction))
        co_return customer.refuse(ProblemCode::not_found);
    const Ulid session = (*view)->transaction.session.value();
    co_return stream_purchase(std::move(customer), *id, session, services);
}

} // namespace iwas::api::portal
