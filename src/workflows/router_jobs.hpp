// What the jobs have in common that tell a router something until it agrees.
#pragma once

#include "domain/ids.hpp"
#include "workflows/outside.hpp"

#include <string>

namespace iwas::workflows {

/// The router did not agree. The turn comes back, each time later, at most a minute apart; at the
/// third time in vain a person is told. `job` is leased to this node.
awaitable<void> tell_router_later(
    Outside outside, ports::Job job, domain::LocationId location, domain::RouterId router);

} // namespace iwas::workflows
