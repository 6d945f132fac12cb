#include "adapters/store/runner.hpp"
#include "adapters/store/sql_accounting.hpp"
#include "adapters/store/work_queue.hpp"

#include <thread>
#include <utility>

namespace iwas::adapters {

namespace {

/// A connection that is opened when it is first needed, and again after it was lost.
class Reconnecting {
public:
    explicit Reconnecting(Connection::Settings settings) : settings_{std::move(settings)} {}

    /// Nothing while the server cannot be reached.
    Connection* get()
    {
        if (db_) return db_.get();
        try {
            db_ = std::make_unique<Connection>(settings_);
        } catch (const std::exception& error) {
            log_failure(error);
        }
        return db_.get();
    }
    Outcome run(Access access, const Work& work)
    {
        Connection* const db = get();
        if (!db) return Outcome::failed;
        bool is_lost = false;
        const Outcome outcome = run_alone(*db, access, work, is_lost);
        if (is_lost) db_.reset();
        return outcome;
    }

private:
    Connection::Settings settings_;
    std::unique_ptr<Connection> db_;
};

class PostgresRunner final : public Runner {
public:
    PostgresRunner(
        const Connection::Settings& settings, boost::asio::any_io_executor io, std::size_t threads,
        RunnerLimits limits)
        : io_{std::move(io)}, writes_{limits}, reads_{limits}, records_{limits}, settings_{settings}
    {
        threads_.emplace_back([this] { journal_all(); });
        for (std::size_t i = 0; i < threads; ++i) {
            threads_.emplace_back([this] { serve(writes_, Access::write); });
            threads_.emplace_back([this] { serve(reads_, Access::read); });
        }
    }

    ~PostgresRunner() override
    {
        writes_.close();
        reads_.close();
        records_.close();
        threads_.clear(); // joins: what was accepted is done
    }

    boost::asio::awaitable<Outcome> run(Access access, Work work) override
    {
        return push_and_wait(access == Access::write ? writes_ : reads_, io_, std::move(work));
    }

    void submit(domain::AccountingRecord record, JournalDone done) noexcept override
    {
        QueuedRecord item{std::move(record), std::move(done)};
        if (!records_.push(item)) item.done(ports::Journaled::rejected);
    }

private:
    void serve(WorkQueue& queue, Access access)
    {
        Reconnecting db{settings_};
        while (auto item = queue.pop())
            item->done(db.run(access, item->work));
    }

    void journal_all()
    {
        Reconnecting db{settings_};
        for (;;) {
            const Group group = records_.pop_group();
            const auto& records = group.records;
            if (records.empty()) return;
            const auto apply_from = [&](std::size_t first, std::size_t count) {
                return db.run(Access::write, [&](Connection& connection) {
                    for (std::size_t i = first; i < first + count; ++i)
                        apply_record(connection, records[i].record);
                    return true;
                }) == Outcome::kept;
            };
            const bool all_fit = apply_from(0, records.size());
            for (std::size_t i = 0; i < records.size(); ++i) {
                const bool is_durable = all_fit || (db.get() && apply_from(i, 1));
                records[i].done(
                    is_durable ? ports::Journaled::durable : ports::Journaled::rejected);
            }
        }
    }

    boost::asio::any_io_executor io_;
    WorkQueue writes_;
    WorkQueue reads_;
    WorkQueue records_;
    Connection::Settings settings_;
    std::vector<std::jthread> threads_; // last: they use everything above
};

} // namespace

std::unique_ptr<Runner> make_postgres_runner(
    const Connection::Settings& settings, boost::asio::any_io_executor io, std::size_t threads,
    RunnerLimits limits)
{
    return std::make_unique<PostgresRunner>(settings, std::move(io), threads, limits);
}

} // namespace iwas::adapters
