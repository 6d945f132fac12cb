#include "api/system/handlers.hpp"

#include "adapters/http/problem.hpp"

#include <algorithm>

namespace iwas::api::system {

awaitable<Response> get_healthz(Request, Services&)
{
    co_return Response::text(200, "ok\n");
}

awaitable<Response> get_readyz(Request, Services& services)
{
    std::vector<std::string> missing;
    if (services.missing) missing = services.missing();
    const auto version = co_await services.store.catalog_version();
    if (!version) missing.emplace_back("store");
    if (missing.empty()) co_return Response::text(200, "ready\n");
    std::string text = "not ready:";
    for (const std::string& part : missing)
        text += " " + part;
    co_return Response::text(503, text + "\n");
}

awaitable<Response> get_metrics(Request request, Services& services)
{
    // Turnover is nobody's business on the guests' network. Behind a proxy that is not trusted
    // everybody has the proxy's address.
    const auto peer = Ipv4Address::parse(request.peer_address);
    const bool may_read =
        peer && !request.is_passed_on &&
        std::ranges::any_of(services.settings.metrics_networks, [&](const Ipv4Prefix& each) {
            return each.contains(*peer);
        });
    if (!may_read)
        co_return http::problem(
            {.status = 404, .code = "NOT_FOUND", .detail = "There is nothing here."});
    Response response = Response::text(200, services.metrics ? services.metrics() : std::string{});
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    co_return response;
}

awaitable<Response> get_openapi(Request, Services& services)
{
    Response response = Response::json(200, services.openapi);
    response.headers.set("Cache-Control", "no-cache");
    co_return response;
}

} // namespace iwas::api::system
