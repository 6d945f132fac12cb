// PcPoller: asks the cafés' PC systems who sits at a PC, where their events might get lost.
#pragma once

#include "ports/pc_system.hpp"
#include "ports/store/catalog_store.hpp"
#include "ports/tasks.hpp"
#include "protocol/pc_events/poll_diff.hpp"
#include "workflows/sync_pc_logout.hpp"

#include <map>

namespace iwas::app {

/// Used on the I/O thread.
class PcPoller {
public:
    PcPoller(
        ports::PcSystem& pc_system, const ports::CatalogView& catalog, ports::Clock& clock,
        ports::Tasks& tasks, workflows::SyncPcLogout& pc_logout)
        : pc_system_{pc_system}, catalog_{catalog}, clock_{clock}, tasks_{tasks},
          pc_logout_{pc_logout}
    {
    }

    /// Polls each location in its interval, until cancelled.
    ports::awaitable<void> run();

    /// Locations whose PC system has been silent for three intervals; nobody is cut off for that.
    [[nodiscard]] std::size_t degraded() const;

private:
    struct Branch {
        pc_events::PollDiff diff;
        SteadyTime due_at{};
        Seconds interval{0};
        bool is_polling = false;
    };

    ports::awaitable<void> poll(domain::LocationId location, Seconds interval);

    ports::PcSystem& pc_system_;
    const ports::CatalogView& catalog_;
    ports::Clock& clock_;
    ports::Tasks& tasks_;
    workflows::SyncPcLogout& pc_logout_;
    std::map<domain::LocationId, Branch> branches_;
};

} // namespace iwas::app
