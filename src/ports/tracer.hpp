// Tracer: keeps the sequence diagram that every run of a workflow leaves.
#pragma once

#include "core/id.hpp"
#include "core/time.hpp"

#include <optional>
#include <string>

namespace iwas::ports {

enum class TraceKind { request, response, failure, async, condition, note };

/// One arrow of the diagram. Texts are written for people and hold no secrets; MAC addresses and
/// user names in them are masked by the workflow.
struct TraceStep {
    Ulid trace; // the transaction or session that the run is about
    UtcTime at;
    TraceKind kind = TraceKind::request;
    std::string from;
    std::string to;
    std::string text;
    std::optional<std::chrono::microseconds> took; // with response and failure
    std::optional<Milliseconds> target;
};

class Tracer {
public:
    virtual ~Tracer() = default;
    /// Keeps the step; returns at once and never fails (a lost trace never stops a purchase).
    virtual void record(TraceStep step) noexcept = 0;
    /// A finished run of a workflow, for the histograms: `workflow` is a metric label.
    virtual void finished(std::string_view workflow, std::chrono::microseconds took) noexcept = 0;
};

} // namespace iwas::ports
