// Sealing keys: which keys a database needs, so that a start without one of them says so.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"

#include <set>
#include <string>

namespace iwas::adapters {

/// The names of the keys that the database's secrets are sealed with: those noted since the last
/// rotation, and those of the configuration and of open sessions as they stand there. Works on any
/// schema, also on an empty database.
std::set<std::string> keys_in_use(Connection& db);

/// Throws std::runtime_error that names each key that the database uses and the ring lacks, or that
/// is on the ring under the same name with other octets.
void require_keys(Connection& db, const KeyRing& keys);

/// Notes that the ring's active key seals from now on.
void note_active_key(Connection& db, const KeyRing& keys);

/// After everything was sealed anew: only the active key is in use.
void note_rotation(Connection& db, const KeyRing& keys);

} // namespace iwas::adapters
