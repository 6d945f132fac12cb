// The subcommands of `router` that stand in files of their own.
#pragma once

#include "app/commands/commands.hpp"

namespace iwas::app {

void add_walled_garden(CLI::App& router, const CommonOptions& common);
void add_probe_garden(CLI::App& router, const CommonOptions& common);

} // namespace iwas::app
