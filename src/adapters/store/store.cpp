#include "adapters/store/store.hpp"

#include "adapters/store/sealing_keys.hpp"
#include "adapters/store/sql_catalog.hpp"
#include "adapters/store/sql_jobs.hpp"
#include "adapters/store/sql_people.hpp"
#include "adapters/store/sql_traces.hpp"
#include "adapters/store/store_books.hpp"

namespace iwas::adapters {

namespace store_parts {
namespace {

using domain::JobId;

class SqlStore final : public BooksStore {
public:
    using BooksStore::BooksStore;

    // Jobs
    Answer<std::vector<Job>> lease_jobs(
        UtcTime now, UtcTime due_before, UtcTime lease_until, int limit) override
    {
        return write<std::vector<Job>>([=, this](Connection& db) {
            return adapters::lease_jobs(db, node_, now, due_before, lease_until, limit);
        });
    }
    Answer<bool> offer_job(Job job) override
    {
        return write<bool>([this, job = std::move(job)](Connection& db) {
            return adapters::offer_job(db, job, node_);
        });
    }
    Answer<std::optional<Job>> load_job(JobId id) override
    {
        return read<std::optional<Job>>(
            [id](Connection& db) { return adapters::load_job(db, id); });
    }
    Answer<void> postpone_job(JobId id, UtcTime due_at) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write, [id, due_at](Connection& db) -> Result<void, StoreError> {
                if (!adapters::postpone_job(db, id, due_at))
                    return std::unexpected(StoreError::conflict);
                return {};
            });
    }
    Answer<void> finish_job(JobId id) override
    {
        return write<void>([id](Connection& db) { remove_job(db, id); });
    }
    Answer<void> postpone_turn(Job turn, UtcTime due_at) override
    {
        return write<void>([turn = std::move(turn), due_at](Connection& db) {
            adapters::postpone_turn(db, turn, due_at);
        });
    }
    Answer<void> finish_turn(Job turn) override
    {
        return write<void>([turn = std::move(turn)](Connection& db) { remove_turn(db, turn); });
    }

    Answer<int> release_own_leases() override
    {
        return write<int>([this](Connection& db) { return release_leases(db, node_); });
    }

    // People
    Answer<domain::Account> keep_account(domain::Account account) override
    {
        return write<domain::Account>([account = std::move(account)](Connection& db) {
            return adapters::keep_account(db, account);
        });
    }
    Answer<std::optional<domain::Account>> load_account(AccountId id) override
    {
        return read<std::optional<domain::Account>>(
            [id](Connection& db) { return adapters::load_account(db, id); });
    }
    Answer<std::optional<domain::Account>> account_of_member(
        LocationId location, std::string member_id) override
    {
        return read<std::optional<domain::Account>>(
            [location = std::move(location), member = std::move(member_id)](Connection& db) {
                return adapters::account_of_member(db, location, member);
            });
    }
    Answer<std::optional<domain::Account>> account_of_user_name(
        LocationId location, std::string user_name) override
    {
        return read<std::optional<domain::Account>>(
            [location = std::move(location), name = std::move(user_name)](Connection& db) {
                return adapters::account_of_user_name(db, location, name);
            });
    }
    Answer<void> keep_visit(domain::Visit visit) override
    {
        return write<void>(
            [visit = std::move(visit)](Connection& db) { adapters::keep_visit(db, visit); });
    }
    Answer<std::optional<domain::Visit>> load_visit(domain::VisitId id) override
    {
        return read<std::optional<domain::Visit>>(
            [id](Connection& db) { return adapters::load_visit(db, id); });
    }
    Answer<std::optional<domain::Account>> last_account_of_device(
        LocationId location, MacAddress mac) override
    {
        return read<std::optional<domain::Account>>(
            [location = std::move(location), mac](Connection& db) {
                return adapters::last_account_of_device(db, location, mac);
            });
    }
    Answer<bool> keep_pc_event(LocationId location, std::string event_id, Job job) override
    {
        return write<bool>([this, location = std::move(location), event = std::move(event_id),
                            job = std::move(job)](Connection& db) {
            return adapters::keep_pc_event(db, location, event, job, node_);
        });
    }
    awaitable<Result<RequestState, RequestError>> begin_request(
        std::string scope, std::string key, Sha256Digest request_hash, UtcTime now) override
    {
        return perform<Result<RequestState, RequestError>>(
            *runner_, Access::write,
            [this, scope = std::move(scope), key = std::move(key), request_hash,
             now](Connection& db) {
                return adapters::begin_request(db, keys_, scope, key, request_hash, now);
            });
    }
    Answer<void> finish_request(std::string scope, std::string key, StoredAnswer answer) override
    {
        return write<void>([this, scope = std::move(scope), key = std::move(key),
                            answer = std::move(answer)](Connection& db) {
            adapters::finish_request(db, keys_, scope, key, answer);
        });
    }
    Answer<int> forget_old(UtcTime before, int limit) override
    {
        return write<int>(
            [before, limit](Connection& db) { return adapters::forget_old(db, before, limit); });
    }

