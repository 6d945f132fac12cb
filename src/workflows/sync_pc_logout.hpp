// SyncPcLogout: leaving the gaming PC pauses or ends the WiFi session, as its package says.
#pragma once

#include "domain/pc_event.hpp"
#include "workflows/outside.hpp"

namespace iwas::workflows {

class RunSession;

class SyncPcLogout {
public:
    SyncPcLogout(Outside outside, RunSession& sessions);

    /// Makes the event durable and starts to handle it. True: it is new; false: it was known and
    /// has no further effect. The caller has verified signature, branch and age.
    awaitable<Result<bool, ports::StoreError>> receive(domain::PcEvent event);

    /// Handles pc_event and pc_logout (the grace time is over).
    awaitable<void> handle(ports::Job job);

private:
    // Each says whether it is done; false: the store did not answer, try again.
    awaitable<bool> apply(domain::PcEvent event);
    awaitable<Result<std::optional<domain::Account>, ports::StoreError>> account_of(
        domain::PcEvent event);
    awaitable<bool> left_pc(domain::Account account, domain::PcEvent event);
    awaitable<bool> came_to_pc(domain::Account account, domain::PcEvent event);
    awaitable<bool> grace_is_over(ports::Job job);
    awaitable<bool> act_on(domain::Session session);

    Outside outside_;
    RunSession& sessions_;
};

} // namespace iwas::workflows
