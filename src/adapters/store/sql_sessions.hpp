// Sessions in SQL: open ones, history, their devices, and what accounting says of both.
#pragma once

#include "adapters/store/connection.hpp"
#include "adapters/store/key_ring.hpp"
#include "domain/accounting.hpp"
#include "domain/session.hpp"
#include "ports/store/jobs.hpp"

#include <optional>
#include <vector>

namespace iwas::adapters {

/// Stores the session and its devices; a session that is over goes to history. Gives the new
/// version. conflict: the stored version is another one. device_taken: as ports::Ledger::commit.
Result<std::int64_t, ports::StoreError> keep_session(
    Connection& db, const KeyRing& keys, const domain::Session& session);

std::optional<domain::Session> load_session(
    Connection& db, const KeyRing& keys, domain::SessionId id);
std::vector<domain::Session> open_sessions_of(
    Connection& db, const KeyRing& keys, domain::AccountId account);
std::optional<domain::Session> open_session_of_device(
    Connection& db, const KeyRing& keys, const domain::LocationId& location, const MacAddress& mac);
std::vector<domain::Session> open_sessions_at(
    Connection& db, const KeyRing& keys, const domain::RouterId& router);
std::vector<domain::Session> open_sessions_after(
    Connection& db, const KeyRing& keys, domain::SessionId after, int limit);

/// Online network sessions of a session.
std::vector<domain::NetworkSession> network_sessions_of(Connection& db, domain::SessionId session);

} // namespace iwas::adapters
