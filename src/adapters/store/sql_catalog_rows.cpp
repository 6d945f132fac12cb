#include "adapters/store/sql_catalog_rows.hpp"

#include "adapters/store/catalog_values.hpp"
#include "adapters/store/spelling.hpp"

#include <algorithm>

namespace iwas::adapters {

namespace json = boost::json;
using namespace domain;

namespace {

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
    db.each(
        "select id, name, time_zone from organization where archived_at is null", "ttt", {},
        [&](Row& row) {
            Organization organization;
            organization.id = row.key<OrganizationId>();
            organization.name = row.text();
            organization.time_zone = row.text();
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
            system.webhook_secrets = split_secrets(
                opened(keys, row.text(), sealed_place("pc_system.webhook_secrets_sealed", id)));
            catalog.pc_systems.emplace(system.location, system);
        });
}

void keep_organization(Connection& db, const Organization& organization)
{
    db.run(
        "insert into organization (id, name, time_zone) values (:id, :name, :time_zone) "
        "on conflict (id) do update set name = excluded.name, time_zone = excluded.time_zone, "
        "archived_at = null",
        {organization.id, organization.name, organization.time_zone});
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
    const SecretText webhooks = joined_secrets(system.webhook_secrets);
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

} // namespace iwas::adapters
