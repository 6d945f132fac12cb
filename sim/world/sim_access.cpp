#include "sim/world/sim_access.hpp"

#include "adapters/radius/authenticate.hpp"
#include "core/assert.hpp"

namespace iwas::sim {

using ports::GrantError;

namespace {

namespace attribute = radius::attribute;

constexpr Milliseconds usual{2};

/// What the router knows of a device at one moment.
struct Seen {
    std::optional<Ipv4Address> ip; // nothing: it is not here
    std::optional<std::string> user_name; // of its session, if it has one
};

Seen look_at(RouterModel& model, const MacAddress& mac)
{
    const Hotspot& hotspot = model.hotspot();
    Seen seen;
    if (const auto device = hotspot.devices().find(mac); device != hotspot.devices().end())
        seen.ip = device->second.ip;
    if (const ActiveSession* active = hotspot.find_active(mac)) seen.user_name = active->user_name;
    return seen;
}

/// A Disconnect- or CoA-Request that names the device's session as MikroTik wants it named.
Bytes dynamic_request(
    radius::Code code, const ports::Grant& grant, const domain::Router& router,
    std::uint8_t identifier)
{
    radius::PacketBuffer buffer;
    radius::PacketWriter writer{buffer, code, identifier, {}};
    writer.add_message_authenticator();
    writer.add_text(attribute::user_name, grant.user_name);
    writer.add_text(attribute::acct_session_id, grant.acct_session_id);
    if (grant.ip) writer.add_address(attribute::framed_ip_address, *grant.ip);
    if (code == radius::Code::coa_request)
        adapters::add_service(
            writer, router.kind, grant.time_left, grant.rate, grant.octets_left);
    const auto octets = writer.finish(radius::SharedSecret{router.radius_secret});
    IWAS_ASSERT(octets.has_value());
    return {octets->begin(), octets->end()};
}

} // namespace

RouterSite* SimAccess::site_of(const domain::RouterId& router) const
{
    const auto found = sites_.find(router);
    return found == sites_.end() ? nullptr : found->second;
}

awaitable<Result<ports::Opened, GrantError>> SimAccess::open(
    ports::Grant grant, ports::LoginChallenge, SteadyTime deadline)
{
    RouterSite* const site = site_of(grant.router);
    if (!site) co_return std::unexpected{GrantError::refused};
    const std::function<Seen(RouterModel&)> look = [mac = grant.mac](RouterModel& model) {
        return look_at(model, mac);
    };
    co_await border_.cross("router open", usual);
    const auto seen = co_await site->command<Seen>(look, deadline);
    co_await border_.cross("router open", usual);
    if (!seen) co_return std::unexpected{GrantError::unreachable};
    if (!seen->ip) co_return std::unexpected{GrantError::refused};
    if (seen->user_name == grant.user_name) co_return ports::Opened{.is_confirmed = true, .form = {}};
    if (seen->user_name) { // online by an older grant
        const std::function<bool(RouterModel&)> remove = [mac = grant.mac](RouterModel& model) {
            return model.log_out(mac, TerminateCause::admin_reset);
        };
        const auto removed = co_await site->command<bool>(remove, deadline);
        co_await border_.cross("router open", usual);
        if (!removed) co_return std::unexpected{GrantError::unknown};
    }

    LoginAttempt attempt{
        .mac = grant.mac,
        .ip = *seen->ip,
        .user_name = grant.user_name,
        .proof = grant.password,
        .login_by = "api",
    };
    const auto outcome = co_await site->log_in(std::move(attempt), deadline);
    co_await border_.cross("router open", usual);
    if (!outcome) co_return std::unexpected{outcome.error()};
    switch (outcome->result) {
    case LoginResult::accepted: break;
    case LoginResult::rejected:
    case LoginResult::no_host:
    case LoginResult::too_many: co_return std::unexpected{GrantError::refused};
    case LoginResult::no_answer:
    case LoginResult::already_active:
    case LoginResult::in_progress:
    case LoginResult::interrupted: co_return std::unexpected{GrantError::unknown};
    }
    const auto after = co_await site->command<Seen>(look, deadline);
    co_await border_.cross("router open", usual);
    const bool is_confirmed = after && after->user_name == grant.user_name;
    co_return ports::Opened{.is_confirmed = is_confirmed, .form = {}};
}

awaitable<Result<void, GrantError>> SimAccess::close(ports::Grant grant, SteadyTime deadline)
{
    RouterSite* const site = site_of(grant.router);
    if (!site) co_return Result<void, GrantError>{};
    co_await border_.cross("router close", usual);
    const auto identifier = static_cast<std::uint8_t>(border_.nature().random.bits());
    Bytes request =
        dynamic_request(radius::Code::disconnect_request, grant, site->router(), identifier);
    (void)co_await site->dynamic(std::move(request), deadline); // believed only when seen
    co_await border_.cross("router close", usual);

    const std::function<bool(RouterModel&)> remove = [grant](RouterModel& model) {
        const ActiveSession* const active = model.hotspot().find_active(grant.mac);
        if (!active || active->user_name != grant.user_name) return true;
        return model.log_out(grant.mac, TerminateCause::admin_reset);
    };
    const auto removed = co_await site->command<bool>(remove, deadline);
    co_await border_.cross("router close", usual);
    if (!removed) co_return std::unexpected{removed.error()};
    co_return Result<void, GrantError>{};
}

awaitable<Result<void, GrantError>> SimAccess::change(ports::Grant grant, SteadyTime deadline)
{
    RouterSite* const site = site_of(grant.router);
    if (!site) co_return std::unexpected{GrantError::refused};
    co_await border_.cross("router change", usual);
    const auto identifier = static_cast<std::uint8_t>(border_.nature().random.bits());
    Bytes request = dynamic_request(radius::Code::coa_request, grant, site->router(), identifier);
    const auto reply = co_await site->dynamic(std::move(request), deadline);
    co_await border_.cross("router change", usual);
    if (!reply) co_return std::unexpected{GrantError::unknown};
    const auto packet = radius::decode(*reply);
    if (!packet || packet->code() != radius::Code::coa_ack)
        co_return std::unexpected{GrantError::refused};
    co_return Result<void, GrantError>{};
}

bool SimAccess::can_list(const domain::RouterId& router) const
{
    return site_of(router) != nullptr;
}

awaitable<Result<std::vector<ports::ActiveDevice>, GrantError>> SimAccess::list(
    domain::RouterId router, SteadyTime deadline)
{
    using Devices = std::vector<ports::ActiveDevice>;
    RouterSite* const site = site_of(router);
    if (!site) co_return std::unexpected{GrantError::unreachable};
    co_await border_.cross("router list", usual);
    const std::function<Devices(RouterModel&)> read = [](RouterModel& model) {
        Devices devices;
        for (const auto& [mac, active] : model.hotspot().active())
            devices.push_back(
                {.user_name = active.user_name,
                 .mac = mac,
                 .ip = active.ip,
                 .acct_session_id = {}, // MikroTik's list does not show it
                 .up_octets = active.up_octets,
                 .down_octets = active.down_octets});
        return devices;
    };
    auto devices = co_await site->command<Devices>(read, deadline);
    co_await border_.cross("router list", usual);
    co_return devices;
}

} // namespace iwas::sim
