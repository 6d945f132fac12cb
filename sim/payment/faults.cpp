#include "sim/payment/faults.hpp"

#include <algorithm>

namespace iwas::sim {

namespace {

constexpr std::array<std::string_view, gateway_fault_count> names{
    "delay",           "error_before",    "error_after",    "lost_request",   "lost_answer",
    "refused",         "garbage",         "huge_body",      "crash",          "notice_lost",
    "notice_delayed",  "notice_repeated", "notice_twice",   "notice_first",   "stale_refusal",
    "wrong_signature", "wrong_amount",    "wrong_merchant", "unknown_order",  "extra_members",
    "vietnamese_text", "number_as_text",  "late_success",   "reversed_later", "refund_pending",
    "refund_failed"};

} // namespace

std::string_view to_string(GatewayFault fault)
{
    return names[static_cast<std::size_t>(fault)];
}

std::optional<GatewayFault> parse_gateway_fault(std::string_view text)
{
    const auto found = std::ranges::find(names, text);
    if (found == names.end()) return std::nullopt;
    return static_cast<GatewayFault>(found - names.begin());
}

bool GatewayFaults::strikes(GatewayFault fault, std::string_view where)
{
    Setting& setting = settings_[index(fault)];
    if (setting.next == 0 && setting.probability <= 0) return false;
    if (where.find(setting.on) == std::string_view::npos) return false;
    if (setting.next > 0) {
        --setting.next;
        return true;
    }
    return random_.chance(setting.probability);
}

} // namespace iwas::sim
