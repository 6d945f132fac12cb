// Query strings (RFC 3986 §2.1, HTML form encoding), bounded.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::captive {

/// The fields of a query or form, decoded, in order. A name may occur twice.
using Fields = std::vector<std::pair<std::string, std::string>>;

/// Reads `a=1&b=2`. Nothing for a broken escape, more than `fields_max` fields or 64 KiB of text.
std::optional<Fields> parse_fields(std::string_view text, std::size_t fields_max = 64);

/// Writes `a=1&b=2`, everything encoded.
std::string format_fields(const Fields& fields);

/// The first field of that name; nothing when it is absent. The view borrows `fields`.
std::optional<std::string_view> find_field(const Fields& fields, std::string_view name);

/// The part of an URL or target after the first `?` and before a `#`; empty when there is none.
std::string_view query_of(std::string_view url);

} // namespace iwas::captive
