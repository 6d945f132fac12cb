#include "adapters/payment/invitation_urls.hpp"

#include "core/text.hpp"
#include "core/utf8.hpp"

#include <algorithm>
#include <array>

namespace iwas::adapters {

namespace {

constexpr std::size_t url_octets_max = 4096;
/// A QR code of the lowest error correction holds 2,953 octets; readable ones hold far less.
constexpr std::size_t qr_octets_max = 2048;

bool is_control(char c)
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
}

/// The scheme in small letters; empty when `url` is none that may be shown.
std::string scheme_of(std::string_view url)
{
    const auto end = url.find("://");
    if (end == std::string_view::npos || end == 0 || url.size() > url_octets_max) return {};
    if (!is_utf8(url) || url.contains(' ') || std::ranges::any_of(url, is_control)) return {};
    std::string scheme{url.substr(0, end)};
    std::ranges::transform(scheme, scheme.begin(), lower);
    const auto is_part = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
    };
    return std::ranges::all_of(scheme, is_part) ? scheme : std::string{};
}

} // namespace

std::string web_url(std::string_view url)
{
    const std::string scheme = scheme_of(url);
    return scheme == "https" || scheme == "http" ? std::string{url} : std::string{};
}

std::string app_url(std::string_view url)
{
    static constexpr std::array<std::string_view, 6> dangerous{"javascript", "data", "vbscript",
                                                               "file",       "blob", "about"};
    const std::string scheme = scheme_of(url);
    if (scheme.empty() || std::ranges::find(dangerous, scheme) != dangerous.end()) return {};
    return std::string{url};
}

std::string qr_text(std::string_view text)
{
    const bool is_good =
        text.size() <= qr_octets_max && is_utf8(text) && std::ranges::none_of(text, is_control);
    return is_good ? std::string{text} : std::string{};
}

} // namespace iwas::adapters
