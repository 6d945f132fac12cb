// The customer's balance and history, and what is on sale to him.
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

#include <map>

namespace iwas::api::portal {

namespace json = boost::json;

namespace {
constexpr Seconds balance_within{5};
constexpr std::size_t history_shown = 20;
constexpr int purchases_counted_max = 100;
} // namespace

awaitable<Response> get_balance(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);

    const SteadyTime by = services.clock.steady_now() + balance_within;
    const auto balance = co_await services.balances.of(*customer.account, by);
    if (!balance)
        co_return customer.refuse(Refusal{.code = ProblemCode::pc_system_unavailable, .wait = 5s});
    co_return json_response(200, balance_json(*balance));
}

namespace {

/// The filter that the query asks for; the name of a parameter that makes no sense.
Result<ports::TransactionFilter, std::string> filter_of(
    const Request& request, domain::AccountId account)
{
    ports::TransactionFilter filter{.account = account};
    if (const auto cursor = request.query.find("cursor")) {
        filter.before = domain::TransactionId::parse(*cursor);
        if (!filter.before) return std::unexpected{"cursor"};
    }
    if (const auto state = request.query.find("state")) {
        filter.state = domain::transaction_state_from(*state);
        if (!filter.state) return std::unexpected{"state"};
    }
    if (const auto method = request.query.find("method")) {
        filter.method = domain::payment_method_from(*method);
        if (!filter.method) return std::unexpected{"method"};
    }
    return filter;
}

} // namespace

awaitable<Response> get_history(Request request, Services& services)
{
    auto entered = co_await enter(request, Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    auto filter = filter_of(request, customer.account->id);
    if (!filter) co_return customer.refuse(invalid_field(filter.error()));

    // One more than is shown tells whether there is another page.
    const auto past = co_await services.store.find_transactions(
        std::move(*filter), static_cast<int>(history_shown) + 1);
    if (!past) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    json::array list;
    for (const domain::Transaction& transaction : *past) {
        if (list.size() == history_shown) break;
        list.push_back(history_json(transaction));
    }
    json::value next = nullptr;
    if (past->size() > history_shown) next = to_string(past->at(history_shown - 1).id);
    co_return json_response(
        200, {{"transactions", std::move(list)}, {"next_cursor", std::move(next)}});
}

awaitable<Response> get_packages(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);

    const auto catalog = services.catalog.current();
    const domain::Location* location = catalog->location(customer.visit.location);
    if (!location) co_return customer.refuse(ProblemCode::visit_unknown);
    const domain::LocalTime now =
        services.clock.local_time(services.clock.utc_now(), location->time_zone);

    // Daily limits: a hint that spares a useless try. The purchase itself decides.
    std::map<domain::PackageId, int> bought;
    if (customer.account) {
        const auto past =
            co_await services.store.transactions_of(customer.account->id, purchases_counted_max);
        if (past)
            for (const domain::Transaction& each : *past)
                if (each.created_at >= now.day_start &&
                    each.state == domain::TransactionState::success)
                    ++bought[each.terms.package];
    }
    Occupancy::Counts open = co_await services.occupancy.at(catalog, location->id);
    json::array list;
    for (const domain::Package* package : catalog->packages_at(location->id)) {
        const Demand demand{
            .open_sessions = open[package->id], .bought_today = bought[package->id]};
        list.push_back(package_json(*package, now, demand));
    }
    co_return json_response(200, {{"packages", std::move(list)}});
}

} // namespace iwas::api::portal
