#include "app/front_end.hpp"

#include "adapters/http/problem.hpp"
#include "app/assets.hpp"

#include <algorithm>
#include <set>

namespace iwas::app {

namespace {

/// A header with more hosts than this would itself be a burden; then any web address is allowed.
constexpr std::size_t hosts_named_max = 20;
constexpr std::string_view page = "/index.html";

bool names_a_file(std::string_view path)
{
    const auto slash = path.rfind('/');
    return path.find('.', slash == std::string_view::npos ? 0 : slash) != std::string_view::npos;
}

} // namespace

FrontEnd::FrontEnd(const ports::CatalogView& catalog) : catalog_{catalog}
{
    for (const Asset& asset : portal_assets())
        assets_.add(
            std::string{asset.path}, std::string{asset.bytes}, std::string{asset.gzip},
            asset.immutable);
}

http::Response FrontEnd::respond(const http::Request& request) const
{
    if (request.method != http::Method::get && request.method != http::Method::head)
        return http::problem(
            {.status = 404, .code = "NOT_FOUND", .detail = "There is nothing here."});
    if (assets_.has(request.path) && request.path != page)
        return assets_.respond(request, request.path);
    if (request.path.starts_with("/api/") || names_a_file(request.path))
        return http::problem(
            {.status = 404, .code = "NOT_FOUND", .detail = "There is nothing here."});
    http::Response response = assets_.respond(request, page);
    response.headers.set("Content-Security-Policy", content_security_policy());
    return response;
}

std::string FrontEnd::content_security_policy() const
{
    // The page posts the router's login form where the router has no other way in.
    std::set<std::string> hosts;
    for (const auto& [id, router] : catalog_.current()->routers)
        if (!router.hotspot_host.empty()) {
            hosts.insert("http://" + router.hotspot_host);
            hosts.insert("https://" + router.hotspot_host);
            // A host without its port stands for every port of the router.
            if (router.hotspot_host.find(':') == std::string::npos) {
                hosts.insert("http://" + router.hotspot_host + ":*");
                hosts.insert("https://" + router.hotspot_host + ":*");
            }
        }
    std::string form_action = "'self'";
    if (hosts.size() > hosts_named_max)
        form_action += " http: https:";
    else
        for (const std::string& host : hosts)
            form_action += " " + host;
    return "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
           "form-action " +
           form_action + "; frame-ancestors 'none'";
}

std::string FrontEnd::openapi()
{
    const auto assets = portal_assets();
    const auto found = std::ranges::find(assets, std::string_view{"/openapi.json"}, &Asset::path);
    return found == assets.end() ? std::string{"{}"} : std::string{found->bytes};
}

} // namespace iwas::app
