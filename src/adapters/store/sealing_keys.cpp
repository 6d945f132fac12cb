#include "adapters/store/sealing_keys.hpp"

#include "adapters/store/sealed_columns.hpp"

#include <stdexcept>
#include <string_view>

namespace iwas::adapters {

namespace {

constexpr std::string_view proof = "iwas";

std::string place_of_proof(std::string_view key_id)
{
    return "sealing_key.proof_sealed:" + std::string{key_id};
}

/// An older schema lacks some.
bool has_column(Connection& db, std::string_view table, std::string_view column)
{
    return db.exists(
        db.is_sqlite() ? "select 1 from pragma_table_info(:table) where name = :name"
                       : "select 1 from information_schema.columns where table_schema = "
                         "current_schema() and table_name = :table and column_name = :name",
        {table, column});
}

/// The part of a sealed text before its colon.
std::string key_id_in(const Connection& db, std::string_view column)
{
    const std::string name{column};
    return db.is_sqlite() ? "substr(" + name + ", 1, instr(" + name + ", ':') - 1)"
                          : "split_part(" + name + ", ':', 1)";
}

std::string listed(const std::set<std::string>& names)
{
    std::string text;
    for (const std::string& name : names)
        text.append(text.empty() ? "" : ", ").append(name);
    return text;
}

} // namespace

std::set<std::string> keys_in_use(Connection& db)
{
    std::set<std::string> found;
    const auto add = [&](Row& row) { found.insert(row.text()); };
    if (has_column(db, "sealing_key", "id")) db.each("select id from sealing_key", "t", {}, add);
    // What else is sealed (history, answers) is covered by the notes.
    for (const SealedColumn& each : sealed_columns) {
        if (!each.is_read_at_start || !has_column(db, each.table, each.column)) continue;
        const std::string column{each.column};
        db.each(
            "select distinct " + key_id_in(db, column) + " from " + std::string{each.table} +
                " where " + column + " <> ''",
            "t", {}, add);
    }
    return found;
}

void require_keys(Connection& db, const KeyRing& keys)
{
    std::set<std::string> missing;
    for (const std::string& id : keys_in_use(db))
        if (!keys.has(id)) missing.insert(id);
    if (!missing.empty())
        throw std::runtime_error(
            "secrets in the database are sealed with a key that is not there: " + listed(missing) +
            ". Put its line back into the key file; it may go after `iwas key rotate`");

    std::set<std::string> others;
    if (has_column(db, "sealing_key", "id"))
        db.each("select id, proof_sealed from sealing_key", "tt", {}, [&](Row& row) {
            const std::string id = row.text();
            const auto opened = keys.open(row.text(), place_of_proof(id));
            if (!opened || opened->reveal() != proof) others.insert(id);
        });
    if (!others.empty())
        throw std::runtime_error(
            "secrets in the database are sealed with another key of the same name: " +
            listed(others) + ". Put that key's own line back into the key file");
}

void note_active_key(Connection& db, const KeyRing& keys)
{
    const std::string& id = keys.active_key();
    // Read first: a command beside a busy server need not wait for its turn to write.
    if (db.exists("select 1 from sealing_key where id = :id", {id})) return;
    db.run(
        "insert into sealing_key (id, proof_sealed) values (:id, :proof) "
        "on conflict (id) do nothing",
        {id, keys.seal(SecretText{std::string{proof}}, place_of_proof(id))});
}

void note_rotation(Connection& db, const KeyRing& keys)
{
    note_active_key(db, keys);
    db.run("delete from sealing_key where id <> :id", {keys.active_key()});
}

} // namespace iwas::adapters
