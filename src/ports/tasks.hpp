// Tasks: starts a coroutine that nobody awaits. Real and simulated: iwas::TaskGroup.
#pragma once

#include "ports/clock.hpp"

#include <string>

namespace iwas::ports {

class Tasks {
public:
    virtual ~Tasks() = default;
    /// Starts `task`; what it throws is logged. False, and nothing is started, when the process
    /// is closing or too much runs already: the job in the store brings the work back later.
    virtual bool start(std::string name, awaitable<void> task) = 0;
};

} // namespace iwas::ports
