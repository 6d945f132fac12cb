#include "adapters/router/mikrotik/access.hpp"

#include "adapters/router/login_form.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace iwas::adapters {

namespace {

using ports::GrantError;
using ports::Opened;
using routeros::TrapKind;

constexpr unsigned logins_max = 3;
constexpr Milliseconds between_logins{150};
// One attempt of a Disconnect-Request; the API does not wait for its repetitions.
constexpr Milliseconds disconnect_attempt{2'000};
// How long the Accounting-Stop may take after the router's answer.
constexpr Milliseconds stop_patience{3'000};
constexpr Milliseconds between_looks{50};
// A router that says so often that it has no such session has lost its Stop as well.
constexpr unsigned absences_believed = 3;
// A time left that is off by less is right: it is counted in seconds and on two clocks.
constexpr Seconds time_left_error_max{5};

const HotspotActive* find_user(const std::vector<HotspotActive>& active, const std::string& user)
{
    const auto found = std::ranges::find(active, user, &HotspotActive::user_name);
    return found == active.end() ? nullptr : &*found;
}

/// What the active list shows of the grant: its user, or its device admitted by MAC address.
const HotspotActive* find_right(const std::vector<HotspotActive>& active, const ports::Grant& grant)
{
    const auto found = std::ranges::find_if(active, [&](const HotspotActive& row) {
        return row.user_name == grant.user_name ||
               (row.mac == grant.mac && MacAddress::parse(row.user_name) == grant.mac);
    });
    return found == active.end() ? nullptr : &*found;
}

} // namespace

GrantError grant_error_of(CoaError error)
{
    switch (error) {
    case CoaError::session_not_found:
    case CoaError::not_removable:
    case CoaError::unsupported:
    case CoaError::incomplete:
    case CoaError::misconfigured:
    case CoaError::invalid:
    case CoaError::refused: return GrantError::refused;
    case CoaError::busy:
    case CoaError::unreachable: return GrantError::unreachable;
    case CoaError::request_initiated:
    case CoaError::unknown: return GrantError::unknown;
    }
    std::unreachable();
}

GrantError grant_error_of(const ApiFailure& failure)
{
    switch (failure.error) {
    // The router could not ask RADIUS: it admitted nobody, and may be asked again.
    case ApiError::refused:
        return failure.trap == TrapKind::no_answer ? GrantError::unreachable : GrantError::refused;
    case ApiError::unreachable: return GrantError::unreachable;
    case ApiError::unknown: return GrantError::unknown;
    }
    std::unreachable();
}

NetworkSessionName session_name_of(const ports::Grant& grant)
{
    return {
        .user_name = grant.user_name,
        .acct_session_id = grant.acct_session_id,
        .framed_ip = grant.ip,
        .nas_ip = std::nullopt,
    };
}

MikrotikAccess::MikrotikAccess(
    domain::Router router, std::shared_ptr<RouterApi> api, SessionOrders& orders,
    RouterReports& reports, ports::Clock& clock)
    : router_{std::move(router)}, api_{std::move(api)}, orders_{orders}, reports_{reports},
      clock_{clock}
{
}

awaitable<Result<Opened, GrantError>> MikrotikAccess::open(
    ports::Grant grant, ports::LoginChallenge challenge, SteadyTime deadline)
{
    Next next = Next::unreachable;
    for (unsigned tries = 0; api_ && tries < logins_max; ++tries) {
        if (tries > 0) co_await clock_.sleep_until(clock_.steady_now() + between_logins);
        if (clock_.steady_now() >= deadline) break;
        next = co_await log_in(grant, deadline);
        if (next != Next::again) break;
    }
    switch (next) {
    case Next::confirmed: co_return Opened{.is_confirmed = true};
    case Next::refused: co_return std::unexpected{GrantError::refused};
    case Next::unknown: co_return std::unexpected{GrantError::unknown};
    case Next::again:
    case Next::unreachable: break;
    }
    // The API is down or absent: the browser can still log in by itself.
    if (auto form = hotspot_form(router_, grant, challenge))
        co_return Opened{.form = std::move(form)};
    co_return std::unexpected{GrantError::unreachable};
}

/// One login and the look at the active list that proves it.
awaitable<MikrotikAccess::Next> MikrotikAccess::log_in(ports::Grant& grant, SteadyTime deadline)
{
    if (!grant.ip) {
        const auto host = co_await api_->find_host(grant.mac, deadline);
        if (!host) co_return Next::unreachable;
        if (!*host) co_return Next::refused; // the device is not at this router
        grant.ip = (*host)->ip;
    }
    HotspotLogin login{grant.user_name, grant.password, *grant.ip, grant.mac};
    const auto done = co_await api_->log_in(std::move(login), deadline);
    if (!done && done.error().error == ApiError::unreachable) co_return Next::unreachable;
    if (!done && done.error().error == ApiError::refused) {
        const auto next = co_await look_after_refusal(grant, done.error(), deadline);
        co_return next;
    }
    const auto active = co_await api_->find_active(grant.mac, deadline);
    if (!active) co_return Next::unknown;
    if (find_user(*active, grant.user_name) != nullptr) co_return Next::confirmed;
    // Accepted but not there: gone again at once, or on its way after an unanswered login.
    co_return done ? Next::unknown : Next::again;
}

awaitable<MikrotikAccess::Next> MikrotikAccess::look_after_refusal(
    ports::Grant& grant, ApiFailure failure, SteadyTime deadline)
{
    const auto active = co_await api_->find_active(grant.mac, deadline);
    if (!active) co_return Next::unknown;
    // A repeated grant: the device is online already.
    if (find_user(*active, grant.user_name) != nullptr) co_return Next::confirmed;
    if (!active->empty()) {
        // Another, older right of the same device stands in the way.
        const HotspotActive& old = active->front();
        const auto removed = co_await api_->remove_active(old.id, grant.mac, deadline);
        co_return removed ? Next::again : Next::unknown;
    }
    if (failure.message.find("already authorizing") != std::string::npos) co_return Next::again;
    if (failure.trap == TrapKind::no_answer) co_return Next::unreachable;

    const auto host = co_await api_->find_host(grant.mac, deadline);
    if (host && *host && (*host)->ip != grant.ip) {
        grant.ip = (*host)->ip; // the device has got another address meanwhile
        co_return Next::again;
    }
    spdlog::info(
        "event=router_login_refused The router refused to log a device in. router={} reason=\"{}\"",
        to_string(router_.id), failure.message);
    co_return Next::refused;
}

awaitable<Result<void, GrantError>> MikrotikAccess::close(ports::Grant grant, SteadyTime deadline)
{
    if (!api_) {
        const auto closed = co_await close_by_order(std::move(grant), deadline);
        co_return closed;
    }
    const SteadyTime first_by = std::min(deadline, clock_.steady_now() + disconnect_attempt);
    const auto disconnected =
        co_await orders_.disconnect(router_, session_name_of(grant), first_by);
    // An ACK alone proves nothing, and a NAK may mean that it was named wrongly: look. Silence must
    // not hold up the cut-off: the API removes, and the order is repeated only if that fails.
    const auto removed = co_await remove(grant, deadline);
    const bool is_heard = disconnected || disconnected.error() != CoaError::unknown;
    if (removed || is_heard) co_return removed;
    const auto repeated = co_await close_by_order(std::move(grant), deadline);
    co_return repeated;
}

/// Only accounting can tell that the device is off: the answer says no more than that the order was
/// understood.
awaitable<Result<void, GrantError>> MikrotikAccess::close_by_order(
    ports::Grant grant, SteadyTime deadline)
{
    // The Stop came while the job waited.
    if (reports_.has_stopped(grant)) co_return Result<void, GrantError>{};
    const unsigned restarts = reports_.restarts_of(router_.id);
    const auto disconnected =
        co_await orders_.disconnect(router_, session_name_of(grant), deadline);
    const bool is_absent = !disconnected && disconnected.error() == CoaError::session_not_found;
    if (!disconnected && !is_absent)
        co_return std::unexpected{grant_error_of(disconnected.error())};
    // Neither side has ever heard of it.
    if (is_absent && grant.acct_session_id.empty()) co_return Result<void, GrantError>{};

    const SteadyTime by = std::min(deadline, clock_.steady_now() + stop_patience);
    const bool has_stopped = co_await stops(grant, restarts, by);
    if (has_stopped) co_return Result<void, GrantError>{};
    if (is_absent && reports_.count_absence(grant) >= absences_believed)
        co_return Result<void, GrantError>{};
    co_return std::unexpected{GrantError::unknown};
}

awaitable<bool> MikrotikAccess::stops(
    ports::Grant grant, unsigned restarts_before, SteadyTime deadline)
{
    for (;;) {
        if (reports_.has_stopped(grant) || reports_.restarts_of(router_.id) != restarts_before)
            co_return true;
        const SteadyTime now = clock_.steady_now();
        if (now >= deadline) co_return false;
        co_await clock_.sleep_until(std::min(deadline, now + between_looks));
    }
}

/// Removes what the active list still shows of the grant, and looks again.
awaitable<Result<void, GrantError>> MikrotikAccess::remove(ports::Grant grant, SteadyTime deadline)
{
    constexpr unsigned looks_max = 3;
    for (unsigned look = 0; look < looks_max; ++look) {
        const auto active = co_await api_->find_active(grant.mac, deadline);
        if (!active) co_return std::unexpected{grant_error_of(active.error())};
        const HotspotActive* const online = find_right(*active, grant);
        if (online == nullptr) co_return Result<void, GrantError>{};
        const auto removed = co_await api_->remove_active(online->id, grant.mac, deadline);
        if (!removed) co_return std::unexpected{grant_error_of(removed.error())};
    }
    co_return std::unexpected{GrantError::unknown};
}

awaitable<Result<void, GrantError>> MikrotikAccess::change(ports::Grant grant, SteadyTime deadline)
{
    const SteadyTime wanted_end = clock_.steady_now() + grant.time_left;
    ServiceChange change{
        .time_left = grant.time_left, .rate = grant.rate, .octets_left = grant.octets_left};
    if (router_.coa_counts_from_start) {
        auto online_for = reports_.online_for(grant, clock_.utc_now());
        const auto row = co_await row_of(grant, deadline);
        if (row) online_for = row->uptime;
        // Sent without it, the router would cut off early; its next interim tells.
        if (!online_for) co_return std::unexpected{GrantError::unreachable};
        change.time_left += *online_for;
    }
    const auto changed = co_await orders_.change(router_, session_name_of(grant), change, deadline);
    if (!changed) {
        bool is_gone = changed.error() == CoaError::session_not_found;
        if (is_gone) is_gone = co_await is_absent(std::move(grant), deadline);
        co_return std::unexpected{is_gone ? GrantError::absent : grant_error_of(changed.error())};
    }
    reports_.forget_absences(grant);
    const bool is_right = co_await correct_time(std::move(grant), change, wanted_end, deadline);
    if (!is_right) co_return std::unexpected{GrantError::refused};
    co_return Result<void, GrantError>{};
}

/// The grant's row of the active list; nothing when there is none or it cannot be read.
awaitable<std::optional<HotspotActive>> MikrotikAccess::row_of(
    ports::Grant grant, SteadyTime deadline)
{
    if (!api_) co_return std::nullopt;
    const auto active = co_await api_->find_active(grant.mac, deadline);
    if (!active) co_return std::nullopt;
    const HotspotActive* const row = find_right(*active, grant);
    if (row == nullptr) co_return std::nullopt;
    co_return *row;
}

/// After an order for which the router had no such session: whether the device is really gone. The
/// order may have named the session wrongly, or have come before the login was complete.
awaitable<bool> MikrotikAccess::is_absent(ports::Grant grant, SteadyTime deadline)
{
    if (!api_) {
        const bool has_ended = reports_.has_stopped(grant);
        co_return has_ended || reports_.count_absence(grant) >= absences_believed;
    }
    const auto active = co_await api_->find_active(grant.mac, deadline);
    co_return active&& find_right(*active, grant) == nullptr;
}

/// Whether the router counts Session-Timeout of a CoA from now or from the login is written
/// nowhere: look what it made of it, and make good the difference once. False when it stays wrong.
awaitable<bool> MikrotikAccess::correct_time(
    ports::Grant grant, ServiceChange sent, SteadyTime wanted_end, SteadyTime deadline)
{
    for (bool is_corrected = false;; is_corrected = true) {
        const auto row = co_await row_of(grant, deadline);
        // What cannot be looked at counts as done: IWAS ends the session on time by itself.
        if (!row || !row->time_left) co_return true;
        const auto wanted = std::chrono::duration_cast<Seconds>(wanted_end - clock_.steady_now());
        const Seconds error = wanted - *row->time_left;
        if (std::chrono::abs(error) <= time_left_error_max) co_return true;
        spdlog::warn(
            "event=router_time_left_wrong The router gives another time after a CoA. router={} "
            "off_by={}s text=\"coa_counts_from_start in the cafe file may be wrong\"",
            to_string(router_.id), -error.count());
        if (is_corrected) co_return false;
        sent.time_left += error;
        if (sent.time_left < Seconds{1}) co_return false;
        const auto changed =
            co_await orders_.change(router_, session_name_of(grant), sent, deadline);
        if (!changed) co_return false;
    }
}

awaitable<Result<std::vector<ports::ActiveDevice>, GrantError>> MikrotikAccess::list(
    SteadyTime deadline)
{
    if (!api_) co_return std::unexpected{GrantError::unreachable};
    const auto active = co_await api_->active(deadline);
    if (!active) co_return std::unexpected{grant_error_of(active.error())};
    std::vector<ports::ActiveDevice> devices;
    devices.reserve(active->size());
    for (const auto& row : *active)
        devices.push_back(
            {.user_name = row.user_name,
             .mac = row.mac,
             .ip = row.ip,
             .acct_session_id = {},
             .up_octets = row.up_octets,
             .down_octets = row.down_octets,
             .uptime = row.uptime});
    co_return devices;
}

} // namespace iwas::adapters
