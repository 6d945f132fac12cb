#include "adapters/store/migrations.hpp"
#include "adapters/store/runner.hpp"
#include "adapters/store/sql_accounting.hpp"
#include "adapters/store/work_queue.hpp"

#include <utility>

namespace iwas::adapters {

namespace {

class InlineRunner final : public Runner {
public:
    explicit InlineRunner(const Connection::Settings& settings) : db_{settings} { migrate(db_); }

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
