// Jobs in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/jobs.hpp"

#include <vector>

namespace iwas::adapters {

void keep_job(Connection& db, const ports::Job& job);
void remove_job(Connection& db, domain::JobId id);
std::vector<ports::Job> lease_jobs(
    Connection& db, UtcTime now, UtcTime due_before, UtcTime lease_until, int limit);
/// False when there is no such job.
bool postpone_job(Connection& db, domain::JobId id, UtcTime due_at);

} // namespace iwas::adapters
