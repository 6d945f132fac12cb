#include "adapters/http/exchange.hpp"

#include "adapters/http/problem.hpp"

#include <boost/beast/core/error.hpp>
#include <boost/beast/http/error.hpp>
#include <spdlog/spdlog.h>

namespace iwas::http::detail {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace wire = boost::beast::http;

namespace {

/// Line breaks in a header value would begin another header.
std::string without_breaks(std::string_view value)
{
    std::string clean;
    clean.reserve(value.size());
    for (const char c : value)
        if (c != '\r' && c != '\n' && c != '\0') clean += c;
    return clean;
}

std::optional<Response> over_rate(Shared& shared, const Request& request)
{
    const auto wait = shared.limiter->take(request.peer_address, std::chrono::steady_clock::now());
    if (!wait) return std::nullopt;
    const Seconds seconds = std::chrono::ceil<Seconds>(*wait);
    if (shared.options.refuse_over_rate) return shared.options.refuse_over_rate(request, seconds);
    Response response =
        problem({.status = 429, .code = "RATE_LIMITED", .detail = "Too many requests."});
    response.headers.set("Retry-After", std::to_string(seconds.count()));
    return response;
}

} // namespace

Response refusal(int status, std::string code, std::string detail)
{
    return problem({.status = status, .code = std::move(code), .detail = std::move(detail)});
}

std::optional<Response> refusal_for(const beast::error_code& error)
{
    if (error == wire::error::end_of_stream || error == wire::error::partial_message)
        return std::nullopt;
    if (error == wire::error::header_limit || error == wire::error::buffer_overflow)
        return refusal(431, "HEADERS_TOO_LARGE", "The request's headers are too large.");
    if (error == wire::error::body_limit)
        return refusal(413, "BODY_TOO_LARGE", "The request's body is too large.");
    if (error.category() == wire::make_error_code(wire::error::bad_target).category())
        return refusal(400, "BAD_REQUEST", "The request is not well-formed HTTP.");
    return std::nullopt;
}

Head judge(Shared& shared, const Parser& parser, const std::string& peer, bool is_tls)
{
    Head head;
    const auto& message = parser.get();
    const auto text = [](auto view) { return std::string{view.data(), view.size()}; };
    const auto method = parse_method(text(message.method_string()));
    if (!method) {
        head.refused = refusal(501, "METHOD_UNKNOWN", "This method is not served.");
        return head;
    }
    Headers headers;
    for (const auto& field : message)
        headers.add(text(field.name_string()), text(field.value()));
    const bool host_missing = message.version() >= 11 && !headers.has("Host");
    head.request =
        make_request(shared, *method, text(message.target()), std::move(headers), peer, is_tls);
    if (!head.request || host_missing) {
        head.refused = refusal(400, "BAD_REQUEST", "The request's address is malformed.");
        return head;
    }
    head.match = shared.router.match(*method, head.request->path);
    head.refused = answer_without_handler(head.match, *method);
    if (!head.refused && shared.limiter && head.match.route->options.rate_limited)
        head.refused = over_rate(shared, *head.request);
    return head;
}

std::size_t body_limit(const Shared& shared, const Router::Route& route)
{
    return route.options.body_octets_max != 0 ? route.options.body_octets_max
                                              : shared.options.body_octets_max;
}

asio::awaitable<Response> run_handler(const Router::Route* route, Request request)
{
    const std::string id = request.request_id;
    const std::string_view method = to_string(request.method);
    std::string failure;
    try {
        Response response = co_await route->handler(std::move(request));
        co_return response;
    } catch (const std::exception& error) {
        failure = error.what();
    } catch (...) {
        failure = "unknown exception";
    }
    spdlog::error(
        "event=http_handler_failed request_id={} method={} route={} error=\"{}\"", id, method,
        route->pattern, failure);
    co_return problem(
        {.status = 500,
         .code = "INTERNAL_ERROR",
         .detail = "Something went wrong here.",
         .instance = "urn:iwas:request:" + id});
}

void observed(
    const Shared& shared, const Asked& asked, const Router::Route* route, int status,
    std::chrono::steady_clock::time_point begun)
{
    if (!shared.options.observe || asked.id.empty()) return;
    shared.options.observe(
        {.method = asked.method,
         .pattern = route != nullptr ? std::string_view{route->pattern} : std::string_view{"none"},
         .status = status,
         .duration = std::chrono::steady_clock::now() - begun});
}

WireResponse wire_head(Shared& shared, const Asked& asked, Response& response, bool keep)
{
    WireResponse message;
    message.version(11);
    message.result(static_cast<unsigned>(response.status));
    Headers& headers = response.headers;
    for (const auto& [name, value] : shared.options.default_headers)
        if (!headers.has(name)) headers.add(name, value);
    if (!headers.has("Cache-Control")) headers.add("Cache-Control", "no-store");
    if (!asked.id.empty()) headers.set("X-Request-Id", asked.id);
    headers.set("Date", shared.date());
    headers.remove("Content-Length");
    headers.remove("Connection");
    for (const auto& [name, value] : headers.all())
        message.insert(name, without_breaks(value));
    message.keep_alive(keep);
    return message;
}

} // namespace iwas::http::detail
