#include "adapters/router/login_form.hpp"

#include "core/text.hpp"
#include "protocol/captive/hotspot.hpp"
#include "protocol/captive/uam.hpp"

#include <algorithm>

namespace iwas::adapters {

namespace {

std::string_view without_port(std::string_view authority)
{
    return authority.substr(0, authority.find(':'));
}

/// Host and port of an http or https URL without user information; empty for another text.
std::string_view authority_of(std::string_view url)
{
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!url.starts_with(scheme)) continue;
        url.remove_prefix(scheme.size());
        const auto authority = url.substr(0, url.find_first_of("/?#\\"));
        const bool is_plain = authority.find('@') == std::string_view::npos;
        return is_plain ? authority : std::string_view{};
    }
    return {};
}

} // namespace

bool is_own_login_url(std::string_view url, const domain::Router& router)
{
    const auto has_control = [](char c) { return static_cast<unsigned char>(c) <= 0x20; };
    if (std::ranges::any_of(url, has_control)) return false;
    const auto host = without_port(authority_of(url));
    return !host.empty() && equal_ignoring_case(host, without_port(router.hotspot_host));
}

std::optional<ports::LoginForm> hotspot_form(
    const domain::Router& router, const ports::Grant& grant, const ports::LoginChallenge& challenge)
{
    if (!is_own_login_url(challenge.login_url, router)) return std::nullopt;
    std::optional<std::string> digest;
    if (router.login_proof == domain::LoginProof::chap)
        digest = captive::http_chap_password(
            challenge.chap_id, grant.password, challenge.chap_challenge);
    ports::LoginForm form{.url = challenge.login_url, .method = "POST"};
    form.fields["username"] = grant.user_name;
    form.fields["password"] = digest ? *digest : grant.password.reveal();
    if (!challenge.return_url.empty()) form.fields["dst"] = challenge.return_url;
    return form;
}

std::optional<ports::LoginForm> uam_form(
    const domain::Router& router, const ports::Grant& grant, const ports::LoginChallenge& challenge)
{
    constexpr std::size_t challenge_octets = 16;
    if (!is_own_login_url(challenge.login_url, router)) return std::nullopt;
    const auto octets = from_hex(challenge.chap_challenge);
    if (!octets || octets->size() != challenge_octets) return std::nullopt;
    const Bytes effective = captive::uam_effective_challenge(*octets, router.uam_secret);
    ports::LoginForm form{.url = challenge.login_url, .method = "GET"};
    form.fields["username"] = grant.user_name;
    switch (router.login_proof) {
    case domain::LoginProof::chap:
        form.fields["response"] = captive::uam_chap_response(grant.password, effective);
        break;
    case domain::LoginProof::pap: {
        const auto masked = captive::uam_pap_password(grant.password, effective);
        if (!masked) return std::nullopt;
        form.fields["password"] = *masked;
        break;
    }
    }
    if (!challenge.return_url.empty()) form.fields["userurl"] = challenge.return_url;
    return form;
}

} // namespace iwas::adapters
