#include "protocol/captive/hotspot.hpp"

#include "core/digest.hpp"

#include <array>
#include <utility>

namespace iwas::captive {

namespace {

constexpr std::array<std::pair<std::string_view, std::string HotspotRedirect::*>, 9> members{{
    {"n", &HotspotRedirect::identity},
    {"s", &HotspotRedirect::server},
    {"mac", &HotspotRedirect::mac},
    {"ip", &HotspotRedirect::ip},
    {"lo", &HotspotRedirect::login_url},
    {"dst", &HotspotRedirect::destination},
    {"err", &HotspotRedirect::error},
    {"ci", &HotspotRedirect::chap_id},
    {"cc", &HotspotRedirect::chap_challenge},
}};

} // namespace

std::optional<Bytes> unescape_octal(std::string_view text)
{
    Bytes octets;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\\') {
            octets.push_back(static_cast<std::uint8_t>(text[at]));
            continue;
        }
        if (text.size() - at < 4) return std::nullopt;
        unsigned value = 0;
        for (std::size_t digit = 1; digit <= 3; ++digit) {
            const char c = text[at + digit];
            if (c < '0' || c > '7') return std::nullopt;
            value = value * 8 + static_cast<unsigned>(c - '0');
        }
        if (value > 0xFF) return std::nullopt;
        octets.push_back(static_cast<std::uint8_t>(value));
        at += 3;
    }
    return octets;
}

std::string escape_octal(ByteView octets)
{
    std::string text;
    text.reserve(octets.size() * 4);
    for (const std::uint8_t octet : octets) {
        text.push_back('\\');
        text.push_back(static_cast<char>('0' + (octet >> 6)));
        text.push_back(static_cast<char>('0' + (octet >> 3 & 7)));
        text.push_back(static_cast<char>('0' + (octet & 7)));
    }
    return text;
}

std::string http_chap_password(std::uint8_t id, std::string_view password, ByteView challenge)
{
    return to_hex(md5({ByteView{&id, 1}, as_bytes(password), challenge}));
}

std::optional<std::string> http_chap_password(
    std::string_view id_text, const SecretText& password, std::string_view challenge_text)
{
    constexpr std::size_t challenge_octets = 16;
    const auto id = unescape_octal(id_text);
    const auto challenge = unescape_octal(challenge_text);
    if (!id || id->size() != 1 || !challenge || challenge->size() != challenge_octets)
        return std::nullopt;
    return http_chap_password(id->front(), password.reveal(), *challenge);
}

Fields to_fields(const HotspotRedirect& redirect)
{
    Fields fields;
    for (const auto& [name, member] : members)
        fields.emplace_back(name, redirect.*member);
    return fields;
}

HotspotRedirect hotspot_redirect(const Fields& fields)
{
    HotspotRedirect redirect;
    for (const auto& [name, member] : members)
        redirect.*member = find_field(fields, name).value_or("");
    return redirect;
}

} // namespace iwas::captive
