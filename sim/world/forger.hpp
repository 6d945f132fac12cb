// Forger: falsifies the books of gateways, banks and the PC system of a quiet world, so that they
// and the ledger differ in ways that IWAS cannot know of until it compares.
#pragma once

#include "sim/world/world.hpp"

namespace iwas::sim {

/// Makes up to `count` differences of kinds that `random` chooses, each with a purchase of its own.
/// How many there were to make.
int forge_books(World& world, int count, SimRandom& random);

} // namespace iwas::sim
