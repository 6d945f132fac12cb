// Transactions: found by what is asked for, and one with its whole story.
#include "api/customer.hpp"
#include "api/staff/handlers.hpp"
#include "api/staff/query.hpp"
#include "api/staff/views.hpp"

namespace iwas::api::staff {

namespace json = boost::json;

namespace {

constexpr std::size_t name_octets_max = 64;
constexpr std::size_t sought_octets_max = 128;

Refusal busy()
{
    return {.code = ProblemCode::try_later, .wait = 1s};
}

ports::TransactionFilter filter_in(
    QueryReader& query, const StaffCaller& caller, const ports::Clock& clock)
{
    ports::TransactionFilter filter;
    filter.organization = caller.organization.id;
    filter.locations = caller.scope();
    filter.state = query.value("state", domain::transaction_state_from);
    filter.method = query.value("method", domain::payment_method_from);
    filter.location = query.value("location", domain::LocationId::parse);
    filter.payment_account = query.value("account", domain::PaymentAccountId::parse);
    filter.account = query.value("customer", domain::AccountId::parse);
    filter.user_name = query.text("user_name", name_octets_max);
    filter.reference = query.text("reference", sought_octets_max);
    filter.from = query.moment("from", clock, caller.organization);
    filter.to = query.moment("to", clock, caller.organization);
    filter.is_queued = query.flag("refund_queued");
    filter.before = query.value("cursor", domain::TransactionId::parse);
    return filter;
}

awaitable<Response> list_transactions(StaffCaller caller, Request request, Services& services)
{
    QueryReader query{
        request,
        {"state", "method", "location", "account", "customer", "user_name", "reference", "from",
         "to", "refund_queued", "cursor", "limit"}};
    ports::TransactionFilter filter = filter_in(query, caller, services.clock);
    const auto limit = static_cast<std::size_t>(query.limit());
    if (query.is_wrong()) co_return caller.refuse(query.refusal());
    if (filter.location && !caller.may_see(caller.organization.id, *filter.location))
        co_return caller.refuse(ProblemCode::not_found);

    // One more than is shown tells whether there is another page.
    const auto found =
        co_await services.store.find_transactions(std::move(filter), static_cast<int>(limit) + 1);
    if (!found) co_return caller.refuse(busy());
    json::array list;
    for (const domain::Transaction& each : *found) {
        if (list.size() == limit) break;
        list.push_back(transaction_json(each));
    }
    json::value next = nullptr;
    if (found->size() > limit) next = json::value(to_string(found->at(limit - 1).id));
    co_return json_response(
        200, {{"transactions", std::move(list)}, {"next_cursor", std::move(next)}});
}

/// What can still be given back of it.
Money refundable(const domain::Transaction& transaction)
{
    if (transaction.state != domain::TransactionState::success) return {};
    return due_of(transaction) - transaction.refunded;
}

awaitable<Response> show_transaction(StaffCaller caller, Request request, Services& services)
{
    std::string id{request.param("id")};
    const auto loaded = co_await visible_transaction(caller, std::move(id), services);
    if (!loaded) co_return loaded.error();
    const domain::Transaction& txn = *loaded;
    const auto payments = co_await services.store.payments_of(txn.id);
    if (!payments) co_return caller.refuse(busy());
    const auto others = co_await services.store.transactions_from(txn.id);
    if (!others) co_return caller.refuse(busy());
    const auto story = co_await services.store.events_of(txn.id);
    if (!story) co_return caller.refuse(busy());
    const auto session = co_await services.store.load_session(txn.session);
    if (!session) co_return caller.refuse(busy());
    const auto account = co_await services.store.load_account(txn.account);
    if (!account) co_return caller.refuse(busy());

    json::object body = transaction_json(txn);
    body["refundable"] = refundable(txn).vnd();
    json::array paid;
    for (const domain::Payment& each : *payments)
        paid.push_back(payment_json(each));
    body["payments"] = std::move(paid);
    json::array held;
    for (const domain::Transaction& each : *others)
        held.push_back(transaction_json(each));
    body["others"] = std::move(held);
    body["session"] = nullptr;
    if (*session) body["session"] = session_summary_json(**session);
    body["buyer"] = nullptr;
    if (*account) body["buyer"] = customer_json(**account);
    body["history"] = story_json(*story);
    co_return json_response(200, body);
}

} // namespace

awaitable<Response> get_transactions(Request request, Services& services)
{
    return read_as_staff(std::move(request), services, list_transactions);
}

awaitable<Response> get_transaction(Request request, Services& services)
{
    return read_as_staff(std::move(request), services, show_transaction);
}

} // namespace iwas::api::staff
