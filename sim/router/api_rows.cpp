#include "protocol/routeros/value.hpp"
#include "sim/router/api_session.hpp"

namespace iwas::sim {

namespace {

std::string duration_text(SteadyTime::duration duration)
{
    return routeros::format_duration(std::chrono::duration_cast<Seconds>(duration));
}

} // namespace

routeros::Attributes host_row(const Device& device, bool is_authorized, SteadyTime now)
{
    return {
        {".id", device.id},
        {"mac-address", to_string(device.mac)},
        {"address", to_string(device.ip)},
        {"to-address", to_string(device.ip)},
        {"server", "hotspot1"},
        {"uptime", duration_text(now - device.seen_at)},
        {"idle-time", "0s"},
        {"authorized", is_authorized ? "true" : "false"},
        {"bypassed", "false"},
    };
}

routeros::Attributes active_row(
    const ActiveSession& session, const NasIdentity& nas, SteadyTime now)
{
    routeros::Attributes row{
        {".id", session.id},
        {"server", nas.hotspot_server},
        {"user", session.user_name},
        {"address", to_string(session.ip)},
        {"mac-address", to_string(session.mac)},
        {"login-by", session.login_by},
        {"uptime", duration_text(now - session.started_at)},
        {"idle-time", "0s"},
        {"bytes-in", std::to_string(session.up_octets)},
        {"bytes-out", std::to_string(session.down_octets)},
        {"radius", "true"},
    };
    // Absent, as a router does it, where there is no limit.
    if (session.ends_at)
        row.emplace_back("session-time-left", duration_text(*session.ends_at - now));
    if (session.limits.total_octets_max)
        row.emplace_back("limit-bytes-total", std::to_string(*session.limits.total_octets_max));
    return row;
}

routeros::Attributes cookie_row(const MacCookie& cookie)
{
    return {
        {".id", cookie.id},     {"user", cookie.user_name}, {"mac-address", to_string(cookie.mac)},
        {"mac-cookie", "true"}, {"expires-in", "3d"},
    };
}

} // namespace iwas::sim
