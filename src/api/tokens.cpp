#include "api/tokens.hpp"

#include "core/assert.hpp"
#include "core/digest.hpp"

#include <array>

namespace iwas::api {

namespace {
constexpr std::size_t key_octets_min = 32;
constexpr std::size_t token_octets_max = 128;
constexpr std::array<std::uint8_t, 1> separator{0};
} // namespace

Tokens::Tokens(SecretText key) : key_{std::move(key)}
{
    IWAS_ASSERT(key_.reveal().size() >= key_octets_min);
}

std::string Tokens::sign(std::string_view purpose, std::string_view text) const
{
    // The purpose ends with a zero octet: no text can move between purposes.
    const Sha256Digest mac =
        hmac_sha256(as_bytes(key_.reveal()), {as_bytes(purpose), separator, as_bytes(text)});
    return to_base64url(mac);
}

std::string Tokens::visit_token(const domain::VisitId& visit) const
{
    const std::string id = to_string(visit);
    return id + "." + sign("visit", id);
}

std::optional<domain::VisitId> Tokens::visit_of(std::string_view token) const
{
    if (token.size() > token_octets_max) return std::nullopt;
    const auto dot = token.find('.');
    if (dot == std::string_view::npos) return std::nullopt;
    const auto visit = domain::VisitId::parse(token.substr(0, dot));
    if (!visit) return std::nullopt;
    if (!equal_constant_time(sign("visit", to_string(*visit)), token.substr(dot + 1)))
        return std::nullopt;
    return visit;
}

std::string Tokens::csrf_token(const domain::VisitId& visit) const
{
    return sign("csrf", to_string(visit));
}

bool Tokens::is_csrf_token(const domain::VisitId& visit, std::string_view token) const
{
    return equal_constant_time(csrf_token(visit), token);
}

std::string Tokens::device_id(const MacAddress& mac) const
{
    return "dev_" + sign("device", to_string(mac)).substr(0, 22);
}

Sha256Digest Tokens::request_digest(
    std::string_view method, std::string_view path, std::string_view body) const
{
    return hmac_sha256(
        as_bytes(key_.reveal()), {as_bytes("request"), separator, as_bytes(method), separator,
                                  as_bytes(path), separator, as_bytes(body)});
}

} // namespace iwas::api
