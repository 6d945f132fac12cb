#include "adapters/store/sql_catalog.hpp"

#include "adapters/store/catalog_changes.hpp"
#include "adapters/store/locks.hpp"
#include "adapters/store/sql_catalog_rows.hpp"
#include "adapters/store/sql_traces.hpp"

#include <array>

namespace iwas::adapters {

using namespace domain;

namespace {

std::string joined(const std::vector<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

/// Whether history names the row: then it is archived, so that the history can still be read.
bool has_history(Connection& db, std::string_view table, const std::string& id)
{
    struct Trail {
        std::string_view table;
        std::string_view query;
    };
    static constexpr auto trails = std::to_array<Trail>({
        {"organization", "select 1 from txn where organization_id = :id limit 1"},
        {"organization", "select 1 from location where organization_id = :id limit 1"},
        {"organization", "select 1 from package where organization_id = :id limit 1"},
        {"organization", "select 1 from payment_account where organization_id = :id limit 1"},
        {"location", "select 1 from txn where location_id = :id limit 1"},
        {"location", "select 1 from account where location_id = :id limit 1"},
        {"location", "select 1 from router where location_id = :id limit 1"},
        {"router", "select 1 from txn where router_id = :id limit 1"},
        {"router", "select 1 from open_session_device where router_id = :id limit 1"},
        {"router", "select 1 from open_network_session where router_id = :id limit 1"},
        {"router", "select 1 from network_session_history where router_id = :id limit 1"},
        {"package", "select 1 from txn where package_id = :id limit 1"},
    });
    for (const Trail& trail : trails)
        if (trail.table == table && db.exists(trail.query, {id})) return true;
    return false;
}

/// Brings one kind of rows from `before` to `wanted`, with a line of audit for each change.
class Replacement {
public:
    Replacement(Connection& db, const std::string& actor, UtcTime now)
        : db_{db}, actor_{actor}, now_{now}
    {
    }

    template <class Map, class Keep>
    void add_and_change(
        std::string_view table, const Map& before, const Map& wanted, const Keep& keep)
    {
        for (const auto& [id, row] : wanted) {
            const auto old = before.find(id);
            if (old == before.end()) {
                keep(row);
                note(table, "added", id.text());
                continue;
            }
            const std::vector<std::string> changed = changed_fields(old->second, row);
            if (changed.empty()) continue;
            keep(row);
            note(table, "changed", id.text(), joined(changed));
        }
    }

    template <class Map>
    void remove(std::string_view table, const Map& before, const Map& wanted)
    {
        for (const auto& [id, row] : before) {
            if (wanted.contains(id)) continue;
            // A payment account always has history: whatever it took in or owes names it.
            const bool is_archived = table == "payment_account" ||
                                     (table != "pc_system" && has_history(db_, table, id.text()));
            if (is_archived)
                db_.run(
                    "update " + std::string{table} + " set archived_at = :now where id = :id",
                    {now_, id});
            else
                db_.run(
                    "delete from " + std::string{table} + " where " +
                        (table == "pc_system" ? "location_id" : "id") + " = :id",
                    {id});
            note(table, is_archived ? "archived" : "removed", id.text());
        }
    }

    /// Whoever lets a router go without Message-Authenticator opens it to CVE-2024-3596: that has a
    /// line of its own, and so has its end.
    void note_message_authenticator(
        const std::map<RouterId, Router>& before, const std::map<RouterId, Router>& wanted)
    {
        for (const auto& [id, router] : wanted) {
            const auto old = before.find(id);
            const bool was_required =
                old == before.end() || old->second.requires_message_authenticator;
            if (was_required == router.requires_message_authenticator) continue;
            note(
                "router.message_authenticator", was_required ? "relaxed" : "restored", id.text(),
                was_required ? "requests are accepted without it" : "requests need it again");
        }
    }

private:
    void note(
        std::string_view table, std::string_view what, const std::string& id,
        std::string detail = {})
    {
        append_audit(
            db_,
            {now_, actor_, std::string{table} + "." + std::string{what}, id, std::move(detail)});
    }

    Connection& db_;
    const std::string& actor_;
    UtcTime now_;
};

} // namespace

std::int64_t catalog_version(Connection& db)
{
    return db.number("select version from catalog_version");
}

Catalog load_catalog(Connection& db, const KeyRing& keys)
{
    Catalog catalog;
    catalog.version = catalog_version(db);
    read_organizations(db, catalog);
    read_locations(db, catalog);
    read_routers(db, keys, catalog);
    read_packages(db, catalog);
    read_pc_systems(db, keys, catalog);
    read_payment_accounts(db, keys, catalog);
    return catalog;
}

bool replace_catalog(
    Connection& db, const KeyRing& keys, const Catalog& wanted, const std::string& actor,
    UtcTime now)
{
    lock_names(db, {"catalog"});
    const Catalog before = load_catalog(db, keys);
    if (before.version != wanted.version) return false;

    Replacement replacement{db, actor, now};
    replacement.add_and_change(
        "organization", before.organizations, wanted.organizations,
        [&](const Organization& row) { keep_organization(db, row); });
    replacement.add_and_change(
        "location", before.locations, wanted.locations,
        [&](const Location& row) { keep_location(db, row); });
    replacement.add_and_change("router", before.routers, wanted.routers, [&](const Router& row) {
        keep_router(db, keys, row);
    });
    replacement.note_message_authenticator(before.routers, wanted.routers);
    replacement.add_and_change(
        "package", before.packages, wanted.packages,
        [&](const Package& row) { keep_package(db, row); });
    replacement.add_and_change(
        "pc_system", before.pc_systems, wanted.pc_systems,
        [&](const PcSystem& row) { keep_pc_system(db, keys, row); });
    replacement.add_and_change(
        "payment_account", before.payment_accounts, wanted.payment_accounts,
        [&](const PaymentAccount& row) { keep_payment_account(db, keys, row); });
    // From the leaves to the root: what still has a row below it is archived, not deleted.
    replacement.remove("payment_account", before.payment_accounts, wanted.payment_accounts);
    replacement.remove("pc_system", before.pc_systems, wanted.pc_systems);
    replacement.remove("package", before.packages, wanted.packages);
    replacement.remove("router", before.routers, wanted.routers);
    replacement.remove("location", before.locations, wanted.locations);
    replacement.remove("organization", before.organizations, wanted.organizations);
    db.run("update catalog_version set version = version + 1");
    return true;
}

} // namespace iwas::adapters
