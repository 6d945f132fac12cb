// Connection: one database connection with its prepared statements, the same for both engines.
#pragma once

#include "core/id.hpp"
#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "core/money.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace iwas::adapters {

enum class Engine { sqlite, postgresql };

/// By the scheme; throws std::runtime_error for another one.
Engine engine_of(const std::string& url);

/// The database failed. `is_retryable`: another transaction was in the way (PostgreSQL 40001,
/// 40P01, 23505, 55P03); the same work may succeed when it is done again from its beginning.
/// `is_lost`: the connection is of no more use.
class DatabaseError : public std::runtime_error {
public:
    DatabaseError(const std::string& what, bool retryable, bool lost)
        : std::runtime_error{what}, is_retryable{retryable}, is_lost{lost}
    {
    }
    bool is_retryable;
    bool is_lost;
};

/// The database answered, but a stored value cannot be what it should be: asking again gives the
/// same. Another row may well be in order.
class DamagedRow : public DatabaseError {
public:
    explicit DamagedRow(const std::string& what) : DatabaseError{what, false, false} {}
};

/// A value for a statement: an integer or text, or nothing. Text that is not UTF-8 or holds NUL is
/// kept with the offending octets written as \xNN, because PostgreSQL refuses them.
class Param {
public:
    template <std::integral T>
    Param(T value) : integer_{static_cast<std::int64_t>(value)}
    {
    }
    Param(std::string text) : is_text_{true}, text_{std::move(text)} { clean(); }
    Param(std::string_view text) : Param{std::string{text}} {}
    Param(const char* text) : Param{std::string{text}} {}
    Param(UtcTime time) : integer_{to_unix_ms(time)} {}
    Param(Seconds span) : integer_{span.count()} {}
    Param(Money amount) : integer_{amount.vnd()} {}
    Param(const Ulid& id) : is_text_{true}, text_{to_string(id)} {}
    template <class Tag>
    Param(const Id<Tag>& id) : Param{id.value()}
    {
    }
    template <class Tag>
    Param(const Key<Tag>& key) : is_text_{true}, text_{key.text()}
    {
    }
    /// The all-zero address, which stands for "not known", is kept as empty text.
    Param(const MacAddress& mac);
    Param(Ipv4Address ip) : is_text_{true}, text_{to_string(ip)} {}
    template <class T>
    Param(const std::optional<T>& value) : Param{value.value_or(T{})}
    {
        is_null_ = !value.has_value();
    }

    [[nodiscard]] bool is_text() const { return is_text_; }
    [[nodiscard]] bool is_null() const { return is_null_; }
    [[nodiscard]] std::int64_t integer() const { return integer_; }
    [[nodiscard]] const std::string& text() const { return text_; }

private:
    void clean();

    bool is_text_ = false;
    bool is_null_ = false;
    std::int64_t integer_ = 0;
    std::string text_;
};

/// One row of an answer, read from left to right. Throws DamagedRow when a stored value cannot
/// be what its reader expects.
class Row {
public:
    struct Columns;
    explicit Row(const Columns& columns) : columns_{&columns} {}

    std::int64_t integer();
    std::optional<std::int64_t> maybe_integer();
    const std::string& text();
    std::optional<std::string> maybe_text();
    bool flag() { return integer() != 0; }
    UtcTime time() { return from_unix_ms(integer()); }
    std::optional<UtcTime> maybe_time();
    Money money() { return Money{integer()}; }
    Seconds seconds() { return Seconds{integer()}; }
    Ulid ulid();
    template <class AnyId>
    AnyId id()
    {
        return AnyId{ulid()};
    }
    template <class AnyKey>
    AnyKey key()
    {
        return AnyKey::trusted(text());
    }
    /// Nothing for empty text.
    std::optional<MacAddress> maybe_mac();
    MacAddress mac() { return maybe_mac().value_or(MacAddress{}); }
    std::optional<Ipv4Address> maybe_ip();

private:
    const Columns* columns_;
    std::size_t at_ = 0;
};

/// Throws DamagedRow with "damaged row: `what`".
[[noreturn]] void damaged(std::string_view what);

/// Not thread-safe: one thread at a time.
class Connection {
public:
    struct Settings {
        std::string url; // sqlite:PATH, sqlite::memory: or postgresql://...
        std::string sqlite_synchronous = "full";
    };
    explicit Connection(const Settings& settings);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] Engine engine() const { return engine_; }
    [[nodiscard]] bool is_sqlite() const { return engine_ == Engine::sqlite; }

    /// Runs a statement that gives no rows; the number of rows it changed. Parameters are written
    /// `:name`, each name once, and bound in their order. The statement is prepared once and kept.
    std::int64_t run(std::string_view sql, std::initializer_list<Param> params = {});
    /// Runs a query and calls `read` for each row. `columns` has one letter a column: i integer,
    /// t text.
    using ReadRow = std::function<void(Row&)>;
    void each(
        std::string_view sql, std::string_view columns, std::initializer_list<Param> params,
        const ReadRow& read);
    /// Whether there was a row.
    bool one(
        std::string_view sql, std::string_view columns, std::initializer_list<Param> params,
        const ReadRow& read);
    /// The single integer of the single row; 0 when there is none.
    std::int64_t number(std::string_view sql, std::initializer_list<Param> params = {});
    bool exists(std::string_view sql, std::initializer_list<Param> params);

    /// Runs SQL that is used once: migrations, settings.
    void execute_once(const std::string& sql);
    /// Replaces all that this database holds by what `other` holds. Both are SQLite's.
    void become_copy_of(Connection& other);

    void begin_write();
    void begin_read();
    void commit();
    /// Never throws: a connection that cannot roll back is lost, and the next use says so.
    void rollback() noexcept;
    /// A part of a write transaction that can be undone alone.
    void begin_part();
    void keep_part();
    void undo_part();

private:
    struct Impl;
    struct Prepared;
    Prepared& prepared(
        std::string_view sql, std::string_view columns, std::initializer_list<Param> params);

    Engine engine_;
    std::unique_ptr<Impl> impl_;
};

} // namespace iwas::adapters
