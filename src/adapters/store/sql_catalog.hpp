// The café's configuration in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "ports/store/catalog_store.hpp"

namespace iwas::adapters {

std::int64_t catalog_version(Connection& db);
domain::Catalog load_catalog(Connection& db, const KeyRing& keys);

/// False when the stored version is not `wanted.version`; then nothing was changed. What left the
/// catalog is archived when transactions, sessions or accounts name it, and a payment account
/// always, else deleted; what comes back is taken from the archive.
bool replace_catalog(
    Connection& db, const KeyRing& keys, const domain::Catalog& wanted, const std::string& actor,
    UtcTime now);

} // namespace iwas::adapters
