// The café file: a café's whole configuration as one TOML document
// (docs/configuration/cafe-file.md).
#pragma once

#include "adapters/cafe_file/toml_reader.hpp"
#include "core/result.hpp"
#include "domain/tenant.hpp"

#include <string_view>
#include <vector>

namespace iwas::adapters {

/// The catalog that `toml` declares, with version 0; or everything that is wrong with it: syntax,
/// unknown keys, values out of range, names that lead nowhere. Reads nothing but the secrets.
Result<domain::Catalog, std::vector<CafeFault>> parse_cafe(
    std::string_view toml, const SecretSources& sources);

} // namespace iwas::adapters
