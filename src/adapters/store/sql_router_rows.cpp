// A router's row: its settings as one JSON object, its secrets sealed.
#include "adapters/store/catalog_values.hpp"
#include "adapters/store/sql_catalog_rows.hpp"

namespace iwas::adapters {

namespace json = boost::json;
using namespace domain;

namespace {

/// A setting that rows from before it existed do not have.
bool flag_or(const json::object& object, std::string_view name, bool otherwise)
{
    return object.contains(json::string_view{name.data(), name.size()}) ? json_flag(object, name)
                                                                        : otherwise;
}

json::object api_settings(const RouterosApi& api)
{
    return {
        {"host", api.host},           {"port", api.port},
        {"uses_tls", api.uses_tls},   {"certificate_sha256", api.certificate_sha256},
        {"user_name", api.user_name}, {"allows_old_login", api.allows_old_login},
    };
}

RouterosApi api_of(const json::object& object)
{
    RouterosApi api;
    api.host = json_text(object, "host");
    api.port = static_cast<std::uint16_t>(json_integer(object, "port"));
    api.uses_tls = json_flag(object, "uses_tls");
    api.certificate_sha256 = json_text(object, "certificate_sha256");
    api.user_name = json_text(object, "user_name");
    api.allows_old_login = json_flag(object, "allows_old_login");
    return api;
}

void set_settings(Router& router, const json::object& object)
{
    router.nas_identifier = json_text(object, "nas_identifier");
    router.radius_source = prefix_of(object, "radius_source");
    router.requires_message_authenticator = json_flag(object, "requires_message_authenticator");
    router.limits_proxy_state = json_flag(object, "limits_proxy_state");
    router.swaps_octets = json_flag(object, "swaps_octets");
    router.lacks_gigawords = json_flag(object, "lacks_gigawords");
    router.signs_accounting_replies = flag_or(object, "signs_accounting_replies", false);
    router.radius_packets_per_second_max = small_integer(object, "radius_packets_per_second_max");
    router.coa_host = json_text(object, "coa_host");
    router.coa_port = static_cast<std::uint16_t>(json_integer(object, "coa_port"));
    router.coa_counts_from_start = flag_or(object, "coa_counts_from_start", false);
    router.login_proof = flag_or(object, "takes_pap", false) ? LoginProof::pap : LoginProof::chap;
    router.hotspot_host = json_text(object, "hotspot_host");
    router.guest_vlan = maybe_small(object, "guest_vlan");
    router.interim_interval = Seconds{json_integer(object, "interim_interval")};
    if (const auto* api = object.if_contains("api"); api && api->is_object())
        router.api = api_of(api->get_object());
}

} // namespace

std::string router_settings(const Router& router)
{
    json::object object{
        {"nas_identifier", router.nas_identifier},
        {"radius_source", to_string(router.radius_source)},
        {"requires_message_authenticator", router.requires_message_authenticator},
        {"limits_proxy_state", router.limits_proxy_state},
        {"swaps_octets", router.swaps_octets},
        {"lacks_gigawords", router.lacks_gigawords},
        {"signs_accounting_replies", router.signs_accounting_replies},
        {"radius_packets_per_second_max", router.radius_packets_per_second_max},
        {"coa_host", router.coa_host},
        {"coa_port", router.coa_port},
        {"coa_counts_from_start", router.coa_counts_from_start},
        {"takes_pap", router.login_proof == LoginProof::pap},
        {"hotspot_host", router.hotspot_host},
        {"interim_interval", router.interim_interval.count()},
    };
    if (router.guest_vlan) object["guest_vlan"] = *router.guest_vlan;
    if (router.api) object["api"] = api_settings(*router.api);
    return json::serialize(object);
}

void read_routers(Connection& db, const KeyRing& keys, Catalog& catalog)
{
    db.each(
        "select id, location_id, kind, name, settings, radius_secret_sealed, "
        "api_password_sealed, uam_secret_sealed, mac_password_sealed from router "
        "where archived_at is null",
        "ttttttttt", {}, [&](Row& row) {
            Router router;
            router.id = row.key<RouterId>();
            router.location = row.key<LocationId>();
            const auto kind = router_kind_from(row.text());
            if (!kind) damaged("unknown kind of router");
            router.kind = *kind;
            router.name = row.text();
            set_settings(router, json_object_of(row.text()));
            const auto open = [&](std::string_view column) {
                return opened(keys, row.text(), sealed_place(column, router.id.text()));
            };
            router.radius_secret = open("router.radius_secret_sealed");
            SecretText api_password = open("router.api_password_sealed");
            if (router.api) router.api->password = std::move(api_password);
            router.uam_secret = open("router.uam_secret_sealed");
            router.mac_password = open("router.mac_password_sealed");
            catalog.routers.emplace(router.id, router);
        });
}

void keep_router(Connection& db, const KeyRing& keys, const Router& router)
{
    const auto seal = [&](const SecretText& secret, std::string_view column) {
        return sealed(keys, secret, sealed_place(column, router.id.text()));
    };
    db.run(
        "insert into router (id, location_id, kind, name, settings, radius_secret_sealed, "
        "api_password_sealed, uam_secret_sealed, mac_password_sealed) values (:id, :location, "
        ":kind, :name, :settings, :radius_secret, :api_password, :uam_secret, :mac_password) "
        "on conflict (id) do update set "
        "location_id = excluded.location_id, kind = excluded.kind, name = excluded.name, "
        "settings = excluded.settings, radius_secret_sealed = excluded.radius_secret_sealed, "
        "api_password_sealed = excluded.api_password_sealed, "
        "uam_secret_sealed = excluded.uam_secret_sealed, "
        "mac_password_sealed = excluded.mac_password_sealed, archived_at = null",
        {router.id, router.location, to_text(router.kind), router.name, router_settings(router),
         seal(router.radius_secret, "router.radius_secret_sealed"),
         seal(router.api ? router.api->password : SecretText{}, "router.api_password_sealed"),
         seal(router.uam_secret, "router.uam_secret_sealed"),
         seal(router.mac_password, "router.mac_password_sealed")});
}

} // namespace iwas::adapters
