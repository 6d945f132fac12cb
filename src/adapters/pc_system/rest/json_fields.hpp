// Reading members of JSON answers, strictly and bounded. Private to the mappings.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters::json_fields {

/// The object that `body` is; nothing when it is none, is nested deeper than 16, or is over 256
/// KiB. Octets that are no UTF-8 pass here and are mended by `text`.
std::optional<boost::json::object> parse_object(std::string_view body);

/// The object member of that name; null when there is none.
const boost::json::object* object(const boost::json::object& parent, std::string_view name);

/// A text of at most 256 octets; broken UTF-8 is replaced by U+FFFD. Nothing when it is no text, is
/// too long or is absent.
std::optional<std::string> text(const boost::json::object& parent, std::string_view name);

/// An identifier: a non-empty text of at most 128 octets of well-formed UTF-8 without control
/// characters, or an integer. Identifiers are never mended.
std::optional<std::string> identifier(const boost::json::object& parent, std::string_view name);

/// A whole number; nothing for fractions, texts and the rest.
std::optional<std::int64_t> integer(const boost::json::object& parent, std::string_view name);

bool is_true(const boost::json::object& parent, std::string_view name);

} // namespace iwas::adapters::json_fields
