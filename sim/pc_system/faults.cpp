#include "sim/pc_system/faults.hpp"

#include <algorithm>

namespace iwas::sim {

namespace {

constexpr std::array<std::string_view, pc_fault_count> names{
    "delay",
    "drop_after_commit",
    "error_before_commit",
    "error_after_commit",
    "rate_limited",
    "garbage_json",
    "huge_body",
    "non_utf8_name",
    "balance_race",
    "duplicate_webhook",
    "reordered_webhook",
    "wrong_signature",
    "clock_skew",
    "lost_request",
    "refused",
    "wrong_key",
    "wrong_amount"};

} // namespace

std::string_view to_string(PcFault fault)
{
    return names[static_cast<std::size_t>(fault)];
}

std::optional<PcFault> parse_pc_fault(std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<PcFault>(found - names.begin());
}

bool PcFaults::strikes(PcFault fault, std::string_view path)
{
    Setting& setting = settings_[index(fault)];
    if (setting.next == 0 && setting.probability <= 0) return false;
    if (path.find(setting.on) == std::string_view::npos) return false;
    if (setting.next > 0) {
        --setting.next;
        return true;
    }
    return random_.chance(setting.probability);
}

} // namespace iwas::sim
