// RunTrace: one run of a workflow, drawing its own sequence diagram as it goes.
#pragma once

#include "core/mac_address.hpp"
#include "ports/clock.hpp"
#include "ports/tracer.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::workflows {

/// The names under which the parties stand in every diagram.
namespace party {
inline constexpr std::string_view phone = "Phone";
inline constexpr std::string_view iwas = "IWAS";
inline constexpr std::string_view store = "Store";
inline constexpr std::string_view pc_system = "PC system";
inline constexpr std::string_view router = "Router";
inline constexpr std::string_view gateway = "Gateway";
} // namespace party

/// Records the arrows of one run; the end of the object is the end of the run.
class RunTrace {
public:
    /// `workflow` names the histogram; `subject` is what `iwas trace` is asked for.
    RunTrace(
        ports::Tracer& tracer, const ports::Clock& clock, std::string_view workflow, Ulid subject);
    RunTrace(const RunTrace&) = delete;
    RunTrace& operator=(const RunTrace&) = delete;
    ~RunTrace();

    /// One call and its answer. Without an answer the diagram shows none, which is the truth.
    class Call {
    public:
        void answered(std::string text);
        void failed(std::string text);

    private:
        friend class RunTrace;
        Call(RunTrace& run, std::string_view to, std::optional<Milliseconds> target);
        void end(ports::TraceKind kind, std::string text);

        RunTrace& run_;
        std::string_view to_;
        SteadyTime began_;
        std::optional<Milliseconds> target_;
    };

    /// IWAS calls `to`. `to` is one of `party`.
    Call call(
        std::string_view to, std::string text, std::optional<Milliseconds> target = std::nullopt);
    /// An arrow that waits for nothing.
    void async(std::string_view from, std::string_view to, std::string text);
    void condition(std::string text);
    /// The run was only a continuation or is not over yet: it does not count in the histogram.
    void leave_unmeasured() { is_measured_ = false; }
    /// The run counts from this moment: when it was due, not when it came to be.
    void count_from(UtcTime moment) { began_ -= clock_.utc_now() - moment; }

private:
    void record(
        ports::TraceKind kind, std::string_view from, std::string_view to, std::string text,
        std::optional<std::chrono::microseconds> took, std::optional<Milliseconds> target);

    ports::Tracer& tracer_;
    const ports::Clock& clock_;
    std::string_view workflow_;
    Ulid subject_;
    SteadyTime began_;
    bool is_measured_ = true;
};

/// Keeps what is recorded back until it is known whether it is worth telling.
class HeldTracer final : public ports::Tracer {
public:
    explicit HeldTracer(ports::Tracer& tracer) : tracer_{tracer} {}

    void record(ports::TraceStep step) noexcept override { steps_.push_back(std::move(step)); }
    void finished(std::string_view workflow, std::chrono::microseconds took) noexcept override
    {
        tracer_.finished(workflow, took);
    }
    void tell()
    {
        for (ports::TraceStep& step : steps_)
            tracer_.record(std::move(step));
        steps_.clear();
    }

private:
    ports::Tracer& tracer_;
    std::vector<ports::TraceStep> steps_;
};

/// "al***" and "AA:BB:**:**:**:0F": enough to recognize, too little to misuse.
std::string masked(std::string_view user_name);
std::string masked(const MacAddress& mac);

} // namespace iwas::workflows
