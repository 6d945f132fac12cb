// What outside systems tell us of their own accord.
#pragma once

#include "adapters/http/message.hpp"
#include "api/services.hpp"

namespace iwas::api::callback {

using http::Request;
using http::Response;

/// POST /api/v1/branches/{branch}/pc-events: an event of the café's PC system (docs/openapi.yaml).
awaitable<Response> post_pc_event(Request request, Services& services);

} // namespace iwas::api::callback
