// ApiConnection: one logged-in or logging-in stream to a router, on which tagged commands run at
// the same time.
#pragma once

#include "adapters/router/mikrotik/wire.hpp"
#include "adapters/router/router_api.hpp"
#include "asio/task_group.hpp"
#include "protocol/routeros/reply.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <unordered_map>
#include <vector>

namespace iwas::adapters {

/// The records (`!re`) of a finished command and the attributes of its `!done`.
struct ApiAnswer {
    std::vector<routeros::Attributes> rows;
    routeros::Attributes done;
};

/// Lives on one thread. RouterOS drops answers under much concurrency, hence `outstanding_max`; the
/// commands beyond it wait in a bounded queue.
class ApiConnection : public std::enable_shared_from_this<ApiConnection> {
public:
    static constexpr std::size_t outstanding_max = 4;
    static constexpr std::size_t queue_max = 256;
    static constexpr std::size_t rows_max = 100'000;
    /// How long a cancelled command may take to end before the connection is given up.
    static constexpr Seconds cancel_wait{2};

    /// `tasks` outlives the connection's loops: it is joined after `close`.
    ApiConnection(
        boost::asio::any_io_executor executor, std::unique_ptr<Wire> wire, TaskGroup& tasks);

    /// Begins to read. False when the task group is full.
    [[nodiscard]] bool start();

    /// Runs one command, its tag chosen here. A command not answered by `deadline` is cancelled at
    /// the router, and its outcome is unknown; the connection then takes no more commands.
    awaitable<Result<ApiAnswer, ApiFailure>> call(routeros::Command command, SteadyTime deadline);

    /// Waits until nothing has been sent or received for `idle`; at once when the connection is
    /// closed.
    awaitable<void> wait_idle(Milliseconds idle);

    /// Ends the stream; commands that were sent end as unknown, the others as unreachable.
    void close(std::string reason);

    [[nodiscard]] bool takes_commands() const { return is_open_ && !is_retired_; }

private:
    using Timer = boost::asio::steady_timer;
    struct Pending {
        explicit Pending(const boost::asio::any_io_executor& executor) : timer{executor} {}
        Timer timer; // a mailbox: set to the past when the outcome is there
        bool is_sent = false;
        bool is_finished = false;
        ApiAnswer answer;
        std::optional<ApiFailure> failure;
    };
    struct Waiter {
        explicit Waiter(const boost::asio::any_io_executor& executor) : timer{executor} {}
        Timer timer;
        bool is_granted = false;
    };
    struct Outgoing {
        std::string octets;
        std::shared_ptr<Pending> pending; // null for /cancel
    };
    using Self = std::shared_ptr<ApiConnection>;

    static awaitable<void> read_loop(Self self);
    static awaitable<void> write_loop(Self self);
    static awaitable<void> give_up_after_cancel(Self self);
    awaitable<bool> take_slot(SteadyTime deadline);
    void release_slot();
    void send(Outgoing outgoing);
    bool take_sentences();
    void take_reply(routeros::Reply reply);
    void finish(const std::string& tag);
    Result<ApiAnswer, ApiFailure> abandon(const std::string& tag, Pending& pending);
    void touch();

    boost::asio::any_io_executor executor_;
    std::unique_ptr<Wire> wire_;
    TaskGroup& tasks_;
    routeros::SentenceDecoder decoder_;
    std::unordered_map<std::string, std::shared_ptr<Pending>> pending_;
    std::deque<std::shared_ptr<Waiter>> waiters_;
    std::deque<Outgoing> out_;
    Timer idle_timer_;
    SteadyTime last_activity_;
    std::string close_reason_;
    std::uint64_t last_tag_ = 0;
    std::size_t outstanding_ = 0;
    bool is_open_ = true;
    bool is_retired_ = false;
    bool is_writing_ = false;
};

} // namespace iwas::adapters
