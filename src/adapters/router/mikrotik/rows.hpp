// Rows of RouterOS tables, read into values. Rows that lack what identifies them are left out.
#pragma once

#include "adapters/router/router_api.hpp"
#include "protocol/captive/walled_garden/compare.hpp"

namespace iwas::adapters {

std::optional<HotspotHost> read_host(const routeros::Attributes& row);
std::optional<HotspotActive> read_active(const routeros::Attributes& row);
std::vector<HotspotActive> read_active_rows(const std::vector<routeros::Attributes>& rows);
SystemResource read_resource(const routeros::Attributes& row);
/// A row of /ip/hotspot/walled-garden or of its IP level. Every row is one: what it lacks is empty.
captive::RouterGardenRow read_garden_row(captive::GardenMenu menu, const routeros::Attributes& row);

} // namespace iwas::adapters
