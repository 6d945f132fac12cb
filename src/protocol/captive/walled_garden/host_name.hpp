// Host names and ports as the walled garden's data writes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::captive {

/// The group of the portal's own entry. No other entry may be an address.
inline constexpr std::string_view portal_group = "portal";

/// Whether `text` is a host name as RFC 1123 §2.1 has it, in lower case: two parts or more of
/// letters, digits and hyphens, the last part not of digits alone; at most 253 octets.
bool is_host_name(std::string_view text);

/// Whether names right below `name` belong to many: one part (`vn`), or two of which the first is
/// a registry's usual division (`com.vn`, `co.uk`).
bool is_registry(std::string_view name);

/// 1 to 65535, digits alone.
std::optional<std::uint16_t> parse_port(std::string_view text);

std::string lower_case(std::string_view text);

} // namespace iwas::captive
