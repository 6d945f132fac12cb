#include "adapters/cafe_file/cafe_file.hpp"

#include "adapters/cafe_file/payment_account_reader.hpp"
#include "adapters/cafe_file/router_reader.hpp"

#include <algorithm>
#include <array>
#include <cctz/time_zone.h>
#include <tuple>
#include <utility>

namespace iwas::adapters {

using namespace domain;

namespace {

constexpr std::uint64_t mbps = 1'000'000;

/// Builds the catalog, one kind of table after the other; outer ones first, so that a name can be
/// looked up where it is used.
class CafeReader {
public:
    CafeReader(const SecretSources& sources, std::vector<CafeFault>& faults)
        : sources_{sources}, faults_{faults}
    {
    }

    Catalog read(const toml::table& root)
    {
        TomlReader reader{root, "", faults_};
        each<OrganizationId>(
            reader, "organizations", [&](const OrganizationId& id, TomlReader& table) {
                catalog_.organizations.emplace(id, organization(id, table));
            });
        each<LocationId>(reader, "locations", [&](const LocationId& id, TomlReader& table) {
            catalog_.locations.emplace(id, location(id, table));
        });
        each<RouterId>(reader, "routers", [&](const RouterId& id, TomlReader& table) {
            const auto at = reference<LocationId>(table, "location", catalog_.locations);
            Router made = read_router(id, at, table, sources_, faults_);
            check_identity(made, table);
            catalog_.routers.emplace(id, std::move(made));
        });
        each<PackageId>(reader, "packages", [&](const PackageId& id, TomlReader& table) {
            Package made = package(id, table);
            for (const std::string& fault : faults_of(made))
                table.fault("name", fault);
            catalog_.packages.emplace(id, std::move(made));
        });
        each<LocationId>(reader, "pc_systems", [&](const LocationId& id, TomlReader& table) {
            if (!catalog_.location(id)) table.fault("", "there is no such location");
            catalog_.pc_systems.emplace(id, pc_system(id, table));
        });
        each<PaymentAccountId>(
            reader, "payment_accounts", [&](const PaymentAccountId& id, TomlReader& table) {
                const auto owner =
                    reference<OrganizationId>(table, "organization", catalog_.organizations);
                auto made = read_payment_account(id, owner, table, sources_);
                if (!made) return;
                check_one_enabled(catalog_, *made, table);
                catalog_.payment_accounts.emplace(id, std::move(*made));
            });
        reader.finish();
        return std::move(catalog_);
    }

private:
    template <class AnyKey, class Read>
    void each(TomlReader& root, std::string_view kind, const Read& read)
    {
        const toml::table* const tables = root.table(kind);
        if (!tables) return;
        TomlReader list{*tables, std::string{kind}, faults_};
        for (const auto& [name, node] : *tables) {
            const toml::table* const table = list.table(name.str());
            const auto id = AnyKey::parse(name.str());
            if (!id) {
                list.fault(name.str(), "a name has 1 to 64 of a-z, 0-9, '-', '_' and '.'");
                continue;
            }
            if (!table) continue;
            TomlReader reader{*table, std::string{kind} + "." + id->text(), faults_};
            read(*id, reader);
            reader.finish();
        }
    }

    /// The key that `key` names, which must be in `known`.
    template <class AnyKey, class Map>
    AnyKey reference(TomlReader& table, std::string_view key, const Map& known)
    {
        const std::string name = table.required_text(key);
        const auto id = AnyKey::parse(name);
        if (id && known.contains(*id)) return *id;
        if (!name.empty()) table.fault(key, "nothing in this file is called " + name);
        return {};
    }

    static Organization organization(const OrganizationId& id, TomlReader& table)
    {
        Organization made;
        made.id = id;
        made.name = table.required_text("name");
        made.time_zone = time_zone(table, made.time_zone);
        return made;
    }

    static std::string time_zone(TomlReader& table, const std::string& otherwise)
    {
        std::string zone = table.text("time_zone", otherwise);
        cctz::time_zone loaded;
        if (!cctz::load_time_zone(zone, &loaded))
            table.fault("time_zone", "an IANA time zone such as Asia/Ho_Chi_Minh is expected");
        return zone;
    }

