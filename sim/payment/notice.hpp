// Notice: a callback that a gateway wants to send, and the queue in which callbacks wait.
#pragma once

#include "adapters/http/message.hpp"
#include "core/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace iwas::sim {

struct Notice {
    /// Given by the queue; a repetition has one of its own.
    std::uint64_t id = 0;
    UtcTime due;
    http::Method method = http::Method::post;
    /// Absolute, with the query of a notice that is a GET.
    std::string url;
    http::Headers headers;
    std::string body;
    /// What it is about: an order or binding. For the gateway and for tests; never sent.
    std::string subject;
    /// How often this very notice was sent before.
    unsigned tries = 0;
};

/// What came back. Without a status nobody answered in time.
struct NoticeAnswer {
    std::optional<int> status;
    std::string body;
    Milliseconds took{0};
};

/// In order of time; notices of the same time in the order in which they were added.
class NoticeQueue {
public:
    static constexpr std::size_t notices_max = 100'000;

    /// Gives the notice its id. The one that is due first goes when there are too many.
    void add(Notice notice);
    /// Takes what is due at `now`, oldest first.
    std::vector<Notice> take_due(UtcTime now);
    [[nodiscard]] std::optional<UtcTime> next_due() const;
    [[nodiscard]] std::size_t size() const { return waiting_.size(); }
    /// Forgets everything that waits.
    void clear() { waiting_.clear(); }

private:
    std::multimap<UtcTime, Notice> waiting_;
    std::uint64_t next_id_ = 1;
};

} // namespace iwas::sim
