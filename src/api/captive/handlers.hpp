// What operating systems ask to learn whether they are behind a captive portal.
#pragma once

#include "adapters/http/message.hpp"
#include "api/services.hpp"

#include <string>
#include <vector>

namespace iwas::api::captive_portal {

using http::Request;
using http::Response;

/// GET /captive-portal/api (RFC 8908).
awaitable<Response> get_state(Request request, Services& services);

/// The paths that systems probe, each once. They reach this server where the network's DNS or
/// redirect leads every host here.
std::vector<std::string> probe_paths();
/// Whether the request is a probe by its host alone: those that ask for "/", which is the portal's
/// own page at any other host.
bool is_probe_of_root(const Request& request);
/// A device that is online gets the answer by which its system knows it; any other is sent to the
/// portal.
awaitable<Response> answer_probe(Request request, Services& services);

} // namespace iwas::api::captive_portal
