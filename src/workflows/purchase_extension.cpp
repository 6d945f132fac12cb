// The branch of PurchasePackage that gives more time to a running session.
#include "workflows/limits.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

namespace iwas::workflows {

using domain::Session;
using domain::Transaction;
using domain::TransactionReason;
using domain::TransactionState;
using ports::JobKind;

/// The session may change at the same time (expiry, devices): then decide anew on the new row.
awaitable<void> PurchasePackage::settle_extension(
    Transaction txn, ports::PcCharge charge, RunTrace& trace)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto session = co_await outside_.store.load_session(txn.session);
        if (!session || !*session) break;

        const UtcTime now = outside_.clock.utc_now();
        Transaction paid = txn;
        paid.charge_id = charge.id;
        if (domain::is_over((*session)->state)) {
            trace.condition("session ended meanwhile");
            co_await give_back(
                std::move(paid), TransactionReason::activation_failed, "session ended meanwhile",
                trace);
            co_return;
        }
        paid.state = TransactionState::success;
        paid.updated_at = now;
        ports::Step step{.actor = "pc_system", .why = "charge " + charge.id, .now = now};

        const Session longer = domain::extended(**session, txn.terms, now);
        ports::Job change{
            .id = job_id(JobKind::apply_change, longer.id.value()),
            .kind = JobKind::apply_change,
            .subject = longer.id.value(),
            .target = txn.location.text(),
            .due_at = now,
            .lease_until = now + limits_.lease,
        };
        step.transaction = paid;
        step.session = longer;
        step.jobs.push_back(change);
        if (longer.ends_at) step.jobs.push_back(expire_job(longer, *longer.ends_at));
        step.finished.push_back(job_id(JobKind::resume_purchase, txn.id.value()));
        auto call = trace.call(party::store, "paid, session extended");
        const auto settled = co_await commit(std::move(step));
        if (!settled) {
            call.failed("changed meanwhile");
            continue;
        }
        call.answered("durable");
        outside_.tracer.finished("purchase", now - txn.created_at);
        co_await sessions_.handle(std::move(change));
        co_return;
    }
    co_await try_again(txn.id, JobKind::resume_purchase, 1s);
}

} // namespace iwas::workflows
