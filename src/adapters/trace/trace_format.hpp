// Writes a run of a workflow as its sequence diagram.
#pragma once

#include "ports/tracer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters {

enum class TraceFormat : std::uint8_t { text, mermaid, svg, json };

std::optional<TraceFormat> trace_format_from(std::string_view text);

/// The steps, in the order in which they happened, as a diagram: `──>` request, `<──` response,
/// `─X─>` failed, `...>` asynchronous, `[condition]`. Times count from the first step; answers show
/// how long they took against their target and their maximum. Pure.
std::string format_trace(const std::vector<ports::TraceStep>& steps, TraceFormat format);

} // namespace iwas::adapters
