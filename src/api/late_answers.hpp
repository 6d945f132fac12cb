// LateAnswers: nobody is held longer than promised. Work that takes longer goes on, and its answer
// is fetched.
#pragma once

#include "adapters/http/message.hpp"
#include "api/event_hub.hpp"
#include "domain/ids.hpp"
#include "ports/random.hpp"
#include "ports/tasks.hpp"

#include <map>
#include <memory>
#include <optional>

namespace iwas::api {

class LateAnswers {
public:
    /// All of it outlives this; used on the I/O thread only.
    LateAnswers(EventHub& events, ports::Clock& clock, ports::Random& random, ports::Tasks& tasks)
        : events_{events}, clock_{clock}, random_{random}, tasks_{tasks}
    {
    }

    /// The answer of `work`, or by `by` a 202 whose Location says where it will be, for `visit`
    /// only. `work` owns what it needs: it outlives the caller. Nothing: too much runs already, and
    /// it was not started.
    ports::awaitable<std::optional<http::Response>> within(
        SteadyTime by, domain::VisitId visit, ports::awaitable<http::Response> work);

    /// The answer when it is there by `by`, else a 202 again. It stays for a minute, so that a lost
    /// answer can be fetched again. Nothing: no such answer for this visit.
    ports::awaitable<std::optional<http::Response>> fetch(
        Ulid id, domain::VisitId visit, SteadyTime by);

    [[nodiscard]] std::size_t kept() const { return slots_.size(); }

private:
    struct Slot {
        domain::VisitId visit;
        std::optional<http::Response> answer;
        SteadyTime forget_at;
    };
    using SharedSlot = std::shared_ptr<Slot>;

    ports::awaitable<void> carry_out(
        Ulid id, SharedSlot slot, ports::awaitable<http::Response> work);
    ports::awaitable<http::Response> wait_for(
        Ulid id, SharedSlot slot, std::shared_ptr<EventHub::Watch> watch, SteadyTime by);
    void forget_old();

    EventHub& events_;
    ports::Clock& clock_;
    ports::Random& random_;
    ports::Tasks& tasks_;
    std::map<Ulid, SharedSlot> slots_; // in order of creation
};

} // namespace iwas::api
