#include "asio/task_group.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include <exception>
#include <map>
#include <utility>
#include <vector>

namespace iwas {
namespace asio = boost::asio;

struct TaskGroup::State {
    State(asio::any_io_executor executor_, std::size_t tasks_max_)
        : executor{std::move(executor_)}, tasks_max{tasks_max_}, idle{executor}
    {
        idle.expires_at(asio::steady_timer::time_point::max());
    }

    struct Task {
        std::string name;
        // Held apart from the map's node: the coroutine may emit completion inside `emit`.
        std::shared_ptr<asio::cancellation_signal> signal;
    };

    void ended(std::uint64_t id, const std::exception_ptr& error)
    {
        const auto task = tasks.find(id);
        if (task == tasks.end()) return;
        if (error) report(task->second.name, error);
        tasks.erase(task);
        if (tasks.empty()) idle.cancel();
    }

    void report(const std::string& name, const std::exception_ptr& error)
    {
        try {
            std::rethrow_exception(error);
        } catch (const boost::system::system_error& problem) {
            if (cancelled && problem.code() == asio::error::operation_aborted) return;
            ++failures;
            spdlog::error("event=task_failed task={} error=\"{}\"", name, problem.what());
        } catch (const std::exception& problem) {
            ++failures;
            spdlog::error("event=task_failed task={} error=\"{}\"", name, problem.what());
        } catch (...) {
            ++failures;
            spdlog::error("event=task_failed task={} error=\"unknown exception\"", name);
        }
    }

    asio::any_io_executor executor;
    std::size_t tasks_max;
    asio::steady_timer idle;
    std::map<std::uint64_t, Task> tasks;
    std::uint64_t next_id = 1;
    std::uint64_t refusals = 0;
    std::uint64_t failures = 0;
    bool closed = false;
    bool cancelled = false;
};

TaskGroup::TaskGroup(asio::any_io_executor executor, std::size_t tasks_max)
    : state_{std::make_shared<State>(std::move(executor), tasks_max)}
{
}

TaskGroup::~TaskGroup() = default;

bool TaskGroup::spawn(std::string name, asio::awaitable<void> task)
{
    if (state_->closed || state_->tasks.size() >= state_->tasks_max) {
        ++state_->refusals;
        return false;
    }
    const std::uint64_t id = state_->next_id++;
    auto signal = std::make_shared<asio::cancellation_signal>();
    state_->tasks.emplace(id, State::Task{std::move(name), signal});
    // The handler keeps the signal: its slot must outlive the coroutine.
    auto done = [state = state_, signal, id](std::exception_ptr error) { state->ended(id, error); };
    asio::co_spawn(
        state_->executor, std::move(task),
        asio::bind_cancellation_slot(signal->slot(), std::move(done)));
    return true;
}

std::size_t TaskGroup::running() const
{
    return state_->tasks.size();
}
std::uint64_t TaskGroup::refused() const
{
    return state_->refusals;
}
std::uint64_t TaskGroup::failed() const
{
    return state_->failures;
}

void TaskGroup::close()
{
    state_->closed = true;
}

void TaskGroup::cancel()
{
    state_->closed = true;
    state_->cancelled = true;
    std::vector<std::shared_ptr<asio::cancellation_signal>> signals;
    signals.reserve(state_->tasks.size());
    for (const auto& [id, task] : state_->tasks)
        signals.push_back(task.signal);
    for (const auto& signal : signals)
        signal->emit(asio::cancellation_type::terminal);
}

asio::awaitable<void> TaskGroup::join()
{
    const std::shared_ptr<State> state = state_;
    while (!state->tasks.empty()) {
        // `idle` never expires: the last task to end cancels the wait.
        co_await state->idle.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

} // namespace iwas
