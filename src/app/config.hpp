// Config: what the operator decides, from a TOML file and the environment.
#pragma once

#include "core/ip_address.hpp"
#include "core/secret.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::app {

struct HttpConfig {
    std::string address = "127.0.0.1";
    std::uint16_t port = 8080;
    std::string public_url;                                // empty: http://ADDRESS:PORT
    std::string bank_app_url = "https://dl.vietqr.io/pay"; // empty: no links to banking apps
    std::string tls_certificate;
    std::string tls_key;
    std::vector<Ipv4Prefix> trusted_proxies;
    /// Of one client address, which may be a whole branch behind address translation; 0: no limit.
    int requests_per_second = 100;
    int requests_burst = 300;
    int connections = 4096;
    int connections_per_address = 1024;
    /// Who may read /metrics; others are told that there is nothing.
    std::vector<Ipv4Prefix> metrics_networks{*Ipv4Prefix::parse("127.0.0.0/8")};
};

struct RadiusConfig {
    Ipv4Address address{0x7F000001};
    std::uint16_t authentication_port = 1812;
    std::uint16_t accounting_port = 1813;
    int authentication_threads = 1;
    int accounting_threads = 1;
    Milliseconds reject_delay{1000};
};

struct StoreConfig {
    std::string url = "sqlite:iwas.db";
    int threads = 4;
    /// This node's name, different on every node of one database; empty: the host's name.
    std::string node;
};

struct SecretsConfig {
    std::string key_file = "iwas.key"; // seals what is secret in the store
    SecretText keys;                   // the same as text, instead of the file
    /// Signs what browsers hold; created when it is not there. Losing it ends all sign-ins.
    std::string portal_key_file = "portal.key";
};

struct TimingConfig {
    Seconds drain{10};          // how long requests may end at shutdown
    Seconds router_compare{60}; // 0: never
    Seconds catalog_poll{2};
    Milliseconds purchase_answer{1800};
    std::chrono::days paused_kept{90};
    Seconds order_expires{900}; // an order for which no payment is found
};

struct OutboundConfig {
    /// Where PC systems may live beside public addresses: the branches' tunnels, this machine.
    std::vector<Ipv4Prefix> allowed_networks;
};

struct Config {
    HttpConfig http;
    OutboundConfig outbound;
    RadiusConfig radius;
    StoreConfig store;
    SecretsConfig secrets;
    TimingConfig timing;
    std::string log_level = "info";
};

/// Everything that is wrong with a configuration, one line a fault: key, value, expectation.
class ConfigError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Looks a variable up in the environment; null when it is not set.
using ReadEnvironment = std::function<const char*(const char*)>;

/// Reads `path` (empty: only defaults) and then IWAS_SECTION_KEY of the environment, which wins.
/// Throws ConfigError for unreadable files, unknown keys, wrong types and values out of range; the
/// values of secret keys are not repeated.
Config load_config(const std::string& path, const ReadEnvironment& environment);
/// The same of the process' own environment.
Config load_config(const std::string& path);

/// One key, for --help and the manual.
struct ConfigKey {
    std::string_view name;     // http.port
    std::string_view expected; // a whole number from 0 to 65535
};
std::vector<ConfigKey> config_keys();
/// http.port -> IWAS_HTTP_PORT
std::string environment_name(std::string_view key);

} // namespace iwas::app
