// UTF-8 as RADIUS text carries it (RFC 3629).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace iwas::radius {

/// Removes the first code point from `text` and returns it. Nothing, and `text` unchanged, when it
/// does not begin with a valid one. `text` is not empty.
std::optional<std::uint32_t> take_code_point(std::string_view& text);

bool is_utf8(std::string_view text);

} // namespace iwas::radius
