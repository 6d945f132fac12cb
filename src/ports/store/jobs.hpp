// Job: a recoverable step or timer that survives the loss of the process.
#pragma once

#include "core/result.hpp"
#include "core/time.hpp"
#include "domain/ids.hpp"
#include "ports/clock.hpp"

#include <optional>
#include <string>
#include <vector>

namespace iwas::ports {

enum class StoreError {
    conflict,     // somebody changed the row in between: load again and decide anew
    device_taken, // a device that was to join a session belongs to another one; nothing was stored
    unavailable,  // nothing was stored, or it is not known: load again before acting
};

enum class JobKind {
    resume_purchase,    // subject: transaction
    refund,             // subject: transaction
    watch_late_debit,   // subject: transaction
    expire_session,     // subject: session
    close_access,       // subject: session; detail: the device's MAC, `target`: its router
    apply_change,       // subject: session; new time or speed is to reach the router
    pc_logout,          // subject: session; the grace time after the PC logout ends
    pc_event,           // detail: the event as received; `target`: the location
    end_payment_window, // subject: payment window; `target`: its router
    link_method,        // subject: saved method; what its state asks for at the gateway
    reconcile,          // `target`: the organization; see workflows/reconcile.hpp
    attach_money,       // subject: transaction whose money goes to the order in `target`
};

struct Job {
    domain::JobId id;
    JobKind kind = JobKind::resume_purchase;
    Ulid subject;
    std::string target;
    std::string detail;
    UtcTime due_at;
    /// Until when a node works on it; whoever finds it past may take it over.
    std::optional<UtcTime> lease_until;
    int attempt = 0;
};

/// A job that this node now does itself, whatever it waited for.
struct HeldJob {
    domain::JobId id;
    UtcTime lease_until;
};

class Jobs {
public:
    virtual ~Jobs() = default;

    /// Takes at most `limit` jobs that are due before `due_before` and not leased by another node
    /// at `now`, soonest first, and leases them to this node until `lease_until`.
    virtual awaitable<Result<std::vector<Job>, StoreError>> lease_jobs(
        UtcTime now, UtcTime due_before, UtcTime lease_until, int limit) = 0;
    /// Adds the job, unless one with its id is there. Whether it was added.
    virtual awaitable<Result<bool, StoreError>> offer_job(Job job) = 0;
    /// The job while it waits or is worked on, without its lease.
    virtual awaitable<Result<std::optional<Job>, StoreError>> load_job(domain::JobId id) = 0;
    /// Gives the job back: it is due again at `due_at`, with one more attempt.
    virtual awaitable<Result<void, StoreError>> postpone_job(domain::JobId id, UtcTime due_at) = 0;
    virtual awaitable<Result<void, StoreError>> finish_job(domain::JobId id) = 0;
    /// The same for this turn of the job only: what replaced it since it was taken stays.
    virtual awaitable<Result<void, StoreError>> postpone_turn(Job turn, UtcTime due_at) = 0;
    virtual awaitable<Result<void, StoreError>> finish_turn(Job turn) = 0;
    /// Gives back every lease that this node (by its configured name) held before it stopped: to
    /// be called once, at start, so that a restart resumes at once. The number given back.
    virtual awaitable<Result<int, StoreError>> release_own_leases() = 0;
};

} // namespace iwas::ports
