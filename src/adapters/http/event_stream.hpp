// EventStream: one subscriber of server-sent events, fed by the program and drained by the server.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <string>
#include <string_view>

namespace iwas::http {

/// The queue between whoever sends events and the connection that carries them. A handler makes one
/// with make_shared, keeps a copy to send on, and returns Response::stream(it). Used on the I/O
/// thread only. A subscriber that does not keep up is closed: it reconnects with Last-Event-ID.
class EventStream {
public:
    /// `events_max` bounds the queue.
    explicit EventStream(std::size_t events_max = 64) : events_max_{events_max} {}
    EventStream(const EventStream&) = delete;
    EventStream& operator=(const EventStream&) = delete;

    /// Queues one event (WHATWG HTML §9.2). `id` may be empty; line breaks in `data` become several
    /// data lines, in `event` and `id` they are dropped. False when the stream is closed, or closes
    /// now because the queue is full.
    bool send(std::string_view event, std::string_view id, std::string_view data);

    /// Ends the stream; what is queued still goes out.
    void close();
    [[nodiscard]] bool is_open() const { return open_; }

    /// Called once when the stream ends, whoever ended it; at once when it has. One callback only.
    void on_close(std::function<void()> callback);

    // For the server.
    /// Called whenever there is something to write or the stream ended.
    void on_wake(std::function<void()> callback) { wake_ = std::move(callback); }
    /// All queued text, which leaves the queue.
    std::string take();
    [[nodiscard]] bool has_queued() const { return !queue_.empty(); }

private:
    std::size_t events_max_;
    std::deque<std::string> queue_;
    std::function<void()> wake_;
    std::function<void()> closed_;
    bool open_ = true;
};

} // namespace iwas::http
