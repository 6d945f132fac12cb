#include "protocol/captive/url.hpp"

#include <algorithm>

namespace iwas::captive {

namespace {

bool is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

int hex_value(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

} // namespace

std::string percent_encode(std::string_view octets)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(octets.size());
    for (const char c : octets) {
        if (is_unreserved(c)) {
            out.push_back(c);
            continue;
        }
        const auto octet = static_cast<unsigned char>(c);
        out.push_back('%');
        out.push_back(digits[octet >> 4]);
        out.push_back(digits[octet & 0x0F]);
    }
    return out;
}

std::optional<std::string> percent_decode(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '+') {
            out.push_back(' ');
        } else if (text[at] != '%') {
            out.push_back(text[at]);
        } else {
            if (text.size() - at < 3) return std::nullopt;
            const int high = hex_value(text[at + 1]);
            const int low = hex_value(text[at + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out.push_back(static_cast<char>(high << 4 | low));
            at += 2;
        }
    }
    return out;
}

std::optional<Fields> parse_fields(std::string_view text, std::size_t fields_max)
{
    constexpr std::size_t octets_max = 65'536;
    if (text.size() > octets_max) return std::nullopt;
    Fields fields;
    while (!text.empty()) {
        const auto part = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(part.size() + 1, text.size()));
        if (part.empty()) continue;
        if (fields.size() >= fields_max) return std::nullopt;
        const auto equals = part.find('=');
        auto name = percent_decode(part.substr(0, equals));
        auto value = percent_decode(
            equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1));
        if (!name || !value) return std::nullopt;
        fields.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

std::string format_fields(const Fields& fields)
{
    std::string out;
    for (const auto& [name, value] : fields) {
        if (!out.empty()) out.push_back('&');
        out += percent_encode(name) + '=' + percent_encode(value);
    }
    return out;
}

std::optional<std::string_view> find_field(const Fields& fields, std::string_view name)
{
    const auto found = std::ranges::find(fields, name, &Fields::value_type::first);
    if (found == fields.end()) return std::nullopt;
    return found->second;
}

std::string_view query_of(std::string_view url)
{
    url = url.substr(0, url.find('#'));
    const auto mark = url.find('?');
    return mark == std::string_view::npos ? std::string_view{} : url.substr(mark + 1);
}

} // namespace iwas::captive
