// What a customer does in the café when nobody tells him.
#pragma once

#include "sim/world/phone.hpp"

namespace iwas::sim {

/// Comes, signs in, buys, extends, moves to his other device, sits down at a PC and gets up, loses
/// patience, buys again with the same or another key, leaves and returns, until the world is calm.
awaitable<void> live(World& world, Phone& phone, Phone& second, SimRandom random);

} // namespace iwas::sim
