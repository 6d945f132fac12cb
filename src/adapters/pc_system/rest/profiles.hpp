// The two profiles of Mapping, and what they share. Private to the adapter.
#pragma once

#include "adapters/pc_system/rest/mapping.hpp"

#include <boost/json/fwd.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters {

const Mapping& connector_mapping();
const Mapping& legacy_mapping();

inline std::unexpected<ports::PcFailure> failed(ports::PcError error)
{
    return std::unexpected(ports::PcFailure{.error = error, .available = {}, .retry_after = {}});
}

http::OutboundRequest get_request(std::string target);
/// A POST of `body` as JSON.
http::OutboundRequest post_request(std::string target, const boost::json::object& body);

/// rate_limited with the seconds of Retry-After (0-3600); dates are not read.
std::unexpected<ports::PcFailure> rate_limited(const http::InboundResponse& response);

} // namespace iwas::adapters
