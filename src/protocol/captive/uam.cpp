#include "protocol/captive/uam.hpp"

#include "core/digest.hpp"

#include <algorithm>
#include <array>

namespace iwas::captive {

namespace {

constexpr std::size_t challenge_octets = 16;
constexpr std::string_view digest_parameter = "&md=";

std::string redirect_digest(std::string_view url, const SecretText& uam_secret)
{
    std::string hex = to_hex(md5({as_bytes(url), as_bytes(uam_secret.reveal())}));
    std::ranges::transform(hex, hex.begin(), [](char c) {
        return c >= 'a' && c <= 'f' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    return hex;
}

} // namespace

bool uam_redirect_is_genuine(std::string_view url, const SecretText& uam_secret)
{
    const auto at = url.rfind(digest_parameter);
    if (at == std::string_view::npos) return false;
    const auto given = url.substr(at + digest_parameter.size());
    return equal_constant_time(given, redirect_digest(url.substr(0, at), uam_secret));
}

std::string sign_uam_redirect(std::string_view url, const SecretText& uam_secret)
{
    return std::string{url} + std::string{digest_parameter} + redirect_digest(url, uam_secret);
}

std::optional<UamRedirect> parse_uam_redirect(std::string_view url)
{
    const auto fields = parse_fields(query_of(url));
    if (!fields) return std::nullopt;
    const auto text = [&fields](std::string_view name) {
        return std::string{find_field(*fields, name).value_or("")};
    };
    UamRedirect redirect{
        .result = text("res"),
        .host = text("uamip"),
        .port = text("uamport"),
        .challenge = {},
        .mac = text("mac"),
        .ip = text("ip"),
        .nas = text("nasid"),
        .called = text("called"),
        .session = text("sessionid"),
        .user_url = text("userurl"),
        .reply = text("reply"),
    };
    const auto challenge = from_hex(text("challenge"));
    if (!challenge || (!challenge->empty() && challenge->size() != challenge_octets))
        return std::nullopt;
    if (redirect.result.empty() || redirect.host.empty() || redirect.port.empty())
        return std::nullopt;
    redirect.challenge = *challenge;
    return redirect;
}

Bytes uam_effective_challenge(ByteView challenge, const SecretText& uam_secret)
{
    if (uam_secret.empty()) return {challenge.begin(), challenge.end()};
    const Md5Digest digest = md5({challenge, as_bytes(uam_secret.reveal())});
    return {digest.begin(), digest.end()};
}

std::string uam_chap_response(const SecretText& password, ByteView effective_challenge)
{
    constexpr std::array<std::uint8_t, 1> identifier{0};
    return to_hex(md5({identifier, as_bytes(password.reveal()), effective_challenge}));
}

std::optional<std::string> uam_pap_password(
    const SecretText& password, ByteView effective_challenge)
{
    if (effective_challenge.size() != challenge_octets) return std::nullopt;
    const auto clear = as_bytes(password.reveal());
    const std::size_t blocks =
        std::max<std::size_t>(1, (clear.size() + challenge_octets - 1) / challenge_octets);
    Bytes hidden(blocks * challenge_octets);
    for (std::size_t i = 0; i < hidden.size(); ++i) {
        const std::uint8_t octet = i < clear.size() ? clear[i] : std::uint8_t{0};
        hidden[i] = static_cast<std::uint8_t>(octet ^ effective_challenge[i % challenge_octets]);
    }
    return to_hex(hidden);
}

std::optional<std::string> uam_logon_url(
    const UamRedirect& redirect, UamMethod method, std::string_view user,
    const SecretText& password, const SecretText& uam_secret)
{
    if (redirect.challenge.size() != challenge_octets) return std::nullopt;
    const Bytes challenge = uam_effective_challenge(redirect.challenge, uam_secret);
    Fields fields{{"username", std::string{user}}};
    switch (method) {
    case UamMethod::chap:
        fields.emplace_back("response", uam_chap_response(password, challenge));
        break;
    case UamMethod::pap:
        fields.emplace_back("password", uam_pap_password(password, challenge).value_or(""));
        break;
    }
    if (!redirect.user_url.empty()) fields.emplace_back("userurl", redirect.user_url);
    return "http://" + redirect.host + ':' + redirect.port + "/logon?" + format_fields(fields);
}

} // namespace iwas::captive
