// Runner: carries database work to the threads that do it, and its outcome back to the caller.
#pragma once

#include "adapters/store/connection.hpp"
#include "domain/accounting.hpp"
#include "ports/store/accounting_journal.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>

namespace iwas::adapters {

enum class Access { read, write };

enum class Outcome {
    kept,   // it ran; what it wrote is durable
    undone, // it ran and asked for its changes to be undone
    failed, // the database failed, or the runner is full or stopping: nothing is known
};

/// Work in one database transaction. Returns whether to keep its changes. May run more than once
/// (the earlier tries were undone), so it changes nothing but the database and its own answer.
using Work = std::function<bool(Connection&)>;
using JournalDone = std::function<void(ports::Journaled)>;

class Runner {
public:
    virtual ~Runner() = default;

    /// Resumes on the caller's executor. Not cancellable.
    virtual boost::asio::awaitable<Outcome> run(Access access, Work work) = 0;
    /// As ports::AccountingJournal::submit.
    virtual void submit(domain::AccountingRecord record, JournalDone done) noexcept = 0;
};

struct RunnerLimits {
    std::size_t queued_work_max = 20'000;
    std::size_t queued_records_max = 50'000;
    /// Of one commit: bounds how long the first of a group waits for the last.
    std::size_t group_work_max = 128;
    std::size_t group_records_max = 1'024;
};

/// Everything on the calling thread, at once: for the simulation. One connection, which it also
/// brings to this program's schema, because a database in memory has no other.
std::unique_ptr<Runner> make_inline_runner(const Connection::Settings& settings);

/// SQLite: one writer thread that puts what waits into one durable commit, and `readers` threads.
std::unique_ptr<Runner> make_sqlite_runner(
    const Connection::Settings& settings, boost::asio::any_io_executor io, std::size_t readers,
    RunnerLimits limits = {});

/// PostgreSQL: `threads` connections for writing and as many for reading, and one for accounting.
std::unique_ptr<Runner> make_postgres_runner(
    const Connection::Settings& settings, boost::asio::any_io_executor io, std::size_t threads,
    RunnerLimits limits = {});

} // namespace iwas::adapters
