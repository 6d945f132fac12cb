#include "adapters/radius/dynamic_authorization.hpp"

#include "adapters/radius/authenticate.hpp"
#include "domain/enum_text.hpp"

namespace iwas::adapters {

namespace asio = boost::asio;

namespace {

namespace attribute = radius::attribute;

void add_name(
    radius::PacketWriter& writer, domain::RouterKind kind, const NetworkSessionName& session)
{
    // Everything given must match, and a router that asked by MAC address knows the session by that
    // name. RouterOS and CoovaChilli want a name; for the others the session's id is enough.
    const bool has_own_name = kind == domain::RouterKind::generic;
    if (!has_own_name || session.acct_session_id.empty())
        writer.add_text(attribute::user_name, session.user_name);
    // RFC 5176 §3.6 leaves the address out of Disconnect-Requests, yet RouterOS needs it there.
    if (kind == domain::RouterKind::mikrotik && session.framed_ip)
        writer.add_address(attribute::framed_ip_address, *session.framed_ip);
    writer.add_text(attribute::acct_session_id, session.acct_session_id);
    if (session.nas_ip) writer.add_address(attribute::nas_ip_address, *session.nas_ip);
}

constexpr domain::EnumText error_texts{std::to_array<std::pair<CoaError, std::string_view>>({
    {CoaError::session_not_found, "session_not_found"},
    {CoaError::not_removable, "not_removable"},
    {CoaError::unsupported, "unsupported"},
    {CoaError::incomplete, "incomplete"},
    {CoaError::misconfigured, "misconfigured"},
    {CoaError::invalid, "invalid"},
    {CoaError::busy, "busy"},
    {CoaError::request_initiated, "request_initiated"},
    {CoaError::refused, "refused"},
    {CoaError::unreachable, "unreachable"},
    {CoaError::unknown, "unknown"},
})};

} // namespace

std::string_view to_text(CoaError error)
{
    return error_texts.text_of(error);
}

CoaError coa_error_of(std::optional<std::uint32_t> error_cause)
{
    if (!error_cause) return CoaError::refused;
    switch (*error_cause) {
    case 401:
    case 405:
    case 406: return CoaError::unsupported;
    case 402:
    case 508: return CoaError::incomplete;
    case 403:
    case 501:
    case 510: return CoaError::misconfigured;
    case 404:
    case 407: return CoaError::invalid;
    case 502:
    case 505:
    case 506: return CoaError::busy;
    case 503: return CoaError::session_not_found;
    case 504: return CoaError::not_removable;
    case 507: return CoaError::request_initiated;
    default: return CoaError::refused;
    }
}

asio::awaitable<Result<void, CoaError>> DynamicAuthorization::order(
    RadiusTarget target, radius::Code code, RadiusRequester::Fill fill, SteadyTime deadline)
{
    const auto answer = co_await requester_.ask(std::move(target), code, std::move(fill), deadline);
    if (!answer) {
        switch (answer.error()) {
        case AskError::unreachable: co_return std::unexpected{CoaError::unreachable};
        case AskError::unknown: co_return std::unexpected{CoaError::unknown};
        }
    }
    const radius::PacketView packet = answer->packet();
    if (packet.code() == radius::Code::disconnect_ack || packet.code() == radius::Code::coa_ack)
        co_return Result<void, CoaError>{};
    co_return std::unexpected{coa_error_of(packet.find_integer(attribute::error_cause))};
}

asio::awaitable<Result<void, CoaError>> DynamicAuthorization::disconnect(
    RadiusTarget target, domain::RouterKind kind, NetworkSessionName session, SteadyTime deadline)
{
    RadiusRequester::Fill fill = [session, kind](radius::PacketWriter& writer) {
        add_name(writer, kind, session);
    };
    const auto done = co_await order(
        std::move(target), radius::Code::disconnect_request, std::move(fill), deadline);
    co_return done;
}

asio::awaitable<Result<void, CoaError>> DynamicAuthorization::change(
    RadiusTarget target, domain::RouterKind kind, NetworkSessionName session, ServiceChange change,
    SteadyTime deadline)
{
    // RouterOS cannot change Total-Limit in a running session and may refuse the whole for it.
    if (kind == domain::RouterKind::mikrotik) change.octets_left = std::nullopt;
    RadiusRequester::Fill fill = [session, kind, change](radius::PacketWriter& writer) {
        add_name(writer, kind, session);
        add_service(writer, kind, change.time_left, change.rate, change.octets_left);
    };
    const auto done =
        co_await order(std::move(target), radius::Code::coa_request, std::move(fill), deadline);
    co_return done;
}

} // namespace iwas::adapters
