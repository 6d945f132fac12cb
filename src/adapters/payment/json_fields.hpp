// Reading gateways' JSON strictly and bounded, and writing forms. Shared by the mappings.
#pragma once

#include "core/money.hpp"
#include "core/time.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::adapters::gateway_json {

/// The largest JSON that is read unless it is told otherwise.
inline constexpr std::size_t body_octets_max = 256 * 1024;

/// The object that `body` is; nothing when it is none, is nested deeper than 16, or is over
/// `octets_max`. Octets that are no UTF-8 pass here, so that a gateway's cut message does not hide
/// its code; `text` gives them as they are, since signatures are over octets.
std::optional<boost::json::object> parse_object(
    std::string_view body, std::size_t octets_max = body_octets_max);

/// The member of that name and kind; null when there is none.
const boost::json::object* object(const boost::json::object& parent, std::string_view name);
const boost::json::array* array(const boost::json::object& parent, std::string_view name);

/// A text as received, of at most `octets_max`; nothing when it is no text, is longer or is absent.
std::optional<std::string> text(
    const boost::json::object& parent, std::string_view name, std::size_t octets_max = 4096);

/// A text as received, or an integer in decimal: what signatures are over. Nothing for fractions,
/// exponents, objects and the rest. Absent and null members give `absent`.
std::optional<std::string> scalar(
    const boost::json::object& parent, std::string_view name, std::string_view absent);

/// An identifier: a non-empty text of at most 128 octets of well-formed UTF-8 without control
/// characters, or an integer.
std::optional<std::string> identifier(const boost::json::object& parent, std::string_view name);

/// A whole number, written as a number or as decimal text. Nothing for fractions and the rest, and
/// for what 64 bits do not hold.
std::optional<std::int64_t> integer(const boost::json::object& parent, std::string_view name);

/// VND from 0 to 10^12, as `integer` reads it.
std::optional<Money> amount(const boost::json::object& parent, std::string_view name);
/// The same, and decimal text whose fraction is zero: "15000.00", as lists of bank feeds write it.
std::optional<Money> amount_with_fraction(const boost::json::object& parent, std::string_view name);

/// Milliseconds since 1970, between 2000 and 2100.
std::optional<UtcTime> unix_ms(const boost::json::object& parent, std::string_view name);

/// Whole VND in decimal text: nothing for signs, blanks, fractions, and above 10^12.
std::optional<Money> amount_from(std::string_view text);

/// What of a notice is not kept, by the names of its members.
struct Masks {
    std::initializer_list<std::string_view> secrets{}; // become "***"
    std::initializer_list<std::string_view> texts{};   // what people wrote: become `reduced` of it
    std::string (*reduced)(std::string_view text) = nullptr;
};

/// `value` as compact JSON for the audit, masked at any depth; octets that are no UTF-8 become
/// U+FFFD.
std::string masked(const boost::json::object& value, const Masks& masks);

/// "a=1&b=x%20y": each value percent-encoded, names as they are.
std::string form(const std::vector<std::pair<std::string, std::string>>& fields);

} // namespace iwas::adapters::gateway_json
