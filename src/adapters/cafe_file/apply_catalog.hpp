// Applying a catalog: what `iwas apply` does once the file is read.
#pragma once

#include "adapters/cafe_file/catalog_difference.hpp"
#include "ports/store/catalog_store.hpp"

#include <string>
#include <vector>

namespace iwas::adapters {

/// Makes the stored catalog equal to `wanted` and returns what that changes; with `is_dry_run` it
/// only returns it. Nothing is written when nothing differs, so a second run changes nothing.
/// `wanted.version` does not matter. conflict: somebody else applied at the same moment; show the
/// new difference before trying again.
ports::awaitable<Result<std::vector<CatalogChange>, ports::StoreError>> apply_catalog(
    ports::CatalogStore& store, domain::Catalog wanted, std::string actor, UtcTime now,
    bool is_dry_run);

} // namespace iwas::adapters
