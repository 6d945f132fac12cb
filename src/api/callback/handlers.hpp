// What outside systems tell us of their own accord.
#pragma once

#include "adapters/http/message.hpp"
#include "api/services.hpp"

namespace iwas::api::callback {

using http::Request;
using http::Response;

/// POST /api/v1/branches/{branch}/pc-events: an event of the café's PC system (docs/openapi.yaml).
awaitable<Response> post_pc_event(Request request, Services& services);

/// POST or GET /api/v1/payments/{account}/notice: what a gateway or bank feed tells. The reply is
/// what the gateway expects, word by word.
awaitable<Response> take_payment_notice(Request request, Services& services);

} // namespace iwas::api::callback
