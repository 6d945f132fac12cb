// as_result: how an operation of Asio is awaited here.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace iwas {

/// Errors come as values: std::get<0> of what an operation gives.
inline constexpr auto as_result = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace iwas
