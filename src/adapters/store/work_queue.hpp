// WorkQueue: a bounded queue between the I/O thread and the database threads.
#pragma once

#include "adapters/store/runner.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <vector>

namespace iwas::adapters {

/// Reports the outcome once, on any thread.
using WorkDone = std::move_only_function<void(Outcome)>;

struct QueuedWork {
    Work work;
    WorkDone done;
};
struct QueuedRecord {
    domain::AccountingRecord record;
    JournalDone done;
};
/// What one commit will hold.
struct Group {
    std::vector<QueuedWork> works;
    std::vector<QueuedRecord> records;
};

class WorkQueue {
public:
    explicit WorkQueue(RunnerLimits limits) : limits_{limits} {}

    /// False when the queue is full or closed; then `item` is untouched.
    bool push(QueuedWork& item);
    bool push(QueuedRecord& item);

    /// Waits for one piece of work; nothing when the queue is closed and empty.
    std::optional<QueuedWork> pop();
    /// Waits for anything and takes all that waits, up to the limits; empty when the queue is
    /// closed and empty.
    Group pop_group();

    /// From now on `push` refuses; what is queued is still given out.
    void close();

private:
    RunnerLimits limits_;
    std::mutex mutex_;
    std::condition_variable filled_;
    std::deque<QueuedWork> works_;
    std::deque<QueuedRecord> records_;
    bool closed_ = false;
};

/// Pushes work and waits for its outcome without blocking; failed at once when the queue refuses.
boost::asio::awaitable<Outcome> push_and_wait(
    WorkQueue& queue, boost::asio::any_io_executor io, Work work);

/// Runs `work` in a transaction of `db` of its own, again when another was in the way. `outcome`
/// of a database failure is `failed`; `is_lost` says whether the connection is of no more use.
Outcome run_alone(Connection& db, Access access, const Work& work, bool& is_lost);

/// Writes why the database failed, without the values of any row.
void log_failure(const std::exception& error) noexcept;

} // namespace iwas::adapters
