#include "adapters/store/sql_catalog_rows.hpp"

#include "adapters/store/spelling.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace iwas::adapters {

namespace json = boost::json;
using namespace domain;

namespace {

SecretText opened(const KeyRing& keys, const std::string& sealed, const std::string& place)
{
    if (sealed.empty()) return {};
    auto secret = keys.open(sealed, place);
    if (!secret) damaged(place + ": no key opens it");
    return std::move(*secret);
}

std::string sealed(const KeyRing& keys, const SecretText& secret, const std::string& place)
{
    return secret.empty() ? std::string{} : keys.seal(secret, place);
}

bool is_same(const SecretText& a, const SecretText& b)
{
    return equal_constant_time(std::string_view{a.reveal()}, std::string_view{b.reveal()});
}

Ipv4Prefix prefix_of(const json::object& object, std::string_view name)
{
    const auto prefix = Ipv4Prefix::parse(json_text(object, name));
    if (!prefix) damaged("a network is not one");
    return *prefix;
}

/// A setting that rows from before it existed do not have.
bool flag_or(const json::object& object, std::string_view name, bool otherwise)
{
    return object.contains(json::string_view{name.data(), name.size()}) ? json_flag(object, name)
                                                                        : otherwise;
}

int small_integer(const json::object& object, std::string_view name)
{
    return static_cast<int>(json_integer(object, name));
}

std::optional<int> maybe_small(const json::object& object, std::string_view name)
{
    const auto value = json_maybe_integer(object, name);
    if (!value) return std::nullopt;
    return static_cast<int>(*value);
}

std::string text_in(const json::value& value)
{
    if (!value.is_string()) damaged("a list holds something else than texts");
    return {value.get_string().data(), value.get_string().size()};
}

const json::array& list_in(const json::object& object, std::string_view name)
{
    const auto* value = object.if_contains(json::string_view{name.data(), name.size()});
    if (!value || !value->is_array()) damaged("list " + std::string{name} + " is missing");
    return value->get_array();
}

/// Rows from before the list was kept have none.
std::set<MacAddress> devices_in(const json::object& object, std::string_view name)
{
    std::set<MacAddress> devices;
    if (!object.contains(json::string_view{name.data(), name.size()})) return devices;
    for (const json::value& each : list_in(object, name)) {
        const auto mac = MacAddress::parse(text_in(each));
        if (!mac) damaged("a blocked device is no MAC address");
        devices.insert(*mac);
    }
    return devices;
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
    router.signs_accounting_replies = flag_or(object, "signs_accounting_replies", true);
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

void set_settings(Package& package, const json::object& object)
{
    package.description = json_text(object, "description");
    package.terms = terms_of(json_text(object, "terms"));
    package.is_recommended = json_flag(object, "is_recommended");
    package.position = small_integer(object, "position");
    package.capacity = maybe_small(object, "capacity");
    package.purchases_per_day_max = maybe_small(object, "purchases_per_day_max");
    const std::string weekdays = json_text(object, "weekdays");
    if (weekdays.size() != package.schedule.weekdays.size()) damaged("weekdays are seven digits");
    for (std::size_t day = 0; day < weekdays.size(); ++day)
        package.schedule.weekdays.at(day) = weekdays[day] == '1';
    package.schedule.from_minute = small_integer(object, "from_minute");
    package.schedule.to_minute = small_integer(object, "to_minute");
    for (const json::value& each : list_in(object, "locations"))
        package.locations.push_back(LocationId::trusted(text_in(each)));
}

std::string joined(const std::vector<SecretText>& secrets)
{
    json::array list;
    for (const SecretText& secret : secrets)
        list.emplace_back(secret.reveal());
    return json::serialize(list);
}

std::vector<SecretText> split(const SecretText& text)
{
    std::vector<SecretText> secrets;
    if (text.empty()) return secrets;
    const json::value list = json::parse(text.reveal());
    if (!list.is_array()) damaged("webhook secrets are no list");
    for (const json::value& each : list.get_array())
        secrets.emplace_back(text_in(each));
    return secrets;
}

} // namespace

std::string sealed_place(std::string_view column, std::string_view row)
{
    return std::string{column} + ":" + std::string{row};
}

std::string location_settings(const Location& location)
{
    json::array blocked;
    for (const MacAddress& each : location.blocked_devices)
        blocked.emplace_back(to_string(each));
    return json::serialize(json::object{
        {"time_zone", location.time_zone},
        {"language", location.language},
        {"guest_network", to_string(location.guest_network)},
        {"pc_logout_grace", location.pc_logout_grace.count()},
        {"blocked_devices", std::move(blocked)},
    });
}

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

std::string package_settings(const Package& package)
{
    std::string weekdays;
    for (const bool is_on : package.schedule.weekdays)
        weekdays += is_on ? '1' : '0';
    json::array locations;
    for (const LocationId& each : package.locations)
        locations.emplace_back(each.text());
    json::object object{
        {"description", package.description},
        {"terms", stored(package.terms)},
        {"is_recommended", package.is_recommended},
        {"position", package.position},
        {"weekdays", weekdays},
        {"from_minute", package.schedule.from_minute},
        {"to_minute", package.schedule.to_minute},
        {"locations", std::move(locations)},
    };
    if (package.capacity) object["capacity"] = *package.capacity;
    if (package.purchases_per_day_max)
        object["purchases_per_day_max"] = *package.purchases_per_day_max;
    return json::serialize(object);
}

std::string pc_system_settings(const PcSystem& system)
{
    return json::serialize(json::object{
        {"base_url", system.base_url},
        {"poll_interval", system.poll_interval.count()},
        {"logout_sync", system.logout_sync},
    });
}

void read_organizations(Connection& db, Catalog& catalog)
{
    db.each("select id, name from organization where archived_at is null", "tt", {}, [&](Row& row) {
        Organization organization;
        organization.id = row.key<OrganizationId>();
        organization.name = row.text();
        catalog.organizations.emplace(organization.id, organization);
    });
}

void read_locations(Connection& db, Catalog& catalog)
{
    db.each(
        "select id, organization_id, name, settings from location where archived_at is null",
        "tttt", {}, [&](Row& row) {
            Location location;
            location.id = row.key<LocationId>();
            location.organization = row.key<OrganizationId>();
            location.name = row.text();
            const json::object settings = json_object_of(row.text());
            location.time_zone = json_text(settings, "time_zone");
            location.language = json_text(settings, "language");
            location.guest_network = prefix_of(settings, "guest_network");
            location.pc_logout_grace = Seconds{json_integer(settings, "pc_logout_grace")};
            location.blocked_devices = devices_in(settings, "blocked_devices");
            catalog.locations.emplace(location.id, location);
        });
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

void read_packages(Connection& db, Catalog& catalog)
{
    db.each(
        "select id, organization_id, status, settings from package where archived_at is null",
        "tttt", {}, [&](Row& row) {
            Package package;
            package.id = row.key<PackageId>();
            package.organization = row.key<OrganizationId>();
            package.status = package_status_of(row.text());
            set_settings(package, json_object_of(row.text()));
            catalog.packages.emplace(package.id, package);
        });
}

void read_pc_systems(Connection& db, const KeyRing& keys, Catalog& catalog)
{
    db.each(
        "select location_id, profile, settings, branch_key_sealed, webhook_secrets_sealed "
        "from pc_system",
        "ttttt", {}, [&](Row& row) {
            PcSystem system;
            system.location = row.key<LocationId>();
            system.profile = pc_system_profile_of(row.text());
            const json::object settings = json_object_of(row.text());
            system.base_url = json_text(settings, "base_url");
            system.poll_interval = Seconds{json_integer(settings, "poll_interval")};
            system.logout_sync = json_flag(settings, "logout_sync");
            const std::string& id = system.location.text();
            system.branch_key =
                opened(keys, row.text(), sealed_place("pc_system.branch_key_sealed", id));
            system.webhook_secrets = split(
                opened(keys, row.text(), sealed_place("pc_system.webhook_secrets_sealed", id)));
            catalog.pc_systems.emplace(system.location, system);
        });
}

void keep_organization(Connection& db, const Organization& organization)
{
    db.run(
        "insert into organization (id, name) values (:id, :name) "
        "on conflict (id) do update set name = excluded.name, archived_at = null",
        {organization.id, organization.name});
}

void keep_location(Connection& db, const Location& location)
{
    db.run(
        "insert into location (id, organization_id, name, settings) "
        "values (:id, :organization, :name, :settings) on conflict (id) do update set "
        "organization_id = excluded.organization_id, name = excluded.name, "
        "settings = excluded.settings, archived_at = null",
        {location.id, location.organization, location.name, location_settings(location)});
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

void keep_package(Connection& db, const Package& package)
{
    db.run(
        "insert into package (id, organization_id, status, name, price, settings) "
        "values (:id, :organization, :status, :name, :price, :settings) "
        "on conflict (id) do update set organization_id = excluded.organization_id, "
        "status = excluded.status, name = excluded.name, price = excluded.price, "
        "settings = excluded.settings, archived_at = null",
        {package.id, package.organization, stored(package.status), package.terms.name,
         package.terms.price, package_settings(package)});
}

void keep_pc_system(Connection& db, const KeyRing& keys, const PcSystem& system)
{
    const std::string& id = system.location.text();
    const SecretText webhooks{
        system.webhook_secrets.empty() ? std::string{} : joined(system.webhook_secrets)};
    db.run(
        "insert into pc_system (location_id, profile, settings, branch_key_sealed, "
        "webhook_secrets_sealed) values (:id, :profile, :settings, :branch_key, :webhooks) "
        "on conflict (location_id) do update set profile = excluded.profile, "
        "settings = excluded.settings, branch_key_sealed = excluded.branch_key_sealed, "
        "webhook_secrets_sealed = excluded.webhook_secrets_sealed",
        {id, stored(system.profile), pc_system_settings(system),
         sealed(keys, system.branch_key, sealed_place("pc_system.branch_key_sealed", id)),
         sealed(keys, webhooks, sealed_place("pc_system.webhook_secrets_sealed", id))});
}

bool have_same_secrets(const Router& a, const Router& b)
{
    const auto api_password = [](const Router& router) {
        return router.api ? router.api->password : SecretText{};
    };
    return is_same(a.radius_secret, b.radius_secret) && is_same(a.uam_secret, b.uam_secret) &&
           is_same(a.mac_password, b.mac_password) && is_same(api_password(a), api_password(b));
}

bool have_same_secrets(const PcSystem& a, const PcSystem& b)
{
    return is_same(a.branch_key, b.branch_key) &&
           std::ranges::equal(a.webhook_secrets, b.webhook_secrets, is_same);
}

} // namespace iwas::adapters
