// Reading small JSON bodies: bounded, and with plain defaults.
#pragma once

#include "adapters/http/message.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim {

/// The object in `text`; nothing when it is no JSON object.
inline std::optional<boost::json::object> read_object(std::string_view text)
{
    boost::system::error_code error;
    boost::json::value value = boost::json::parse(text, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

inline std::string text_of(const boost::json::object& object, std::string_view name)
{
    const boost::json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string()) return {};
    return std::string{value->as_string()};
}

inline std::optional<std::int64_t> integer_of(
    const boost::json::object& object, std::string_view name)
{
    const boost::json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->as_int64();
}

inline http::Response json_response(int status, const boost::json::object& body)
{
    return http::Response::json(status, boost::json::serialize(body));
}

} // namespace iwas::sim
