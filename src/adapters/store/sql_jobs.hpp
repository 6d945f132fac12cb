// Jobs in SQL.
#pragma once

#include "adapters/store/connection.hpp"
#include "ports/store/jobs.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::adapters {

/// A job with a lease belongs to `node` from the beginning.
void keep_job(Connection& db, const ports::Job& job, const std::string& node);
std::optional<ports::Job> load_job(Connection& db, domain::JobId id);
/// False: a job with its id is there.
bool offer_job(Connection& db, const ports::Job& job, const std::string& node);
void remove_job(Connection& db, domain::JobId id);
std::vector<ports::Job> lease_jobs(
    Connection& db, const std::string& node, UtcTime now, UtcTime due_before, UtcTime lease_until,
    int limit);
/// Nothing happens when there is no such job.
void hold_job(Connection& db, const ports::HeldJob& held, const std::string& node, UtcTime now);
/// False when there is no such job.
bool postpone_job(Connection& db, domain::JobId id, UtcTime due_at);
/// Nothing when the job was replaced or postponed since `turn` was taken.
void postpone_turn(Connection& db, const ports::Job& turn, UtcTime due_at);
void remove_turn(Connection& db, const ports::Job& turn);
/// The number of leases of `node` that were given back.
int release_leases(Connection& db, const std::string& node);

} // namespace iwas::adapters
