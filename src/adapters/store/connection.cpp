#include "adapters/store/connection.hpp"

#include "core/assert.hpp"

#include <soci/postgresql/soci-postgresql.h>
#include <soci/soci.h>
#include <soci/sqlite3/soci-sqlite3.h>

#include <deque>
#include <unordered_map>

namespace iwas::adapters {

namespace {

struct Slot {
    bool is_text = false;
    long long integer = 0;
    std::string text;
    soci::indicator indicator = soci::i_ok;
};

constexpr std::size_t statements_max = 400;

[[noreturn]] void rethrow(const soci::soci_error& error)
{
    if (const auto* postgres = dynamic_cast<const soci::postgresql_soci_error*>(&error)) {
        const std::string state = postgres->sqlstate();
        const bool is_retryable =
            state == "40001" || state == "40P01" || state == "23505" || state == "55P03";
        const bool is_lost =
            state.starts_with("08") || state.starts_with("57P") ||
            state.find_first_not_of(std::string_view{" \0", 2}) == std::string::npos ||
            error.get_error_category() == soci::soci_error::connection_error;
        throw DatabaseError{error.get_error_message() + " (" + state + ")", is_retryable, is_lost};
    }
    throw DatabaseError{error.get_error_message(), false, false};
}

std::string connect_string(const Connection::Settings& settings, Engine engine)
{
    constexpr std::string_view sqlite_scheme = "sqlite:";
    if (engine == Engine::postgresql)
        // SOCI takes a connection string without '=' for an empty one.
        return settings.url + (settings.url.find('?') == std::string::npos ? "?" : "&") +
               "application_name=iwas";
    const std::string path = settings.url.substr(sqlite_scheme.size());
    if (path.find('"') != std::string::npos)
        throw std::runtime_error("the database path must not contain a quotation mark");
    return "db=\"" + path + "\" timeout=10 shared_cache=false";
}

} // namespace

Engine engine_of(const std::string& url)
{
    if (url.starts_with("sqlite:") && url.size() > 7) return Engine::sqlite;
    if (url.starts_with("postgresql://") || url.starts_with("postgres://"))
        return Engine::postgresql;
    throw std::runtime_error("database url: sqlite:PATH or postgresql://... is expected");
}

struct Row::Columns {
    std::deque<Slot> slots;
};

void damaged(std::string_view what)
{
    throw DamagedRow{"damaged row: " + std::string{what}};
}

std::optional<std::int64_t> Row::maybe_integer()
{
    IWAS_ASSERT(at_ < columns_->slots.size());
    const Slot& slot = columns_->slots[at_++];
    IWAS_ASSERT(!slot.is_text);
    if (slot.indicator == soci::i_null) return std::nullopt;
    return slot.integer;
}

std::int64_t Row::integer()
{
    const auto value = maybe_integer();
    if (!value) damaged("a number is missing");
    return *value;
}

const std::string& Row::text()
{
    IWAS_ASSERT(at_ < columns_->slots.size());
    const Slot& slot = columns_->slots[at_++];
    IWAS_ASSERT(slot.is_text);
    if (slot.indicator == soci::i_null) damaged("a text is missing");
    return slot.text;
}

std::optional<std::string> Row::maybe_text()
{
    IWAS_ASSERT(at_ < columns_->slots.size());
    const Slot& slot = columns_->slots[at_];
    if (slot.indicator != soci::i_null) return text();
    ++at_;
    return std::nullopt;
}

std::optional<UtcTime> Row::maybe_time()
{
    const auto value = maybe_integer();
    if (!value) return std::nullopt;
    return from_unix_ms(*value);
}

Ulid Row::ulid()
{
    const auto value = Ulid::parse(text());
    if (!value) damaged("an id is not one");
    return *value;
}

std::optional<MacAddress> Row::maybe_mac()
{
    const std::string& stored = text();
    if (stored.empty()) return std::nullopt;
    const auto mac = MacAddress::parse(stored);
    if (!mac) damaged("a MAC address is not one");
    return mac;
}

std::optional<Ipv4Address> Row::maybe_ip()
{
    const auto stored = maybe_text();
    if (!stored) return std::nullopt;
    const auto ip = Ipv4Address::parse(*stored);
    if (!ip) damaged("an IP address is not one");
    return ip;
}

/// A prepared statement with the places that its values and columns are read from and written to.
struct Connection::Prepared {
    Prepared(
        soci::session& session, std::string_view sql, std::string_view columns,
        std::initializer_list<Param> params)
        : statement{session}
    {
        const auto bind = [](Slot& slot, auto exchange) {
            slot.is_text ? exchange(slot.text, slot.indicator)
                         : exchange(slot.integer, slot.indicator);
        };
        for (const Param& param : params)
            bind(uses.emplace_back(param.is_text()), [&](auto& value, soci::indicator& indicator) {
                statement.exchange(soci::use(value, indicator));
            });
        for (const char letter : columns)
            bind(
                row.slots.emplace_back(letter == 't'),
                [&](auto& value, soci::indicator& indicator) {
                    statement.exchange(soci::into(value, indicator));
                });
        statement.alloc();
        statement.prepare(std::string{sql});
        statement.define_and_bind();
    }

    void set(std::initializer_list<Param> params)
    {
        IWAS_ASSERT(params.size() == uses.size());
        auto slot = uses.begin();
        for (const Param& param : params) {
            IWAS_ASSERT(param.is_text() == slot->is_text);
            slot->indicator = param.is_null() ? soci::i_null : soci::i_ok;
            slot->integer = param.integer();
            slot->text = param.text();
            ++slot;
        }
    }

