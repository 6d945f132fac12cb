// Where the router's redirect lands: the visit begins.
#include "api/customer.hpp"
#include "api/portal/handlers.hpp"
#include "core/text.hpp"
#include "protocol/captive/hotspot.hpp"
#include "protocol/captive/uam.hpp"

#include <string_view>

namespace iwas::api::portal {

namespace {

constexpr std::size_t url_octets_max = 2048;
constexpr std::size_t challenge_octets_max = 256;

/// What either dialect of redirect says; nothing in it is believed yet.
struct Claim {
    std::string nas;
    std::string mac;
    std::string ip;
    std::string login_url;
    std::string destination;
    std::string chap_id;
    std::string chap_challenge;
};

bool is_web_url(std::string_view url)
{
    return url.size() <= url_octets_max &&
           (url.starts_with("http://") || url.starts_with("https://")) &&
           url.find_first_of(" \"<>\\^`{|}") == std::string_view::npos;
}

/// "10.5.50.1:8081" of "http://10.5.50.1:8081/login?x"; nothing that has user information.
std::string_view authority_of(std::string_view url)
{
    const auto begin = url.find("://");
    if (begin == std::string_view::npos) return {};
    const std::string_view rest = url.substr(begin + 3);
    const std::string_view authority = rest.substr(0, rest.find_first_of("/?#"));
    return authority.find('@') == std::string_view::npos ? authority : std::string_view{};
}

/// The portal posts a customer's network credentials nowhere but to the configured host.
bool is_of_hotspot(std::string_view url, const domain::Router& router)
{
    if (router.hotspot_host.empty() || !is_web_url(url)) return false;
    const std::string_view authority = authority_of(url);
    const std::string_view host = authority.substr(0, authority.find(':'));
    return equal_ignoring_case(authority, router.hotspot_host) ||
           equal_ignoring_case(host, router.hotspot_host);
}

Claim hotspot_claim(const Request& request)
{
    const auto& fields = request.query.all();
    const captive::HotspotRedirect redirect = captive::hotspot_redirect(fields);
    return {
        .nas = redirect.identity,
        .mac = redirect.mac,
        .ip = redirect.ip,
        .login_url = redirect.login_url,
        .destination = redirect.destination,
        .chap_id = redirect.chap_id,
        .chap_challenge = redirect.chap_challenge,
    };
}

std::optional<Claim> uam_claim(std::string_view url)
{
    const auto redirect = captive::parse_uam_redirect(url);
    if (!redirect) return std::nullopt;
    return Claim{
        .nas = redirect->nas,
        .mac = redirect->mac,
        .ip = redirect->ip,
        .login_url = "http://" + redirect->host + ":" + redirect->port + "/logon",
        .destination = redirect->user_url,
        .chap_id = {},
        .chap_challenge = to_hex(redirect->challenge),
    };
}

/// Whether the router can have sent the browser here like this. A UAM gateway with a secret signs
/// what it writes, so everything else that names it was made up, in whichever dialect.
bool is_its_own_redirect(const domain::Router& router, bool is_uam, std::string_view url)
{
    if (is_uam != (router.kind == domain::RouterKind::uam)) return false;
    return router.uam_secret.empty() || captive::uam_redirect_is_genuine(url, router.uam_secret);
}

/// The portal's own page to which a login form was to lead. A UAM gateway leads back here first and
/// says that it let the device in.
std::optional<std::string> way_back(const Claim& claim, bool is_logged_in, const Services& services)
{
    const std::string own = services.settings.public_url + "/online.html?";
    if (!is_logged_in || !claim.destination.starts_with(own)) return std::nullopt;
    return claim.destination.substr(services.settings.public_url.size());
}

/// A visit out of the claim; nothing when its parts do not fit what is configured.
std::optional<domain::Visit> visit_of(
    const Claim& claim, const domain::Router& router, const domain::Location& location)
{
    const auto mac = MacAddress::parse(claim.mac);
    const auto ip = Ipv4Address::parse(claim.ip);
    if (!mac || !ip || !location.guest_network.contains(*ip)) return std::nullopt;
    domain::Visit visit;
    visit.location = location.id;
    visit.router = router.id;
    visit.mac = *mac;
    visit.ip = ip;
    if (is_of_hotspot(claim.login_url, router)) visit.login_url = claim.login_url;
    if (claim.chap_id.size() <= challenge_octets_max &&
        claim.chap_challenge.size() <= challenge_octets_max) {
        visit.chap_id = claim.chap_id;
        visit.chap_challenge = claim.chap_challenge;
    }
    if (is_web_url(claim.destination)) visit.return_url = claim.destination;
    return visit;
}

/// A person sees this page, not a program; it needs nothing but itself.
Response sorry(const Request& request, Refusal refusal)
{
    const Language language = language_of(request);
    refusal.request_id = request.request_id;
    Response response = refuse(refusal, language);
    if (request.headers.value("Accept").find("text/html") == std::string_view::npos)
        return response;
    const auto body = to_json(refusal, language);
    const std::string title{body.at("title").as_string()};
    const std::string detail{body.at("detail").as_string()};
    Response page = Response::html(
        response.status, "<!doctype html><html lang=\"" +
                             std::string{language == Language::vi ? "vi" : "en"} +
                             "\"><meta charset=\"utf-8\"><meta name=\"viewport\" "
                             "content=\"width=device-width\"><title>" +
                             title + "</title><h1>" + title + "</h1><p>" + detail + "</p></html>");
    return page;
}

} // namespace

awaitable<Response> arrive(Request request, Services& services)
{
    const Refusal unknown{.code = ProblemCode::visit_unknown};
    const auto catalog = services.catalog.current();

    // A UAM gateway signs the address as it wrote it, which is ours and the target.
    const bool is_uam = request.query.has("res");
    const std::string url = services.settings.public_url + request.target;
    std::optional<Claim> claim = is_uam ? uam_claim(url) : hotspot_claim(request);
    if (!claim) co_return sorry(request, unknown);

    const domain::Router* router = catalog->router_by_nas_identifier(claim->nas);
    if (!router) co_return sorry(request, unknown);
    if (!is_its_own_redirect(*router, is_uam, url)) co_return sorry(request, unknown);
    const bool is_logged_in = is_uam && request.query.find("res") == "success";
    if (const auto page = way_back(*claim, is_logged_in, services))
        co_return Response::redirect(*page);
    const domain::Location* location = catalog->location(router->location);
    if (!location) co_return sorry(request, unknown);

    std::optional<domain::Visit> visit = visit_of(*claim, *router, *location);
    if (!visit) co_return sorry(request, unknown);
    visit->created_at = services.clock.utc_now();
    visit->id = services.random.make_id<domain::VisitId>(visit->created_at);
    services.addresses.remember(visit->location, *visit->ip, visit->mac);

    const std::string token = services.tokens.visit_token(visit->id);
    const auto kept = co_await services.store.keep_visit(std::move(*visit));
    if (!kept) co_return sorry(request, {.code = ProblemCode::try_later, .wait = 2s});

    Response response = Response::redirect("/?v=" + token);
    response.headers.add(
        "Set-Cookie", cookie(device_cookie, token, services.settings.visit_for, request.secure));
    response.headers.set("Cache-Control", "no-store");
    co_return response;
}

} // namespace iwas::api::portal
