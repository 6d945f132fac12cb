// The two drawings of a trace, as characters and as SVG, and what all formats share.
#pragma once

#include "ports/tracer.hpp"

#include <string>
#include <vector>

namespace iwas::adapters {

/// Who takes part, from left to right: the usual parties in their usual order, then the others.
std::vector<std::string> parties_of(const std::vector<ports::TraceStep>& steps);
/// Since the first step; never negative.
Milliseconds offset_of(const ports::TraceStep& step, const std::vector<ports::TraceStep>& steps);
/// "212 ms, target 300 ms, never more than 1000 ms", and which of them was exceeded; empty without
/// a duration.
std::string timing_of(const ports::TraceStep& step);

std::string draw_text(const std::vector<ports::TraceStep>& steps);
std::string draw_svg(const std::vector<ports::TraceStep>& steps);

} // namespace iwas::adapters
