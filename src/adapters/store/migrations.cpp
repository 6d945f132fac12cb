#include "adapters/store/migrations.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace iwas::adapters {

namespace {

struct Placeholder {
    std::string_view name;
    std::string_view sqlite;
    std::string_view postgresql;
};

constexpr auto placeholders = std::to_array<Placeholder>({
    {"{id}", "text", "text collate \"C\""},
    {"{int}", "integer", "bigint"},
    {"{serial}", "integer primary key autoincrement",
     "bigint generated always as identity primary key"},
    {"{rows}", "strict", ""},
    {"{keyed}", "strict, without rowid", ""},
});

/// Any number that no other program locks.
constexpr std::string_view migration_lock = "select pg_advisory_xact_lock(4917435)";

std::string filled(std::string_view sql, Engine engine)
{
    std::string text{sql};
    for (const Placeholder& each : placeholders) {
        const std::string_view value = engine == Engine::sqlite ? each.sqlite : each.postgresql;
        for (std::size_t at = text.find(each.name); at != std::string::npos;
             at = text.find(each.name, at + value.size()))
            text.replace(at, each.name.size(), value);
    }
    return text;
}

bool is_blank(std::string_view text)
{
    return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

/// The schema's number; 0 for an empty database.
int schema_number(Connection& db)
{
    return static_cast<int>(db.number("select coalesce(max(number), 0) from schema_migration"));
}

void prepare_table(Connection& db)
{
    db.begin_write();
    if (!db.is_sqlite()) db.execute_once(std::string{migration_lock});
    db.execute_once(filled(
        "create table if not exists schema_migration (number {int} primary key, "
        "name text not null, applied_at text not null) {rows}",
        db.engine()));
    db.commit();
}

/// False when another node was faster.
bool apply(Connection& db, const Migration& migration)
{
    db.begin_write();
    if (!db.is_sqlite()) db.execute_once(std::string{migration_lock});
    const bool is_missing = schema_number(db) < migration.number;
    if (is_missing) {
        for (const std::string& statement : statements_of(migration.sql, db.engine()))
            db.execute_once(statement);
        db.run(
            "insert into schema_migration (number, name, applied_at) "
            "values (:number, :name, cast(current_timestamp as text))",
            {migration.number, migration.name});
    }
    db.commit();
    return is_missing;
}

} // namespace

std::vector<std::string> statements_of(std::string_view sql, Engine engine)
{
    std::string code;
    while (!sql.empty()) {
        const auto end = sql.find('\n');
        const std::string_view line = sql.substr(0, end);
        sql = end == std::string_view::npos ? std::string_view{} : sql.substr(end + 1);
        code.append(line.substr(0, line.find("--"))).append("\n");
    }
    code = filled(code, engine);

    std::vector<std::string> statements;
    std::string_view rest = code;
    while (!rest.empty()) {
        const auto end = rest.find(';');
        const std::string_view statement = rest.substr(0, end);
        rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + 1);
        if (!is_blank(statement)) statements.emplace_back(statement);
    }
    return statements;
}

std::vector<AppliedMigration> migrate(Connection& db, std::span<const Migration> migrations)
{
    const int newest = migrations.empty() ? 0 : migrations.back().number;
    std::vector<AppliedMigration> applied;
    try {
        prepare_table(db);
        const int found = schema_number(db);
        if (found > newest)
            throw std::runtime_error(
                "the database has schema " + std::to_string(found) +
                ", this program knows schemas up to " + std::to_string(newest) +
                ": use the newer program");
        for (const Migration& migration : migrations)
            if (migration.number > found && apply(db, migration))
                applied.push_back({migration.number, std::string{migration.name}});
    } catch (...) {
        db.rollback();
        throw;
    }
    return applied;
}

} // namespace iwas::adapters
