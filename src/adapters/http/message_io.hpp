// HTTP messages over a Transport: their heads as text, and reading them with Beast's parsers.
// Private to server and client.
#pragma once

#include "asio/transport.hpp"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/message.hpp>

#include <string>

namespace iwas::http::detail {

/// How far a message is to be read.
enum class Part : std::uint8_t { head, whole };

/// Reads until `parser` has the part, or refuses it (boost::beast::http::error). What was read
/// beyond it stays in `buffer`. end_of_stream: the peer ended before the message began;
/// partial_message: within it. Who awaits keeps all three alive.
boost::asio::awaitable<boost::system::error_code> read_message(
    Transport& transport, boost::beast::flat_buffer& buffer,
    boost::beast::http::basic_parser<true>& request, Part part, SteadyTime until);
boost::asio::awaitable<boost::system::error_code> read_message(
    Transport& transport, boost::beast::flat_buffer& buffer,
    boost::beast::http::basic_parser<false>& response, Part part, SteadyTime until);

/// The first line and the headers, with the empty line that ends them.
std::string head_of(const boost::beast::http::request_header<>& request);
std::string head_of(const boost::beast::http::response_header<>& response);

} // namespace iwas::http::detail