    std::deque<Slot> uses;
    Row::Columns row;
    soci::statement statement;
};

struct Connection::Impl {
    struct Hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>{}(text);
        }
    };
    soci::session session;
    std::unordered_map<std::string, std::unique_ptr<Prepared>, Hash, std::equal_to<>> statements;
};

Connection::Connection(const Settings& settings)
    : engine_{engine_of(settings.url)}, impl_{std::make_unique<Impl>()}
{
    try {
        const std::string where = connect_string(settings, engine_);
        if (engine_ == Engine::postgresql) {
            impl_->session.open(soci::postgresql, where);
            for (const char* setting :
                 {"set synchronous_commit = on", "set statement_timeout = '30s'",
                  "set client_encoding = 'UTF8'", "set timezone = 'UTC'",
                  "set client_min_messages = warning"})
                execute_once(setting);
            return;
        }
        impl_->session.open(soci::sqlite3, where);
        IWAS_ASSERT(
            settings.sqlite_synchronous == "full" || settings.sqlite_synchronous == "off" ||
            settings.sqlite_synchronous == "normal");
        execute_once("pragma busy_timeout = 10000");
        std::string mode;
        impl_->session << "pragma journal_mode = wal", soci::into(mode);
        execute_once("pragma synchronous = " + settings.sqlite_synchronous);
        // KiB of each of several connections; the system's cache has the file anyway.
        execute_once("pragma cache_size = -4096");
        execute_once("pragma temp_store = memory");
        execute_once("pragma wal_autocheckpoint = 4000");
    } catch (const soci::soci_error& error) {
        rethrow(error);
    }
}

Connection::~Connection()
{
    impl_->statements.clear();
}

Connection::Prepared& Connection::prepared(
    std::string_view sql, std::string_view columns, std::initializer_list<Param> params)
{
    auto& statements = impl_->statements;
    auto found = statements.find(sql);
    if (found == statements.end()) {
        IWAS_ASSERT(statements.size() < statements_max);
        found = statements
                    .emplace(sql, std::make_unique<Prepared>(impl_->session, sql, columns, params))
                    .first;
    }
    found->second->set(params);
    return *found->second;
}

std::int64_t Connection::run(std::string_view sql, std::initializer_list<Param> params)
{
    try {
        Prepared& statement = prepared(sql, {}, params);
        statement.statement.execute(true);
        return statement.statement.get_affected_rows();
    } catch (const soci::soci_error& error) {
        impl_->statements.erase(std::string{sql});
        rethrow(error);
    }
}

void Connection::each(
    std::string_view sql, std::string_view columns, std::initializer_list<Param> params,
    const ReadRow& read)
{
    try {
        Prepared& statement = prepared(sql, columns, params);
        // Always to the last row: a half-read statement would keep SQLite's read transaction open.
        for (bool has_row = statement.statement.execute(true); has_row;
             has_row = statement.statement.fetch()) {
            Row row{statement.row};
            read(row);
        }
    } catch (const soci::soci_error& error) {
        impl_->statements.erase(std::string{sql});
        rethrow(error);
    } catch (...) {
        impl_->statements.erase(std::string{sql});
        throw;
    }
}

bool Connection::one(
    std::string_view sql, std::string_view columns, std::initializer_list<Param> params,
    const ReadRow& read)
{
    bool found = false;
    each(sql, columns, params, [&](Row& row) {
        if (!found) read(row);
        found = true;
    });
    return found;
}

std::int64_t Connection::number(std::string_view sql, std::initializer_list<Param> params)
{
    std::int64_t value = 0;
    one(sql, "i", params, [&](Row& row) { value = row.integer(); });
    return value;
}

bool Connection::exists(std::string_view sql, std::initializer_list<Param> params)
{
    return one(sql, "i", params, [](Row&) {});
}

void Connection::execute_once(const std::string& sql)
{
    try {
        impl_->session << sql;
    } catch (const soci::soci_error& error) {
        rethrow(error);
    }
}

void Connection::become_copy_of(Connection& other)
{
    IWAS_ASSERT(is_sqlite() && other.is_sqlite());
    const auto database = [](Impl& impl) {
        return static_cast<soci::sqlite3_session_backend*>(impl.session.get_backend())->conn_;
    };
    sqlite_api::sqlite3_backup* const copy =
        sqlite_api::sqlite3_backup_init(database(*impl_), "main", database(*other.impl_), "main");
    constexpr int all_pages = -1;
    const bool is_whole = copy && sqlite_api::sqlite3_backup_step(copy, all_pages) == SQLITE_DONE;
    if (sqlite_api::sqlite3_backup_finish(copy) != SQLITE_OK || !is_whole)
        throw DatabaseError{"the database cannot be copied", false, false};
}

void Connection::begin_write()
{
    is_sqlite() ? static_cast<void>(run("begin immediate"))
                : execute_once("begin isolation level read committed");
}

void Connection::begin_read()
{
    is_sqlite() ? static_cast<void>(run("begin"))
                : execute_once("begin isolation level repeatable read read only");
}

void Connection::commit()
{
    is_sqlite() ? static_cast<void>(run("commit")) : execute_once("commit");
}

void Connection::rollback() noexcept
{
    try {
        execute_once("rollback");
    } catch (const std::exception&) {
        // Nothing was open, or the connection is gone; then its next statement fails as well.
        return;
    }
}

void Connection::begin_part()
{
    run("savepoint part");
}
void Connection::keep_part()
{
    run("release savepoint part");
}
void Connection::undo_part()
{
    execute_once("rollback to savepoint part");
    execute_once("release savepoint part");
}

} // namespace iwas::adapters
