// Rows of a router's tables: `name=value` lines.
#include "adapters/router/mikrotik/rows.hpp"
#include "core/assert.hpp"

#include <string_view>

using namespace iwas;
using namespace iwas::adapters;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    std::string_view text{reinterpret_cast<const char*>(data), size};
    std::vector<routeros::Attributes> rows(1);
    while (!text.empty()) {
        const auto end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
        const auto equals = line.find('=');
        if (line.empty())
            rows.emplace_back();
        else if (equals != std::string_view::npos)
            rows.back().emplace_back(line.substr(0, equals), line.substr(equals + 1));
    }
    const auto active = read_active_rows(rows);
    IWAS_ASSERT(active.size() <= rows.size());
    for (const HotspotActive& row : active)
        IWAS_ASSERT(!row.id.empty());
    for (const routeros::Attributes& row : rows) {
        (void)read_host(row);
        (void)read_resource(row);
        (void)read_garden_row(captive::GardenMenu::ip, row);
    }
    return 0;
}
