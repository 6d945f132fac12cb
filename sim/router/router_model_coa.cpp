// The router's side of RFC 5176: which session is meant, and what is done with it.
#include "core/assert.hpp"
#include "protocol/radius/authenticator.hpp"
#include "protocol/radius/packet_writer.hpp"
#include "sim/router/router_model.hpp"

#include <algorithm>
#include <array>

namespace iwas::sim {

namespace {

namespace attribute = radius::attribute;
using radius::Code;

// Error-Cause values (RFC 5176 §3.5).
constexpr std::uint32_t unsupported_attribute = 401;
constexpr std::uint32_t nas_mismatch = 403;
constexpr std::uint32_t context_not_found = 503;

constexpr std::size_t answered_max = 64;

/// What a Disconnect-Request may hold (RFC 5176 §3.6), Framed-IP-Address as real servers need it.
constexpr std::array disconnect_attributes{
    attribute::user_name,
    attribute::nas_ip_address,
    attribute::nas_port,
    attribute::framed_ip_address,
    attribute::called_station_id,
    attribute::calling_station_id,
    attribute::nas_identifier,
    attribute::proxy_state,
    attribute::acct_session_id,
    attribute::event_timestamp,
    attribute::message_authenticator,
    attribute::nas_port_id,
    attribute::acct_terminate_cause,
    attribute::acct_multi_session_id,
    attribute::reply_message,
    attribute::class_,
};

} // namespace

struct RouterModel::Identified {
    /// Set when the request is to be refused.
    std::optional<std::uint32_t> error_cause;
    std::vector<MacAddress> devices;
};

std::optional<Bytes> RouterModel::dynamic_authorization(ByteView datagram)
{
    if (!is_reachable()) return std::nullopt;
    const auto request = radius::decode(datagram);
    if (!request) return std::nullopt;
    const bool is_disconnect = request->code() == Code::disconnect_request;
    if (!is_disconnect && request->code() != Code::coa_request) return std::nullopt;
    const auto base = radius::base_of_request(*request);
    if (!radius::is_authenticator_right(*request, base, secret_)) return std::nullopt;
    const auto signature = radius::check_message_authenticator(*request, base, secret_);
    if (signature != radius::MessageAuthenticator::absent &&
        signature != radius::MessageAuthenticator::right)
        return std::nullopt;

    const auto octets = request->octets();
    for (const auto& [seen, answer] : answered_)
        if (std::ranges::equal(seen, octets)) return answer;
    settle();
    Bytes answer = is_disconnect ? answer_disconnect(*request) : answer_change(*request);
    answered_.emplace_back(Bytes{octets.begin(), octets.end()}, answer);
    if (answered_.size() > answered_max) answered_.pop_front();
    return answer;
}

Bytes RouterModel::answer_disconnect(const radius::PacketView& request)
{
    for (const auto& [type, value] : request.attributes())
        if (std::ranges::find(disconnect_attributes, type) == disconnect_attributes.end())
            return reply_to(request, Code::disconnect_nak, unsupported_attribute);
    const Identified found = identify(request);
    if (found.error_cause) return reply_to(request, Code::disconnect_nak, found.error_cause);
    for (const MacAddress mac : found.devices)
        log_out(mac, TerminateCause::admin_reset);
    ++statistics_.disconnects;
    return reply_to(request, Code::disconnect_ack, std::nullopt);
}

Bytes RouterModel::answer_change(const radius::PacketView& request)
{
    const Identified found = identify(request);
    if (found.error_cause) return reply_to(request, Code::coa_nak, found.error_cause);
    const SessionLimits limits = read_limits(request);
    for (const MacAddress mac : found.devices)
        hotspot_.change(mac, limits, now());
    schedule();
    ++statistics_.changes;
    return reply_to(request, Code::coa_ack, std::nullopt);
}

/// All that is given must match. A hotspot session is found only with its address or its session
/// id: a user name or a station alone hits another table of the router, where nobody is.
RouterModel::Identified RouterModel::identify(const radius::PacketView& request) const
{
    const auto text = [&request](std::uint8_t type) -> std::optional<std::string_view> {
        const auto value = request.find(type);
        if (!value) return std::nullopt;
        return as_text(*value);
    };
    const auto nas_address = request.find_integer(attribute::nas_ip_address);
    const auto nas_identifier = text(attribute::nas_identifier);
    if ((nas_address && *nas_address != options_.nas.address.value()) ||
        (nas_identifier && *nas_identifier != options_.nas.identifier))
        return {.error_cause = nas_mismatch, .devices = {}};

    const auto user_name = text(attribute::user_name);
    const auto session_id = text(attribute::acct_session_id);
    const auto address = request.find_integer(attribute::framed_ip_address);
    const auto station = text(attribute::calling_station_id);
    const auto is_meant = [&](const ActiveSession& session) {
        return (!user_name || *user_name == session.user_name) &&
               (!session_id || *session_id == session.acct_session_id) &&
               (!address || *address == session.ip.value()) &&
               (!station || MacAddress::parse(*station) == session.mac);
    };
    Identified found;
    if (session_id) {
        const auto* const session = hotspot_.find_accounted(std::string{*session_id});
        if (session != nullptr && is_meant(*session)) found.devices.push_back(session->mac);
    } else if (address) {
        for (const auto& [mac, session] : hotspot_.active())
            if (is_meant(session)) found.devices.push_back(mac);
    }
    if (found.devices.empty()) found.error_cause = context_not_found;
    return found;
}

Bytes RouterModel::reply_to(
    const radius::PacketView& request, Code code, std::optional<std::uint32_t> error_cause)
{
    radius::PacketBuffer buffer;
    radius::PacketWriter writer{buffer, code, request.identifier(), request.authenticator()};
    if (request.find(attribute::message_authenticator)) writer.add_message_authenticator();
    if (error_cause) {
        writer.add_integer(attribute::error_cause, *error_cause);
        ++statistics_.naks;
    }
    writer.copy_proxy_state(request);
    const auto octets = writer.finish(secret_);
    IWAS_ASSERT(octets.has_value());
    return {octets->begin(), octets->end()};
}

} // namespace iwas::sim
