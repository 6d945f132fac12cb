// Readable sessions: what a start takes from the open sessions when some row is damaged.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "domain/session.hpp"

#include <vector>

namespace iwas::adapters {

/// As open_sessions_after, but a damaged session is left out and named in the log: one customer
/// waits for help, and all the others are served. Fewer than `limit` only when there are no more.
/// Throws DatabaseError when the database fails, which is not damage.
std::vector<domain::Session> readable_sessions_after(
    Connection& db, const KeyRing& keys, domain::SessionId after, int limit);

} // namespace iwas::adapters
