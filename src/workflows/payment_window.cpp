#include "workflows/payment_window.hpp"

#include "workflows/limits.hpp"
#include "workflows/router_jobs.hpp"
#include "workflows/run_trace.hpp"
#include "workflows/session_steps.hpp"

#include <algorithm>

// PaymentWindow: open -> ended
//
// It ends when its time is up, when a session begins on the device, or when the router does not
// let the device in. As a session does, it ends in two steps that survive a crash: the row, then
// the router, which is told until it agrees.

namespace iwas::workflows {

using domain::PaymentWindow;
using domain::PaymentWindowOffer;
using ports::JobKind;

namespace {

constexpr Milliseconds opening_target = 200ms;
/// How long a customer waits for the router.
constexpr Seconds opened_within{8};

domain::RateLimit rate_of(const PaymentWindow& window)
{
    return {.up_bps = window.rate_bps, .down_bps = window.rate_bps, .burst_down_bps = 0};
}

ports::Job end_job(const PaymentWindow& window, UtcTime due_at)
{
    return {
        .id = job_id(JobKind::end_payment_window, window.id.value()),
        .kind = JobKind::end_payment_window,
        .subject = window.id.value(),
        .target = window.router.text(),
        .due_at = due_at,
    };
}

ports::Job leased(ports::Job job, UtcTime now)
{
    job.due_at = now;
    job.lease_until = now + limits::lease;
    return job;
}

ports::Admission admission_of(
    const PaymentWindow& window, SecretText password, const domain::Catalog& catalog)
{
    ports::Admission admission{
        .session = window.id,
        .location = window.location,
        .user_name = user_name_of(window),
        .password = std::move(password),
        .devices = {window.mac},
        .ends_at = window.ends_at,
        .rate = rate_of(window),
    };
    if (const domain::Router* router = catalog.router(window.router)) {
        admission.interim_interval = router->interim_interval;
        admission.vlan = router->guest_vlan;
    }
    return admission;
}

ports::Grant grant_of(const PaymentWindow& window, SecretText password, UtcTime now)
{
    const Milliseconds left = std::max<Milliseconds>(window.ends_at - now, Milliseconds{0});
    return {
        .session = window.id,
        .router = window.router,
        .user_name = user_name_of(window),
        .password = std::move(password),
        .mac = window.mac,
        .ip = window.ip,
        .time_left = std::chrono::ceil<Seconds>(left),
        .rate = rate_of(window),
    };
}

/// Whether the router lets a device in without its browser: the page that would have to post the
/// router's login form belongs to a purchase.
bool lets_in_by_itself(const domain::Router& router, const domain::Visit& visit)
{
    switch (router.kind) {
    case domain::RouterKind::mikrotik: return router.api.has_value();
    case domain::RouterKind::uam: return false;
    case domain::RouterKind::generic: return visit.login_url.empty();
    }
    return false;
}

/// Tells the router. `job` is leased to this node; it is done when the router agrees.
awaitable<void> close_at_router(Outside outside, PaymentWindow window, ports::Job job)
{
    RunTrace trace{outside.tracer, outside.clock, "close_access", window.id.value()};
    auto call = trace.call(party::router, "end the payment window of " + masked(window.mac));
    const SteadyTime by = outside.clock.steady_now() + limits::router_within;
    ports::Grant grant = grant_of(window, SecretText{}, outside.clock.utc_now());
    const auto closed = co_await outside.access.close(std::move(grant), by);
    if (closed) {
        call.answered("off the active list");
        (void)co_await outside.store.finish_turn(std::move(job));
        co_return;
    }
    call.failed(closed.error() == ports::GrantError::refused ? "refused" : "no answer");
    trace.leave_unmeasured();
    co_await tell_router_later(outside, std::move(job), window.location, window.router);
}

/// False: the store did not answer; the window's job comes back to it.
awaitable<bool> end_window(Outside outside, PaymentWindow window, bool counts)
{
    const UtcTime now = outside.clock.utc_now();
    ports::Job closing = leased(end_job(window, now), now);
    const auto ended = co_await outside.store.end_payment_window(window.id, now, counts, closing);
    // Also when it is not known: whoever is let in now must not meet it any more.
    outside.directory.revoke(window.id);
    if (!ended) co_return false;
    co_await close_at_router(outside, std::move(window), std::move(closing));
    co_return true;
}

} // namespace

const PaymentWindowOffer* payment_window_offer(
    const domain::Catalog& catalog, const domain::Location& location)
{
    if (!location.payment_window) return nullptr;
    const bool needs_internet =
        std::ranges::any_of(catalog.payment_accounts, [&](const auto& each) {
            const domain::PaymentAccount& account = each.second;
            return account.is_enabled && account.organization == location.organization &&
                   domain::is_gateway(account.method);
        });
    return needs_internet ? &*location.payment_window : nullptr;
}

awaitable<void> end_payment_window_of(Outside outside, domain::LocationId location, MacAddress mac)
{
    auto open = co_await outside.store.open_payment_window_of(std::move(location), mac);
    // Unknown: the router replaces a device's older right, and the window's own end comes.
    if (!open || !*open) co_return;
    (void)co_await end_window(outside, std::move(**open), true);
}

awaitable<std::size_t> OpenPaymentWindow::rebuild_directory()
{
    constexpr int page = 1000;
    std::size_t admitted = 0;
    domain::SessionId after;
    while (true) {
        const auto windows = co_await outside_.store.open_payment_windows_after(after, page);
        if (!windows) {
            const SteadyTime again_at = outside_.clock.steady_now() + 1s;
            co_await outside_.clock.sleep_until(again_at);
            continue;
        }
        const auto catalog = outside_.catalog.current();
        for (const PaymentWindow& window : *windows) {
            after = window.id;
            outside_.directory.admit(admission_of(window, password_of(window), *catalog));
            ++admitted;
        }
        if (windows->size() < static_cast<std::size_t>(page)) co_return admitted;
    }
}

awaitable<Result<std::optional<PaymentWindowState>, ports::StoreError>> OpenPaymentWindow::state(
    domain::Visit visit)
{
    const auto catalog = outside_.catalog.current();
    const domain::Location* location = catalog->location(visit.location);
    const domain::Router* router = catalog->router(visit.router);
    const PaymentWindowOffer* offer =
        location ? payment_window_offer(*catalog, *location) : nullptr;
    if (!offer || !router || !lets_in_by_itself(*router, visit))
        co_return std::optional<PaymentWindowState>{};

    const UtcTime now = outside_.clock.utc_now();
    const UtcTime day_start = outside_.clock.local_time(now, location->time_zone).day_start;
    const auto use = co_await outside_.store.payment_window_use(
        location->organization, location->id, visit.mac, day_start);
    if (!use) co_return std::unexpected{use.error()};
    PaymentWindowState state{
        .offer = *offer, .times_left = std::max(0, offer->times_per_day - use->used)};
    if (use->open && use->open->ends_at > now) state.active_until = use->open->ends_at;
    co_return state;
}

awaitable<Result<void, PaymentWindowError>> OpenPaymentWindow::open(domain::Visit visit)
{
    const auto catalog = outside_.catalog.current();
    const domain::Location* location = catalog->location(visit.location);
    const domain::Router* router = catalog->router(visit.router);
    const PaymentWindowOffer* offer =
        location ? payment_window_offer(*catalog, *location) : nullptr;
    if (!offer || !router || !lets_in_by_itself(*router, visit))
        co_return std::unexpected{PaymentWindowError::not_offered};
    if (domain::is_blocked(*catalog, visit.location, visit.mac))
        co_return std::unexpected{PaymentWindowError::device_blocked};

    auto begun = co_await begin(visit, *location, *offer);
    if (!begun) co_return std::unexpected{begun.error()};
    // A session that began before the window was durable did not see it; one that begins from here
    // on does, and ends it.
    const bool is_online = co_await has_session(begun->window);
    if (is_online) {
        const bool was_used = !begun->is_new;
        (void)co_await end_window(outside_, std::move(begun->window), was_used);
        co_return std::unexpected{PaymentWindowError::already_online};
    }
    const auto opened = co_await let_in(std::move(*begun), std::move(visit));
    co_return opened;
}

/// The window that the device has open, or a new one that is durable.
awaitable<Result<ports::OpenedPaymentWindow, PaymentWindowError>> OpenPaymentWindow::begin(
    domain::Visit visit, domain::Location location, PaymentWindowOffer offer)
{
    for (int tries = 0; tries < limits::conflicts_max; ++tries) {
        const UtcTime now = outside_.clock.utc_now();
        const PaymentWindow window{
            .id = outside_.random.make_id<domain::SessionId>(now),
            .organization = location.organization,
            .location = location.id,
            .router = visit.router,
            .mac = visit.mac,
            .ip = visit.ip,
            .rate_bps = offer.rate_bps,
            .opened_at = now,
            .ends_at = now + offer.duration,
            .ended_at = {},
        };
        const UtcTime day_start = outside_.clock.local_time(now, location.time_zone).day_start;
        auto opened = co_await outside_.store.open_payment_window(
            window, offer.times_per_day, day_start, end_job(window, window.ends_at));
        if (!opened && opened.error() == ports::OpenPaymentWindowError::used_up)
            co_return std::unexpected{PaymentWindowError::used_up};
        if (!opened) co_return std::unexpected{PaymentWindowError::try_later};
        if (opened->is_new || opened->window.ends_at > now) co_return std::move(*opened);
        // Its time is up, and its job has not come to it.
        const bool is_ended = co_await end_window(outside_, std::move(opened->window), true);
        if (!is_ended) co_return std::unexpected{PaymentWindowError::try_later};
    }
    co_return std::unexpected{PaymentWindowError::try_later};
}

awaitable<bool> OpenPaymentWindow::has_session(PaymentWindow window)
{
    const auto session =
        co_await outside_.store.open_session_of_device(window.location, window.mac);
    // Not known: then rather no window than a customer thrown out of what he paid for.
    if (!session) co_return true;
    co_return *session && ((*session)->state == domain::SessionState::pending ||
                           (*session)->state == domain::SessionState::active);
}

awaitable<Result<void, PaymentWindowError>> OpenPaymentWindow::let_in(
    ports::OpenedPaymentWindow begun, domain::Visit visit)
{
    const PaymentWindow window = std::move(begun.window);
    RunTrace trace{outside_.tracer, outside_.clock, "payment_window", window.id.value()};
    const SecretText password = password_of(window);
    // The router asks RADIUS while it logs the device in: the directory must know before.
    outside_.directory.admit(admission_of(window, password, *outside_.catalog.current()));
    auto call = trace.call(party::router, "log in " + masked(window.mac), opening_target);
    const SteadyTime by = outside_.clock.steady_now() + opened_within;
    ports::Grant grant = grant_of(window, password, outside_.clock.utc_now());
    const auto opened = co_await outside_.access.open(std::move(grant), challenge_of(visit), by);
    const bool is_in = opened && !opened->form;
    if (is_in)
        call.answered(opened->is_confirmed ? "on the active list" : "accepted, not confirmed");
    else
        call.failed("not let in");

    if (!is_in && !opened && opened.error() == ports::GrantError::unknown)
        co_return std::unexpected{PaymentWindowError::router_pending}; // it may be in: it counts
    if (!is_in) {
        const bool is_silent = !opened && opened.error() == ports::GrantError::unreachable;
        // One that the device was in before stays, and counts: else whoever walks away from the
        // router and asks again would have windows without end.
        if (begun.is_new) (void)co_await end_window(outside_, window, false);
        co_return std::unexpected{
            is_silent ? PaymentWindowError::router_pending : PaymentWindowError::router_refused};
    }
    // A session may have begun meanwhile and ended the window while the login was on its way.
    const auto stored = co_await outside_.store.load_payment_window(window.id);
    const bool is_over = stored && *stored && (*stored)->ended_at;
    if (is_over) {
        outside_.directory.revoke(window.id);
        const UtcTime now = outside_.clock.utc_now();
        co_await close_at_router(outside_, window, leased(end_job(window, now), now));
        co_return std::unexpected{PaymentWindowError::already_online};
    }
    co_return Result<void, PaymentWindowError>{};
}

SecretText OpenPaymentWindow::password_of(const PaymentWindow& window)
{
    const UtcTime now = outside_.clock.utc_now();
    std::erase_if(passwords_, [&](const auto& each) { return each.second.until < now; });
    const auto [known, is_new] = passwords_.try_emplace(window.id);
    if (is_new) {
        const std::string random =
            to_string(outside_.random.make_id<domain::SessionId>(window.opened_at));
        known->second = {SecretText{random.substr(random.size() - 16)}, window.ends_at};
    }
    return known->second.text;
}

awaitable<void> OpenPaymentWindow::handle(ports::Job job)
{
    const auto loaded = co_await outside_.store.load_payment_window(domain::SessionId{job.subject});
    const UtcTime now = outside_.clock.utc_now();
    if (!loaded) {
        (void)co_await outside_.store.postpone_turn(std::move(job), now + 1s);
        co_return;
    }
    if (!*loaded) {
        (void)co_await outside_.store.finish_turn(std::move(job));
        co_return;
    }
    const PaymentWindow& window = **loaded;
    if (!window.ended_at && window.ends_at > now) {
        const UtcTime ends_at = window.ends_at;
        (void)co_await outside_.store.postpone_turn(std::move(job), ends_at);
        co_return;
    }
    outside_.directory.revoke(window.id);
    if (window.ended_at) {
        co_await close_at_router(outside_, window, std::move(job));
        co_return;
    }
    const bool is_ended = co_await end_window(outside_, window, true);
    if (!is_ended) (void)co_await outside_.store.postpone_turn(std::move(job), now + 1s);
}

} // namespace iwas::workflows
