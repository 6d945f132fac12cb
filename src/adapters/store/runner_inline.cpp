#include "adapters/store/migrations.hpp"
#include "adapters/store/runner.hpp"
#include "adapters/store/sql_accounting.hpp"
#include "adapters/store/work_queue.hpp"

#include <utility>

namespace iwas::adapters {

namespace {

constexpr std::string_view in_memory = "sqlite::memory:";

/// An empty database with this program's schema. Making one takes a fifth of a simulated world's
/// time, so it is made once a thread, and copied.
Connection& migrated_in_memory()
{
    thread_local const std::unique_ptr<Connection> made = [] {
        auto empty = std::make_unique<Connection>(Connection::Settings{.url{in_memory}});
        migrate(*empty);
        return empty;
    }();
    return *made;
}

class InlineRunner final : public Runner {
public:
    explicit InlineRunner(const Connection::Settings& settings) : db_{settings}
    {
        if (settings.url == in_memory)
            db_.become_copy_of(migrated_in_memory());
        else
            migrate(db_);
    }

    boost::asio::awaitable<Outcome> run(Access access, Work work) override
    {
        bool is_lost = false;
        co_return run_alone(db_, access, work, is_lost);
    }

    void submit(domain::AccountingRecord record, JournalDone done) noexcept override
    {
        bool is_lost = false;
        const Work work = [&](Connection& db) {
            apply_record(db, record);
            return true;
        };
        const Outcome outcome = run_alone(db_, Access::write, work, is_lost);
        done(outcome == Outcome::kept ? ports::Journaled::durable : ports::Journaled::rejected);
    }

private:
    Connection db_;
};

} // namespace

std::unique_ptr<Runner> make_inline_runner(const Connection::Settings& settings)
{
    return std::make_unique<InlineRunner>(settings);
}

} // namespace iwas::adapters
