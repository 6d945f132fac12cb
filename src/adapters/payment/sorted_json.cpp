#include "adapters/payment/sorted_json.hpp"

#include "core/utf8.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::adapters {

namespace json = boost::json;

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

void append_unit(std::string& out, std::uint32_t unit)
{
    out += "\\u";
    for (const unsigned shift : {12U, 8U, 4U, 0U})
        out += hex_digits[unit >> shift & 0xF];
}

void append_code_point(std::string& out, std::uint32_t point)
{
    constexpr std::uint32_t beyond = 0x10000; // from here a pair of surrogates
    if (point < beyond) return append_unit(out, point);
    append_unit(out, 0xD800 + ((point - beyond) >> 10));
    append_unit(out, 0xDC00 + ((point - beyond) & 0x3FF));
}

bool append_short_escape(std::string& out, char c)
{
    constexpr std::string_view characters = "\"\\\b\f\n\r\t";
    constexpr std::string_view letters = "\"\\bfnrt";
    const auto at = characters.find(c);
    if (at == std::string_view::npos) return false;
    out += '\\';
    out += letters[at];
    return true;
}

void append_text(std::string& out, std::string_view text, JsonDialect dialect)
{
    out += '"';
    while (!text.empty()) {
        const char c = text.front();
        const auto octet = static_cast<unsigned char>(c);
        if (dialect == JsonDialect::php && octet >= 0x80) {
            if (const auto point = take_code_point(text)) {
                append_code_point(out, *point);
                continue;
            }
        }
        text.remove_prefix(1);
        if (append_short_escape(out, c)) continue;
        if (octet < 0x20) {
            append_unit(out, octet);
        } else if (c == '/' && dialect == JsonDialect::php) {
            out += "\\/";
        } else {
            out += c;
        }
    }
    out += '"';
}

class Writer {
public:
    explicit Writer(JsonDialect dialect) : dialect_{dialect} {}

    void write(const json::value& value, int sorted_levels)
    {
        switch (value.kind()) {
        case json::kind::null: out += "null"; break;
        case json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
        case json::kind::int64:
        case json::kind::uint64:
        case json::kind::double_: out += javascript_number(value); break;
        case json::kind::string: append_text(out, value.get_string(), dialect_); break;
        case json::kind::array: write_array(value.get_array(), sorted_levels); break;
        case json::kind::object: write_object(value.get_object(), sorted_levels); break;
        }
    }
    std::string out;

private:
    void write_array(const json::array& items, int sorted_levels)
    {
        out += '[';
        const char* comma = "";
        for (const json::value& item : items) {
            out += std::exchange(comma, ",");
            write(item, sorted_levels);
        }
        out += ']';
    }
    void write_object(const json::object& members, int sorted_levels)
    {
        std::vector<const json::key_value_pair*> order;
        for (const auto& member : members)
            order.push_back(&member);
        if (sorted_levels > 0)
            std::ranges::sort(order, {}, [](const auto* m) { return std::string_view{m->key()}; });
        out += '{';
        const char* comma = "";
        for (const auto* member : order) {
            out += std::exchange(comma, ",");
            append_text(out, member->key(), dialect_);
            out += ':';
            write(member->value(), sorted_levels - 1);
        }
        out += '}';
    }

    JsonDialect dialect_;
};

} // namespace

std::string javascript_number(const json::value& number)
{
    if (number.is_int64()) return std::to_string(number.get_int64());
    if (number.is_uint64()) return std::to_string(number.get_uint64());
    const double value = number.is_double() ? number.get_double() : 0;
    if (value == 0) return "0"; // also of -0
    // ECMA-262 §6.1.6.1.20: digits up to 21 places, then an exponent.
    const bool is_plain = std::abs(value) >= 1e-6 && std::abs(value) < 1e21;
    std::array<char, 64> text{};
    const auto [end, error] = std::to_chars(
        text.data(), text.data() + text.size(), value,
        is_plain ? std::chars_format::fixed : std::chars_format::scientific);
    return error == std::errc{} ? std::string(text.data(), end) : std::string{};
}

std::string sorted_json(const json::value& value, JsonDialect dialect, int sorted_levels)
{
    Writer writer{dialect};
    writer.write(value, sorted_levels);
    return std::move(writer.out);
}

} // namespace iwas::adapters
