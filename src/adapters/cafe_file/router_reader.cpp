#include "adapters/cafe_file/router_reader.hpp"

#include "core/bytes.hpp"

namespace iwas::adapters {

using namespace domain;

namespace {

constexpr std::size_t radius_secret_characters_min = 8;

void read_radius(Router& made, TomlReader& table, const SecretSources& sources)
{
    made.nas_identifier = table.text("nas_identifier");
    made.radius_source = table.required_network("radius_source");
    made.radius_secret = table.secret("radius_secret", sources, true);
    const std::size_t secret_size = made.radius_secret.reveal().size();
    if (secret_size > 0 && secret_size < radius_secret_characters_min)
        table.fault("radius_secret", "at least 8 characters are expected");
    made.requires_message_authenticator =
        table.flag("requires_message_authenticator", made.requires_message_authenticator);
    made.limits_proxy_state = table.flag("limits_proxy_state", made.limits_proxy_state);
    made.swaps_octets = table.flag("swaps_octets", made.swaps_octets);
    made.lacks_gigawords = table.flag("lacks_gigawords", made.lacks_gigawords);
    made.signs_accounting_replies =
        table.flag("signs_accounting_replies", made.signs_accounting_replies);
    made.radius_packets_per_second_max = static_cast<int>(table.integer(
        "radius_packets_per_second_max", made.radius_packets_per_second_max, 1, 1'000'000));
    made.coa_host = table.text("coa_host");
    made.coa_port = static_cast<std::uint16_t>(table.integer("coa_port", made.coa_port, 1, 65'535));
    made.coa_counts_from_start = table.flag("coa_counts_from_start", made.coa_counts_from_start);
}

void read_login(Router& made, TomlReader& table, const SecretSources& sources)
{
    made.hotspot_host = table.text("hotspot_host");
    made.login_proof = table.word<LoginProof>(
        "login", made.login_proof, {{"chap", LoginProof::chap}, {"pap", LoginProof::pap}});
    made.uam_secret = table.secret("uam_secret", sources, false);
    if (!made.uam_secret.empty() && made.kind != RouterKind::uam)
        table.fault("uam_secret", "only a uam router has one");
    made.mac_password = table.secret("mac_password", sources, false);
}

RouterosApi routeros_api(TomlReader& table, const SecretSources& sources)
{
    RouterosApi made;
    made.host = table.required_text("host");
    made.uses_tls = table.flag("uses_tls", made.uses_tls);
    made.port =
        static_cast<std::uint16_t>(table.integer("port", made.uses_tls ? 8'729 : 8'728, 1, 65'535));
    made.certificate_sha256 = table.text("certificate_sha256");
    const auto fingerprint = from_hex(made.certificate_sha256);
    if (!made.certificate_sha256.empty() && (!fingerprint || fingerprint->size() != 32))
        table.fault("certificate_sha256", "64 hexadecimal digits are expected");
    if (fingerprint) made.certificate_sha256 = to_hex(*fingerprint);
    made.user_name = table.required_text("user_name");
    made.password = table.secret("password", sources, true);
    made.allows_old_login = table.flag("allows_old_login", made.allows_old_login);
    return made;
}

} // namespace

Router read_router(
    const RouterId& id, const LocationId& location, TomlReader& table, const SecretSources& sources,
    std::vector<CafeFault>& faults)
{
    Router made;
    made.id = id;
    made.location = location;
    made.kind = table.word<RouterKind>(
        "kind", made.kind,
        {{"mikrotik", RouterKind::mikrotik},
         {"uam", RouterKind::uam},
         {"generic", RouterKind::generic}});
    made.name = table.text("name", id.text());
    read_radius(made, table, sources);
    read_login(made, table, sources);
    if (const auto vlan = table.maybe_integer("guest_vlan", 1, 4'094))
        made.guest_vlan = static_cast<int>(*vlan);
    made.interim_interval = table.duration("interim_interval", made.interim_interval);
    if (made.interim_interval < 60s)
        table.fault("interim_interval", "at least 60s is expected (RFC 2869 §2.1)");
    if (const toml::table* const api = table.table("api")) {
        if (made.kind != RouterKind::mikrotik) table.fault("api", "only mikrotik has one");
        TomlReader reader{*api, table.path() + ".api", faults};
        made.api = routeros_api(reader, sources);
        reader.finish();
    }
    // Disconnect and CoA need one address; a network is none.
    if (made.coa_host.empty() && !made.api && table.has("radius_source") &&
        made.radius_source.length() < 32)
        table.fault("coa_host", "is needed: radius_source is a network, and there is no API");
    return made;
}

} // namespace iwas::adapters
