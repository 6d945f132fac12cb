// The fonts of printed sheets, as TrueType files within the program (fonts-dejavu-core).
#pragma once

#include <cstdint>
#include <span>

namespace iwas::adapters {

std::span<const std::uint8_t> sheet_font_regular();
std::span<const std::uint8_t> sheet_font_bold();

} // namespace iwas::adapters
