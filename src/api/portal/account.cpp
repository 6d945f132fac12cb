// The customer's balance and history, and what is on sale to him.
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

#include <map>

namespace iwas::api::portal {

namespace json = boost::json;

namespace {
constexpr Seconds balance_within{5};
constexpr int history_shown = 20;
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

awaitable<Response> get_history(Request request, Services& services)
{
    auto entered = co_await enter(std::move(request), Entry::read_signed_in, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);

    const auto past = co_await services.store.transactions_of(customer.account->id, history_shown);
    if (!past) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s});
    json::array list;
    for (const domain::Transaction& transaction : *past)
        list.push_back(history_json(transaction));
    co_return json_response(200, {{"transactions", std::move(list)}});
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
