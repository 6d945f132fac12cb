// The end of what a customer keeps: its token runs out, or he does not want it any more.
#include "workflows/link_method.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/saved_method_steps.hpp"

#include <algorithm>

namespace iwas::workflows {

using domain::SavedMethod;
using domain::SavedMethodState;
using ports::BindingState;
using ports::GatewayError;

/// Shortly before a token ends the gateway may have another one; else it ends.
awaitable<void> LinkMethod::renew(SavedMethod saved, domain::JobId job)
{
    const UtcTime now = outside_.clock.utc_now();
    if (!saved.expires_at) {
        (void)co_await outside_.store.finish_job(job);
        co_return;
    }
    const UtcTime expires_at = *saved.expires_at;
    auto status = co_await ask(saved);
    const bool is_newer = status && status->state == BindingState::bound && status->token &&
                          status->token->expires_at && *status->token->expires_at > expires_at;
    const bool is_withdrawn = status && status->state == BindingState::failed;
    if (is_newer || is_withdrawn) {
        const bool is_kept = co_await take(std::move(saved), std::move(*status), "gateway");
        if (is_kept) co_return;
    } else if (now >= expires_at) {
        const bool is_ended = co_await end(
            std::move(saved), SavedMethodState::expired, "system", "the token has run out");
        if (is_ended) co_return;
    }
    const UtcTime next = now < expires_at ? expires_at : now + limits_.poll_max;
    (void)co_await outside_.store.postpone_job(job, next);
}

/// The customer does not keep it any more: the gateway has to know, however long it takes to reach.
awaitable<void> LinkMethod::forget(SavedMethod saved, domain::JobId job)
{
    RunTrace trace{outside_.tracer, outside_.clock, "link_method", saved.id.value()};
    trace.leave_unmeasured();
    std::string why = "there was no token";
    if (!saved.token.empty()) {
        const SteadyTime by = outside_.clock.steady_now() + limits_.bind_within;
        auto call = trace.call(party::gateway, "forget the agreement");
        ports::PaymentOrder order = binding_order(saved, {}, limits_.agree_within);
        ports::BoundToken token = token_of(saved);
        const auto done = co_await outside_.gateways.unbind(
            saved.payment_account, std::move(order), std::move(token), by);
        const UtcTime now = outside_.clock.utc_now();
        const Milliseconds age = now - saved.updated_at;
        const bool is_told = done || done.error().error == GatewayError::not_found ||
                             done.error().error == GatewayError::not_supported ||
                             done.error().error == GatewayError::refused;
        if (!is_told && age < limits_.forget_for) {
            call.failed(done.error().code);
            const Milliseconds wait =
                std::clamp<Milliseconds>(age / 2, limits_.poll_first, limits_.forget_again_max);
            (void)co_await outside_.store.postpone_job(job, now + wait);
            co_return;
        }
        why = done ? "forgotten at the gateway" : "the gateway: " + done.error().code;
        call.answered(why);
    }
    const bool is_ended =
        co_await end(std::move(saved), SavedMethodState::removed, "gateway", std::move(why));
    if (!is_ended)
        (void)co_await outside_.store.postpone_job(
            job, outside_.clock.utc_now() + limits_.poll_first);
}

} // namespace iwas::workflows
