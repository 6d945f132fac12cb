#include "protocol/captive/capport.hpp"

#include <algorithm>

namespace iwas::captive {

namespace {

std::string json_string(std::string_view text)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out{'"'};
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out.push_back('\\');
            out.push_back(c);
        } else if (octet < 0x20) {
            out += "\\u00";
            out.push_back(digits[octet >> 4]);
            out.push_back(digits[octet & 0x0F]);
        } else {
            out.push_back(c);
        }
    }
    out.push_back('"');
    return out;
}

void append(Bytes& out, std::string_view uri)
{
    const auto octets = as_bytes(uri);
    out.insert(out.end(), octets.begin(), octets.end());
}

bool fits(std::string_view uri)
{
    constexpr std::size_t uri_octets_max = 255;
    return !uri.empty() && uri.size() <= uri_octets_max;
}

} // namespace

std::string to_json(const CapportState& state)
{
    std::string out = std::string{"{\"captive\":"} + (state.captive ? "true" : "false");
    const auto member = [&out](std::string_view name, const std::string& value) {
        out += ",\"" + std::string{name} + "\":" + value;
    };
    if (state.user_portal_url) member("user-portal-url", json_string(*state.user_portal_url));
    if (state.venue_info_url) member("venue-info-url", json_string(*state.venue_info_url));
    if (state.can_extend_session)
        member("can-extend-session", *state.can_extend_session ? "true" : "false");
    if (!state.captive && state.seconds_remaining)
        member(
            "seconds-remaining",
            std::to_string(std::max<std::int64_t>(0, *state.seconds_remaining)));
    if (!state.captive && state.octets_remaining)
        member(
            "bytes-remaining", std::to_string(std::max<std::int64_t>(0, *state.octets_remaining)));
    out.push_back('}');
    return out;
}

std::optional<Bytes> dhcp4_capport_option(std::string_view uri)
{
    if (!fits(uri)) return std::nullopt;
    Bytes option{114, static_cast<std::uint8_t>(uri.size())};
    append(option, uri);
    return option;
}

std::optional<Bytes> dhcp6_capport_option(std::string_view uri)
{
    if (!fits(uri)) return std::nullopt;
    Bytes option(4);
    store_be16(option, 0, 103);
    store_be16(option, 2, static_cast<std::uint16_t>(uri.size()));
    append(option, uri);
    return option;
}

std::optional<Bytes> nd_capport_option(std::string_view uri)
{
    if (!fits(uri)) return std::nullopt;
    constexpr std::size_t unit = 8;
    const std::size_t units = (uri.size() + 2 + unit - 1) / unit;
    Bytes option{37, static_cast<std::uint8_t>(units)};
    append(option, uri);
    option.resize(units * unit);
    return option;
}

} // namespace iwas::captive
