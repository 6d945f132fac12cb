#include "api/staff/handlers.hpp"

#include "api/customer.hpp"

#include <functional>

namespace iwas::api::staff {

namespace {

Response kept_by_nobody(Response response)
{
    response.headers.set("Cache-Control", "no-store");
    return response;
}

} // namespace

awaitable<Response> read_as_staff(Request request, Services& services, StaffWork work)
{
    auto entered = co_await services.staff_guard.enter(request, StaffEntry::read);
    if (!entered) co_return kept_by_nobody(std::move(entered.error()));
    Response response = co_await work(std::move(*entered), std::move(request), services);
    co_return kept_by_nobody(std::move(response));
}

awaitable<Response> act_as_staff(Request request, Services& services, StaffWork work)
{
    auto entered = co_await services.staff_guard.enter(request, StaffEntry::act);
    if (!entered) co_return kept_by_nobody(std::move(entered.error()));
    const StaffCaller caller = std::move(*entered);
    const std::function<awaitable<Response>()> run = [&] {
        return work(caller, request, services);
    };
    std::string scope = "staff:" + caller.member.name.text();
    Response response = co_await run_once(caller, std::move(scope), request, services, run);
    co_return kept_by_nobody(std::move(response));
}

awaitable<Result<domain::Transaction, Response>> visible_transaction(
    StaffCaller caller, std::string id, Services& services)
{
    const auto parsed = domain::TransactionId::parse(id);
    if (!parsed) co_return std::unexpected{caller.refuse(ProblemCode::not_found)};
    auto loaded = co_await services.store.load_transaction(*parsed);
    if (!loaded)
        co_return std::unexpected{
            caller.refuse(Refusal{.code = ProblemCode::try_later, .wait = 1s})};
    // What is not his does not exist for him.
    if (!*loaded || !caller.may_see((*loaded)->organization, (*loaded)->location))
        co_return std::unexpected{caller.refuse(ProblemCode::not_found)};
    co_return std::move(**loaded);
}

} // namespace iwas::api::staff
