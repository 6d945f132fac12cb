// JobRunner: fires the store's jobs on time and hands each to its workflow.
#pragma once

#include "workflows/outside.hpp"

#include <optional>
#include <unordered_map>

namespace iwas::workflows {

class PurchasePackage;
class Reconcile;
class RunSession;
class SyncPcLogout;

struct JobRunnerLimits {
    Seconds horizon = 30s;      // jobs due within it are held in memory, to fire on time
    Seconds lease_margin = 60s; // how long a job may run after it is due
    Milliseconds poll_every{250};
    int batch = 1000;
    std::size_t held_max = 50'000;
};

class JobRunner {
public:
    JobRunner(
        Outside outside, PurchasePackage& purchases, RunSession& sessions, SyncPcLogout& pc_logout,
        Reconcile& reconcile, JobRunnerLimits limits = {});

    /// Runs until `stop`.
    awaitable<void> run();
    void stop() { is_stopped_ = true; }
    [[nodiscard]] std::size_t held() const { return held_.size(); }

private:
    awaitable<void> fire(ports::Job job);
    awaitable<void> dispatch(ports::Job job);

    Outside outside_;
    PurchasePackage& purchases_;
    RunSession& sessions_;
    SyncPcLogout& pc_logout_;
    Reconcile& reconcile_;
    JobRunnerLimits limits_;
    /// Jobs that wait or run here; with each its next turn, when the store gave it out again while
    /// it ran.
    std::unordered_map<domain::JobId, std::optional<ports::Job>> held_;
    bool is_stopped_ = false;
};

} // namespace iwas::workflows