    Location location(const LocationId& id, TomlReader& table)
    {
        Location made;
        made.id = id;
        made.organization =
            reference<OrganizationId>(table, "organization", catalog_.organizations);
        made.name = table.required_text("name");
        made.time_zone = time_zone(table, made.time_zone);
        made.language =
            table.word<std::string>("language", made.language, {{"vi", "vi"}, {"en", "en"}});
        made.guest_network = table.required_network("guest_network");
        made.pc_logout_grace = table.duration("pc_logout_grace", made.pc_logout_grace);
        for (const std::string& text : table.texts("blocked_devices")) {
            const auto mac = MacAddress::parse(text);
            if (!mac) table.fault("blocked_devices", "MAC addresses are expected");
            if (mac) made.blocked_devices.insert(*mac);
        }
        if (const toml::table* const window = table.table("payment_window")) {
            TomlReader reader{*window, table.path() + ".payment_window", faults_};
            made.payment_window = payment_window(reader);
            reader.finish();
        }
        return made;
    }

    static PaymentWindowOffer payment_window(TomlReader& table)
    {
        constexpr std::int64_t kbps = 1'000;
        PaymentWindowOffer made;
        made.duration =
            std::chrono::minutes{table.integer("minutes", made.duration.count(), 1, 30)};
        const auto rate = static_cast<std::int64_t>(made.rate_bps) / kbps;
        made.rate_bps =
            static_cast<std::uint64_t>(table.integer("rate_kbps", rate, 64, 10'000) * kbps);
        made.times_per_day =
            static_cast<int>(table.integer("times_per_day", made.times_per_day, 1, 20));
        return made;
    }

    /// A router must be told apart by what it says and by where it stands.
    void check_identity(const Router& router, TomlReader& table)
    {
        const auto name_of = [](const Router& each) {
            return each.nas_identifier.empty() ? each.id.text() : each.nas_identifier;
        };
        for (const auto& [id, other] : catalog_.routers) {
            if (name_of(other) == name_of(router))
                table.fault("nas_identifier", "router " + id.text() + " has the same");
            if (other.radius_source == router.radius_source &&
                !may_share_radius_source(router, other))
                table.fault(
                    "radius_source",
                    "router " + id.text() +
                        " has the same; then both need a nas_identifier of their own, one secret "
                        "and the same requires_message_authenticator and limits_proxy_state");
        }
    }

    Package package(const PackageId& id, TomlReader& table)
    {
        Package made;
        made.id = id;
        made.organization =
            reference<OrganizationId>(table, "organization", catalog_.organizations);
        made.description = table.text("description");
        made.terms = terms(id, table);
        made.status = table.word<PackageStatus>(
            "status", made.status,
            {{"draft", PackageStatus::draft},
             {"published", PackageStatus::published},
             {"archived", PackageStatus::archived}});
        made.is_recommended = table.flag("recommended", made.is_recommended);
        made.position = static_cast<int>(table.integer("position", 0, -1'000'000, 1'000'000));
        if (const auto capacity = table.maybe_integer("capacity", 1, 1'000'000))
            made.capacity = static_cast<int>(*capacity);
        if (const auto limit = table.maybe_integer("purchases_per_day", 1, 1'000))
            made.purchases_per_day_max = static_cast<int>(*limit);
        if (const toml::table* const schedule_table = table.table("schedule")) {
            TomlReader reader{*schedule_table, table.path() + ".schedule", faults_};
            made.schedule = schedule(reader);
            reader.finish();
        }
        for (const std::string& name : table.texts("locations")) {
            const auto location_id = LocationId::parse(name);
            const Location* const found = location_id ? catalog_.location(*location_id) : nullptr;
            if (!found)
                table.fault("locations", "no location in this file is called " + name);
            else if (found->organization != made.organization)
                table.fault("locations", name + " belongs to another organization");
            else
                made.locations.push_back(*location_id);
        }
        std::ranges::sort(made.locations);
        return made;
    }

    Terms terms(const PackageId& id, TomlReader& table)
    {
        Terms made;
        made.package = id;
        made.name = table.required_text("name");
        if (!table.has("duration")) table.fault("duration", "is missing");
        made.duration = table.duration("duration", 1h);
        if (!table.has("price")) table.fault("price", "is missing");
        made.price = Money{table.integer("price", 1'000, 0, 1'000'000'000)};
        made.rate = rate(table);
        const std::string cap = table.text("data_cap");
        if (!cap.empty()) {
            made.data_cap_octets = octets_from(cap);
            if (!made.data_cap_octets)
                table.fault("data_cap", "an amount such as \"500MB\" or \"2GB\" is expected");
        }
        made.device_limit = static_cast<int>(table.integer("devices", 1, 1, 20));
        made.on_pc_logout = table.word<PcLogoutRule>(
            "on_pc_logout", made.on_pc_logout,
            {{"pause", PcLogoutRule::pause},
             {"terminate", PcLogoutRule::terminate},
             {"ignore", PcLogoutRule::ignore}});
        made.clock_start = table.word<ClockStart>(
            "clock_start", made.clock_start,
            {{"at_activation", ClockStart::at_activation},
             {"at_first_connection", ClockStart::at_first_connection}});
        return made;
    }

    RateLimit rate(TomlReader& table)
    {
        const std::string tier = table.text("tier");
        const toml::table* const explicit_rate = table.table("rate");
        if (tier.empty() == (explicit_rate == nullptr)) {
            table.fault("tier", "either a tier or a rate is expected");
            return *rate_of_tier("basic");
        }
        if (!tier.empty()) {
            const auto found = rate_of_tier(tier);
            if (!found) table.fault("tier", "one of basic, standard, premium, ultra is expected");
            return found.value_or(RateLimit{mbps, mbps, 0});
        }
        TomlReader reader{*explicit_rate, table.path() + ".rate", faults_};
        const auto read = [&](std::string_view key, std::int64_t otherwise) {
            return static_cast<std::uint64_t>(reader.integer(key, otherwise, otherwise, 1'000)) *
                   mbps;
        };
        for (const char* key : {"up_mbps", "down_mbps"})
            if (!reader.has(key)) reader.fault(key, "is missing");
        const std::uint64_t up = read("up_mbps", 1);
        const std::uint64_t down = read("down_mbps", 1);
        const std::uint64_t burst = read("burst_down_mbps", 0);
        reader.finish();
        return {up, down, burst};
    }

    static Schedule schedule(TomlReader& table)
    {
        constexpr auto days =
            std::to_array<std::string_view>({"mon", "tue", "wed", "thu", "fri", "sat", "sun"});
        Schedule made;
        if (table.has("weekdays")) {
            made.weekdays = {};
            for (const std::string& name : table.texts("weekdays")) {
                const auto day = std::ranges::find(days, name);
                if (day == days.end())
                    table.fault("weekdays", "mon, tue, wed, thu, fri, sat and sun are expected");
                else
                    made.weekdays.at(static_cast<std::size_t>(day - days.begin())) = true;
            }
        }
        const auto read = [&](std::string_view key, int otherwise) {
            const std::string text = table.text(key);
            if (!table.has(key)) return otherwise;
            const auto minute = minute_from(text);
            if (!minute) table.fault(key, "a time such as \"08:00\" is expected");
            return minute.value_or(otherwise);
        };
        made.from_minute = read("from", made.from_minute);
        made.to_minute = read("to", made.to_minute);
        return made;
    }

    PcSystem pc_system(const LocationId& id, TomlReader& table)
    {
        PcSystem made;
        made.location = id;
        made.profile = table.word<PcSystemProfile>(
            "profile", made.profile,
            {{"connector_v1", PcSystemProfile::connector_v1}, {"legacy", PcSystemProfile::legacy}});
        made.base_url = table.required_text("base_url");
        if (!made.base_url.empty() && !made.base_url.starts_with("https://") &&
            !made.base_url.starts_with("http://"))
            table.fault("base_url", "an address that begins with https:// is expected");
        made.branch_key = table.secret("branch_key", sources_, true);
        made.webhook_secrets = table.secrets("webhook_secrets", sources_);
        made.poll_interval = table.duration("poll_interval", made.poll_interval);
        made.logout_sync = table.flag("logout_sync", made.logout_sync);
        return made;
    }

    const SecretSources& sources_;
    std::vector<CafeFault>& faults_;
    Catalog catalog_;
};

} // namespace

Result<Catalog, std::vector<CafeFault>> parse_cafe(
    std::string_view toml, const SecretSources& sources)
{
    std::vector<CafeFault> faults;
    try {
        const toml::table root = toml::parse(toml);
        Catalog catalog = CafeReader{sources, faults}.read(root);
        if (faults.empty()) return catalog;
    } catch (const toml::parse_error& error) {
        const toml::source_position where = error.source().begin;
        faults.push_back({where.line, where.column, std::string{error.description()}});
    }
    std::ranges::sort(faults, {}, [](const CafeFault& fault) {
        return std::tie(fault.line, fault.column, fault.text);
    });
    return std::unexpected(std::move(faults));
}

} // namespace iwas::adapters
