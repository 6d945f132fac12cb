#include "api/late_answers.hpp"

namespace iwas::api {

namespace {

constexpr Seconds kept_for{60};
/// The longest that work takes, with its retries, and some more.
constexpr Seconds worked_for{120};
constexpr std::size_t slots_max = 10'000;

std::string path_of(const Ulid& id)
{
    return "/api/v1/answers/" + to_string(id);
}

http::Response pending(const Ulid& id)
{
    http::Response response = http::Response::json(202, R"({"answer":")" + path_of(id) + R"("})");
    response.headers.set("Location", path_of(id));
    response.headers.set("Retry-After", "1");
    return response;
}

} // namespace

ports::awaitable<std::optional<http::Response>> LateAnswers::within(
    SteadyTime by, domain::VisitId visit, ports::awaitable<http::Response> work)
{
    forget_old();
    const Ulid id = random_.make_id<domain::JobId>(clock_.utc_now()).value();
    const auto slot = std::make_shared<Slot>();
    slot->visit = visit;
    slot->forget_at = clock_.steady_now() + worked_for;
    // Watched before it starts, so that its end is not missed.
    auto watch = events_.watch({id});
    const bool is_started =
        slots_.size() < slots_max && tasks_.start("answer", carry_out(id, slot, std::move(work)));
    if (!is_started) co_return std::nullopt;
    slots_[id] = slot;
    http::Response response = co_await wait_for(id, slot, std::move(watch), by);
    // Given in time: nobody will ask for it again.
    if (slot->answer) slots_.erase(id);
    co_return response;
}

ports::awaitable<std::optional<http::Response>> LateAnswers::fetch(
    Ulid id, domain::VisitId visit, SteadyTime by)
{
    const auto found = slots_.find(id);
    if (found == slots_.end() || found->second->visit != visit) co_return std::nullopt;
    const SharedSlot slot = found->second;
    auto watch = events_.watch({id});
    co_return co_await wait_for(id, slot, std::move(watch), by);
}

ports::awaitable<void> LateAnswers::carry_out(
    Ulid id, SharedSlot slot, ports::awaitable<http::Response> work)
{
    try {
        slot->answer = co_await std::move(work);
    } catch (...) {
        slot->answer = http::Response::empty(500);
        events_.changed(id);
        throw; // to the log
    }
    slot->forget_at = clock_.steady_now() + kept_for;
    events_.changed(id);
}

ports::awaitable<http::Response> LateAnswers::wait_for(
    Ulid id, SharedSlot slot, std::shared_ptr<EventHub::Watch> watch, SteadyTime by)
{
    while (!slot->answer && clock_.steady_now() < by)
        co_await watch->wait(by);
    co_return slot->answer ? *slot->answer : pending(id);
}

void LateAnswers::forget_old()
{
    const SteadyTime now = clock_.steady_now();
    std::erase_if(slots_, [&](const auto& each) { return each.second->forget_at < now; });
}

} // namespace iwas::api
