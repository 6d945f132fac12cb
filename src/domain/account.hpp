// Account and Visit: who a customer is, and the device that stands before the portal.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::domain {

/// One member of one location's PC system. Time and money belong to it, not to a MAC address.
struct Account {
    AccountId id;
    LocationId location;
    std::string member_id; // the PC system's stable id; unique with the location
    std::string user_name;
    std::string display_name;
    UtcTime last_sign_in;
    /// The newest known start of a session at a gaming PC: an older end is old news.
    std::optional<UtcTime> at_pc_since;
    std::string pc_session_id; // of that session, until it ends; empty where it is not known
};

/// A guest has no account at the PC system; what he buys belongs to this device's visits.
inline constexpr std::string_view guest_prefix = "guest:";
inline bool is_guest(const Account& account)
{
    return account.member_id.starts_with(guest_prefix);
}

/// A device that the router sent to the portal. What the browser said of MAC and IP is a claim:
/// it grants nothing until the router confirms it by a RADIUS request of that device.
struct Visit {
    VisitId id;
    LocationId location;
    RouterId router;
    MacAddress mac;
    std::optional<Ipv4Address> ip;
    std::string login_url; // the router's login form, on the configured hotspot host only
    std::string chap_id;
    std::string chap_challenge;
    std::string return_url;
    UtcTime created_at;
    /// Who signed in in this visit, until when; a new visit of the same device starts without.
    std::optional<AccountId> account;
    std::optional<UtcTime> signed_in_until;
    /// Who typed his password once more in this visit, and until when that counts.
    std::optional<AccountId> proven;
    std::optional<UtcTime> proven_until;
};

/// Whether the account's owner has just proven himself in this visit.
inline bool is_proven(const Visit& visit, AccountId account, UtcTime now)
{
    return visit.proven == account && visit.proven_until && *visit.proven_until > now;
}

} // namespace iwas::domain
