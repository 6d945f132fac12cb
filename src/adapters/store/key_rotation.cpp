#include "adapters/store/sealed_columns.hpp"
#include "adapters/store/sealing_keys.hpp"
#include "adapters/store/sql_catalog_rows.hpp"
#include "adapters/store/store.hpp"

#include <stdexcept>
#include <utility>

namespace iwas::adapters {

namespace {

constexpr int batch_max = 200;

struct SealedRow {
    std::string id;
    std::string second_id; // empty where one column is the key
    std::string sealed;

    [[nodiscard]] std::string name() const { return second_id.empty() ? id : id + "/" + second_id; }
};

/// Rows after `after` that another key than the active one has sealed.
std::vector<SealedRow> next_batch(
    Connection& db, const KeyRing& keys, const SealedColumn& where, const SealedRow& after)
{
    const std::string id{where.id};
    const std::string second{where.second_id.empty() ? "''" : where.second_id};
    const std::string column{where.column};
    // A key of one column names the parameter of the other, so that both kinds bind the same.
    const std::string is_after = where.second_id.empty()
                                     ? id + " > :after and :second = ''"
                                     : "(" + id + ", " + second + ") > (:after, :second)";
    std::vector<SealedRow> rows;
    const std::string prefix = keys.active_key() + ":";
    db.each(
        "select " + id + ", " + second + ", " + column + " from " + std::string{where.table} +
            " where " + is_after + " and " + column + " <> '' and substr(" + column +
            ", 1, :length) <> :active order by 1, 2 limit :limit",
        "ttt", {after.id, after.second_id, prefix.size(), prefix, batch_max}, [&](Row& row) {
            std::string row_id = row.text();
            std::string row_second = row.text();
            rows.push_back({std::move(row_id), std::move(row_second), row.text()});
        });
    return rows;
}

/// One column of one table, in batches of one transaction each. A row that a server changed in
/// between keeps what the server wrote, which is sealed with the server's active key.
std::size_t rotate(Connection& db, const KeyRing& keys, const SealedColumn& where)
{
    const std::string column{where.column};
    const std::string second{where.second_id.empty() ? "''" : where.second_id};
    const std::string update = "update " + std::string{where.table} + " set " + column +
                               " = :sealed where " + std::string{where.id} + " = :id and " +
                               second + " = :second and " + column + " = :known";
    std::size_t count = 0;
    SealedRow after;
    for (;;) {
        const auto rows = next_batch(db, keys, where, after);
        if (rows.empty()) return count;
        db.begin_write();
        for (const SealedRow& row : rows) {
            const std::string place = sealed_place(where.place, row.name());
            const auto secret = keys.open(row.sealed, place);
            if (!secret)
                throw std::runtime_error(
                    place + ": key " + row.sealed.substr(0, row.sealed.find(':')) +
                    " is not there or does not open it");
            count += static_cast<std::size_t>(
                db.run(update, {keys.seal(*secret, place), row.id, row.second_id, row.sealed}));
        }
        db.commit();
        after = rows.back();
    }
}

} // namespace

std::size_t rotate_keys(const std::string& url, const KeyRing& keys)
{
    Connection db{{url, "full"}};
    migrate(db);
    std::size_t count = 0;
    try {
        for (const SealedColumn& each : sealed_columns)
            count += rotate(db, keys, each);
        note_rotation(db, keys);
    } catch (...) {
        db.rollback();
        throw;
    }
    return count;
}

} // namespace iwas::adapters
