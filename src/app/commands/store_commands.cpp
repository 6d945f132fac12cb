// migrate, key, backup: what is done to the store beside the running server.
#include "adapters/store/store.hpp"
#include "app/commands/commands.hpp"
#include "app/config.hpp"
#include "app/secrets.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>

namespace iwas::app {

namespace {

void migrate(const std::string& config_file)
{
    const Config config = load_config(config_file);
    // A migration may have to read secrets, and a server without their keys must not start after
    // it.
    if (adapters::needs_keys(config.store.url))
        adapters::require_keys(config.store.url, load_key_ring(config.secrets));
    const auto applied = adapters::migrate_database(config.store.url);
    for (const auto& migration : applied)
        fmt::print("applied {:04} {}\n", migration.number, migration.name);
    if (applied.empty()) fmt::print("the schema is up to date\n");
}

void rotate(const std::string& config_file)
{
    const Config config = load_config(config_file);
    const adapters::KeyRing ring = load_key_ring(config.secrets);
    const std::size_t sealed = adapters::rotate_keys(config.store.url, ring);
    fmt::print(
        "{} secrets are sealed anew with key {}; when every node uses it, the older keys may go\n",
        sealed, ring.active_key());
}

struct CloseDatabase {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
};
using Database = std::unique_ptr<sqlite3, CloseDatabase>;

Database open_database(const std::string& path, int flags)
{
    sqlite3* database = nullptr;
    const int result = sqlite3_open_v2(path.c_str(), &database, flags, nullptr);
    Database owned{database};
    if (result != SQLITE_OK)
        throw std::runtime_error{fmt::format("{}: {}", path, sqlite3_errmsg(database))};
    return owned;
}

/// SQLite's online backup: a consistent copy while the server writes.
void backup(const std::string& config_file, const std::string& target)
{
    const Config config = load_config(config_file);
    constexpr std::string_view scheme = "sqlite:";
    if (!config.store.url.starts_with(scheme))
        throw std::runtime_error{
            "store.url is a PostgreSQL database: back it up with pg_dump or a standby"};
    if (std::filesystem::exists(target))
        throw std::runtime_error{target + ": is there already; a backup overwrites nothing"};
    const Database from =
        open_database(config.store.url.substr(scheme.size()), SQLITE_OPEN_READONLY);
    const Database to = open_database(target, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
    sqlite3_backup* copy = sqlite3_backup_init(to.get(), "main", from.get(), "main");
    int result = SQLITE_ERROR;
    if (copy) {
        constexpr int pages_at_once = 1000;
        constexpr int pause_ms = 5;
        for (;;) {
            result = sqlite3_backup_step(copy, pages_at_once);
            if (result != SQLITE_OK && result != SQLITE_BUSY && result != SQLITE_LOCKED) break;
            sqlite3_sleep(pause_ms); // lets the server write in between
        }
        sqlite3_backup_finish(copy);
    }
    if (result != SQLITE_DONE)
        throw std::runtime_error{fmt::format("{}: {}", target, sqlite3_errmsg(to.get()))};
    fmt::print(
        "{}: {} octets. The key file is not in it: keep that apart.\n", target,
        std::filesystem::file_size(target));
}

} // namespace

void add_migrate(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand("migrate", "Bring the database to this program's schema");
    command->callback([&common] { migrate(common.config_file); });
}

void add_key(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand("key", "The keys that seal secrets in the database");
    command->require_subcommand(1);

    auto* fresh = command->add_subcommand(
        "new", "Put a new key in front of a key file, which is created when it is not there");
    auto path = std::make_shared<std::string>();
    fresh->add_option("FILE", *path, "The key file")->required();
    fresh->callback([path] { fmt::print("{}: key {} is active now\n", *path, add_key(*path)); });

    auto* rotation =
        command->add_subcommand("rotate", "Seal every stored secret with the active key");
    rotation->callback([&common] { rotate(common.config_file); });
}

void add_backup(CLI::App& app, const CommonOptions& common)
{
    auto* command = app.add_subcommand(
        "backup", "Copy the SQLite database while the server runs (online backup)");
    auto target = std::make_shared<std::string>();
    command->add_option("FILE", *target, "Where to; it must not be there yet")->required();
    command->callback([&common, target] { backup(common.config_file, *target); });
}

void add_version(CLI::App& app, const CommonOptions&)
{
    auto* command = app.add_subcommand("version", "Print the version");
    command->callback([] { fmt::print("iwas {}\n", IWAS_VERSION); });
}

} // namespace iwas::app
