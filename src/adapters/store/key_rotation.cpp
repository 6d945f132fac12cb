#include "adapters/store/sql_catalog_rows.hpp"
#include "adapters/store/store.hpp"

#include <array>
#include <stdexcept>
#include <utility>

namespace iwas::adapters {

namespace {

constexpr int batch_max = 200;

struct SealedColumn {
    std::string_view table;
    std::string_view id;
    std::string_view column;
    std::string_view place; // the place's first part; the row's id follows
};

constexpr auto sealed_columns = std::to_array<SealedColumn>({
    {"router", "id", "radius_secret_sealed", "router.radius_secret_sealed"},
    {"router", "id", "api_password_sealed", "router.api_password_sealed"},
    {"router", "id", "uam_secret_sealed", "router.uam_secret_sealed"},
    {"pc_system", "location_id", "branch_key_sealed", "pc_system.branch_key_sealed"},
    {"pc_system", "location_id", "webhook_secrets_sealed", "pc_system.webhook_secrets_sealed"},
    {"open_session", "id", "password_sealed", "session.password"},
    {"session_history", "id", "password_sealed", "session.password"},
});

struct SealedRow {
    std::string id;
    std::string sealed;
};

/// Rows after `after` that another key than the active one has sealed.
std::vector<SealedRow> next_batch(
    Connection& db, const KeyRing& keys, const SealedColumn& where, const std::string& after)
{
    const std::string id{where.id};
    const std::string column{where.column};
    std::vector<SealedRow> rows;
    const std::string prefix = keys.active_key() + ":";
    db.each(
        "select " + id + ", " + column + " from " + std::string{where.table} + " where " + id +
            " > :after and " + column + " <> '' and substr(" + column +
            ", 1, :length) <> :active order by " + id + " limit :limit",
        "tt", {after, prefix.size(), prefix, batch_max}, [&](Row& row) {
            std::string row_id = row.text();
            rows.push_back({std::move(row_id), row.text()});
        });
    return rows;
}

/// One column of one table, in batches of one transaction each. A row that a server changed in
/// between keeps what the server wrote, which is sealed with the server's active key.
std::size_t rotate(Connection& db, const KeyRing& keys, const SealedColumn& where)
{
    const std::string update = "update " + std::string{where.table} + " set " +
                               std::string{where.column} + " = :sealed where " +
                               std::string{where.id} + " = :id and " + std::string{where.column} +
                               " = :known";
    std::size_t count = 0;
    std::string after;
    for (;;) {
        const auto rows = next_batch(db, keys, where, after);
        if (rows.empty()) return count;
        db.begin_write();
        for (const SealedRow& row : rows) {
            const std::string place = sealed_place(where.place, row.id);
            const auto secret = keys.open(row.sealed, place);
            if (!secret) throw std::runtime_error(place + ": no key on the ring opens it");
            count += static_cast<std::size_t>(
                db.run(update, {keys.seal(*secret, place), row.id, row.sealed}));
        }
        db.commit();
        after = rows.back().id;
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
    } catch (...) {
        db.rollback();
        throw;
    }
    return count;
}

} // namespace iwas::adapters
