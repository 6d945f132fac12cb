// JSON written as the JavaScript and PHP of gateways write it before they sign it.
#pragma once

#include <boost/json/value.hpp>

#include <cstdint>
#include <string>

namespace iwas::adapters {

enum class JsonDialect : std::uint8_t {
    javascript, // JSON.stringify: text as it is
    php,        // json_encode without flags: \/ and \uXXXX for all that is not ASCII
};

inline constexpr int all_levels = 64; // deeper than what is parsed

/// Compact. The members of the outermost `sorted_levels` objects ascend by octets, those below stay
/// as received.
std::string sorted_json(
    const boost::json::value& value, JsonDialect dialect = JsonDialect::javascript,
    int sorted_levels = all_levels);

/// A number as JavaScript prints it: 599000 for 599000.0.
std::string javascript_number(const boost::json::value& number);

} // namespace iwas::adapters
