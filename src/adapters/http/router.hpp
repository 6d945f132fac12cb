// Router: which handler answers which method and path.
#pragma once

#include "adapters/http/message.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::http {

/// Answers one request. A handler that is a capturing lambda must not itself be a coroutine: let it
/// call a coroutine function, so that nothing but its parameters is used after a suspension.
using Handler = std::function<boost::asio::awaitable<Response>(Request)>;

/// A handler that answers without waiting, as a Handler.
Handler answer(std::function<Response(const Request&)> function);

struct RouteOptions {
    /// Largest body; 0 takes the server's default.
    std::size_t body_octets_max = 0;
    /// Whether the server's request rate limit applies.
    bool rate_limited = true;
};

/// Patterns are segments between slashes. `{name}` matches one non-empty segment, `{name...}` at
/// the end the rest of the path. A literal segment wins over `{name}`, that over `{name...}`.
class Router {
public:
    struct Route {
        std::string pattern;
        Handler handler;
        RouteOptions options;
        std::vector<std::string> names;
    };
    /// What a path and method lead to.
    struct Match {
        /// Null when no route fits.
        const Route* route = nullptr;
        Params params;
        /// Methods that the path knows, when it is known but not with this method; or for OPTIONS.
        std::vector<Method> allowed;
    };

    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    /// Throws std::invalid_argument for a malformed pattern or one that is there already.
    void add(Method method, std::string_view pattern, Handler handler, RouteOptions options = {});
    void get(std::string_view pattern, Handler handler, RouteOptions options = {});
    void post(std::string_view pattern, Handler handler, RouteOptions options = {});
    void put(std::string_view pattern, Handler handler, RouteOptions options = {});
    void patch(std::string_view pattern, Handler handler, RouteOptions options = {});
    void del(std::string_view pattern, Handler handler, RouteOptions options = {});
    /// Answers what no pattern matches, with any method. Without one: 404.
    void otherwise(Handler handler, RouteOptions options = {});

    /// `path` is decoded and begins with '/'. HEAD is served by GET.
    [[nodiscard]] Match match(Method method, std::string_view path) const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::unique_ptr<Route> otherwise_;
};

/// match() and the checks around it (404, 405, OPTIONS) as a response; nothing when `match` holds a
/// route to run.
std::optional<Response> answer_without_handler(const Router::Match& match, Method method);

} // namespace iwas::http
