// What a connection does to a request and its answer apart from moving octets. Private to the
// server.
#pragma once

#include "adapters/http/connection.hpp"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/span_body.hpp>
#include <boost/beast/http/string_body.hpp>

namespace iwas::http::detail {

using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
using WireResponse = boost::beast::http::response<boost::beast::http::span_body<const char>>;

/// What reading the head of a request came to.
struct Head {
    std::optional<Request> request;
    Router::Match match;
    std::optional<Response> refused;
};

/// What the answer must know of the request. Without an id no request could be read.
struct Asked {
    Method method = Method::get;
    std::string id;
};

Response refusal(int status, std::string code, std::string detail);

/// The answer to a request that the parser refused; nothing when there is nobody to answer (after
/// a time limit the stream has closed the socket already).
std::optional<Response> refusal_for(const boost::system::error_code& error);

/// Decides from the head alone whether the request is to be read on and by whom it is answered.
Head judge(Shared& shared, const Parser& parser, const std::string& peer, bool is_tls);

std::size_t body_limit(const Shared& shared, const Router::Route& route);

/// Runs the handler; what it throws becomes a 500 that tells nothing but the request's id.
boost::asio::awaitable<Response> run_handler(const Router::Route* route, Request request);

/// Tells the server's observer, when there is one. `route` may be null.
void observed(
    const Shared& shared, const Asked& asked, const Router::Route* route, int status,
    std::chrono::steady_clock::time_point begun);

/// The head of the answer: the handler's headers, then the server's where they are not set.
WireResponse wire_head(Shared& shared, const Asked& asked, Response& response, bool keep);

} // namespace iwas::http::detail
