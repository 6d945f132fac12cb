#include "app/config.hpp"

#include "adapters/http/url.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <sstream>

namespace iwas::app {

namespace {

enum class Kind : std::uint8_t { text, integer, boolean, list };

/// One key: how it is written, what it may be, and where it goes. `set` is false for a value that
/// may not be.
struct Rule {
    std::string_view name;
    Kind kind;
    std::string_view expected;
    bool (*set)(Config&, const std::string&);
    bool is_secret = false;
};

std::optional<std::int64_t> integer_of(const std::string& text)
{
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

template <class T>
bool set_integer(T& target, const std::string& text, std::int64_t min, std::int64_t max)
{
    const auto value = integer_of(text);
    if (!value || *value < min || *value > max) return false;
    target = T(*value);
    return true;
}

bool set_port(std::uint16_t& target, const std::string& text)
{
    return set_integer(target, text, 0, 65535);
}

bool set_ipv4(Ipv4Address& target, const std::string& text)
{
    const auto address = Ipv4Address::parse(text);
    if (address) target = *address;
    return address.has_value();
}

std::vector<std::string> parts_of(const std::string& text)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(',', at), text.size());
        parts.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

bool set_prefixes(std::vector<Ipv4Prefix>& target, const std::string& text)
{
    std::vector<Ipv4Prefix> prefixes;
    for (const std::string& part : parts_of(text)) {
        const auto prefix = Ipv4Prefix::parse(part);
        if (!prefix) return false;
        prefixes.push_back(*prefix);
    }
    target = std::move(prefixes);
    return true;
}

bool set_url(std::string& target, const std::string& text)
{
    if (!text.empty() && !http::parse_base_url(text)) return false;
    target = text;
    while (target.ends_with('/'))
        target.pop_back();
    return true;
}

/// An address with a path, to which a query is added.
bool set_page(std::string& target, const std::string& text)
{
    const std::size_t path = text.find('/', text.find("://") + 3);
    const std::string_view host = std::string_view{text}.substr(0, path);
    target = text;
    return text.empty() ||
           (http::parse_base_url(host) && text.find_first_of("?#& ") == std::string::npos);
}

bool set_one_of(
    std::string& target, const std::string& text, std::initializer_list<std::string_view> allowed)
{
    target = text;
    return std::ranges::find(allowed, text) != allowed.end();
}

bool set_any(std::string& target, const std::string& text)
{
    target = text;
    return true;
}

const std::array rules = std::to_array<Rule>({
    {"http.address", Kind::text, "an IPv4 address to listen on",
     [](Config& c, const std::string& v) {
         c.http.address = v;
         return Ipv4Address::parse(v).has_value();
     }},
    {"http.port", Kind::integer, "a whole number from 0 to 65535; 0 takes any free port",
     [](Config& c, const std::string& v) { return set_port(c.http.port, v); }},
    {"http.public_url", Kind::text, "http[s]://host[:port], as customers' browsers reach it",
     [](Config& c, const std::string& v) { return set_url(c.http.public_url, v); }},
    {"http.bank_app_url", Kind::text,
     "http[s]://host/path of what opens banking apps (vietqr.io); empty: no such links",
     [](Config& c, const std::string& v) { return set_page(c.http.bank_app_url, v); }},
    {"http.tls_certificate", Kind::text, "a PEM file; empty: no TLS",
     [](Config& c, const std::string& v) { return set_any(c.http.tls_certificate, v); }},
    {"http.tls_key", Kind::text, "a PEM file",
     [](Config& c, const std::string& v) { return set_any(c.http.tls_key, v); }},
    {"http.trusted_proxies", Kind::list, "a list of IPv4 networks such as 10.0.0.0/8",
     [](Config& c, const std::string& v) { return set_prefixes(c.http.trusted_proxies, v); }},
    {"http.requests_per_second", Kind::integer, "a whole number from 0 to 100000; 0: no limit",
     [](Config& c, const std::string& v) {
         return set_integer(c.http.requests_per_second, v, 0, 100'000);
     }},
    {"http.requests_burst", Kind::integer, "a whole number from 1 to 100000",
     [](Config& c, const std::string& v) {
         return set_integer(c.http.requests_burst, v, 1, 100'000);
     }},
    {"http.connections", Kind::integer, "a whole number from 1 to 1000000",
     [](Config& c, const std::string& v) {
         return set_integer(c.http.connections, v, 1, 1'000'000);
     }},
    {"http.connections_per_address", Kind::integer, "a whole number from 1 to 1000000",
     [](Config& c, const std::string& v) {
         return set_integer(c.http.connections_per_address, v, 1, 1'000'000);
     }},
    {"http.metrics_networks", Kind::list, "a list of IPv4 networks that may read /metrics",
     [](Config& c, const std::string& v) { return set_prefixes(c.http.metrics_networks, v); }},
    {"radius.address", Kind::text, "an IPv4 address to listen on",
     [](Config& c, const std::string& v) { return set_ipv4(c.radius.address, v); }},
    {"radius.authentication_port", Kind::integer, "a whole number from 0 to 65535",
     [](Config& c, const std::string& v) { return set_port(c.radius.authentication_port, v); }},
    {"radius.accounting_port", Kind::integer, "a whole number from 0 to 65535",
     [](Config& c, const std::string& v) { return set_port(c.radius.accounting_port, v); }},
    {"radius.authentication_threads", Kind::integer, "a whole number from 1 to 16",
     [](Config& c, const std::string& v) {
         return set_integer(c.radius.authentication_threads, v, 1, 16);
     }},
    {"radius.accounting_threads", Kind::integer, "a whole number from 1 to 16",
     [](Config& c, const std::string& v) {
         return set_integer(c.radius.accounting_threads, v, 1, 16);
     }},
    {"radius.reject_delay_ms", Kind::integer, "a whole number from 0 to 5000",
     [](Config& c, const std::string& v) {
         return set_integer(c.radius.reject_delay, v, 0, 5'000);
     }},
    {"store.url", Kind::text, "sqlite:PATH or postgresql://...",
     [](Config& c, const std::string& v) {
         c.store.url = v;
         return (v.starts_with("sqlite:") && v.size() > 7) || v.starts_with("postgresql://");
     },
     true},
    {"store.threads", Kind::integer, "a whole number from 1 to 64",
     [](Config& c, const std::string& v) { return set_integer(c.store.threads, v, 1, 64); }},
    {"store.node", Kind::text, "a name of this node, at most 64 characters",
     [](Config& c, const std::string& v) {
         c.store.node = v;
         return v.size() <= 64;
     }},
    {"secrets.key_file", Kind::text, "a file made by `iwas key new`",
     [](Config& c, const std::string& v) { return set_any(c.secrets.key_file, v); }},
    {"secrets.keys", Kind::text, "ID BASE64 of 32 octets, several separated by commas",
     [](Config& c, const std::string& v) {
         c.secrets.keys = SecretText{v};
         return true;
     },
     true},
    {"secrets.portal_key_file", Kind::text, "a file; it is created when it is not there",
     [](Config& c, const std::string& v) {
         c.secrets.portal_key_file = v;
         return !v.empty();
     }},
    {"outbound.allowed_networks", Kind::list,
     "a list of IPv4 networks beside the public ones where PC systems and gateways may live",
     [](Config& c, const std::string& v) { return set_prefixes(c.outbound.allowed_networks, v); }},
    {"timing.drain_seconds", Kind::integer, "a whole number from 0 to 300",
     [](Config& c, const std::string& v) { return set_integer(c.timing.drain, v, 0, 300); }},
    {"timing.router_compare_seconds", Kind::integer, "a whole number from 0 to 3600; 0: never",
     [](Config& c, const std::string& v) {
         return set_integer(c.timing.router_compare, v, 0, 3600);
     }},
    {"timing.catalog_poll_seconds", Kind::integer, "a whole number from 1 to 3600",
     [](Config& c, const std::string& v) {
         return set_integer(c.timing.catalog_poll, v, 1, 3600);
     }},
    {"timing.purchase_answer_ms", Kind::integer, "a whole number from 0 to 2000",
     [](Config& c, const std::string& v) {
         return set_integer(c.timing.purchase_answer, v, 0, 2000);
     }},
    {"timing.order_expires_seconds", Kind::integer, "a whole number from 1 to 86400",
     [](Config& c, const std::string& v) {
         return set_integer(c.timing.order_expires, v, 1, 86'400);
     }},
    {"timing.paused_kept_days", Kind::integer, "a whole number from 1 to 3650",
     [](Config& c, const std::string& v) { return set_integer(c.timing.paused_kept, v, 1, 3650); }},
    {"log.level", Kind::text, "one of debug, info, warn, error",
     [](Config& c, const std::string& v) {
         return set_one_of(c.log_level, v, {"debug", "info", "warn", "error"});
     }},
});

const Rule* rule_of(std::string_view name)
{
    const auto found = std::ranges::find(rules, name, &Rule::name);
    return found == rules.end() ? nullptr : &*found;
}

/// The value as the rules read it; nothing when the file gives it another type.
std::optional<std::string> text_of(const toml::node& node, Kind kind)
{
    switch (kind) {
    case Kind::text:
        if (const auto* text = node.as_string()) return text->get();
        return std::nullopt;
    case Kind::integer:
        if (const auto* value = node.as_integer()) return std::to_string(value->get());
        return std::nullopt;
    case Kind::boolean:
        if (const auto* value = node.as_boolean()) return value->get() ? "true" : "false";
        return std::nullopt;
    case Kind::list: {
        const auto* list = node.as_array();
        if (!list) return std::nullopt;
        std::string joined;
        for (const auto& each : *list) {
            const auto* text = each.as_string();
            if (!text) return std::nullopt;
            joined += (joined.empty() ? "" : ",") + text->get();
        }
        return joined;
    }
    }
    return std::nullopt;
}

std::string shown(const toml::node& node)
{
    std::ostringstream out;
    node.visit([&](const auto& each) { out << each; });
    return out.str();
}

class Reader {
public:
    explicit Reader(Config& config) : config_{config} {}

    void read_table(const toml::table& table, const std::string& prefix, const std::string& file)
    {
        for (const auto& [key, node] : table) {
            const std::string name = prefix + std::string{key.str()};
            const Rule* rule = rule_of(name);
            const auto line = node.source().begin.line;
            const std::string where = fmt::format("{}:{}", file, line);
            if (!rule && node.is_table() && prefix.empty()) {
                read_table(*node.as_table(), name + ".", file);
            } else if (!rule) {
                fault(where, name, shown(node), "a key that exists (see iwas serve --keys)");
            } else {
                const auto text = text_of(node, rule->kind);
                const std::string value = rule->is_secret ? "(not shown)" : shown(node);
                if (!text || !rule->set(config_, *text)) fault(where, name, value, rule->expected);
            }
        }
    }
    void read_environment(const ReadEnvironment& environment)
    {
        for (const Rule& rule : rules) {
            const std::string name = environment_name(rule.name);
            const char* value = environment(name.c_str());
            if (!value || rule.set(config_, value)) continue;
            fault(
                name, std::string{rule.name}, rule.is_secret ? "(not shown)" : value,
                rule.expected);
        }
    }
    void fault(
        const std::string& where, const std::string& key, const std::string& value,
        std::string_view expected)
    {
        faults_ += fmt::format(
            "{}{}: {} = {}: expected {}", faults_.empty() ? "" : "\n", where, key, value, expected);
    }
    void finish()
    {
        if (config_.http.tls_certificate.empty() != config_.http.tls_key.empty())
            fault(
                "configuration", "http.tls_key", config_.http.tls_key,
                "both http.tls_certificate and http.tls_key, or neither");
        if (!faults_.empty()) throw ConfigError{faults_};
    }

private:
    Config& config_;
    std::string faults_;
};

} // namespace

std::string environment_name(std::string_view key)
{
    std::string name = "IWAS_";
    for (const char c : key) {
        if (c == '.')
            name += '_';
        else
            name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return name;
}

std::vector<ConfigKey> config_keys()
{
    std::vector<ConfigKey> keys;
    for (const Rule& rule : rules)
        keys.push_back({rule.name, rule.expected});
    return keys;
}

Config load_config(const std::string& path, const ReadEnvironment& environment)
{
    Config config;
    Reader reader{config};
    if (!path.empty()) {
        try {
            const toml::table table = toml::parse_file(path);
            reader.read_table(table, "", path);
        } catch (const toml::parse_error& error) {
            throw ConfigError{
                fmt::format("{}:{}: {}", path, error.source().begin.line, error.description())};
        }
    }
    reader.read_environment(environment);
    reader.finish();
    return config;
}

Config load_config(const std::string& path)
{
    return load_config(path, [](const char* name) { return std::getenv(name); });
}

} // namespace iwas::app
