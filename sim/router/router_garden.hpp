// RouterGarden: the walled garden of the simulated router, and what its DNS and its connections
// find outside.
#pragma once

#include "core/ip_address.hpp"
#include "core/result.hpp"
#include "protocol/routeros/command.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim {

/// A host of the outside as this router sees it.
struct OutsideHost {
    Ipv4Address ip;
    bool is_reachable = true;
    unsigned status = 200; // of its answer to any request
};

/// /ip/hotspot/walled-garden and /ip/hotspot/walled-garden/ip. A rule by address for a name that
/// resolves shows a dynamic row with the address beside it, as RouterOS does.
class RouterGarden {
public:
    static constexpr std::size_t rows_max = 1'000;

    [[nodiscard]] static bool is_menu(std::string_view menu);

    /// In the router's order, dynamic rows behind theirs.
    [[nodiscard]] std::vector<routeros::Attributes> rows(std::string_view menu) const;
    /// The new row's id, or why not, in the router's words.
    Result<std::string, std::string> add(
        std::string_view menu, const routeros::Attributes& attributes);
    /// Changes what is named. False when there is no such row.
    bool set(std::string_view menu, std::string_view id, const routeros::Attributes& attributes);
    /// False when there is no such row, or it is dynamic.
    bool remove(std::string_view menu, std::string_view id);

    /// By lower-case name. What is not here does not resolve.
    std::map<std::string, OutsideHost, std::less<>> outside;

private:
    struct Row {
        std::string menu;
        std::string id;
        routeros::Attributes attributes;
    };
    std::vector<Row> rows_;
    unsigned last_id_ = 0;
};

} // namespace iwas::sim
