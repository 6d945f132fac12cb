#include "adapters/store/runner.hpp"
#include "adapters/store/sql_accounting.hpp"
#include "adapters/store/work_queue.hpp"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>

namespace iwas::adapters {

namespace {

constexpr Milliseconds checkpoint_interval{500};

class SqliteRunner final : public Runner {
public:
    SqliteRunner(
        const Connection::Settings& settings, boost::asio::any_io_executor io, std::size_t readers,
        RunnerLimits limits)
        : io_{std::move(io)}, writes_{limits}, reads_{limits}, writer_db_{settings},
          checkpoint_db_{settings}
    {
        writer_db_.execute_once("pragma wal_autocheckpoint = 40000");
        writer_db_.execute_once("pragma cache_size = -32768");
        for (std::size_t i = 0; i < readers; ++i)
            reader_dbs_.push_back(std::make_unique<Connection>(settings));
        threads_.emplace_back([this] { write_all(); });
        threads_.emplace_back([this](const std::stop_token& stop) { checkpoint(stop); });
        for (const auto& db : reader_dbs_)
            threads_.emplace_back([this, each = db.get()] { read_all(*each); });
    }

    ~SqliteRunner() override
    {
        writes_.close();
        reads_.close();
        threads_.clear(); // joins: what was accepted is done
    }

    boost::asio::awaitable<Outcome> run(Access access, Work work) override
    {
        return push_and_wait(access == Access::write ? writes_ : reads_, io_, std::move(work));
    }

    void submit(domain::AccountingRecord record, JournalDone done) noexcept override
    {
        QueuedRecord item{std::move(record), std::move(done)};
        if (!writes_.push(item)) item.done(ports::Journaled::rejected);
    }

private:
    void read_all(Connection& db)
    {
        while (auto item = reads_.pop()) {
            bool is_lost = false;
            item->done(run_alone(db, Access::read, item->work, is_lost));
        }
    }

    /// Moves the log into the database file beside the writer, which so never waits for that.
    /// Only when the log grows past wal_autocheckpoint does the writer do it itself.
    void checkpoint(const std::stop_token& stop)
    {
        std::mutex mutex;
        std::condition_variable_any stopped;
        std::unique_lock lock{mutex};
        while (!stopped.wait_for(lock, stop, checkpoint_interval, [] { return false; })) {
            if (stop.stop_requested()) return;
            try {
                checkpoint_db_.each("pragma wal_checkpoint(passive)", "iii", {}, [](Row&) {});
            } catch (const std::exception& error) {
                log_failure(error);
            }
        }
    }

    void write_all()
    {
        for (;;) {
            Group group = writes_.pop_group();
            if (group.works.empty() && group.records.empty()) return;
            write_group(group);
        }
    }

    /// One transaction and one commit for the whole group; each work is a part that can be undone
    /// alone. When the transaction itself fails, all of the group failed.
    void write_group(Group& group)
    {
        std::vector<Outcome> outcomes(group.works.size(), Outcome::failed);
        std::vector<ports::Journaled> journaled(group.records.size(), ports::Journaled::rejected);
        bool is_durable = false;
        try {
            writer_db_.begin_write();
            for (std::size_t i = 0; i < group.works.size(); ++i)
                outcomes[i] = run_part(group.works[i].work);
            apply_records(group.records, journaled);
            writer_db_.commit();
            is_durable = true;
        } catch (const std::exception& error) {
            writer_db_.rollback();
            log_failure(error);
        }
        for (std::size_t i = 0; i < group.works.size(); ++i)
            group.works[i].done(is_durable ? outcomes[i] : Outcome::failed);
        for (std::size_t i = 0; i < group.records.size(); ++i)
            group.records[i].done(is_durable ? journaled[i] : ports::Journaled::rejected);
    }

    Outcome run_part(const Work& work)
    {
        writer_db_.begin_part();
        try {
            if (work(writer_db_)) {
                writer_db_.keep_part();
                return Outcome::kept;
            }
        } catch (const std::exception& error) {
            log_failure(error);
            writer_db_.undo_part();
            return Outcome::failed;
        }
        writer_db_.undo_part();
        return Outcome::undone;
    }

    void apply_records(
        const std::vector<QueuedRecord>& records, std::vector<ports::Journaled>& journaled)
    {
        if (records.empty()) return;
        const auto apply_from = [&](std::size_t first, std::size_t count) {
            return run_part([&](Connection& db) {
                for (std::size_t i = first; i < first + count; ++i)
                    apply_record(db, records[i].record);
                return true;
            });
        };
        if (apply_from(0, records.size()) == Outcome::kept) {
            journaled.assign(records.size(), ports::Journaled::durable);
            return;
        }
        // One of them does not fit: the others must not suffer for it.
        for (std::size_t i = 0; i < records.size(); ++i)
            if (apply_from(i, 1) == Outcome::kept) journaled[i] = ports::Journaled::durable;
    }

    boost::asio::any_io_executor io_;
    WorkQueue writes_;
    WorkQueue reads_;
    Connection writer_db_;
    Connection checkpoint_db_;
    std::vector<std::unique_ptr<Connection>> reader_dbs_;
    std::vector<std::jthread> threads_; // last: they use everything above
};

} // namespace

std::unique_ptr<Runner> make_sqlite_runner(
    const Connection::Settings& settings, boost::asio::any_io_executor io, std::size_t readers,
    RunnerLimits limits)
{
    return std::make_unique<SqliteRunner>(settings, std::move(io), readers, limits);
}

} // namespace iwas::adapters
