// Routes: every request that IWAS answers, in one table.
#pragma once

#include "adapters/http/router.hpp"
#include "api/services.hpp"

#include <vector>

namespace iwas::api {

struct Route {
    http::Method method = http::Method::get;
    /// As docs/openapi.yaml writes it.
    std::string_view pattern;
    awaitable<http::Response> (*handler)(http::Request, Services&);
    http::RouteOptions options;
};

/// The operations of docs/openapi.yaml; a test compares both.
const std::vector<Route>& routes();

/// All of it, with the probe paths of operating systems, on top of `otherwise`, which answers for
/// the portal's files. What asks the store is rate limited. `services` must outlive the router.
http::Router make_router(Services& services, http::Handler otherwise);

} // namespace iwas::api
