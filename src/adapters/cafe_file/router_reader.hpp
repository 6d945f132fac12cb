// The [routers.*] tables of the café file.
#pragma once

#include "adapters/cafe_file/toml_reader.hpp"
#include "domain/tenant.hpp"

#include <vector>

namespace iwas::adapters {

/// The router of one table; what is wrong with it goes to `faults`. `location` was looked up by the
/// caller, as was whether the router can be told apart from the others.
domain::Router read_router(
    const domain::RouterId& id, const domain::LocationId& location, TomlReader& table,
    const SecretSources& sources, std::vector<CafeFault>& faults);

} // namespace iwas::adapters
