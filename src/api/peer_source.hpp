// Peer source: whom tries are counted for when only the connection is known.
#pragma once

#include <string>

namespace iwas::api {

/// The address itself; of IPv6 its /64, all of which one host may use (RFC 4291 §2.5.4), and of an
/// IPv4-mapped one the IPv4 address. What is no address comes back as it is.
std::string peer_source(const std::string& peer_address);

} // namespace iwas::api
