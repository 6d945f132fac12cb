// Organizations, locations, routers and PC systems: who sells where, through what.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "domain/package.hpp"
#include "domain/payment_account.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace iwas::domain {

struct Organization {
    OrganizationId id;
    std::string name;
    /// In which its days begin and end where money is counted; IANA name.
    std::string time_zone = "Asia/Ho_Chi_Minh";

    friend bool operator==(const Organization&, const Organization&) = default;
};

struct Location {
    LocationId id;
    OrganizationId organization;
    std::string name;
    std::string time_zone = "Asia/Ho_Chi_Minh"; // IANA name
    std::string language = "vi";                // vi or en
    Ipv4Prefix guest_network;                   // where customers' devices live
    Seconds pc_logout_grace{0};                 // wait before a PC logout takes effect
    std::set<MacAddress> blocked_devices;       // neither buy nor stay online here

    friend bool operator==(const Location&, const Location&) = default;
};

enum class RouterKind { mikrotik, uam, generic };

/// What the browser posts to the router's login form: the answer to its challenge, or the password
/// itself (which UAM only masks).
enum class LoginProof { chap, pap };

struct RouterosApi {
    std::string host;
    std::uint16_t port = 8728;
    bool uses_tls = false;
    std::string certificate_sha256; // lower hex; empty: verified by the system's authorities
    std::string user_name;
    SecretText password;
    bool allows_old_login = false; // the challenge login of RouterOS before 6.43
};

struct Router {
    RouterId id;
    LocationId location;
    RouterKind kind = RouterKind::mikrotik;
    std::string name;
    std::string nas_identifier; // how the router names itself to the portal; empty: the id
    Ipv4Prefix radius_source;   // from where its RADIUS packets come
    SecretText radius_secret;
    bool requires_message_authenticator = true;
    bool limits_proxy_state = true;
    bool swaps_octets = false;
    bool lacks_gigawords = false;
    bool signs_accounting_replies = false; // Message-Authenticator in Accounting-Responses too
    int radius_packets_per_second_max = 2000;
    std::string coa_host; // empty: the host of the API, or the one address of radius_source
    std::uint16_t coa_port = 3799;
    bool coa_counts_from_start = false; // Session-Timeout of a CoA: since the login, not from now
    std::optional<RouterosApi> api;     // mikrotik only
    std::string hotspot_host; // host of the login form; the portal never posts anywhere else
    LoginProof login_proof = LoginProof::chap;
    SecretText uam_secret;   // uam only
    SecretText mac_password; // the constant that some routers send with MAC authentication
    std::optional<int> guest_vlan;
    Seconds interim_interval{60};
};

enum class PcSystemProfile { connector_v1, legacy };

/// The PC system of a location.
struct PcSystem {
    LocationId location;
    PcSystemProfile profile = PcSystemProfile::connector_v1;
    std::string base_url;
    SecretText branch_key;
    std::vector<SecretText> webhook_secrets; // several while one is being rotated
    Seconds poll_interval{20};               // 0: no polling
    bool logout_sync = true;
};

/// Everything that a café's configuration says; a consistent snapshot, shared and never changed.
struct Catalog {
    std::int64_t version = 0;
    std::map<OrganizationId, Organization> organizations;
    std::map<LocationId, Location> locations;
    std::map<RouterId, Router> routers;
    std::map<PackageId, Package> packages;
    std::map<LocationId, PcSystem> pc_systems;
    std::map<PaymentAccountId, PaymentAccount> payment_accounts;

    [[nodiscard]] const Location* location(const LocationId& id) const;
    [[nodiscard]] const Router* router(const RouterId& id) const;
    [[nodiscard]] const Package* package(const PackageId& id) const;
    [[nodiscard]] const PcSystem* pc_system(const LocationId& id) const;
    [[nodiscard]] const PaymentAccount* payment_account(const PaymentAccountId& id) const;
    /// The enabled account of the organization for a method; each has at most one.
    [[nodiscard]] const PaymentAccount* payment_account(
        const OrganizationId& organization, PaymentMethod method) const;
    /// The router that calls itself `nas_identifier`.
    [[nodiscard]] const Router* router_by_nas_identifier(std::string_view nas_identifier) const;
    /// Packages that the location offers, in order of display.
    [[nodiscard]] std::vector<const Package*> packages_at(const LocationId& id) const;
};

/// Whether the location lets the device neither buy nor stay online.
bool is_blocked(const Catalog& catalog, const LocationId& location, const MacAddress& mac);

/// Whether the packets of two routers with one `radius_source` can be told apart: both have a
/// `nas_identifier` of their own, and since that name is believed only after the proof, the same
/// secret and the same demands.
bool may_share_radius_source(const Router& a, const Router& b);

std::string_view to_text(RouterKind kind);
std::optional<RouterKind> router_kind_from(std::string_view text);

} // namespace iwas::domain
