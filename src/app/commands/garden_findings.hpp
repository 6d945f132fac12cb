// What `router probe-garden` prints.
#pragma once

#include "adapters/router/mikrotik/garden_probe.hpp"

#include <string>

namespace iwas::app {

struct GardenFindings {
    std::string text; // lines, for people
    /// Rules missing, rows too many or opening a probe, hosts that do not resolve or are not
    /// reached. What could not be asked or judged is none, but stands in the text.
    std::size_t faults = 0;
};

/// One line for each entry, then one for each row with a fault, then a summary. Octets of the
/// router's words that are not printable ASCII are shown as `?`.
GardenFindings garden_findings(
    const std::vector<captive::GardenEntry>& entries, const adapters::GardenReport& report);

} // namespace iwas::app
