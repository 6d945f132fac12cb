// Accounting in SQL: what a router's record changes in the stored network sessions.
#pragma once

#include "adapters/store/connection.hpp"
#include "domain/accounting.hpp"

namespace iwas::adapters {

/// Applies one record in the caller's transaction. A network session is keyed by router,
/// Acct-Session-Id and Class; a stopped one stays stopped, and a record that begins after its stop
/// opens the next turn of the same Acct-Session-Id. nas_on and nas_off stop what began before them.
/// Doing it twice is the same as doing it once.
void apply_record(Connection& db, const domain::AccountingRecord& record);

} // namespace iwas::adapters
