// DynamicAuthorization: tells a router to end or change a network session (RFC 5176).
#pragma once

#include "adapters/radius/requester.hpp"
#include "core/mac_address.hpp"
#include "domain/package.hpp"
#include "domain/tenant.hpp"

namespace iwas::adapters {

/// Names one network session at its router. Every part that is given must match there; always give
/// `acct_session_id` when it is known, or others of the same user may end too.
struct NetworkSessionName {
    std::string user_name;
    std::string acct_session_id;
    std::optional<Ipv4Address> framed_ip; ///< MikroTik's hotspot finds nothing without it
    std::optional<Ipv4Address> nas_ip;    ///< not when the router is behind address translation
};

/// What a session may have from now on; all of it, because some routers reset what is left out.
struct ServiceChange {
    Seconds time_left{0};
    domain::RateLimit rate;
    std::optional<std::uint64_t> octets_left;
};

/// Why the router did not do it, by the reaction that each asks for (RFC 5176 §3.5).
enum class CoaError {
    session_not_found, ///< 503: gone already, or named otherwise: look at the active list
    not_removable,     ///< 504: remove by the router's API
    unsupported,       ///< 401, 405, 406: this router cannot; use its API
    incomplete,        ///< 402, 508: more identification is needed
    misconfigured,     ///< 403, 501, 510: somebody has to change a setting
    invalid,           ///< 404, 407: a fault of ours
    busy,              ///< 502, 505, 506: try again later
    request_initiated, ///< 507: an Access-Request will follow
    refused,           ///< a NAK without or with another cause
    unreachable,       ///< nothing was sent
    unknown,           ///< no answer: it may have happened
};
std::string_view to_text(CoaError error);

/// The reaction to a NAK's Error-Cause.
CoaError coa_error_of(std::optional<std::uint32_t> error_cause);

class DynamicAuthorization {
public:
    /// `requester` outlives it.
    explicit DynamicAuthorization(RadiusRequester& requester) : requester_{requester} {}

    /// Sends a Disconnect-Request: 2 s for each of three attempts, at most until `deadline`.
    boost::asio::awaitable<Result<void, CoaError>> disconnect(
        RadiusTarget target, domain::RouterKind kind, NetworkSessionName session,
        SteadyTime deadline);

    /// Sends a CoA-Request with the service in the attributes of this kind of router.
    boost::asio::awaitable<Result<void, CoaError>> change(
        RadiusTarget target, domain::RouterKind kind, NetworkSessionName session,
        ServiceChange change, SteadyTime deadline);

private:
    boost::asio::awaitable<Result<void, CoaError>> order(
        RadiusTarget target, radius::Code code, RadiusRequester::Fill fill, SteadyTime deadline);

    RadiusRequester& requester_;
};

} // namespace iwas::adapters
