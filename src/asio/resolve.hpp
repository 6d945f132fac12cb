// Name resolution that keeps a deadline.
#pragma once

#include "core/ip_address.hpp"
#include "core/time.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace iwas {

inline constexpr std::size_t resolved_addresses_max = 4;

/// The addresses of `host`, IPv4 only, at most `resolved_addresses_max`; empty when there are none
/// by `deadline`. The system's resolver may go on in its own thread after that.
boost::asio::awaitable<std::vector<Ipv4Address>> resolve(
    boost::asio::any_io_executor executor, std::string host, SteadyTime deadline);

} // namespace iwas
