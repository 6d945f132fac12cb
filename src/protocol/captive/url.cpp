#include "protocol/captive/url.hpp"

#include "core/percent_encoding.hpp"

#include <algorithm>

namespace iwas::captive {

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
        auto name = percent_decode(part.substr(0, equals), true);
        auto value = percent_decode(
            equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1), true);
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
