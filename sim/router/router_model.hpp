// RouterModel: a MikroTik-like router without sockets. It admits devices by asking RADIUS, enforces
// what the answer allowed, accounts for it, and can be told to fail. Time comes from a Clock and
// packets leave through a RadiusTransport, so it runs as well in virtual time.
#pragma once

#include "asio/task_group.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "sim/router/radius_packets.hpp"
#include "sim/router/router_garden.hpp"

#include <deque>
#include <functional>
#include <set>

namespace iwas::sim {

using ports::awaitable;

enum class RadiusService : std::uint8_t { authentication, accounting };

/// The way to the RADIUS server.
class RadiusTransport {
public:
    virtual ~RadiusTransport() = default;
    /// Sends `request`, waits `timeout` for an answer, and repeats it unchanged, in all at most
    /// `tries` times. Nothing when no answer came.
    virtual awaitable<std::optional<Bytes>> exchange(
        RadiusService service, Bytes request, Milliseconds timeout, unsigned tries) = 0;
};

struct RouterOptions {
    NasIdentity nas;
    SecretText radius_secret;
    bool sends_message_authenticator = true;
    bool requires_message_authenticator = true;
    Milliseconds radius_timeout{3'000};
    unsigned radius_tries = 3;
    /// How often an accounting record that nobody answered is sent anew, and the pause between.
    unsigned accounting_rounds = 3;
    Milliseconds accounting_pause{10'000};
    /// Log devices in by their MAC address when they appear.
    bool mac_authentication = false;
    /// Remember credentials by MAC address and use them when the device comes back.
    bool mac_cookies = false;
    std::string version = "7.16.2 (stable)";
    std::string board_name = "hAP ax2";
};

enum class LoginResult : std::uint8_t {
    accepted,
    rejected,       ///< by RADIUS; the message is its Reply-Message
    no_answer,      ///< RADIUS was silent
    no_host,        ///< the router does not see such a device at such an address
    already_active, ///< somebody is logged in there
    in_progress,    ///< another login of the device is running
    too_many,       ///< Port-Limit
    interrupted,    ///< the router restarted meanwhile
};

struct LoginOutcome {
    LoginResult result = LoginResult::no_answer;
    /// In the router's words.
    std::string message;
};

struct MacCookie {
    std::string id; // row id, `*C...`
    MacAddress mac;
    std::string user_name;
    SecretText password;
};

struct RouterStatistics {
    std::uint64_t access_requests = 0;
    std::uint64_t accepts = 0;
    std::uint64_t rejects = 0;
    std::uint64_t timeouts = 0;
    std::uint64_t bad_replies = 0;
    std::uint64_t accounting_answered = 0;
    std::uint64_t accounting_lost = 0;
    std::uint64_t disconnects = 0;
    std::uint64_t changes = 0;
    std::uint64_t naks = 0;
};

/// Lives on one thread. Background work runs in `tasks`, which is joined before the model goes.
class RouterModel {
public:
    RouterModel(
        RouterOptions options, ports::Clock& clock, ports::Random& random,
        RadiusTransport& transport, TaskGroup& tasks);
    RouterModel(const RouterModel&) = delete;
    RouterModel& operator=(const RouterModel&) = delete;

    // --- Devices -----------------------------------------------------------------------------
    /// A phone joins the WiFi. It may be logged in by cookie or MAC address in the background.
    void add_device(MacAddress mac, Ipv4Address ip);
    void remove_device(MacAddress mac);
    /// What the device would use if nothing held it back.
    void set_demand(MacAddress mac, std::uint64_t up_bps, std::uint64_t down_bps);
    /// Whether the router lets the device through at this moment.
    [[nodiscard]] bool is_online(MacAddress mac);

    // --- Sessions ----------------------------------------------------------------------------
    awaitable<LoginOutcome> log_in(LoginAttempt attempt);
    /// Ends the session of a device; false when it has none.
    bool log_out(MacAddress mac, TerminateCause cause);
    /// The hotspot after everything that was due; counters as `Hotspot::counted` tells.
    [[nodiscard]] const Hotspot& hotspot();

    [[nodiscard]] const std::map<MacAddress, MacCookie>& cookies() const { return cookies_; }
    bool remove_cookie(const std::string& id);

    // --- Walled garden ------------------------------------------------------------------------
    /// Its configuration, which a restart leaves as it is, and the outside. Phones are not held to
    /// it: they ask the portal alone.
    [[nodiscard]] RouterGarden& garden() { return garden_; }

    // --- RADIUS towards the router (RFC 5176) --------------------------------------------------
    /// Answers a Disconnect- or CoA-Request. Nothing when it must be dropped: malformed, wrong
    /// secret, another code, or the router is away.
    std::optional<Bytes> dynamic_authorization(ByteView datagram);

    // --- Faults --------------------------------------------------------------------------------
    /// Power cycle: sessions are forgotten, nothing answers for `downtime`, then Accounting-On.
    void restart(Milliseconds downtime);
    /// Forgets one session without telling anybody.
    bool forget(MacAddress mac);
    /// Cuts the line to IWAS: no API, no RADIUS. Sessions at the router go on.
    void disappear() { is_away_ = true; }
    void reappear() { is_away_ = false; }
    /// Whether the router can be talked to.
    [[nodiscard]] bool is_reachable() const { return is_up_ && !is_away_; }

    [[nodiscard]] const RouterOptions& options() const { return options_; }
    [[nodiscard]] const RouterStatistics& statistics() const { return statistics_; }
    [[nodiscard]] Seconds uptime() const;
    [[nodiscard]] SteadyTime now() const { return clock_.steady_now(); }
    /// Grows with each restart; connections from before are dead.
    [[nodiscard]] unsigned boots() const { return boots_; }

    /// Called when a session appears (`is_gone` false) or disappears; for `listen`.
    std::function<void(const ActiveSession&, bool is_gone)> on_active_change;

private:
    struct Identified;

    awaitable<LoginOutcome> authenticate(LoginAttempt attempt);
    LoginOutcome admit(LoginAttempt attempt, std::string acct_session_id, RadiusAnswer answer);
    awaitable<void> log_in_unasked(LoginAttempt attempt);
    awaitable<void> send_accounting(AccountingEvent event);
    awaitable<void> come_back_after(Milliseconds downtime, unsigned boot);
    awaitable<bool> deliver(RadiusRequest request);
    awaitable<std::optional<Bytes>> ask(RadiusService service, Bytes request);
    awaitable<void> wake_at(SteadyTime at);
    void settle();
    void schedule();
    void report(std::vector<AccountingEvent> events);
    void start_task(std::string name, awaitable<void> task);
    std::string next_session_id();

    Bytes answer_disconnect(const radius::PacketView& request);
    Bytes answer_change(const radius::PacketView& request);
    [[nodiscard]] Identified identify(const radius::PacketView& request) const;
    Bytes reply_to(
        const radius::PacketView& request, radius::Code code,
        std::optional<std::uint32_t> error_cause);

    RouterOptions options_;
    radius::SharedSecret secret_;
    ports::Clock& clock_;
    ports::Random& random_;
    RadiusTransport& transport_;
    TaskGroup& tasks_;
    Hotspot hotspot_;
    std::set<MacAddress> logging_in_;
    std::map<MacAddress, MacCookie> cookies_;
    RouterGarden garden_;
    std::uint32_t last_cookie_ = 0;
    /// Requests answered lately with their answers, against retransmissions.
    std::deque<std::pair<Bytes, Bytes>> answered_;
    std::optional<SteadyTime> scheduled_at_;
    SteadyTime booted_at_;
    unsigned boots_ = 0;
    std::uint32_t sessions_of_boot_ = 0;
    std::uint8_t radius_identifier_ = 0;
    bool is_up_ = true;
    bool is_away_ = false;
    RouterStatistics statistics_;
};

} // namespace iwas::sim
