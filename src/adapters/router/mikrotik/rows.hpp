// Rows of RouterOS tables, read into values. Rows that lack what identifies them are left out.
#pragma once

#include "adapters/router/router_api.hpp"

namespace iwas::adapters {

std::optional<HotspotHost> read_host(const routeros::Attributes& row);
std::optional<HotspotActive> read_active(const routeros::Attributes& row);
std::vector<HotspotActive> read_active_rows(const std::vector<routeros::Attributes>& rows);
SystemResource read_resource(const routeros::Attributes& row);

} // namespace iwas::adapters
