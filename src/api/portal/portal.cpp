// Everything the first page needs, in one request.
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

namespace iwas::api::portal {

namespace json = boost::json;

namespace {

json::object location_json(const domain::Catalog& catalog, const domain::Location& location)
{
    const auto organization = catalog.organizations.find(location.organization);
    return {
        {"id", location.id.text()},
        {"name", location.name},
        {"brand",
         organization == catalog.organizations.end() ? location.name : organization->second.name},
        {"language_default", location.language},
    };
}

json::value account_or_null(const Customer& customer)
{
    if (!customer.account) return nullptr;
    return account_json(*customer.account);
}

/// Every way that the location offers, whoever asks.
json::array offered_methods(const domain::Catalog& catalog, const domain::Location& location)
{
    using domain::PaymentMethod;
    json::array methods{json::object{
        {"method", "pc_balance"}, {"available", catalog.pc_system(location.id) != nullptr}}};
    for (const PaymentMethod method :
         {PaymentMethod::momo, PaymentMethod::zalopay, PaymentMethod::vietqr, PaymentMethod::payos,
          PaymentMethod::vnpay})
        if (catalog.payment_account(location.organization, method))
            methods.push_back(json::object{{"method", to_text(method)}, {"available", true}});
    return methods;
}

/// Only a transfer can come without the name of its order.
bool takes_transfers(const domain::Catalog& catalog, const domain::Location& location)
{
    using domain::PaymentMethod;
    return catalog.payment_account(location.organization, PaymentMethod::vietqr) ||
           catalog.payment_account(location.organization, PaymentMethod::payos);
}

/// The device's address is a claim until he signs in.
json::value returning_or_null(const Situation& situation, const Customer& customer)
{
    if (!situation.last_account || domain::is_guest(*situation.last_account)) return nullptr;
    const std::string& name = situation.last_account->display_name;
    const bool is_himself = customer.account && customer.account->id == situation.last_account->id;
    return json::object{{"display_name", is_himself ? name : shortened_name(name)}};
}

} // namespace

awaitable<Result<json::object, Response>> portal_json(Customer customer, Services& services)
{
    const Refusal store_is_away{.code = ProblemCode::try_later, .wait = 1s};
    const auto situation = co_await situation_of(customer, services);
    const auto window = co_await services.payment_window.state(customer.visit);
    if (!situation || !window) co_return std::unexpected{customer.refuse(store_is_away)};
    json::value balance = nullptr;
    if (customer.account && !domain::is_guest(*customer.account)) {
        const SteadyTime by = services.clock.steady_now() + services.settings.balance_within;
        const auto known = co_await services.balances.of(*customer.account, by);
        if (known) balance = balance_json(*known);
    }

    const auto catalog = services.catalog.current();
    const domain::Location* location = catalog->location(customer.visit.location);
    if (!location) co_return std::unexpected{customer.refuse(ProblemCode::visit_unknown)};
    const Viewer viewer = viewer_of(customer, services);
    json::value active = nullptr;
    if (situation->active) active = session_json(*situation->active, viewer);
    json::array others;
    for (const domain::Session& session : situation->others)
        others.push_back(session_json(session, viewer));
    json::value purchase = nullptr;
    if (situation->purchase) purchase = purchase_json(*situation->purchase, viewer);

    co_return json::object{
        {"location", location_json(*catalog, *location)},
        {"device",
         json::object{
             {"mac_masked", masked_mac(customer.visit.mac)},
             {"is_private_mac", customer.visit.mac.is_private()},
             {"known", situation->last_account.has_value()},
         }},
        {"visit_token", services.tokens.visit_token(customer.visit.id)},
        {"account", account_or_null(customer)},
        {"returning_customer", returning_or_null(*situation, customer)},
        {"balance", std::move(balance)},
        {"active_session", std::move(active)},
        {"other_sessions", std::move(others)},
        {"open_purchase", std::move(purchase)},
        {"csrf_token", services.tokens.csrf_token(customer.visit.id)},
        {"payment_methods", offered_methods(*catalog, *location)},
        {"payment_window", payment_window_json(*window)},
        {"offers",
         json::object{
             {"find_transfer", takes_transfers(*catalog, *location)},
             {"receipt_pdf", services.print_sheet != nullptr}}},
    };
}

awaitable<Response> get_portal(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    const auto body = co_await portal_json(std::move(*entered), services);
    if (!body) co_return body.error();
    co_return json_response(200, *body);
}

} // namespace iwas::api::portal
