#include "sim/world/sim_access.hpp"

#include "adapters/radius/authenticate.hpp"
#include "core/assert.hpp"

#include <algorithm>

namespace iwas::sim {

using adapters::ApiError;
using adapters::ApiFailure;
using adapters::CoaError;
using adapters::HotspotActive;
using adapters::HotspotHost;

namespace {

namespace attribute = radius::attribute;

constexpr Milliseconds usual{2};
constexpr unsigned tries_max = 3;

ApiFailure failure_of(ports::GrantError error)
{
    switch (error) {
    case ports::GrantError::refused: return {.error = ApiError::refused};
    case ports::GrantError::unreachable: return {.error = ApiError::unreachable};
    case ports::GrantError::unknown:
    case ports::GrantError::absent: return {.error = ApiError::unknown};
    }
    return {.error = ApiError::unknown};
}

HotspotActive row_of(const ActiveSession& active)
{
    return {
        .id = active.id,
        .user_name = active.user_name,
        .mac = active.mac,
        .ip = active.ip,
        .up_octets = active.up_octets,
        .down_octets = active.down_octets,
    };
}

} // namespace

template <class T>
awaitable<adapters::ApiResult<T>> SimRouterApi::ask(
    std::string_view what, std::function<T(RouterModel&)> work, SteadyTime deadline)
{
    ports::GrantError error = ports::GrantError::unreachable;
    bool may_be_done = false;
    for (unsigned tries = 0; tries < tries_max; ++tries) {
        if (border_.nature().clock.steady_now() >= deadline) break;
        co_await border_.cross(what, usual);
        auto answer = co_await site_.command<T>(work, deadline);
        co_await border_.cross(what, usual);
        if (answer) co_return std::move(*answer);
        error = answer.error();
        may_be_done = may_be_done || error == ports::GrantError::unknown;
    }
    co_return std::unexpected{failure_of(may_be_done ? ports::GrantError::unknown : error)};
}

awaitable<adapters::ApiResult<std::optional<HotspotHost>>> SimRouterApi::find_host(
    MacAddress mac, SteadyTime deadline)
{
    return ask<std::optional<HotspotHost>>(
        "router find_host",
        [mac](RouterModel& model) -> std::optional<HotspotHost> {
            const auto& devices = model.hotspot().devices();
            const auto found = devices.find(mac);
            if (found == devices.end()) return std::nullopt;
            return HotspotHost{
                .id = found->second.id,
                .mac = mac,
                .ip = found->second.ip,
                .is_authorized = model.hotspot().find_active(mac) != nullptr};
        },
        deadline);
}

awaitable<adapters::ApiResult<void>> SimRouterApi::log_in(
    adapters::HotspotLogin login, SteadyTime deadline)
{
    LoginAttempt attempt{
        .mac = login.mac,
        .ip = login.ip,
        .user_name = login.user_name,
        .proof = login.password,
        .login_by = "http-pap",
    };
    co_await border_.cross("router log_in", usual);
    const auto outcome = co_await site_.log_in(std::move(attempt), deadline);
    co_await border_.cross("router log_in", usual);
    if (!outcome) co_return std::unexpected{failure_of(outcome.error())};
    if (outcome->result == LoginResult::accepted) co_return adapters::ApiResult<void>{};
    co_return std::unexpected{ApiFailure{
        .error = ApiError::refused,
        .trap = routeros::classify_trap(outcome->message, "4"),
        .message = outcome->message}};
}

awaitable<adapters::ApiResult<SimRouterApi::Rows>> SimRouterApi::active(SteadyTime deadline)
{
    return ask<Rows>(
        "router active",
        [](RouterModel& model) {
            Rows rows;
            for (const auto& [mac, active] : model.hotspot().active())
                rows.push_back(row_of(active));
            return rows;
        },
        deadline);
}

awaitable<adapters::ApiResult<SimRouterApi::Rows>> SimRouterApi::find_active(
    MacAddress mac, SteadyTime deadline)
{
    return ask<Rows>(
        "router find_active",
        [mac](RouterModel& model) {
            const ActiveSession* const active = model.hotspot().find_active(mac);
            return active ? Rows{row_of(*active)} : Rows{};
        },
        deadline);
}

awaitable<adapters::ApiResult<void>> SimRouterApi::remove_active(
    std::string id, MacAddress mac, SteadyTime deadline)
{
    const std::function<bool(RouterModel&)> remove = [id, mac](RouterModel& model) {
        const ActiveSession* const active = model.hotspot().find_active(id);
        if (active) model.log_out(active->mac, TerminateCause::admin_reset);
        if (const auto cookie = model.cookies().find(mac); cookie != model.cookies().end())
            model.remove_cookie(std::string{cookie->second.id});
        return true;
    };
    const auto removed = co_await ask<bool>("router remove_active", remove, deadline);
    if (!removed) co_return std::unexpected{removed.error()};
    co_return adapters::ApiResult<void>{};
}

awaitable<adapters::ApiResult<adapters::SystemResource>> SimRouterApi::resource(SteadyTime deadline)
{
    return ask<adapters::SystemResource>(
        "router resource",
        [](RouterModel& model) {
            return adapters::SystemResource{
                model.options().version, model.options().board_name, model.uptime()};
        },
        deadline);
}

awaitable<adapters::ApiResult<std::string>> SimRouterApi::identity(SteadyTime deadline)
{
    return ask<std::string>(
        "router identity", [](RouterModel& model) { return model.options().nas.identifier; },
        deadline);
}

awaitable<Result<void, CoaError>> SimOrders::order(
    domain::Router router, radius::Code code, adapters::NetworkSessionName session, Fill fill,
    SteadyTime deadline)
{
    const auto site = sites_.find(router.id);
    if (site == sites_.end()) co_return std::unexpected{CoaError::unreachable};
    const radius::SharedSecret secret{router.radius_secret};
    radius::PacketBuffer buffer;
    const auto identifier = static_cast<std::uint8_t>(border_.nature().random.bits());
    radius::PacketWriter writer{buffer, code, identifier, {}};
    writer.add_text(attribute::user_name, session.user_name);
    if (session.framed_ip) writer.add_address(attribute::framed_ip_address, *session.framed_ip);
    writer.add_text(attribute::acct_session_id, session.acct_session_id);
    fill(writer);
    const auto octets = writer.finish(secret);
    IWAS_ASSERT(octets.has_value());
    Bytes request{octets->begin(), octets->end()};

    co_await border_.cross("router order", usual);
    const auto reply = co_await site->second->dynamic(std::move(request), deadline);
    co_await border_.cross("router order", usual);
    if (!reply) co_return std::unexpected{CoaError::unknown};
    const auto packet = radius::decode(*reply);
    IWAS_ASSERT(packet.has_value());
    if (packet->code() == radius::Code::disconnect_ack || packet->code() == radius::Code::coa_ack)
        co_return Result<void, CoaError>{};
    co_return std::unexpected{adapters::coa_error_of(packet->find_integer(attribute::error_cause))};
}

awaitable<Result<void, CoaError>> SimOrders::disconnect(
    domain::Router router, adapters::NetworkSessionName session, SteadyTime deadline)
{
    return order(
        std::move(router), radius::Code::disconnect_request, std::move(session),
        [](radius::PacketWriter&) {}, deadline);
}

awaitable<Result<void, CoaError>> SimOrders::change(
    domain::Router router, adapters::NetworkSessionName session, adapters::ServiceChange change,
    SteadyTime deadline)
{
    const domain::RouterKind kind = router.kind;
    return order(
        std::move(router), radius::Code::coa_request, std::move(session),
        [kind, change](radius::PacketWriter& writer) {
            adapters::add_service(writer, kind, change.time_left, change.rate, std::nullopt);
        },
        deadline);
}

SimRouterApis::SimRouterApis(
    const std::map<domain::RouterId, RouterSite*>& sites, const Border& border)
{
    for (const auto& [id, site] : sites)
        if (site->router().api) apis_[id] = std::make_shared<SimRouterApi>(*site, border);
}

std::shared_ptr<adapters::RouterApi> SimRouterApis::api_of(const domain::Router& router)
{
    const auto found = apis_.find(router.id);
    return found == apis_.end() ? nullptr : found->second;
}

} // namespace iwas::sim
