// The simulated router as a CoovaChilli-like gateway, and as one that has no login page at all.
#include "protocol/captive/uam.hpp"
#include "sim/router/hotspot_pages.hpp"

#include <algorithm>

namespace iwas::sim {

namespace {

using http::Request;
using http::Response;

/// `password` of a logon: takes the mask off. Nothing for a text of another form.
std::optional<SecretText> unmasked(std::string_view hex, ByteView mask)
{
    const auto octets = from_hex(hex);
    if (!octets || octets->empty() || mask.empty() || octets->size() % mask.size() != 0)
        return std::nullopt;
    std::string clear;
    for (std::size_t i = 0; i < octets->size(); ++i)
        clear += static_cast<char>((*octets)[i] ^ mask[i % mask.size()]);
    clear.resize(clear.find_last_not_of('\0') + 1);
    return SecretText{std::move(clear)};
}

/// What the browser brought: the CHAP response to the challenge, or the masked password. The
/// gateway cannot tell whether it is right; RADIUS does.
std::optional<std::variant<SecretText, ChapProof>> proof_of(const Request& request, Bytes challenge)
{
    if (const auto response = request.query.find("response")) {
        const auto digest = from_hex(*response);
        ChapProof proof{.id = 0, .challenge = std::move(challenge)};
        if (!digest || digest->size() != proof.digest.size()) return std::nullopt;
        std::ranges::copy(*digest, proof.digest.begin());
        return proof;
    }
    const auto password = request.query.find("password");
    if (!password) return std::nullopt;
    return unmasked(*password, challenge);
}

} // namespace

awaitable<Response> HotspotPages::log_in_by_uam(
    MacAddress mac, std::string own_host, Request request)
{
    const std::string user_url{request.query.find("userurl").value_or("")};
    if (model_.is_online(mac)) co_return to_uam_server(mac, own_host, "already", user_url, "");
    const auto& devices = model_.hotspot().devices();
    const auto device = devices.find(mac);
    if (device == devices.end()) co_return Response::text(403, "the gateway does not see you\n");

    const Bytes mask =
        captive::uam_effective_challenge(challenge_for(mac).octets, options_.uam_secret);
    auto proof = proof_of(request, mask);
    // A challenge proves one login.
    challenges_.erase(mac);
    if (!proof) co_return to_uam_server(mac, own_host, "failed", user_url, "");
    const bool is_chap = std::holds_alternative<ChapProof>(*proof);
    LoginAttempt attempt{
        .mac = mac,
        .ip = device->second.ip,
        .user_name = std::string{request.query.find("username").value_or("")},
        .proof = std::move(*proof),
        .login_by = is_chap ? "uam-chap" : "uam-pap",
    };
    const auto outcome = co_await model_.log_in(std::move(attempt));
    const bool is_accepted = outcome.result == LoginResult::accepted;
    co_return to_uam_server(
        mac, own_host, is_accepted ? "success" : "failed", user_url, outcome.message);
}

/// CoovaChilli leads every answer through the portal, in the query of `uamserver`.
Response HotspotPages::to_uam_server(
    MacAddress mac, const std::string& own_host, std::string result, std::string user_url,
    std::string reply)
{
    const auto& devices = model_.hotspot().devices();
    const auto device = devices.find(mac);
    const std::string& host = options_.hotspot_host.empty() ? own_host : options_.hotspot_host;
    const auto colon = host.find(':');
    captive::Fields fields{
        {"res", result},
        {"uamip", host.substr(0, colon)},
        {"uamport", colon == std::string::npos ? "3990" : host.substr(colon + 1)},
    };
    if (result == "notyet" || result == "failed")
        fields.emplace_back("challenge", to_hex(challenge_for(mac).octets));
    fields.emplace_back("called", "02-00-00-00-00-01");
    std::string station = to_string(mac);
    std::ranges::replace(station, ':', '-');
    fields.emplace_back("mac", station);
    fields.emplace_back("ip", device == devices.end() ? "" : to_string(device->second.ip));
    fields.emplace_back("nasid", model_.options().nas.identifier);
    if (!reply.empty()) fields.emplace_back("reply", std::move(reply));
    if (!user_url.empty()) fields.emplace_back("userurl", std::move(user_url));
    const char separator = options_.portal_url.find('?') == std::string::npos ? '?' : '&';
    std::string url = options_.portal_url + separator + captive::format_fields(fields);
    if (!options_.uam_secret.empty()) url = captive::sign_uam_redirect(url, options_.uam_secret);
    auto response = Response::redirect(url);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

awaitable<void> HotspotPages::ask_by_mac(MacAddress mac)
{
    if (model_.is_online(mac)) co_return;
    const auto& devices = model_.hotspot().devices();
    const auto device = devices.find(mac);
    if (device == devices.end()) co_return;
    LoginAttempt attempt{
        .mac = mac,
        .ip = device->second.ip,
        .user_name = to_string(mac),
        .proof = SecretText{},
        .login_by = "mac",
    };
    (void)co_await model_.log_in(std::move(attempt));
}

} // namespace iwas::sim
