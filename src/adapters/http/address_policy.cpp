#include "adapters/http/address_policy.hpp"

#include <algorithm>
#include <array>

namespace iwas::http {

bool AddressPolicy::may_connect(Ipv4Address address) const
{
    static const auto special = [] {
        constexpr std::array<const char*, 14> texts{
            "0.0.0.0/8",      "10.0.0.0/8",    "100.64.0.0/10",   "127.0.0.0/8",
            "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",    "192.0.2.0/24",
            "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4",    "240.0.0.0/4"};
        std::vector<Ipv4Prefix> prefixes;
        for (const char* text : texts)
            prefixes.push_back(Ipv4Prefix::parse(text).value());
        return prefixes;
    }();
    const auto holds = [&](const Ipv4Prefix& prefix) { return prefix.contains(address); };
    return std::ranges::any_of(allowed, holds) || std::ranges::none_of(special, holds);
}

} // namespace iwas::http
