// Traces and the audit log in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/trace_store.hpp"

#include <vector>

namespace iwas::adapters {

void append_trace(Connection& db, const std::vector<ports::TraceStep>& steps);
std::vector<ports::TraceStep> load_trace(Connection& db, Ulid trace);
void append_audit(Connection& db, const ports::AuditEntry& entry);
std::vector<ports::AuditEntry> recent_audit(Connection& db, int limit);

} // namespace iwas::adapters