    // CatalogStore
    Answer<domain::Catalog> load_catalog() override
    {
        return read<domain::Catalog>(
            [this](Connection& db) { return adapters::load_catalog(db, keys_); });
    }
    Answer<void> replace_catalog(domain::Catalog wanted, std::string actor, UtcTime now) override
    {
        return perform<Result<void, StoreError>>(
            *runner_, Access::write,
            [this, wanted = std::move(wanted), actor = std::move(actor),
             now](Connection& db) -> Result<void, StoreError> {
                if (!adapters::replace_catalog(db, keys_, wanted, actor, now))
                    return std::unexpected(StoreError::conflict);
                return {};
            });
    }
    Answer<std::int64_t> catalog_version() override
    {
        return read<std::int64_t>([](Connection& db) { return adapters::catalog_version(db); });
    }

    // TraceStore
    Answer<void> append_trace(std::vector<TraceStep> steps) override
    {
        return write<void>(
            [steps = std::move(steps)](Connection& db) { adapters::append_trace(db, steps); });
    }
    Answer<std::vector<TraceStep>> load_trace(Ulid trace) override
    {
        return read<std::vector<TraceStep>>(
            [trace](Connection& db) { return adapters::load_trace(db, trace); });
    }
    Answer<void> append_audit(AuditEntry entry) override
    {
        return write<void>(
            [entry = std::move(entry)](Connection& db) { adapters::append_audit(db, entry); });
    }
    Answer<std::vector<AuditEntry>> recent_audit(int limit) override
    {
        return read<std::vector<AuditEntry>>(
            [limit](Connection& db) { return adapters::recent_audit(db, limit); });
    }

    // AccountingJournal
    void submit(
        domain::AccountingRecord record, std::function<void(Journaled)> done) noexcept override
    {
        runner_->submit(std::move(record), std::move(done));
    }
};

} // namespace
} // namespace store_parts

namespace {

/// Refuses before anything is changed when a key is missing.
void prepare(const std::string& url, const KeyRing& keys)
{
    Connection db{{url, "full"}};
    require_keys(db, keys);
    migrate(db);
    fold_account_names(db);
    note_active_key(db, keys);
}

} // namespace

std::unique_ptr<ports::Store> open_store(StoreOptions options)
{
    const Connection::Settings settings{options.url, options.sqlite_synchronous};
    const bool is_memory = options.url == "sqlite::memory:";
    if (is_memory && !options.inline_execution)
        throw std::runtime_error("sqlite::memory: is for inline execution only");

    if (!is_memory) prepare(options.url, options.keys);
    auto runner = [&] {
        if (options.inline_execution) return make_inline_runner(settings);
        return Engine::sqlite == engine_of(options.url)
                   ? make_sqlite_runner(settings, options.io, options.threads)
                   : make_postgres_runner(settings, options.io, options.threads);
    }();
    return std::make_unique<store_parts::SqlStore>(
        std::move(runner), std::move(options.keys), std::move(options.node));
}

bool needs_keys(const std::string& url)
{
    Connection db{{url, "full"}};
    return !keys_in_use(db).empty();
}

void require_keys(const std::string& url, const KeyRing& keys)
{
    Connection db{{url, "full"}};
    require_keys(db, keys);
}

std::vector<AppliedMigration> migrate_database(const std::string& url)
{
    Connection db{{url, "full"}};
    auto applied = migrate(db);
    fold_account_names(db);
    return applied;
}

} // namespace iwas::adapters
