#include "api/known_addresses.hpp"

namespace iwas::api {

void KnownAddresses::remember(
    const domain::LocationId& location, Ipv4Address ip, const MacAddress& mac)
{
    if (known_.size() >= known_max) known_.erase(known_.begin());
    known_[{location, ip}] = mac;
}

std::optional<KnownDevice> KnownAddresses::device_at(
    const domain::Catalog& catalog, std::string_view peer) const
{
    const auto ip = Ipv4Address::parse(peer);
    if (!ip) return std::nullopt;
    const domain::Location* only = nullptr;
    for (const auto& [id, location] : catalog.locations) {
        if (!location.guest_network.contains(*ip)) continue;
        if (only) return std::nullopt;
        only = &location;
    }
    if (!only) return std::nullopt;
    const auto found = known_.find({only->id, *ip});
    if (found == known_.end()) return std::nullopt;
    return KnownDevice{only->id, found->second};
}

} // namespace iwas::api
