// RadiusClients: the access servers that may talk to the RADIUS server, replaceable at run time.
#pragma once

#include "adapters/radius/counters.hpp"
#include "core/ip_address.hpp"
#include "core/time.hpp"
#include "domain/tenant.hpp"
#include "protocol/radius/shared_secret.hpp"

#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace iwas::adapters {

/// What the server must know of one router.
struct RadiusClient {
    domain::RouterId router;
    domain::LocationId location;
    domain::RouterKind kind = domain::RouterKind::mikrotik;
    Ipv4Prefix source;               ///< its packets come from here
    std::string nas_identifier;      ///< tells apart routers of one source, which share a secret
    std::vector<SecretText> secrets; ///< at least one; several while a secret is being changed
    bool requires_message_authenticator = true;
    bool limits_proxy_state = true;
    bool swaps_octets = false; ///< counts octets as the customer's device sees them
    bool lacks_gigawords = false;
    /// Message-Authenticator first in Accounting-Responses too; false for a router that cannot bear
    /// one there and then gets it only in answer to its own.
    bool signs_accounting_replies = false;
    int packets_per_second_max = 2000; ///< requests beyond are dropped; 0: no limit
    std::string language = "vi";       ///< of Reply-Message: vi or en
    SecretText mac_password;           ///< mac-auth-password of the router, often empty
};

/// The clients that a catalog declares. Routers without a RADIUS secret are left out.
std::vector<RadiusClient> radius_clients_of(const domain::Catalog& catalog);

/// Lets `per_second` events through each second, with a burst of as many. Thread-safe.
class RateGate {
public:
    /// Whether one more event may pass. `per_second` above 0.
    bool pass(SteadyTime now, int per_second);

private:
    /// When the bucket will be full again, in nanoseconds of the steady clock.
    std::atomic<std::int64_t> full_at_ns_{0};
};

/// Lets one event a minute through, for the log. Thread-safe.
class LogGate {
public:
    bool pass(SteadyTime now);

private:
    std::atomic<std::int64_t> next_s_{0};
};

/// A client as the threads use it. Immutable but for its counters and rate, which outlive a
/// replacement of the table.
struct PreparedClient {
    struct State {
        RadiusCounters counters;
        RateGate rate;
        std::array<LogGate, radius_event_count> log_gates;
    };

    RadiusClient settings;
    std::vector<radius::SharedSecret> secrets;
    std::shared_ptr<State> state;

    void count(RadiusEvent event) const { state->counters.count(event); }
    /// Counts a discarded packet and logs the reason, once a minute for each.
    void discard(RadiusEvent why, SteadyTime now) const;
};

/// An immutable table; the most specific prefix wins.
class ClientTable {
public:
    ClientTable() = default;
    explicit ClientTable(std::vector<PreparedClient> clients);

    /// The clients that send from `address`: one, or several behind one address translation. Valid
    /// as long as the table. Empty when unknown.
    [[nodiscard]] std::span<const PreparedClient> find(Ipv4Address address) const;
    [[nodiscard]] const std::vector<PreparedClient>& clients() const { return clients_; }

private:
    struct Range {
        std::size_t begin = 0;
        std::size_t count = 0;
    };
    struct OneLength {
        std::uint32_t mask = 0;
        std::unordered_map<std::uint32_t, Range> by_network;
    };
    std::vector<PreparedClient> clients_; ///< those of one source stand together
    std::vector<OneLength> lengths_;      ///< longest first
};

/// A source that is no client, for staff to approve.
struct UnknownClient {
    Ipv4Address address;
    UtcTime first_seen;
    UtcTime last_seen;
    std::uint64_t packets = 0;
};

/// Counts of one client at one moment.
struct ClientCounts {
    domain::RouterId router;
    std::array<std::uint64_t, radius_event_count> counts{};
};

/// Holds the current table. Thread-safe.
class ClientRegistry {
public:
    ClientRegistry();

    /// Replaces all clients; threads see the new table with their next batch. Counters of routers
    /// that stay go on. Clients with one prefix are told apart by their NAS-Identifier, so they
    /// have one secret and a name each; see domain::may_share_radius_source.
    void replace(std::vector<RadiusClient> clients);
    [[nodiscard]] std::shared_ptr<const ClientTable> table() const;

    /// Counts a packet from a stranger; a new one is logged.
    void note_unknown(Ipv4Address address, UtcTime now);
    /// At most 256 sources, the most recent first; the stalest gives way.
    [[nodiscard]] std::vector<UnknownClient> unknown_clients() const;
    [[nodiscard]] std::uint64_t unknown_packets() const { return unknown_packets_; }

    [[nodiscard]] std::vector<ClientCounts> counts() const;

private:
    mutable std::mutex mutex_;
    std::shared_ptr<const ClientTable> table_;
    std::unordered_map<std::uint32_t, UnknownClient> unknown_;
    std::atomic<std::uint64_t> unknown_packets_{0};
    LogGate unknown_log_;
};

} // namespace iwas::adapters
