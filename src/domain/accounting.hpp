// AccountingRecord: what a router reports of one network session, in IWAS's own terms.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"

#include <optional>
#include <string>

namespace iwas::domain {

enum class AccountingStatus { start, interim, stop, nas_on, nas_off };

/// One Accounting-Request, decoded and checked. Octets are 64 bits and seen from the customer,
/// whatever the router's view is. A network session is identified by router, Acct-Session-Id and
/// Class, never by User-Name.
struct AccountingRecord {
    RouterId router;
    LocationId location;
    AccountingStatus status = AccountingStatus::start;
    std::string acct_session_id;      // empty with nas_on and nas_off
    std::optional<SessionId> session; // from Class; nothing when the router did not echo ours
    std::string user_name;
    std::optional<MacAddress> mac;
    std::optional<Ipv4Address> ip;
    UtcTime event_at; // Event-Timestamp, else arrival less Acct-Delay-Time
    UtcTime received_at;
    Seconds session_time{0};
    std::uint64_t up_octets = 0;
    std::uint64_t down_octets = 0;
    int terminate_cause = 0; // RFC 2866 §5.10; 0: none given
    /// The router counts with 32 bits and sends no Gigawords: the octets begin anew after 4 GiB.
    bool lacks_gigawords = false;
};

/// What is known of a network session after a record was applied.
struct NetworkSession {
    RouterId router;
    std::string acct_session_id;
    std::optional<SessionId> session;
    std::optional<MacAddress> mac;
    std::optional<Ipv4Address> ip;
    UtcTime started_at;
    std::optional<UtcTime> stopped_at;
    UtcTime last_seen_at;
    Seconds session_time{0};
    std::uint64_t up_octets = 0;
    std::uint64_t down_octets = 0;
    int terminate_cause = 0;

    friend bool operator==(const NetworkSession&, const NetworkSession&) = default;
};

/// The network session after `record`, given what was known. Duplicates and packets out of order
/// change nothing: counters only grow, and a stopped session stays stopped (RFC 2866, RFC 5080).
/// Counters of a router that lacks Gigawords are carried on past 4 GiB.
NetworkSession applied(const std::optional<NetworkSession>& known, const AccountingRecord& record);

} // namespace iwas::domain
