#include "workflows/job_runner.hpp"

#include "core/scoped_entry.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/reconcile.hpp"
#include "workflows/run_session.hpp"
#include "workflows/sync_pc_logout.hpp"

#include <utility>

namespace iwas::workflows {

JobRunner::JobRunner(
    Outside outside, PurchasePackage& purchases, RunSession& sessions, SyncPcLogout& pc_logout,
    Reconcile& reconcile, JobRunnerLimits limits)
    : outside_{outside}, purchases_{purchases}, sessions_{sessions}, pc_logout_{pc_logout},
      reconcile_{reconcile}, limits_{limits}
{
}

awaitable<void> JobRunner::run()
{
    while (!is_stopped_) {
        const UtcTime now = outside_.clock.utc_now();
        const UtcTime due_before = now + limits_.horizon;
        bool is_caught_up = true;
        if (held_.size() < limits_.held_max) {
            auto jobs = co_await outside_.store.lease_jobs(
                now, due_before, due_before + limits_.lease_margin, limits_.batch);
            if (jobs) {
                std::vector<domain::JobId> refused;
                for (ports::Job& job : *jobs) {
                    const domain::JobId id = job.id;
                    const auto [held, is_new] = held_.try_emplace(id);
                    // It was postponed or replaced, and its turn here has not quite ended.
                    if (!is_new) held->second = std::move(job);
                    if (is_new && !outside_.tasks.start("job", fire(std::move(job)))) {
                        held_.erase(id);
                        refused.push_back(id);
                    }
                }
                // Too much runs: not to wait for the end of the lease.
                for (const domain::JobId& id : refused)
                    (void)co_await outside_.store.postpone_job(id, now + 1s);
                is_caught_up = static_cast<int>(jobs->size()) < limits_.batch;
            }
        }
        if (!is_caught_up) continue; // a full batch: more may be due
        const SteadyTime again_at = outside_.clock.steady_now() + limits_.poll_every;
        co_await outside_.clock.sleep_until(again_at);
    }
}

awaitable<void> JobRunner::fire(ports::Job job)
{
    const domain::JobId id = job.id;
    const ScopedEntry held{held_, id}; // else it would never run again here
    while (!is_stopped_) {
        const UtcTime due_at = job.due_at;
        const int attempt = job.attempt;
        const Milliseconds wait = due_at - outside_.clock.utc_now();
        if (wait > Milliseconds{0}) {
            const SteadyTime due = outside_.clock.steady_now() + wait;
            co_await outside_.clock.sleep_until(due);
        }
        if (!is_stopped_) co_await dispatch(std::move(job));

        std::optional<ports::Job> next = std::exchange(held_[id], std::nullopt);
        // The same turn given out again: it only ran longer than its lease, and is done.
        if (!next || (next->due_at == due_at && next->attempt == attempt)) break;
        job = std::move(*next);
    }
}

awaitable<void> JobRunner::dispatch(ports::Job job)
{
    switch (job.kind) {
    case ports::JobKind::resume_purchase:
    case ports::JobKind::refund:
    case ports::JobKind::watch_late_debit:
    case ports::JobKind::attach_money: co_await purchases_.handle(std::move(job)); break;
    case ports::JobKind::expire_session:
    case ports::JobKind::close_access:
    case ports::JobKind::apply_change: co_await sessions_.handle(std::move(job)); break;
    case ports::JobKind::pc_logout:
    case ports::JobKind::pc_event: co_await pc_logout_.handle(std::move(job)); break;
    case ports::JobKind::reconcile: co_await reconcile_.handle(std::move(job)); break;
    }
}

} // namespace iwas::workflows
