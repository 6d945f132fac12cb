// TaskGroup: the one way to start a coroutine that nobody awaits.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace iwas {

/// Runs coroutines on one executor, logs what they throw, counts them, limits their number, and
/// waits for them at shutdown. All calls come from the executor's thread.
class TaskGroup {
public:
    /// `tasks_max` bounds how many run at once.
    TaskGroup(boost::asio::any_io_executor executor, std::size_t tasks_max);
    /// Tasks still running then go on unsupervised until the executor ends: join first.
    ~TaskGroup();
    TaskGroup(const TaskGroup&) = delete;
    TaskGroup& operator=(const TaskGroup&) = delete;

    /// Starts `task`. False, and the task is dropped unstarted, when the limit is reached or the
    /// group is closed. `name` is for the log. The task starts when the executor next runs.
    [[nodiscard]] bool spawn(std::string name, boost::asio::awaitable<void> task);

    [[nodiscard]] std::size_t running() const;
    /// Tasks that were refused since the start, and tasks that ended with an exception.
    [[nodiscard]] std::uint64_t refused() const;
    [[nodiscard]] std::uint64_t failed() const;

    /// From now on `spawn` refuses.
    void close();
    /// Asks every task to stop: the operation each one waits for ends with operation_aborted.
    /// Also closes. Never for tasks that move money.
    void cancel();
    /// Completes when no task runs.
    boost::asio::awaitable<void> join();

private:
    struct State;
    std::shared_ptr<State> state_;
};

} // namespace iwas
