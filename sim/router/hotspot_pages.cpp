#include "sim/router/hotspot_pages.hpp"

#include "core/text.hpp"
#include "protocol/captive/capport.hpp"
#include "protocol/captive/hotspot.hpp"
#include "protocol/captive/probe.hpp"
#include "protocol/routeros/value.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace iwas::sim {

namespace {

using http::Request;
using http::Response;

std::string_view without_port(std::string_view host)
{
    return host.substr(0, host.find(':'));
}

/// The fields of a login, from the query or the form.
std::string field(const Request& request, std::string_view name)
{
    if (const auto value = request.query.find(name)) return std::string{*value};
    const auto form = captive::parse_fields(request.body);
    return form ? std::string{captive::find_field(*form, name).value_or("")} : std::string{};
}

} // namespace

HotspotPages::HotspotPages(RouterModel& model, PagesOptions options, ports::Random& random)
    : model_{model}, options_{std::move(options)}, random_{random}
{
}

awaitable<Response> HotspotPages::answer(MacAddress mac, std::string own_host, Request request)
{
    const std::string host{request.headers.value("Host")};
    const bool is_router =
        equal_ignoring_case(host, own_host) ||
        (!options_.hotspot_host.empty() &&
         equal_ignoring_case(without_port(host), without_port(options_.hotspot_host)));
    if (!is_router) {
        if (options_.face == RouterFace::bare) co_await ask_by_mac(mac);
        co_return internet(mac, own_host, request);
    }
    if (options_.face == RouterFace::uam && request.path == "/logon") {
        auto response = co_await log_in_by_uam(mac, std::move(own_host), std::move(request));
        co_return response;
    }
    if (request.path == "/login") {
        auto response = co_await log_in(mac, std::move(own_host), std::move(request));
        co_return response;
    }
    const bool is_online = model_.is_online(mac);
    if (request.path == "/logout") {
        model_.log_out(mac, TerminateCause::user_request);
        co_return Response::redirect(hotspot_url(own_host, "/login"));
    }
    if (request.path == "/status" && is_online) co_return status(mac);
    if (request.path == "/status" || (request.path == "/" && !is_online))
        co_return Response::redirect(hotspot_url(own_host, "/login"));
    if (request.path == "/") co_return Response::redirect(hotspot_url(own_host, "/status"));
    if (request.path == "/api") {
        captive::CapportState state{.captive = !is_online};
        state.user_portal_url = hotspot_url(own_host, "/login");
        auto response = Response::json(200, captive::to_json(state));
        response.headers.set("Content-Type", std::string{captive::capport_media_type});
        response.headers.set("Cache-Control", "private");
        co_return response;
    }
    co_return Response::text(404, "no such page on the router\n");
}

awaitable<Response> HotspotPages::log_in(MacAddress mac, std::string own_host, Request request)
{
    const std::string destination = field(request, "dst");
    const std::string after = destination.empty() ? hotspot_url(own_host, "/status") : destination;
    if (model_.is_online(mac)) co_return Response::redirect(after);
    const auto& devices = model_.hotspot().devices();
    const auto device = devices.find(mac);
    if (device == devices.end()) co_return Response::text(403, "the router does not see you\n");

    LoginAttempt attempt{.mac = mac, .ip = device->second.ip};
    attempt.user_name = field(request, "username");
    if (attempt.user_name.empty()) co_return to_portal(mac, own_host, destination, "");
    const std::string password = field(request, "password");
    const auto proof = chap_proof(mac, password);
    if (options_.accepts_chap && proof) {
        attempt.proof = *proof;
        attempt.login_by = "http-chap";
    } else if (options_.accepts_pap) {
        attempt.proof = SecretText{password};
        attempt.login_by = "http-pap";
    } else {
        co_return to_portal(
            mac, own_host, destination,
            "web browser did not send challenge response (try again, enable JavaScript)");
    }
    // A challenge proves one login.
    challenges_.erase(mac);
    const auto outcome = co_await model_.log_in(std::move(attempt));
    if (outcome.result == LoginResult::accepted) co_return Response::redirect(after);
    co_return to_portal(mac, own_host, destination, outcome.message);
}

