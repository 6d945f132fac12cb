// KnownAddresses: which device last stood behind which address of a guest network.
#pragma once

#include "core/ip_address.hpp"
#include "core/mac_address.hpp"
#include "domain/tenant.hpp"

#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace iwas::api {

struct KnownDevice {
    domain::LocationId location;
    MacAddress mac;
};

/// Filled by visits and by the routers' accounting; used only to answer "is this device captive?",
/// never to grant anything. Used on the I/O thread.
class KnownAddresses {
public:
    void remember(const domain::LocationId& location, Ipv4Address ip, const MacAddress& mac);
    /// The device at `peer` when exactly one location's guest network holds that address.
    [[nodiscard]] std::optional<KnownDevice> device_at(
        const domain::Catalog& catalog, std::string_view peer) const;

    static constexpr std::size_t known_max = 200'000;

private:
    std::map<std::pair<domain::LocationId, Ipv4Address>, MacAddress> known_;
};

} // namespace iwas::api
