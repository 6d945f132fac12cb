#include "adapters/store/work_queue.hpp"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <thread>
#include <utility>

namespace iwas::adapters {

namespace asio = boost::asio;

namespace {

constexpr int tries_max = 20;

template <class Item>
void move_up_to(std::deque<Item>& from, std::vector<Item>& to, std::size_t count_max)
{
    const auto end = from.begin() + static_cast<std::ptrdiff_t>(std::min(from.size(), count_max));
    to.assign(std::make_move_iterator(from.begin()), std::make_move_iterator(end));
    from.erase(from.begin(), end);
}

} // namespace

bool WorkQueue::push(QueuedWork& item)
{
    {
        const std::lock_guard lock{mutex_};
        if (closed_ || works_.size() >= limits_.queued_work_max) return false;
        works_.push_back(std::move(item));
    }
    filled_.notify_one();
    return true;
}

bool WorkQueue::push(QueuedRecord& item)
{
    {
        const std::lock_guard lock{mutex_};
        if (closed_ || records_.size() >= limits_.queued_records_max) return false;
        records_.push_back(std::move(item));
    }
    filled_.notify_one();
    return true;
}

std::optional<QueuedWork> WorkQueue::pop()
{
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [&] { return closed_ || !works_.empty(); });
    if (works_.empty()) return std::nullopt;
    std::optional<QueuedWork> item{std::move(works_.front())};
    works_.pop_front();
    return item;
}

Group WorkQueue::pop_group()
{
    Group group;
    std::unique_lock lock{mutex_};
    filled_.wait(lock, [&] { return closed_ || !works_.empty() || !records_.empty(); });
    move_up_to(works_, group.works, limits_.group_work_max);
    move_up_to(records_, group.records, limits_.group_records_max);
    return group;
}

void WorkQueue::close()
{
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    filled_.notify_all();
}

asio::awaitable<Outcome> push_and_wait(WorkQueue& queue, asio::any_io_executor io, Work work)
{
    auto initiate = [&queue, io](auto handler, Work queued) {
        // The guard keeps the executor's loop alive until the outcome arrives.
        auto executor = asio::get_associated_executor(handler, io);
        auto guard = asio::make_work_guard(executor);
        QueuedWork item{
            std::move(queued), [handler = std::move(handler), executor,
                                guard = std::move(guard)](Outcome outcome) mutable {
                // The handler moves on: a database thread never holds or ends a coroutine.
                asio::post(executor, [handler = std::move(handler), outcome]() mutable {
                    std::move(handler)(outcome);
                });
            }};
        if (!queue.push(item)) item.done(Outcome::failed);
    };
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>, void(Outcome)>(
        std::move(initiate), asio::use_awaitable, std::move(work));
}

Outcome run_alone(Connection& db, Access access, const Work& work, bool& is_lost)
{
    for (int tries = 1;; ++tries) {
        try {
            access == Access::write ? db.begin_write() : db.begin_read();
            if (!work(db)) {
                db.rollback();
                return Outcome::undone;
            }
            db.commit();
            return Outcome::kept;
        } catch (const DatabaseError& error) {
            db.rollback();
            is_lost = error.is_lost;
            if (!error.is_retryable || tries == tries_max) {
                log_failure(error);
                return Outcome::failed;
            }
            std::this_thread::sleep_for(Milliseconds{tries});
        } catch (const std::exception& error) {
            db.rollback();
            log_failure(error);
            return Outcome::failed;
        }
    }
}

void log_failure(const std::exception& error) noexcept
{
    try {
        spdlog::error("store.failed The database refused or lost work: {}", error.what());
    } catch (...) {
        return; // a log that fails must not fail the store
    }
}

} // namespace iwas::adapters
