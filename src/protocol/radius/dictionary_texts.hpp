// The dictionary files of this folder as they stand in the program.
#pragma once

#include <span>
#include <string_view>

namespace iwas::radius {

/// Texts of dictionaries/*.dictionary; the definition is generated at configuration.
std::span<const std::string_view> dictionary_texts();

} // namespace iwas::radius
