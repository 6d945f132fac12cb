// The last step of PurchasePackage: the router confirms what was paid, or the money goes back.
#include "core/backoff.hpp"
#include "workflows/purchase_package.hpp"
#include "workflows/run_session.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::Session;
using domain::Transaction;
using ports::JobKind;

namespace {

constexpr int refusals_max = 2;
constexpr Seconds form_made_again_after{10};

} // namespace

/// Paid, and stopped before the router had confirmed it.
awaitable<void> PurchasePackage::resume_activation(Transaction txn, RunTrace& trace)
{
    auto session = co_await outside_.store.load_session(txn.session);
    if (!session || !*session) {
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }
    // Active: somebody else was faster. Over, and never granted for this money: give it back.
    const bool is_pending = (*session)->state == domain::SessionState::pending;
    const bool is_granted =
        !is_pending && (!txn.is_extension || !domain::is_over((*session)->state));
    if (is_pending)
        co_await activate(std::move(txn), std::move(**session), trace);
    else if (is_granted)
        (void)co_await outside_.store.finish_job(job_id(JobKind::resume_purchase, txn.id.value()));
    else
        co_await compensate(std::move(txn), std::move(**session), trace);
}

/// Opens the router for the paid session, or gives the money back by the deadline.
awaitable<void> PurchasePackage::activate(Transaction txn, Session session, RunTrace& trace)
{
    const UtcTime give_up_at = txn.updated_at + limits_.activate_for;
    const UtcTime browser_until = txn.updated_at + limits_.activate_by_browser;
    for (int refusals = 0, tries = 0; outside_.clock.utc_now() < give_up_at; ++tries) {
        const auto left = give_up_at - outside_.clock.utc_now();
        const SteadyTime by = outside_.clock.steady_now() + std::min<Milliseconds>(left, 10s);
        const auto opened = co_await sessions_.open_access(
            session, txn.router, txn.mac, known_challenge(txn.id), by, trace);
        if (opened && opened->is_confirmed) {
            const bool is_active = co_await sessions_.activate(session, "router");
            if (!is_active) co_await try_again(txn.id, JobKind::resume_purchase, 1s);
            if (is_active) trace.async(party::iwas, party::phone, "online");
            outside_.notifier.changed(txn.id.value());
            co_return;
        }
        if (opened && opened->form) {
            // The browser posts the form; the Accounting-Start activates the session.
            const UtcTime now = outside_.clock.utc_now();
            std::erase_if(forms_, [&](const auto& each) { return each.second.until < now; });
            forms_[txn.id] = {*opened->form, browser_until};
            trace.async(party::iwas, party::phone, "post the router's login form");
            trace.leave_unmeasured();
            outside_.notifier.changed(txn.id.value());
            // Not only at the end of the wait: whoever takes over after a crash has no form to show
            // until it has made it again.
            const Milliseconds waited = browser_until - now + 1s;
            co_await try_again(
                txn.id, JobKind::resume_purchase,
                std::min<Milliseconds>(waited, form_made_again_after));
            co_return;
        }
        if (!opened && opened.error() == ports::GrantError::refused && ++refusals >= refusals_max)
            break;
        const Milliseconds wait = backoff_after(
            {.first = 250ms, .wait_max = 4s}, static_cast<unsigned>(tries) + 1,
            outside_.random.next());
        const SteadyTime again_at = outside_.clock.steady_now() + wait;
        co_await outside_.clock.sleep_until(again_at);
    }

    // Not confirmed. Before giving up, believe the router's accounting: it may be online.
    const auto networks = co_await outside_.store.network_sessions_of(session.id);
    if (!networks) {
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }
    if (!networks->empty()) {
        co_await sessions_.activate(session, "router");
        outside_.notifier.changed(txn.id.value());
        co_return;
    }
    if (forms_.contains(txn.id) && outside_.clock.utc_now() < browser_until) {
        co_await try_again(txn.id, JobKind::resume_purchase, 1s);
        co_return;
    }
    co_await compensate(std::move(txn), std::move(session), trace);
}

} // namespace iwas::workflows
