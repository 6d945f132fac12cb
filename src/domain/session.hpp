// Session: access to the network that was paid for, its states, devices and time.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/package.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::domain {

/// pending -> active -> expired | terminated
/// pending -> failed
/// active <-> paused;  paused -> expired | terminated
enum class SessionState { pending, active, paused, expired, terminated, failed };

enum class EndReason {
    none,
    time_expired,
    data_limit,
    pc_logout,
    user_logout,
    admin_action,
    new_device,
    abuse,
    activation_failed,
};

bool may_follow(SessionState from, SessionState to);
/// Whether it belongs to history: no time, device or money can change any more.
bool is_over(SessionState state);

/// A device that may use a session.
struct SessionDevice {
    MacAddress mac;
    std::optional<Ipv4Address> ip; // last seen
    RouterId router;
    bool is_online = false;      // as the router's accounting or active list says
    std::string acct_session_id; // of the current or last network session
    UtcTime added_at;

    friend bool operator==(const SessionDevice&, const SessionDevice&) = default;
};

struct Session {
    SessionId id;
    TransactionId transaction; // the first payment
    AccountId account;
    OrganizationId organization;
    LocationId location;
    Terms terms;
    SessionState state = SessionState::pending;
    EndReason reason = EndReason::none;
    /// The network credentials that IWAS made for this session; ASCII, so that HTTP-CHAP works.
    std::string user_name;
    SecretText password;
    std::vector<SessionDevice> devices;
    UtcTime created_at;
    std::optional<UtcTime> started_at;
    std::optional<UtcTime> ends_at; // set while the clock runs
    Seconds remaining{0};           // kept while the clock stands (pending, paused)
    std::uint64_t used_octets = 0;  // both directions, all devices
    std::optional<UtcTime> ended_at;
    std::int64_t version = 0; // of the stored row; 0 before it exists
};

/// Time left at `now`; never negative.
Seconds time_left(const Session& session, UtcTime now);
/// Octets left of the cap; nothing without a cap.
std::optional<std::uint64_t> octets_left(const Session& session);
const SessionDevice* find_device(const Session& session, const MacAddress& mac);
/// Whether the device of the session is online at `now`: as reported, or because the router has
/// only just shown it, which is what activates a session, and its Accounting-Start is on the way.
bool is_on_network(const Session& session, const SessionDevice& device, UtcTime now);

/// The moves of a session. Each returns the session after the move; the caller has checked
/// `may_follow`, and a wrong move is a bug.
Session activated(Session session, UtcTime now);
Session paused(Session session, UtcTime now);
Session resumed(Session session, UtcTime now);
Session extended(Session session, const Terms& more, UtcTime now);
/// Takes time back that was given; the caller has checked that more than that is left.
Session shortened(Session session, Seconds less);
Session ended(Session session, SessionState state, EndReason reason, UtcTime now);

/// What has to happen so that `mac` may use the session.
enum class DeviceChange {
    none,    // it already may
    add,     // there is room
    replace, // a package of one device: the old one goes first
    refuse,  // MAX_DEVICES_REACHED
};
DeviceChange change_for_device(const Session& session, const MacAddress& mac);

std::string_view to_text(SessionState state);
std::string_view to_text(EndReason reason);
std::optional<SessionState> session_state_from(std::string_view text);
std::optional<EndReason> end_reason_from(std::string_view text);

} // namespace iwas::domain
