#include "sim/payment/form.hpp"

#include "adapters/http/url.hpp"
#include "core/percent_encoding.hpp"
#include "sim/json_body.hpp"

namespace iwas::sim {

namespace {

std::string encoded(std::string_view text)
{
    std::string result;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t blank = text.find(' ', begin);
        result += percent_encode(text.substr(begin, blank - begin));
        if (blank == std::string_view::npos) break;
        result += '+';
        begin = blank + 1;
    }
    return result;
}

} // namespace

std::string form_encode(const std::vector<std::pair<std::string, std::string>>& pairs)
{
    std::string text;
    for (const auto& [name, value] : pairs) {
        if (!text.empty()) text += '&';
        text += encoded(name);
        text += '=';
        text += encoded(value);
    }
    return text;
}

std::string with_query(std::string_view url, std::string_view query)
{
    std::string result{url};
    result += url.find('?') == std::string_view::npos ? '?' : '&';
    result += query;
    return result;
}

std::optional<boost::json::object> read_fields(std::string_view content_type, std::string_view body)
{
    if (!content_type.starts_with("application/x-www-form-urlencoded")) return read_object(body);
    const auto pairs = http::decode_query(body);
    if (!pairs) return std::nullopt;
    boost::json::object fields;
    for (const auto& [name, value] : pairs->all())
        fields[name] = value;
    return fields;
}

bool is_web_url(std::string_view url)
{
    return url.starts_with("http://") || url.starts_with("https://");
}

} // namespace iwas::sim
