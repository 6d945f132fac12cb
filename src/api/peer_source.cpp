#include "api/peer_source.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>

namespace iwas::api {

std::string peer_source(const std::string& peer_address)
{
    namespace ip = boost::asio::ip;
    boost::system::error_code error;
    const ip::address address = ip::make_address(peer_address, error);
    if (error || !address.is_v6()) return peer_address;
    if (address.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, address.to_v6()).to_string();
    ip::address_v6::bytes_type octets = address.to_v6().to_bytes();
    std::fill(octets.begin() + 8, octets.end(), std::uint8_t{0});
    return ip::address_v6{octets}.to_string() + "/64";
}

} // namespace iwas::api
