#include "adapters/store/sql_traces.hpp"

#include "adapters/store/spelling.hpp"

#include <utility>

namespace iwas::adapters {

using ports::AuditEntry;
using ports::TraceStep;

void append_trace(Connection& db, const std::vector<TraceStep>& steps)
{
    for (const TraceStep& step : steps) {
        std::optional<std::int64_t> took_us;
        std::optional<std::int64_t> target_ms;
        if (step.took) took_us = step.took->count();
        if (step.target) target_ms = step.target->count();
        db.run(
            "insert into trace_step (trace, at, kind, sender, receiver, message, took_us, "
            "target_ms) values (:trace, :at, :kind, :sender, :receiver, :message, :took_us, "
            ":target_ms)",
            {step.trace, step.at, stored(step.kind), step.from, step.to, step.text, took_us,
             target_ms});
    }
}

std::vector<TraceStep> load_trace(Connection& db, Ulid trace)
{
    std::vector<TraceStep> steps;
    db.each(
        "select at, kind, sender, receiver, message, took_us, target_ms from trace_step "
        "where trace = :trace order by at, id",
        "ittttii", {trace}, [&](Row& row) {
            TraceStep step;
            step.trace = trace;
            step.at = row.time();
            step.kind = trace_kind_of(row.text());
            step.from = row.text();
            step.to = row.text();
            step.text = row.text();
            if (const auto took = row.maybe_integer()) step.took = std::chrono::microseconds{*took};
            if (const auto target = row.maybe_integer()) step.target = Milliseconds{*target};
            steps.push_back(std::move(step));
        });
    return steps;
}

void append_audit(Connection& db, const AuditEntry& entry)
{
    db.run(
        "insert into audit_entry (at, actor, action, subject, detail) "
        "values (:at, :actor, :action, :subject, :detail)",
        {entry.at, entry.actor, entry.action, entry.subject, entry.detail});
}

std::vector<AuditEntry> recent_audit(Connection& db, int limit)
{
    std::vector<AuditEntry> entries;
    db.each(
        "select at, actor, action, subject, detail from audit_entry order by id desc limit :limit",
        "itttt", {limit}, [&](Row& row) {
            AuditEntry entry;
            entry.at = row.time();
            entry.actor = row.text();
            entry.action = row.text();
            entry.subject = row.text();
            entry.detail = row.text();
            entries.push_back(std::move(entry));
        });
    return entries;
}

} // namespace iwas::adapters
