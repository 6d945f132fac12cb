#include "adapters/router/mikrotik/connection.hpp"

#include "asio/as_result.hpp"

#include <algorithm>
#include <array>

namespace iwas::adapters {

namespace {

// Setting a timer to this wakes its waiter, and also one that comes later.
constexpr auto now_or_before = SteadyTime::min();

SteadyTime steady_now()
{
    return std::chrono::steady_clock::now();
}

} // namespace

ApiConnection::ApiConnection(
    boost::asio::any_io_executor executor, std::unique_ptr<Wire> wire, TaskGroup& tasks)
    : executor_{executor}, wire_{std::move(wire)}, tasks_{tasks}, idle_timer_{executor},
      last_activity_{steady_now()}
{
}

bool ApiConnection::start()
{
    return tasks_.spawn("routeros read", read_loop(shared_from_this()));
}

awaitable<Result<ApiAnswer, ApiFailure>> ApiConnection::call(
    routeros::Command command, SteadyTime deadline)
{
    const Self self = shared_from_this();
    const bool has_slot = co_await take_slot(deadline);
    if (!has_slot)
        co_return std::unexpected{ApiFailure{.message = "no free place on the connection"}};

    // The tag is known before the command leaves: an answer may come within the write.
    const std::string tag = std::to_string(++last_tag_);
    const auto pending = std::make_shared<Pending>(executor_);
    pending->timer.expires_at(deadline);
    pending_.emplace(tag, pending);
    command.tag = tag;
    send({routeros::encode(routeros::to_sentence(command)), pending});

    while (!pending->is_finished && steady_now() < deadline)
        co_await pending->timer.async_wait(as_result);
    if (!pending->is_finished) co_return abandon(tag, *pending);
    if (pending->failure) co_return std::unexpected{*pending->failure};
    co_return std::move(pending->answer);
}

/// The deadline has passed. Unsent commands are taken back; a sent one is cancelled at the router.
Result<ApiAnswer, ApiFailure> ApiConnection::abandon(const std::string& tag, Pending& pending)
{
    if (!pending.is_sent) {
        std::erase_if(out_, [&](const Outgoing& item) { return item.pending.get() == &pending; });
        finish(tag);
        return std::unexpected{ApiFailure{.message = "the deadline passed before it was sent"}};
    }
    is_retired_ = true;
    auto cancel = routeros::Command{"/cancel"}.with("tag", tag);
    cancel.tag = "c" + tag;
    send({routeros::encode(routeros::to_sentence(cancel)), nullptr});
    if (!tasks_.spawn("routeros cancel", give_up_after_cancel(shared_from_this())))
        close("too many tasks");
    return std::unexpected{ApiFailure{.error = ApiError::unknown, .message = "no answer in time"}};
}

awaitable<void> ApiConnection::give_up_after_cancel(Self self)
{
    const auto give_up_at = steady_now() + cancel_wait;
    Timer timer{self->executor_};
    // Others may still be waiting on this connection: they get their answers if it is alive.
    while (self->is_open_ && !self->pending_.empty() && steady_now() < give_up_at) {
        constexpr Milliseconds look_again{50};
        timer.expires_at(std::min(give_up_at, steady_now() + look_again));
        co_await timer.async_wait(as_result);
    }
    self->close("a command was cancelled");
}

awaitable<void> ApiConnection::wait_idle(Milliseconds idle)
{
    const Self self = shared_from_this();
    while (is_open_ && steady_now() < last_activity_ + idle) {
        idle_timer_.expires_at(last_activity_ + idle);
        co_await idle_timer_.async_wait(as_result);
    }
}

void ApiConnection::close(std::string reason)
{
    if (!is_open_) return;
    is_open_ = false;
    close_reason_ = std::move(reason);
    wire_->close();
    idle_timer_.expires_at(now_or_before);
    out_.clear();
    for (const auto& [tag, pending] : pending_) {
        pending->failure = ApiFailure{
            .error = pending->is_sent ? ApiError::unknown : ApiError::unreachable,
            .message = close_reason_,
        };
        pending->is_finished = true;
        pending->timer.expires_at(now_or_before);
    }
    pending_.clear();
    for (const auto& waiter : waiters_)
        waiter->timer.expires_at(now_or_before);
    waiters_.clear();
}

awaitable<bool> ApiConnection::take_slot(SteadyTime deadline)
{
    if (!takes_commands()) co_return false;
    if (outstanding_ < outstanding_max) {
        ++outstanding_;
        co_return true;
    }
    if (waiters_.size() >= queue_max) co_return false;
    const auto waiter = std::make_shared<Waiter>(executor_);
    waiter->timer.expires_at(deadline);
    waiters_.push_back(waiter);
    co_await waiter->timer.async_wait(as_result);
    if (!waiter->is_granted) {
        std::erase(waiters_, waiter);
        co_return false;
    }
    // Granted, but the connection may have been retired between the grant and this line.
    if (takes_commands()) co_return true;
    release_slot();
    co_return false;
}

void ApiConnection::release_slot()
{
    if (waiters_.empty()) {
        --outstanding_;
        return;
    }
    // The place passes on to the one that waits longest.
    const auto next = waiters_.front();
    waiters_.pop_front();
    next->is_granted = true;
    next->timer.expires_at(now_or_before);
}

void ApiConnection::send(Outgoing outgoing)
{
    if (!is_open_) return;
    out_.push_back(std::move(outgoing));
    if (is_writing_) return;
    // Before the spawn: the loop may run, and end, within it.
    is_writing_ = true;
    if (!tasks_.spawn("routeros write", write_loop(shared_from_this()))) close("too many tasks");
}

awaitable<void> ApiConnection::write_loop(Self self)
{
    while (self->is_open_ && !self->out_.empty()) {
        Outgoing next = std::move(self->out_.front());
        self->out_.pop_front();
        // Set before the write: part of the sentence may arrive although the write fails.
        if (next.pending) next.pending->is_sent = true;
        self->touch();
        const bool is_written = co_await self->wire_->write(std::move(next.octets));
        if (!is_written) self->close("the connection broke while writing");
    }
    self->is_writing_ = false;
}

awaitable<void> ApiConnection::read_loop(Self self)
{
    std::array<std::uint8_t, 16'384> buffer{};
    while (self->is_open_) {
        const std::size_t octets = co_await self->wire_->read_some(buffer);
        if (octets == 0) {
            self->close("the router ended the connection");
            co_return;
        }
        self->touch();
        self->decoder_.feed(ByteView{buffer}.first(octets));
        if (!self->take_sentences()) co_return;
    }
}

bool ApiConnection::take_sentences()
{
    while (is_open_) {
        auto sentence = decoder_.next();
        if (!sentence) {
            close("bad stream: " + std::string{to_string(sentence.error())});
            return false;
        }
        if (!*sentence) return true;
        auto reply = routeros::parse_reply(**sentence);
        if (!reply) {
            close("the peer does not speak the RouterOS API");
            return false;
        }
        take_reply(std::move(*reply));
    }
    return false;
}

void ApiConnection::take_reply(routeros::Reply reply)
{
    if (reply.kind == routeros::ReplyKind::fatal) return close("fatal: " + reply.text);
    auto found = pending_.find(reply.tag);
    // Some versions answer a login without its tag; alone on the connection it is unmistakable.
    if (found == pending_.end() && reply.tag.empty() && pending_.size() == 1)
        found = pending_.begin();
    if (found == pending_.end()) return;
    Pending& pending = *found->second;

    switch (reply.kind) {
    case routeros::ReplyKind::re:
        if (pending.answer.rows.size() >= rows_max) return close("too many records");
        pending.answer.rows.push_back(std::move(reply.attributes));
        return;
    case routeros::ReplyKind::trap:
        // The first error tells the cause. The command ends with its !done, not here.
        if (!pending.failure)
            pending.failure = ApiFailure{
                .error = ApiError::refused,
                .trap = routeros::classify_trap(reply),
                .message = std::string{reply.find("message").value_or("")},
            };
        return;
    case routeros::ReplyKind::done:
        pending.answer.done = std::move(reply.attributes);
        return finish(found->first);
    case routeros::ReplyKind::empty:
    case routeros::ReplyKind::fatal:
    case routeros::ReplyKind::other: return; // nothing that a command waits for
    }
}

void ApiConnection::finish(const std::string& tag)
{
    const auto found = pending_.find(tag);
    if (found == pending_.end()) return;
    const auto pending = found->second;
    pending_.erase(found);
    pending->is_finished = true;
    pending->timer.expires_at(now_or_before);
    release_slot();
}

void ApiConnection::touch()
{
    last_activity_ = steady_now();
}

} // namespace iwas::adapters
