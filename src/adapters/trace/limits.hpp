// The timings that bind every workflow: what is aimed at, and what is never to be exceeded.
#pragma once

#include "core/time.hpp"

#include <array>
#include <optional>
#include <string_view>

namespace iwas::adapters {

struct WorkflowLimits {
    std::string_view workflow; // the metric's label
    Milliseconds target;
    Milliseconds never_more_than;
};

/// These include the outside systems.
inline constexpr std::array<WorkflowLimits, 6> workflow_limits{{
    {"purchase", Milliseconds{1000}, Milliseconds{2000}},
    {"log_in", Milliseconds{500}, Milliseconds{1000}},
    {"payment", Milliseconds{300}, Milliseconds{1000}},
    {"activation", Milliseconds{200}, Milliseconds{500}},
    // Due to cut off: at once is aimed at; the histogram needs an edge above zero.
    {"expire_session", Milliseconds{100}, Milliseconds{5000}},
    {"pc_logout", Milliseconds{500}, Milliseconds{1000}},
}};

constexpr std::optional<WorkflowLimits> limits_of(std::string_view workflow)
{
    for (const WorkflowLimits& each : workflow_limits)
        if (each.workflow == workflow) return each;
    return std::nullopt;
}

/// What a step that aims at `target` must never exceed: a step has the target of the workflow that
/// it is, and workflows with one target have one maximum.
constexpr std::optional<Milliseconds> never_more_than(Milliseconds target)
{
    for (const WorkflowLimits& each : workflow_limits)
        if (each.target == target) return each.never_more_than;
    return std::nullopt;
}

} // namespace iwas::adapters
