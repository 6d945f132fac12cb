// Hotspot: who is at the simulated router, who is logged in, what passes, and when it must end.
// Pure: time is a parameter.
#pragma once

#include "core/bytes.hpp"
#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/time.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace iwas::sim {

/// A phone in the café. It uses as much as it wants and the router allows.
struct Device {
    std::string id; // row id, `*H...`
    MacAddress mac;
    Ipv4Address ip;
    SteadyTime seen_at;
    std::uint64_t wanted_up_bps = 100'000'000;
    std::uint64_t wanted_down_bps = 100'000'000;
};

/// What an Access-Accept or a CoA-Request allows. Absent: no limit.
struct SessionLimits {
    std::optional<Seconds> session_timeout;
    std::optional<Seconds> idle_timeout;
    std::optional<std::uint64_t> up_bps;
    std::optional<std::uint64_t> down_bps;
    std::optional<std::uint64_t> up_octets_max;
    std::optional<std::uint64_t> down_octets_max;
    std::optional<std::uint64_t> total_octets_max;
    std::optional<Seconds> interim_interval;
    std::optional<int> logins_max; // Port-Limit: of one user name
    std::string rate_text;         // Mikrotik-Rate-Limit as received
};

/// Acct-Terminate-Cause (RFC 2866 §5.10).
enum class TerminateCause : std::uint32_t {
    user_request = 1,
    lost_carrier = 2,
    idle_timeout = 4,
    session_timeout = 5,
    admin_reset = 6,
    admin_reboot = 7,
    nas_request = 10, // a data cap
};

/// A logged-in device.
struct ActiveSession {
    std::string id; // row id, `*A...`, new at each login
    std::string acct_session_id;
    std::string user_name;
    MacAddress mac;
    Ipv4Address ip;
    Bytes class_; // of the Access-Accept, to be echoed
    std::string login_by;
    SteadyTime started_at;
    SessionLimits limits;
    std::optional<SteadyTime> ends_at;
    std::uint64_t up_octets = 0;
    std::uint64_t down_octets = 0;
    SteadyTime counted_to;
    std::optional<SteadyTime> next_interim_at;
    std::optional<SteadyTime> due_at; // when something must happen to it next
    int nas_port = 0;
};

enum class AccountingKind : std::uint8_t { start, interim, stop };

/// Something to be told to the RADIUS server, with the session as it was at that moment.
struct AccountingEvent {
    AccountingKind kind = AccountingKind::start;
    ActiveSession session;
    SteadyTime at;
    TerminateCause cause = TerminateCause::user_request; // stop only
};

class Hotspot {
public:
    /// Adds the device or gives a known one a new address (a session at the old one ends).
    std::vector<AccountingEvent> add_device(MacAddress mac, Ipv4Address ip, SteadyTime now);
    /// The device has left; its session ends as lost carrier.
    std::vector<AccountingEvent> remove_device(MacAddress mac, SteadyTime now);
    [[nodiscard]] const Device* find_device(MacAddress mac) const;
    /// What a device would use from now on.
    void set_demand(MacAddress mac, std::uint64_t up_bps, std::uint64_t down_bps, SteadyTime now);
    [[nodiscard]] const std::map<MacAddress, Device>& devices() const { return devices_; }

    /// Logs a known device in. Returns the start event.
    AccountingEvent log_in(ActiveSession session, SteadyTime now);
    /// Ends a session; nothing when there is none.
    std::vector<AccountingEvent> log_out(MacAddress mac, TerminateCause cause, SteadyTime now);
    /// Loses the session without a word to anybody. Whether there was one.
    bool forget(MacAddress mac);
    /// Power off: every session is gone without a word. The phones are still in the café and are
    /// seen again, under new row ids.
    void forget_sessions();

    /// New limits for a running session. `session_timeout` counts from `now`.
    void change(MacAddress mac, const SessionLimits& limits, SteadyTime now);

    /// Lets time pass: ends what is due and tells what must be reported. Costs as much as there is
    /// to tell, however many sessions there are: octets are counted when somebody looks.
    std::vector<AccountingEvent> advance(SteadyTime now);
    /// When `advance` next has something to tell.
    [[nodiscard]] std::optional<SteadyTime> next_event_at() const;

    /// Sessions with the counters of when they were last looked at; see `counted`.
    [[nodiscard]] const ActiveSession* find_active(MacAddress mac) const;
    [[nodiscard]] const ActiveSession* find_active(const std::string& id) const;
    /// The session with this Acct-Session-Id.
    [[nodiscard]] const ActiveSession* find_accounted(const std::string& acct_session_id) const;
    /// The session with its counters as of `now`.
    [[nodiscard]] ActiveSession counted(const ActiveSession& session, SteadyTime now) const;
    [[nodiscard]] const std::map<MacAddress, ActiveSession>& active() const { return active_; }
    [[nodiscard]] int logins_of(const std::string& user_name) const;

private:
    struct Rates {
        std::uint64_t up_bps;
        std::uint64_t down_bps;
    };
    [[nodiscard]] Rates rates_of(const ActiveSession& session) const;
    [[nodiscard]] std::optional<SteadyTime> cap_reached_at(const ActiveSession& session) const;
    [[nodiscard]] std::optional<SteadyTime> end_of(const ActiveSession& session) const;
    void count(ActiveSession& session, SteadyTime until) const;
    void reschedule(ActiveSession& session);
    void erase(std::map<MacAddress, ActiveSession>::iterator session);

    std::map<MacAddress, Device> devices_;
    std::map<MacAddress, ActiveSession> active_;
    std::set<std::pair<SteadyTime, MacAddress>> due_;
    std::map<std::string, MacAddress> by_acct_session_id_;
    std::map<std::string, MacAddress> by_row_id_;
    std::map<std::string, int> logins_;
    std::uint32_t last_host_ = 0;
    std::uint32_t last_active_ = 0;
};

} // namespace iwas::sim
