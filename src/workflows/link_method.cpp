// Keeping a way to pay: the customer agrees at the gateway once, and the token pays from then on.
#include "workflows/link_method.hpp"

#include "workflows/limits.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/saved_method_steps.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

// SavedMethod: asked -> usable <-> expired;  asked -> failed -> usable
//              usable, expired -> leaving -> removed
//
// The row with its job is durable before the gateway is asked, so whatever stops in between is
// found again: an agreement that nobody told of is asked for, a token that is to go is given up.

namespace iwas::workflows {

using domain::PaymentMethod;
using domain::SavedMethod;
using domain::SavedMethodId;
using domain::SavedMethodState;
using ports::BindingState;
using ports::GatewayError;
using ports::JobKind;
using ports::StoreError;

namespace {

WalletRejection rejection_of(GatewayError error)
{
    switch (error) {
    case GatewayError::refused: return WalletRejection::declined;
    case GatewayError::not_supported: return WalletRejection::method_inactive;
    case GatewayError::duplicate:
    case GatewayError::not_found:
    case GatewayError::misconfigured:
    case GatewayError::unavailable:
    case GatewayError::unknown: break;
    }
    return WalletRejection::gateway_unavailable;
}

ports::WalletStep step_of(SavedMethod saved, std::string actor, std::string why, UtcTime now)
{
    saved.updated_at = now;
    return {
        .methods = {std::move(saved)},
        .jobs = {},
        .finished = {},
        .actor = std::move(actor),
        .why = std::move(why),
        .now = now,
    };
}

} // namespace

LinkMethod::LinkMethod(Outside outside, LinkLimits limits) : outside_{outside}, limits_{limits} {}

ports::Job LinkMethod::next_look(const SavedMethod& saved, UtcTime due_at) const
{
    return {
        .id = job_id(JobKind::link_method, saved.id.value()),
        .kind = JobKind::link_method,
        .subject = saved.id.value(),
        .target = saved.payment_account.text(),
        .detail = {},
        .due_at = due_at,
        .lease_until = {},
    };
}

awaitable<Result<SavedMethod, WalletRejection>> LinkMethod::begin(LinkRequest request)
{
    const UtcTime now = outside_.clock.utc_now();
    if (domain::is_guest(request.account))
        co_return std::unexpected{WalletRejection::method_inactive};
    if (!domain::is_proven(request.visit, request.account.id, now))
        co_return std::unexpected{WalletRejection::reauthentication_required};
    if (request.method == PaymentMethod::pc_balance) {
        auto kept = co_await keep_pc_account(std::move(request.account));
        co_return kept;
    }
    if (domain::is_bank_transfer(request.method)) {
        auto kept = co_await keep_bank_account(std::move(request));
        co_return kept;
    }
    const auto catalog = outside_.catalog.current();
    const domain::Location* location = catalog->location(request.visit.location);
    const domain::PaymentAccount* at =
        location ? catalog->payment_account(location->organization, request.method) : nullptr;
    if (!at || !at->saves_tokens) co_return std::unexpected{WalletRejection::method_inactive};
    const auto kept = co_await outside_.store.saved_methods_of(request.account.id);
    if (!kept) co_return std::unexpected{WalletRejection::try_later};
    if (kept->size() >= limits_.methods_max)
        co_return std::unexpected{WalletRejection::method_inactive};

    // The durable intent.
    SavedMethod saved{
        .id = outside_.random.make_id<SavedMethodId>(now),
        .account = request.account.id,
        .method = request.method,
        .payment_account = at->id,
        .state = SavedMethodState::asked,
        .order_id = outside_.gateways.new_order_id(*at, now, outside_.random.next()),
        .position = static_cast<int>(kept->size()) + 1, // the PC account is the first
        .created_at = now,
    };
    RunTrace trace{outside_.tracer, outside_.clock, "link_method", saved.id.value()};
    trace.leave_unmeasured(); // a person decides how long it takes
    trace.async(party::phone, party::iwas, "keep " + std::string{to_text(saved.method)});
    ports::WalletStep step = step_of(saved, "customer", "asked to keep it", now);
    ports::Job look = next_look(saved, now);
    look.lease_until = now + limits_.lease;
    step.jobs.push_back(std::move(look));
    step.kept_before = kept->size();
    const auto opened = co_await outside_.store.change_wallet(std::move(step));
    if (!opened) co_return std::unexpected{WalletRejection::try_later};
    saved.version = 1;

    const SteadyTime by = outside_.clock.steady_now() + limits_.bind_within;
    ports::PaymentOrder order = binding_order(saved, request.way, limits_.agree_within);
    auto call = trace.call(party::gateway, "ask for the agreement");
    auto invited = co_await outside_.gateways.bind(saved.payment_account, std::move(order), by);
    if (!invited) {
        // Nobody was told where to agree, so nobody will.
        call.failed(invited.error().code);
        const WalletRejection why = rejection_of(invited.error().error);
        (void)co_await end(
            std::move(saved), SavedMethodState::failed, "gateway",
            "not asked: " + invited.error().code);
        co_return std::unexpected{why};
    }
    call.answered("invited");
    saved.invitation = std::move(*invited);
    const UtcTime asked_at = outside_.clock.utc_now();
    ports::WalletStep invitation = step_of(saved, "gateway", "invited", asked_at);
    invitation.jobs.push_back(next_look(saved, asked_at + limits_.poll_first));
    const auto stored = co_await outside_.store.change_wallet(std::move(invitation));
    // A notice may already have come in between: then the row is further than this.
    if (!stored) {
        auto current = co_await find(saved.account, saved.id);
        co_return current;
    }
    saved.version = 2;
    co_return saved;
}

awaitable<Result<SavedMethod, WalletRejection>> LinkMethod::find(
    domain::AccountId account, SavedMethodId id)
{
    auto loaded = co_await outside_.store.load_saved_method(id);
    if (!loaded) co_return std::unexpected{WalletRejection::try_later};
    if (!*loaded || (*loaded)->account != account)
        co_return std::unexpected{WalletRejection::not_found};
    co_return std::move(**loaded);
}

awaitable<bool> LinkMethod::look_now(SavedMethodId id)
{
    const auto loaded = co_await outside_.store.load_saved_method(id);
    if (!loaded || !*loaded) co_return false;
    if ((*loaded)->state == SavedMethodState::asked)
        (void)co_await outside_.store.postpone_job(
            job_id(JobKind::link_method, id.value()), outside_.clock.utc_now());
    co_return true;
}

awaitable<bool> LinkMethod::told(
    domain::PaymentAccount account, std::string order_id, ports::BindingStatus status)
{
    for (int conflicts = 0; conflicts < limits::conflicts_max; ++conflicts) {
        const auto loaded = co_await outside_.store.saved_method_of_order(account.id, order_id);
        if (!loaded) co_return false;
        if (!*loaded) co_return true; // never asked for by IWAS: nothing to keep
        SavedMethod saved = **loaded;
        RunTrace trace{outside_.tracer, outside_.clock, "link_method", saved.id.value()};
        trace.leave_unmeasured();
        trace.async(party::gateway, party::iwas, "told of the agreement, " + status.code);
        if (status.state == BindingState::pending) {
            // The notice carries no token: the gateway is asked for it at once.
            const UtcTime now = outside_.clock.utc_now();
            const bool is_open = saved.state == SavedMethodState::asked ||
                                 (saved.state == SavedMethodState::failed &&
                                  now - saved.created_at < limits_.late_agreement);
            if (!is_open) co_return true;
            ports::WalletStep step{
                .methods = {},
                .jobs = {next_look(saved, now)},
                .finished = {},
                .actor = "gateway",
                .why = "told",
                .now = now,
            };
            const auto stored = co_await outside_.store.change_wallet(std::move(step));
            co_return stored.has_value();
        }
        const bool is_kept = co_await take(std::move(saved), status, "gateway");
        if (is_kept) co_return true;
    }
    co_return false;
}

awaitable<void> LinkMethod::handle(ports::Job job)
{
    const auto loaded = co_await outside_.store.load_saved_method(SavedMethodId{job.subject});
    if (!loaded) {
        (void)co_await outside_.store.postpone_job(
            job.id, outside_.clock.utc_now() + limits_.poll_first);
        co_return;
    }
    if (!*loaded) {
        (void)co_await outside_.store.finish_job(job.id);
        co_return;
    }
    SavedMethod saved = **loaded;
    switch (saved.state) {
    case SavedMethodState::asked:
    case SavedMethodState::failed: co_await ask_for_agreement(std::move(saved), job.id); break;
    case SavedMethodState::usable: co_await renew(std::move(saved), job.id); break;
    case SavedMethodState::leaving: co_await forget(std::move(saved), job.id); break;
    case SavedMethodState::expired:
    case SavedMethodState::removed: (void)co_await outside_.store.finish_job(job.id); break;
    }
}

awaitable<ports::GatewayAnswer<ports::BindingStatus>> LinkMethod::ask(SavedMethod saved)
{
    RunTrace trace{outside_.tracer, outside_.clock, "link_method", saved.id.value()};
    trace.leave_unmeasured();
    const SteadyTime by = outside_.clock.steady_now() + limits_.bind_within;
    ports::PaymentOrder order = binding_order(saved, {}, limits_.agree_within);
    auto call = trace.call(party::gateway, "look up the agreement");
    auto status =
        co_await outside_.gateways.find_binding(saved.payment_account, std::move(order), by);
    if (status)
        call.answered(status->state == BindingState::bound ? "agreed" : "not agreed");
    else
        call.failed(status.error().code);
    co_return status;
}

/// The fallback for notices that do not come. Some gateways only ever tell by a notice.
awaitable<void> LinkMethod::ask_for_agreement(SavedMethod saved, domain::JobId job)
{
    auto status = co_await ask(saved);
    if (status && status->state != BindingState::pending) {
        const bool is_kept = co_await take(saved, std::move(*status), "gateway");
        // Not stored, or the row went on: the next turn finds it as it is then.
        if (!is_kept)
            (void)co_await outside_.store.postpone_job(
                job, outside_.clock.utc_now() + limits_.poll_first);
        co_return;
    }
    if (saved.state == SavedMethodState::failed) {
        (void)co_await outside_.store.finish_job(job);
        co_return;
    }
    const UtcTime now = outside_.clock.utc_now();
    const Milliseconds age = now - saved.created_at;
    if (age >= limits_.agree_within) {
        const bool is_ended = co_await end(
            std::move(saved), SavedMethodState::failed, "system", "nobody agreed in time");
        if (is_ended) co_return;
    }
    const Milliseconds wait =
        std::clamp<Milliseconds>(age / 4, limits_.poll_first, limits_.poll_max);
    (void)co_await outside_.store.postpone_job(job, now + wait);
}

awaitable<bool> LinkMethod::take(SavedMethod saved, ports::BindingStatus status, std::string actor)
{
    const bool was_agreed = saved.state == SavedMethodState::usable;
    if (status.state == BindingState::bound && status.token && !status.token->token.empty()) {
        const bool may_pay =
            was_agreed || domain::may_follow(saved.state, SavedMethodState::usable);
        // Removed meanwhile: it is forgotten at the gateway by its own job.
        if (!may_pay || saved.state == SavedMethodState::removed) co_return true;
        ports::BoundToken token = std::move(*status.token);
        const bool is_kept =
            co_await keep_token(std::move(saved), std::move(token), std::move(actor));
        co_return is_kept;
    }
    if (status.state != BindingState::failed) co_return true;
    const SavedMethodState ended =
        was_agreed ? SavedMethodState::expired : SavedMethodState::failed;
    if (!domain::may_follow(saved.state, ended)) co_return true;
    const std::string why = (was_agreed ? "withdrawn, " : "not agreed, ") + status.code;
    const bool is_ended = co_await end(std::move(saved), ended, std::move(actor), why);
    co_return is_ended;
}

awaitable<bool> LinkMethod::keep_token(
    SavedMethod saved, ports::BoundToken token, std::string actor)
{
    const UtcTime now = outside_.clock.utc_now();
    RunTrace trace{outside_.tracer, outside_.clock, "link_method", saved.id.value()};
    trace.leave_unmeasured();
    const bool is_renewed = saved.state == SavedMethodState::usable;
    saved.state = SavedMethodState::usable;
    saved.token = std::move(token.token);
    saved.binding_id = std::move(token.binding_id);
    saved.masked = token.label.empty() ? "••••" : std::move(token.label);
    saved.expires_at = token.expires_at;
    saved.invitation = {};
    ports::WalletStep step =
        step_of(saved, std::move(actor), is_renewed ? "renewed" : "the customer agreed", now);
    if (saved.expires_at)
        step.jobs.push_back(
            next_look(saved, std::max(now + 1h, *saved.expires_at - limits_.refresh_before)));
    else
        step.finished.push_back(job_id(JobKind::link_method, saved.id.value()));
    const auto stored = co_await outside_.store.change_wallet(std::move(step));
    if (!stored) co_return false;
    trace.async(party::iwas, party::phone, is_renewed ? "renewed" : "kept");
    outside_.notifier.changed(saved.id.value());
    co_return true;
}

awaitable<bool> LinkMethod::end(
    SavedMethod saved, SavedMethodState state, std::string actor, std::string why)
{
    const UtcTime now = outside_.clock.utc_now();
    saved.state = state;
    saved.invitation = {};
    if (state == SavedMethodState::removed || state == SavedMethodState::failed) {
        saved.token = {};
        saved.binding_id.clear();
        saved.is_default = false;
    }
    const SavedMethodId id = saved.id;
    ports::WalletStep step = step_of(std::move(saved), std::move(actor), std::move(why), now);
    step.finished.push_back(job_id(JobKind::link_method, id.value()));
    const auto stored = co_await outside_.store.change_wallet(std::move(step));
    if (!stored) co_return false;
    outside_.notifier.changed(id.value());
    co_return true;
}

} // namespace iwas::workflows
