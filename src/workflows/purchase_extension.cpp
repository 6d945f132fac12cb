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
awaitable<PurchasePackage::Extended> PurchasePackage::extend(
    Transaction txn, Receipt receipt, RunTrace& trace)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto session = co_await outside_.store.load_session(txn.session);
        if (!session || !*session) break;
        if (domain::is_over((*session)->state)) {
            trace.condition("session ended meanwhile");
            co_return Extended::session_over;
        }

        const UtcTime now = outside_.clock.utc_now();
        Transaction paid = txn;
        paid.state = TransactionState::success;
        paid.reason = TransactionReason::none;
        paid.updated_at = now;
        const Session longer = domain::extended(**session, txn.terms, now);
        ports::Job change{
            .id = job_id(JobKind::apply_change, longer.id.value()),
            .kind = JobKind::apply_change,
            .subject = longer.id.value(),
            .target = txn.location.text(),
            .due_at = now,
            .lease_until = now + limits_.lease,
        };
        ports::Step step{
            .transaction = paid,
            .others = receipt.others,
            .payments = receipt.payments,
            .found = receipt.found,
            .credit = receipt.credit,
            .session = longer,
            .jobs = receipt.jobs,
            .finished = receipt.finished,
            .actor = receipt.actor,
            .why = txn.charge_id.empty() ? "store credit" : "charge " + txn.charge_id,
            .now = now,
        };
        step.jobs.push_back(change);
        if (longer.ends_at) step.jobs.push_back(expire_job(longer, *longer.ends_at));
        step.finished.push_back(job_id(JobKind::resume_purchase, txn.id.value()));
        auto call = trace.call(party::store, "paid, session extended");
        const auto settled = co_await commit(std::move(step));
        if (!settled) {
            call.failed("changed meanwhile");
            // The row of the transaction or a payment may be what changed: its owner looks again.
            if (!receipt.payments.empty() || !receipt.found.empty()) co_return Extended::not_stored;
            continue;
        }
        call.answered("durable");
        const UtcTime began = domain::is_gateway(txn.method) ? now : txn.created_at;
        outside_.tracer.finished("purchase", outside_.clock.utc_now() - began);
        co_await sessions_.handle(std::move(change));
        co_return Extended::yes;
    }
    co_return Extended::not_stored;
}

} // namespace iwas::workflows
