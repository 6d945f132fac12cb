// AddressPolicy: where outbound calls may go, so that a configured URL cannot reach into our own
// net.
#pragma once

#include "core/ip_address.hpp"

#include <vector>

namespace iwas::http {

/// By default only public addresses. Loopback, private, link-local (cloud metadata), shared,
/// multicast and reserved networks (RFC 6890) need to be allowed by name: the branch's tunnel, or
/// 127.0.0.0/8 for a café that is simulated on this machine. Checked after name resolution.
struct AddressPolicy {
    std::vector<Ipv4Prefix> allowed;

    [[nodiscard]] bool may_connect(Ipv4Address address) const;
};

} // namespace iwas::http
