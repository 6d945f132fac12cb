#include "adapters/http/url.hpp"

#include "core/percent_encoding.hpp"
#include "core/text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <charconv>

namespace iwas::http {

namespace {

bool is_control(char c)
{
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7F;
}

std::optional<std::string> decode_path(std::string_view raw)
{
    std::string path;
    path.reserve(raw.size());
    for (std::size_t at = 1; at <= raw.size();) {
        const std::size_t end = std::min(raw.find('/', at), raw.size());
        const auto segment = percent_decode(raw.substr(at, end - at), false);
        if (!segment || *segment == "." || *segment == "..") return std::nullopt;
        if (segment->find_first_of("/\\") != std::string::npos) return std::nullopt;
        path += '/';
        path += *segment;
        at = end + 1;
    }
    return path;
}

} // namespace

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank)
{
    auto decoded = iwas::percent_decode(text, plus_is_blank);
    if (!decoded || std::ranges::any_of(*decoded, is_control) || !is_utf8(*decoded))
        return std::nullopt;
    return decoded;
}

std::optional<Params> decode_query(std::string_view text)
{
    Params params;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('&', at), text.size());
        const std::string_view pair = text.substr(at, end - at);
        at = end + 1;
        if (pair.empty()) continue;
        if (params.all().size() == pairs_max) return std::nullopt;
        const std::size_t equals = std::min(pair.find('='), pair.size());
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value) return std::nullopt;
        params.add(std::move(*name), std::move(*value));
    }
    return params;
}

std::optional<Params> decode_cookies(std::string_view text)
{
    Params cookies;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(';', at), text.size());
        const std::string_view pair = trimmed(text.substr(at, end - at), " \t");
        at = end + 1;
        const std::size_t equals = pair.find('=');
        if (equals == 0 || equals == std::string_view::npos) continue;
        if (std::ranges::any_of(pair, is_control)) continue;
        if (cookies.all().size() == pairs_max) return std::nullopt;
        std::string_view value = pair.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
            value = value.substr(1, value.size() - 2);
        cookies.add(std::string{pair.substr(0, equals)}, std::string{value});
    }
    return cookies;
}

std::optional<Target> decode_target(std::string_view target)
{
    if (target.empty() || target.size() > target_octets_max) return std::nullopt;
    if (target.find('#') != std::string_view::npos) return std::nullopt;
    if (target.front() != '/') {
        // RFC 9112 §3.2.2: a server must accept the absolute form.
        const std::size_t scheme = target.starts_with("http://")    ? 7
                                   : target.starts_with("https://") ? 8
                                                                    : 0;
        if (scheme == 0) return std::nullopt;
        const std::size_t slash = target.find_first_of("/?", scheme);
        if (slash == std::string_view::npos) return Target{"/", {}};
        if (target[slash] == '?') return std::nullopt;
        target = target.substr(slash);
    }
    const std::size_t question = std::min(target.find('?'), target.size());
    auto path = decode_path(target.substr(0, question));
    auto query = decode_query(target.substr(std::min(question + 1, target.size())));
    if (!path || !query) return std::nullopt;
    return Target{std::move(*path), std::move(*query)};
}

std::optional<BaseUrl> parse_base_url(std::string_view text)
{
    if (text.size() > target_octets_max) return std::nullopt;
    BaseUrl url;
    if (text.starts_with("https://")) {
        url.tls = true;
        url.port = 443;
        text.remove_prefix(8);
    } else if (text.starts_with("http://")) {
        text.remove_prefix(7);
    } else {
        return std::nullopt;
    }
    const std::size_t slash = std::min(text.find('/'), text.size());
    std::string_view authority = text.substr(0, slash);
    std::string_view prefix = text.substr(slash);
    while (prefix.ends_with('/'))
        prefix.remove_suffix(1);
    const auto plain = [](char c) { return is_unreserved(c) || c == '/'; };
    if (!std::ranges::all_of(prefix, plain) || prefix.find("..") != std::string_view::npos)
        return std::nullopt;

    if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
        const std::string_view port = authority.substr(colon + 1);
        const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), url.port);
        if (error != std::errc{} || end != port.data() + port.size() || url.port == 0)
            return std::nullopt;
        authority = authority.substr(0, colon);
    }
    if (authority.empty() || authority.size() > 253) return std::nullopt;
    for (const char c : authority) {
        if (!is_unreserved(c) || c == '_' || c == '~') return std::nullopt;
        url.host += lower(c);
    }
    url.prefix = prefix;
    return url;
}

std::string to_string(const BaseUrl& url)
{
    std::string text = url.tls ? "https://" : "http://";
    text += url.host;
    if (url.port != (url.tls ? 443 : 80)) text += ":" + std::to_string(url.port);
    return text + url.prefix;
}

} // namespace iwas::http
