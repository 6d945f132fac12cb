// What machines ask: is it alive, is it ready, how does it do, what does it speak.
#pragma once

#include "adapters/http/message.hpp"
#include "api/services.hpp"

namespace iwas::api::system {

using http::Request;
using http::Response;

awaitable<Response> get_healthz(Request request, Services& services);
awaitable<Response> get_readyz(Request request, Services& services);
awaitable<Response> get_metrics(Request request, Services& services);
awaitable<Response> get_openapi(Request request, Services& services);

} // namespace iwas::api::system
