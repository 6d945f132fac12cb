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
// With an API at hand one unanswered Disconnect-Request is enough: the cut-off must not wait.
constexpr Milliseconds disconnect_patience{1'500};

const HotspotActive* find_user(const std::vector<HotspotActive>& active, const std::string& user)
{
    const auto found = std::ranges::find(active, user, &HotspotActive::user_name);
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
    ports::Clock& clock)
    : router_{std::move(router)}, api_{std::move(api)}, orders_{orders}, clock_{clock}
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
    const SteadyTime disconnect_by =
        api_ ? std::min(deadline, clock_.steady_now() + disconnect_patience) : deadline;
    const auto disconnected =
        co_await orders_.disconnect(router_, session_name_of(grant), disconnect_by);
    if (!api_) {
        const bool is_gone = disconnected || disconnected.error() == CoaError::session_not_found;
        if (!is_gone) co_return std::unexpected{grant_error_of(disconnected.error())};
        co_return Result<void, GrantError>{};
    }
    // An ACK alone proves nothing, and a NAK may mean that it was named wrongly: look.
    const auto removed = co_await remove(std::move(grant), deadline);
    co_return removed;
}

/// Removes what the active list still shows of the grant, and looks again.
awaitable<Result<void, GrantError>> MikrotikAccess::remove(ports::Grant grant, SteadyTime deadline)
{
    constexpr unsigned looks_max = 3;
    for (unsigned look = 0; look < looks_max; ++look) {
        const auto active = co_await api_->find_active(grant.mac, deadline);
        if (!active) co_return std::unexpected{grant_error_of(active.error())};
        const HotspotActive* const online = find_user(*active, grant.user_name);
        if (online == nullptr) co_return Result<void, GrantError>{};
        const auto removed = co_await api_->remove_active(online->id, grant.mac, deadline);
        if (!removed) co_return std::unexpected{grant_error_of(removed.error())};
    }
    co_return std::unexpected{GrantError::unknown};
}

awaitable<Result<void, GrantError>> MikrotikAccess::change(ports::Grant grant, SteadyTime deadline)
{
    ServiceChange change{
        .time_left = grant.time_left, .rate = grant.rate, .octets_left = grant.octets_left};
    const auto changed = co_await orders_.change(router_, session_name_of(grant), change, deadline);
    if (!changed) co_return std::unexpected{grant_error_of(changed.error())};
    co_return Result<void, GrantError>{};
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
