#include "adapters/store/sql_jobs.hpp"

#include "adapters/store/locks.hpp"
#include "adapters/store/spelling.hpp"

namespace iwas::adapters {

namespace {

std::int64_t stored_lease(const ports::Job& job)
{
    return job.lease_until ? to_unix_ms(*job.lease_until) : 0;
}

ports::Job read_job(Row& row)
{
    ports::Job job;
    job.id = row.id<domain::JobId>();
    job.kind = job_kind_of(row.text());
    job.subject = row.ulid();
    job.target = row.text();
    job.detail = row.text();
    job.due_at = row.time();
    job.attempt = static_cast<int>(row.integer());
    return job;
}

} // namespace

void keep_job(Connection& db, const ports::Job& job, const std::string& node)
{
    db.run(
        "insert into job (id, kind, subject, target, detail, due_at, lease_until, "
        "leased_by, attempt) values (:id, :kind, :subject, :target, :detail, :due_at, "
        ":lease_until, :leased_by, :attempt) "
        "on conflict (id) do update set kind = excluded.kind, subject = excluded.subject, "
        "target = excluded.target, detail = excluded.detail, due_at = excluded.due_at, "
        "lease_until = excluded.lease_until, leased_by = excluded.leased_by, attempt = "
        "excluded.attempt",
        {job.id, stored(job.kind), job.subject, job.target, job.detail, job.due_at,
         stored_lease(job), job.lease_until ? node : std::string{}, job.attempt});
}

std::optional<ports::Job> load_job(Connection& db, domain::JobId id)
{
    std::optional<ports::Job> found;
    db.one(
        "select id, kind, subject, target, detail, due_at, attempt from job where id = :id",
        "tttttii", {id}, [&](Row& row) { found = read_job(row); });
    return found;
}

bool offer_job(Connection& db, const ports::Job& job, const std::string& node)
{
    lock_names(db, {"job:" + to_string(job.id)});
    if (db.exists("select 1 from job where id = :id", {job.id})) return false;
    keep_job(db, job, node);
    return true;
}

void remove_job(Connection& db, domain::JobId id)
{
    db.run("delete from job where id = :id", {id});
}

std::vector<ports::Job> lease_jobs(
    Connection& db, const std::string& node, UtcTime now, UtcTime due_before, UtcTime lease_until,
    int limit)
{
    constexpr std::string_view free_jobs =
        "select id, kind, subject, target, detail, due_at, attempt from job "
        "where due_at <= :due_before and lease_until <= :now order by due_at, id limit :limit";
    static const std::string locked_jobs = std::string{free_jobs} + " for update skip locked";

    std::vector<ports::Job> jobs;
    db.each(
        db.is_sqlite() ? free_jobs : locked_jobs, "tttttii", {due_before, now, limit},
        [&](Row& row) { jobs.push_back(read_job(row)); });
    for (ports::Job& job : jobs) {
        job.lease_until = lease_until;
        db.run(
            "update job set lease_until = :until, leased_by = :node where id = :id",
            {lease_until, node, job.id});
    }
    return jobs;
}

void hold_job(Connection& db, const ports::HeldJob& held, const std::string& node, UtcTime now)
{
    db.run(
        "update job set due_at = :now, lease_until = :until, leased_by = :node, attempt = attempt "
        "+ 1 where id = :id",
        {now, held.lease_until, node, held.id});
}

bool postpone_job(Connection& db, domain::JobId id, UtcTime due_at)
{
    return db.run(
               "update job set due_at = :due_at, lease_until = 0, leased_by = '', attempt = "
               "attempt + 1 "
               "where id = :id",
               {due_at, id}) == 1;
}

void postpone_turn(Connection& db, const ports::Job& turn, UtcTime due_at)
{
    db.run(
        "update job set due_at = :due_at, lease_until = 0, leased_by = '', attempt = attempt + 1 "
        "where id = :id and due_at = :was_due_at and attempt = :attempt",
        {due_at, turn.id, turn.due_at, turn.attempt});
}

void remove_turn(Connection& db, const ports::Job& turn)
{
    db.run(
        "delete from job where id = :id and due_at = :due_at and attempt = :attempt",
        {turn.id, turn.due_at, turn.attempt});
}

int release_leases(Connection& db, const std::string& node)
{
    return static_cast<int>(
        db.run("update job set lease_until = 0, leased_by = '' where leased_by = :node", {node}));
}

} // namespace iwas::adapters
