#include "adapters/payment/payos/signature.hpp"

#include "adapters/payment/json_fields.hpp"
#include "adapters/payment/sorted_json.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"

#include <boost/json/array.hpp>

#include <map>

namespace iwas::adapters::payos {

namespace json = boost::json;

namespace {

std::optional<std::string> text_of(const json::value& value)
{
    switch (value.kind()) {
    case json::kind::null: return "";
    case json::kind::bool_: return value.get_bool() ? "true" : "false";
    case json::kind::int64:
    case json::kind::uint64:
    case json::kind::double_: return javascript_number(value);
    case json::kind::string: {
        const std::string_view text = value.get_string();
        return std::string{text == "null" || text == "undefined" ? "" : text};
    }
    case json::kind::array:
        for (const json::value& item : value.get_array())
            if (!item.is_object()) return std::nullopt;
        return sorted_json(value, JsonDialect::javascript, 1);
    case json::kind::object: break;
    }
    return "[object Object]";
}

} // namespace

std::string hash_of(std::string_view text, const SecretText& key)
{
    return to_hex(hmac_sha256(as_bytes(key.reveal()), {as_bytes(text)}));
}

std::optional<std::string> signed_text(const json::object& data)
{
    std::map<std::string_view, const json::value*> sorted;
    for (const auto& member : data)
        sorted.emplace(std::string_view{member.key()}, &member.value());
    std::string text;
    for (const auto& [name, value] : sorted) {
        const auto written = text_of(*value);
        if (!written) return std::nullopt;
        if (!text.empty()) text += '&';
        text += name;
        text += '=';
        text += *written;
    }
    return text;
}

const json::object* signed_data(const json::object& parent, const SecretText& key)
{
    const json::object* data = gateway_json::object(parent, "data");
    const auto signature = gateway_json::text(parent, "signature", 128);
    if (data == nullptr || !signature || key.empty()) return nullptr;
    const auto text = signed_text(*data);
    return text && equal_constant_time(*signature, hash_of(*text, key)) ? data : nullptr;
}

} // namespace iwas::adapters::payos
