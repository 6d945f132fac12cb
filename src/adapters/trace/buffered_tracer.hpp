// BufferedTracer: keeps the workflows' sequence diagrams, times them, and says when one was slow.
#pragma once

#include "adapters/trace/metrics.hpp"
#include "ports/clock.hpp"
#include "ports/notifier.hpp"
#include "ports/store/trace_store.hpp"
#include "ports/tasks.hpp"
#include "ports/tracer.hpp"

#include <cstdint>
#include <vector>

namespace iwas::adapters {

/// Steps wait in memory for a moment and reach the store many at a time: tracing costs a purchase
/// no commit of its own. Used on the I/O thread only.
class BufferedTracer final : public ports::Tracer {
public:
    struct Limits {
        Milliseconds write_every{250};
        /// Steps that may wait; more are dropped and counted.
        std::size_t waiting_max = 50'000;
        /// Steps of one write.
        std::size_t batch_max = 2'000;
    };

    BufferedTracer(
        ports::TraceStore& store, ports::Tasks& tasks, ports::Clock& clock, Metrics& metrics,
        ports::Notifier& notifier, Limits limits);
    BufferedTracer(
        ports::TraceStore& store, ports::Tasks& tasks, ports::Clock& clock, Metrics& metrics,
        ports::Notifier& notifier)
        : BufferedTracer{store, tasks, clock, metrics, notifier, Limits{}}
    {
    }

    void record(ports::TraceStep step) noexcept override;
    void finished(std::string_view workflow, std::chrono::microseconds took) noexcept override;

    /// Writes what waits; for the shutdown.
    ports::awaitable<void> flush();

    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
    [[nodiscard]] std::uint64_t dropped() const { return dropped_; }

private:
    void time(const ports::TraceStep& step);
    ports::awaitable<void> write_later();

    ports::TraceStore& store_;
    ports::Tasks& tasks_;
    ports::Clock& clock_;
    Metrics& metrics_;
    ports::Notifier& notifier_;
    Limits limits_;
    std::vector<ports::TraceStep> waiting_;
    std::uint64_t dropped_ = 0;
    bool is_writing_ = false;
};

} // namespace iwas::adapters
