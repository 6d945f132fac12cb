// Answers that took longer than a customer is held.
#include "api/portal/handlers.hpp"
#include "api/portal/situation.hpp"

namespace iwas::api::portal {

awaitable<Response> get_answer(Request request, Services& services)
{
    const SteadyTime by = services.clock.steady_now() + services.settings.answer_within;
    const auto id = Ulid::parse(request.param("id"));
    auto entered = co_await enter(std::move(request), Entry::read, services);
    if (!entered) co_return std::move(entered.error());
    const Customer customer = std::move(*entered);
    if (!id) co_return customer.refuse(ProblemCode::not_found);

    auto answer = co_await services.late_answers.fetch(*id, customer.visit.id, by);
    if (!answer) co_return customer.refuse(ProblemCode::not_found);
    co_return std::move(*answer);
}

awaitable<Response> answer_by(
    SteadyTime by, Customer customer, awaitable<Response> work, Services& services)
{
    auto response = co_await services.late_answers.within(by, customer.visit.id, std::move(work));
    if (!response) co_return customer.refuse(Refusal{.code = ProblemCode::try_later, .wait = 2s});
    co_return std::move(*response);
}

} // namespace iwas::api::portal
