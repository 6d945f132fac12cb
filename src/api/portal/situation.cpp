#include "api/portal/situation.hpp"

#include <algorithm>

namespace iwas::api::portal {

namespace {

constexpr Seconds recently{900};
constexpr int transactions_looked_at = 20;

using Purchase = std::optional<workflows::PurchaseView>;
template <class T>
using Loaded = std::optional<std::optional<T>>; // outer: the store answered

bool ended_without_wifi(domain::TransactionState state)
{
    return state == domain::TransactionState::failed ||
           state == domain::TransactionState::expired ||
           state == domain::TransactionState::refunding ||
           state == domain::TransactionState::refunded;
}

/// Whose purchases on this device are looked at: the customer's, else the last one's here.
std::optional<domain::AccountId> account_to_look_at(
    const Customer& customer, const std::optional<domain::Account>& last)
{
    if (customer.account) return customer.account->id;
    if (last) return last->id;
    return std::nullopt;
}

/// `paid`: the purchase whose session waits for the router.
awaitable<Loaded<workflows::PurchaseView>> open_purchase(
    Customer customer, std::optional<domain::AccountId> account,
    std::optional<domain::TransactionId> paid, Services& services)
{
    const auto unfinished = co_await services.store.unfinished_transaction_of_device(
        customer.visit.location, customer.visit.mac);
    if (!unfinished) co_return std::nullopt;
    std::optional<domain::TransactionId> id = paid;
    if (*unfinished) {
        id = (*unfinished)->id;
    } else if (!paid && account) {
        const auto past = co_await services.store.transactions_of(*account, transactions_looked_at);
        if (!past) co_return std::nullopt;
        const UtcTime since = services.clock.utc_now() - recently;
        const auto newest = std::ranges::find(*past, customer.visit.mac, &domain::Transaction::mac);
        if (newest != past->end() && newest->updated_at >= since &&
            ended_without_wifi(newest->state))
            id = newest->id;
    }
    if (!id) co_return Purchase{};
    auto view = co_await services.purchases.view(*id);
    if (!view) co_return std::nullopt;
    // A purchase that went well in the meantime is shown as its session.
    if (*view && state_of(**view) == PurchaseState::online) co_return Purchase{};
    co_return std::move(*view);
}

} // namespace

Viewer viewer_of(const Customer& customer, const Services& services)
{
    return {
        .tokens = services.tokens,
        .device = customer.visit.mac,
        .account = customer.account ? std::optional{customer.account->id} : std::nullopt,
        .language = customer.language,
        .now = services.clock.utc_now(),
        // Without the visit's token: the link passes through the hands of strangers.
        .bank_links =
            {.base_url = services.settings.bank_app_url,
             .return_url = services.settings.public_url + "/"},
    };
}

domain::Visit visit_with_way_back(const Customer& customer, const Services& services)
{
    domain::Visit visit = customer.visit;
    visit.return_url =
        services.settings.public_url + "/online.html?v=" + services.tokens.visit_token(visit.id);
    return visit;
}

awaitable<std::optional<Situation>> situation_of(Customer customer, Services& services)
{
    Situation situation;
    auto of_device =
        co_await services.store.open_session_of_device(customer.visit.location, customer.visit.mac);
    if (!of_device) co_return std::nullopt;
    if (*of_device) {
        const bool is_paused = (*of_device)->state == domain::SessionState::paused;
        if (is_paused)
            situation.others.push_back(std::move(**of_device));
        else
            situation.active = std::move(*of_device);
    }
    if (customer.account) {
        auto all = co_await services.store.open_sessions_of(customer.account->id);
        if (!all) co_return std::nullopt;
        for (domain::Session& session : *all) {
            const bool is_shown =
                (situation.active && situation.active->id == session.id) ||
                std::ranges::find(situation.others, session.id, &domain::Session::id) !=
                    situation.others.end();
            if (!is_shown) situation.others.push_back(std::move(session));
        }
    }
    auto last =
        co_await services.store.last_account_of_device(customer.visit.location, customer.visit.mac);
    if (!last) co_return std::nullopt;
    situation.last_account = std::move(*last);

    const auto account = account_to_look_at(customer, situation.last_account);
    std::optional<domain::TransactionId> paid;
    if (situation.active && situation.active->state == domain::SessionState::pending)
        paid = situation.active->transaction;
    auto purchase = co_await open_purchase(std::move(customer), account, paid, services);
    if (!purchase) co_return std::nullopt;
    situation.purchase = std::move(*purchase);
    co_return situation;
}

awaitable<Loaded<domain::Session>> current_session(Customer customer, Services& services)
{
    using Found = std::optional<domain::Session>;
    auto of_device =
        co_await services.store.open_session_of_device(customer.visit.location, customer.visit.mac);
    if (!of_device) co_return std::nullopt;
    if (*of_device) co_return std::move(*of_device);

    std::optional<domain::AccountId> account;
    if (customer.account) {
        account = customer.account->id;
        auto all = co_await services.store.open_sessions_of(*account);
        if (!all) co_return std::nullopt;
        if (!all->empty()) co_return Found{std::move(all->front())};
    } else {
        const auto last = co_await services.store.last_account_of_device(
            customer.visit.location, customer.visit.mac);
        if (!last) co_return std::nullopt;
        if (*last) account = (*last)->id;
    }
    if (!account) co_return Found{};

    const auto past = co_await services.store.transactions_of(*account, transactions_looked_at);
    if (!past) co_return std::nullopt;
    const auto newest = std::ranges::find(*past, customer.visit.mac, &domain::Transaction::mac);
    if (newest == past->end()) co_return Found{};
    const domain::SessionId id = newest->session;
    auto session = co_await services.store.load_session(id);
    if (!session) co_return std::nullopt;
    const UtcTime since = services.clock.utc_now() - recently;
    if (!*session || !(*session)->ended_at || *(*session)->ended_at < since) co_return Found{};
    co_return std::move(*session);
}

} // namespace iwas::api::portal
