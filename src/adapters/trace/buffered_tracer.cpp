#include "adapters/trace/buffered_tracer.hpp"

#include "adapters/trace/limits.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <exception>
#include <iterator>

namespace iwas::adapters {

namespace {

/// Calls that are a workflow of their own in the table of timings: told by whom they ask and by
/// the target that the workflow gave them.
std::string_view workflow_of(const ports::TraceStep& step)
{
    if (!step.took || !step.target) return {};
    const auto is = [&](std::string_view party, std::string_view workflow) {
        return step.from == party && *step.target == limits_of(workflow)->target;
    };
    if (is("PC system", "payment")) return "payment";
    if (is("Router", "activation")) return "activation";
    return {};
}

} // namespace

BufferedTracer::BufferedTracer(
    ports::TraceStore& store, ports::Tasks& tasks, ports::Clock& clock, Metrics& metrics,
    ports::Notifier& notifier, Limits limits)
    : store_{store}, tasks_{tasks}, clock_{clock}, metrics_{metrics}, notifier_{notifier},
      limits_{limits}
{
}

void BufferedTracer::record(ports::TraceStep step) noexcept
{
    try {
        time(step);
        if (waiting_.size() >= limits_.waiting_max) {
            ++dropped_;
            return;
        }
        waiting_.push_back(std::move(step));
        if (is_writing_) return;
        is_writing_ = tasks_.start("write traces", write_later());
    } catch (const std::exception&) {
        ++dropped_; // out of memory: a lost trace never stops a purchase
    }
}

void BufferedTracer::time(const ports::TraceStep& step)
{
    if (const std::string_view workflow = workflow_of(step); !workflow.empty())
        finished(workflow, *step.took);
}

void BufferedTracer::finished(std::string_view workflow, std::chrono::microseconds took) noexcept
{
    try {
        metrics_.workflow_took(workflow, took);
        const auto limits = limits_of(workflow);
        if (!limits || took <= limits->never_more_than) return;
        const auto ms = std::chrono::duration_cast<Milliseconds>(took).count();
        notifier_.alert(
            ports::AlertKind::workflow_too_slow, {},
            fmt::format(
                "{} took {} ms, never more than {} ms", workflow, ms,
                limits->never_more_than.count()));
    } catch (const std::exception& error) {
        spdlog::warn("event=metrics_failed error=\"{}\"", error.what());
    }
}

ports::awaitable<void> BufferedTracer::write_later()
{
    const SteadyTime at = clock_.steady_now() + limits_.write_every;
    co_await clock_.sleep_until(at);
    is_writing_ = false;
    co_await flush();
}

ports::awaitable<void> BufferedTracer::flush()
{
    while (!waiting_.empty()) {
        const std::size_t count = std::min(waiting_.size(), limits_.batch_max);
        const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(count);
        std::vector<ports::TraceStep> batch(
            std::make_move_iterator(waiting_.begin()), std::make_move_iterator(end));
        waiting_.erase(waiting_.begin(), end);
        const auto written = co_await store_.append_trace(std::move(batch));
        if (!written) dropped_ += count;
    }
}

} // namespace iwas::adapters
