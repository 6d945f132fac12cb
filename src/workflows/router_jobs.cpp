#include "workflows/router_jobs.hpp"

#include "core/backoff.hpp"

namespace iwas::workflows {

awaitable<void> tell_router_later(
    Outside outside, ports::Job job, domain::LocationId location, domain::RouterId router)
{
    constexpr int attempts_before_alert = 3;
    if (job.attempt == attempts_before_alert)
        outside.notifier.alert(
            ports::AlertKind::router_unreachable, std::move(location), "router " + router.text());
    const Milliseconds wait = backoff_after(
        {.first = 2s, .wait_max = 60s}, static_cast<unsigned>(job.attempt) + 1,
        outside.random.next());
    const UtcTime again_at = outside.clock.utc_now() + wait;
    (void)co_await outside.store.postpone_turn(std::move(job), again_at);
}

} // namespace iwas::workflows
