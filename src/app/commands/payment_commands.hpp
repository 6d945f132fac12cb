// What `iwas payment` is made of.
#pragma once

#include "app/commands/commands.hpp"

namespace iwas::app {

/// Adds `history` to `payment`.
void add_payment_history(CLI::App& payment, const CommonOptions& common);

} // namespace iwas::app