/// What login.html and rlogin.html of a provisioned router do.
Response HotspotPages::to_portal(
    MacAddress mac, const std::string& own_host, std::string destination, std::string error)
{
    if (options_.face == RouterFace::uam) {
        const std::string result = error.empty() ? "notyet" : "failed";
        return to_uam_server(mac, own_host, result, std::move(destination), std::move(error));
    }
    const auto& devices = model_.hotspot().devices();
    const auto device = devices.find(mac);
    captive::HotspotRedirect redirect{
        .identity = model_.options().nas.identifier,
        .server = model_.options().nas.hotspot_server,
        .mac = to_string(mac),
        .ip = device == devices.end() ? std::string{} : to_string(device->second.ip),
        .login_url = hotspot_url(own_host, "/login"),
        .destination = std::move(destination),
        .error = std::move(error),
    };
    if (options_.face == RouterFace::bare) {
        redirect.login_url.clear();
    } else if (options_.accepts_chap) {
        const Challenge& challenge = challenge_for(mac);
        redirect.chap_id = captive::escape_octal(ByteView{&challenge.id, 1});
        redirect.chap_challenge = captive::escape_octal(challenge.octets);
    }
    const char separator = options_.portal_url.find('?') == std::string::npos ? '?' : '&';
    auto response = Response::redirect(
        options_.portal_url + separator + captive::format_fields(captive::to_fields(redirect)));
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Response HotspotPages::status(MacAddress mac) const
{
    const ActiveSession* const active = model_.hotspot().find_active(mac);
    if (active == nullptr) return Response::text(404, "not logged in\n");
    const ActiveSession session = model_.hotspot().counted(*active, model_.now());
    const auto duration = [](SteadyTime::duration time) {
        return routeros::format_duration(std::chrono::duration_cast<Seconds>(time));
    };
    std::string text = fmt::format(
        "user {}\nuptime {}\nbytes-in {}\nbytes-out {}\n", session.user_name,
        duration(model_.now() - session.started_at), session.up_octets, session.down_octets);
    if (session.ends_at)
        text += fmt::format("session-time-left {}\n", duration(*session.ends_at - model_.now()));
    return Response::text(200, std::move(text));
}

/// A host outside. Before login only the walled garden passes; everything else leads to the portal.
Response HotspotPages::internet(MacAddress mac, const std::string& own_host, const Request& request)
{
    const std::string_view authority = request.headers.value("Host");
    const std::string_view host = without_port(authority);
    if (!model_.is_online(mac)) {
        if (passes_unauthenticated(authority))
            return Response::text(200, fmt::format("walled garden: {}{}\n", host, request.path));
        return to_portal(mac, own_host, fmt::format("http://{}{}", host, request.target), "");
    }
    const captive::Probe* const probe = captive::find_probe(host, request.path);
    if (probe == nullptr)
        return Response::text(200, fmt::format("internet: {}{}\n", host, request.path));
    Response response =
        probe->status == 204 ? Response::empty() : Response::text(200, std::string{probe->body});
    if (!probe->content_type.empty())
        response.headers.set("Content-Type", std::string{probe->content_type});
    if (const auto colon = probe->header.find(": "); colon != std::string_view::npos)
        response.headers.set(
            std::string{probe->header.substr(0, colon)},
            std::string{probe->header.substr(colon + 2)});
    return response;
}

const HotspotPages::Challenge& HotspotPages::challenge_for(MacAddress mac)
{
    constexpr std::chrono::hours lifetime{1};
    Challenge& challenge = challenges_[mac];
    if (challenge.octets.empty() || challenge.expires_at <= model_.now()) {
        challenge.octets.resize(16);
        random_.fill(challenge.octets);
        random_.fill({&challenge.id, 1});
        challenge.expires_at = model_.now() + lifetime;
    }
    return challenge;
}

std::optional<ChapProof> HotspotPages::chap_proof(MacAddress mac, std::string_view text)
{
    const auto challenge = challenges_.find(mac);
    const auto digest = from_hex(text);
    if (challenge == challenges_.end() || challenge->second.expires_at <= model_.now() || !digest ||
        digest->size() != 16)
        return std::nullopt;
    ChapProof proof{.id = challenge->second.id, .challenge = challenge->second.octets};
    std::ranges::copy(*digest, proof.digest.begin());
    return proof;
}

std::string HotspotPages::hotspot_url(const std::string& own_host, std::string_view path) const
{
    const std::string& host = options_.hotspot_host.empty() ? own_host : options_.hotspot_host;
    return fmt::format("http://{}{}", host, path);
}

bool HotspotPages::passes_unauthenticated(std::string_view authority) const
{
    return std::ranges::any_of(options_.walled_garden, [&](std::string_view entry) {
        const bool names_port = entry.find(':') != std::string_view::npos;
        const std::string_view host = names_port ? authority : without_port(authority);
        if (!entry.starts_with("*.")) return equal_ignoring_case(entry, host);
        entry.remove_prefix(1);
        return host.size() > entry.size() &&
               equal_ignoring_case(host.substr(host.size() - entry.size()), entry);
    });
}

} // namespace iwas::sim
