// Staff: somebody who works the queue of refunds of a simulated café, and gives money back on his
// own account, as often with a colleague at his side who does the same.
#pragma once

#include "sim/world/world.hpp"

namespace iwas::sim {

/// Works until the faults stop, and finishes what he has begun. `name`: 1-16 letters.
awaitable<void> work_as_staff(World& world, std::string name, SimRandom random);

} // namespace iwas::sim
