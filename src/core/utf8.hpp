// UTF-8 (RFC 3629), as RADIUS, HTTP and JSON carry it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace iwas {

/// Removes the first code point from `text` and returns it. Nothing, and `text` unchanged, when it
/// does not begin with a valid one. `text` is not empty.
std::optional<std::uint32_t> take_code_point(std::string_view& text);

/// Whether `text` is well-formed (no surrogates, no overlong forms, at most U+10FFFF).
bool is_utf8(std::string_view text);

} // namespace iwas
