#include "adapters/payment/transfer_texts.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/vietnam_time.hpp"
#include "core/utf8.hpp"
#include "protocol/vietqr/order_code.hpp"

namespace iwas::adapters {

std::string masked_account(std::string_view number)
{
    constexpr std::size_t shown = 4;
    if (number.size() <= shown || !is_utf8(number)) return {};
    const std::string_view tail = number.substr(number.size() - shown);
    const bool is_plain =
        tail.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
    return is_plain ? "****" + std::string{tail} : std::string{};
}

UtcTime transfer_time(const boost::json::object& parent, std::string_view name, UtcTime otherwise)
{
    const std::string text = gateway_json::text(parent, name, 40).value_or("");
    if (const auto local = from_vietnam_text(text)) return *local;
    return from_rfc3339(text).value_or(otherwise);
}

std::string transfer_text(const boost::json::object& parent, std::string_view name)
{
    constexpr std::size_t octets_max = 500;
    const auto received = gateway_json::text(parent, name, 8192);
    if (!received) return {};
    std::string clean;
    for (std::string_view rest = *received; !rest.empty();) {
        const std::string_view before = rest;
        if (take_code_point(rest)) {
            const auto taken = before.substr(0, before.size() - rest.size());
            if (clean.size() + taken.size() > octets_max) break;
            clean += taken;
        } else {
            rest.remove_prefix(1);
        }
    }
    return clean;
}

std::string kept_text(std::string_view text)
{
    std::string kept;
    for (const std::string& code : iwas::vietqr::find_order_codes(text))
        kept += code + ", ";
    return kept + std::to_string(text.size()) + " octets";
}

} // namespace iwas::adapters
