#include "adapters/payment/json_fields.hpp"

#include "core/percent_encoding.hpp"
#include "core/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <charconv>

namespace iwas::adapters::gateway_json {

namespace json = boost::json;

namespace {

constexpr std::size_t depth_max = 16;
constexpr std::size_t identifier_octets_max = 128;
constexpr std::int64_t amount_max = 1'000'000'000'000;
constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD

std::string_view view_of(const json::string& text)
{
    return {text.data(), text.size()};
}

std::optional<std::int64_t> integer_from(std::string_view text)
{
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

std::optional<Money> money_of(std::optional<std::int64_t> vnd)
{
    if (!vnd || *vnd < 0 || *vnd > amount_max) return std::nullopt;
    return Money{*vnd};
}

void mask(json::value& value, const Masks& masks)
{
    if (json::array* items = value.if_array())
        for (json::value& item : *items)
            mask(item, masks);
    json::object* members = value.if_object();
    if (members == nullptr) return;
    for (auto& member : *members) {
        const std::string_view name{member.key().data(), member.key().size()};
        const json::string* written = member.value().if_string();
        if (std::ranges::find(masks.secrets, name) != masks.secrets.end())
            member.value() = "***";
        else if (std::ranges::find(masks.texts, name) == masks.texts.end())
            mask(member.value(), masks);
        else if (written != nullptr)
            member.value() = masks.reduced({written->data(), written->size()});
        else if (!member.value().is_null())
            member.value() = "***";
    }
}

std::string mended(std::string_view text)
{
    std::string clean;
    clean.reserve(text.size());
    while (!text.empty()) {
        const std::string_view before = text;
        if (take_code_point(text)) {
            clean += before.substr(0, before.size() - text.size());
        } else {
            clean += replacement;
            text.remove_prefix(1);
        }
    }
    return clean;
}

} // namespace

std::optional<json::object> parse_object(std::string_view body, std::size_t octets_max)
{
    if (body.size() > octets_max) return std::nullopt;
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

const json::array* array(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(name);
    return value == nullptr ? nullptr : value->if_array();
}

std::optional<std::string> text(
    const json::object& parent, std::string_view name, std::size_t octets_max)
{
    const json::value* value = parent.if_contains(name);
    const json::string* found = value == nullptr ? nullptr : value->if_string();
    if (found == nullptr || found->size() > octets_max) return std::nullopt;
    return std::string{view_of(*found)};
}

std::optional<std::string> scalar(
    const json::object& parent, std::string_view name, std::string_view absent)
{
    const json::value* value = parent.if_contains(name);
    if (value == nullptr || value->is_null()) return std::string{absent};
    if (value->is_int64()) return std::to_string(value->get_int64());
    if (value->is_uint64()) return std::to_string(value->get_uint64());
    if (value->is_string()) return std::string{view_of(value->get_string())};
    return std::nullopt;
}

std::optional<std::string> identifier(const json::object& parent, std::string_view name)
{
    auto found = scalar(parent, name, "");
    const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20; };
    if (!found || found->empty() || found->size() > identifier_octets_max || !is_utf8(*found) ||
        std::ranges::any_of(*found, is_control))
        return std::nullopt;
    return found;
}

std::optional<std::int64_t> integer(const json::object& parent, std::string_view name)
{
    const json::value* value = parent.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_int64()) return value->get_int64();
    if (value->is_string()) return integer_from(view_of(value->get_string()));
    return std::nullopt;
}

std::optional<Money> amount(const json::object& parent, std::string_view name)
{
    return money_of(integer(parent, name));
}

std::optional<Money> amount_with_fraction(const json::object& parent, std::string_view name)
{
    const auto written = scalar(parent, name, "");
    if (!written) return std::nullopt;
    std::string_view whole = *written;
    if (const auto point = whole.find('.'); point != std::string_view::npos) {
        const std::string_view fraction = whole.substr(point + 1);
        if (fraction.empty() || fraction.find_first_not_of('0') != std::string_view::npos)
            return std::nullopt;
        whole = whole.substr(0, point);
    }
    return amount_from(whole);
}

std::optional<UtcTime> unix_ms(const json::object& parent, std::string_view name)
{
    constexpr std::int64_t year_2000 = 946'684'800'000;
    constexpr std::int64_t year_2100 = 4'102'444'800'000;
    const auto number = integer(parent, name);
    if (!number || *number < year_2000 || *number >= year_2100) return std::nullopt;
    return from_unix_ms(*number);
}

std::optional<Money> amount_from(std::string_view text)
{
    if (text.starts_with('-')) return std::nullopt;
    return money_of(integer_from(text));
}

std::string masked(const json::object& value, const Masks& masks)
{
    json::value copy = value;
    mask(copy, masks);
    std::string written = json::serialize(copy);
    return is_utf8(written) ? written : mended(written);
}

std::string form(const std::vector<std::pair<std::string, std::string>>& fields)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        if (!text.empty()) text += '&';
        text += name;
        text += '=';
        text += percent_encode(value);
    }
    return text;
}

} // namespace iwas::adapters::gateway_json
