#include "adapters/pc_system/rest/json_fields.hpp"

#include "core/utf8.hpp"

#include <boost/json/parse.hpp>

#include <algorithm>
#include <limits>

namespace iwas::adapters::json_fields {

namespace json = boost::json;

namespace {

constexpr std::size_t body_octets_max = 256 * 1024;
constexpr std::size_t depth_max = 16;
constexpr std::size_t text_octets_max = 256;
constexpr std::size_t identifier_octets_max = 128;
constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

std::string mended(std::string_view text)
{
    std::string clean;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t length = 1;
        while (length <= 4 && at + length <= text.size() && !is_utf8(text.substr(at, length)))
            ++length;
        if (length <= 4 && at + length <= text.size()) {
            clean += text.substr(at, length);
            at += length;
        } else {
            clean += replacement;
            ++at;
        }
    }
    return clean;
}

} // namespace

std::optional<json::object> parse_object(std::string_view body)
{
    if (body.size() > body_octets_max) return std::nullopt;
    json::parse_options options;
    options.max_depth = depth_max;
    options.allow_invalid_utf8 = true;
    boost::system::error_code error;
    json::value value = json::parse(body, error, {}, options);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.get_object());
}

const json::object* object(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

std::optional<std::string> text(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(name);
    if (value == nullptr || !value->is_string()) return std::nullopt;
    const json::string& found = value->get_string();
    if (found.size() > text_octets_max) return std::nullopt;
    return mended({found.data(), found.size()});
}

std::optional<std::string> identifier(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_int64()) return std::to_string(value->get_int64());
    if (!value->is_string()) return std::nullopt;
    const std::string_view found{value->get_string().data(), value->get_string().size()};
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (found.empty() || found.size() > identifier_octets_max || !is_utf8(found) ||
        std::ranges::any_of(found, is_control))
        return std::nullopt;
    return std::string{found};
}

std::optional<std::int64_t> integer(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(name);
    if (value == nullptr || !value->is_int64()) return std::nullopt;
    return value->get_int64();
}

bool is_true(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(name);
    return value != nullptr && value->is_bool() && value->get_bool();
}

} // namespace iwas::adapters::json_fields
