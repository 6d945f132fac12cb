#include "adapters/http/router.hpp"

#include "adapters/http/problem.hpp"

#include <stdexcept>
#include <utility>

namespace iwas::http {

struct Router::Node {
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literal;
    std::unique_ptr<Node> any;  // {name}
    std::unique_ptr<Node> rest; // {name...}
    std::map<Method, Route> routes;

    struct Found {
        const Node* node = nullptr;
        std::vector<std::string> values;
    };

    /// Depth first, literal before {name} before {name...}; a branch that ends without a route is
    /// left again. Depth is bounded by the patterns' depth.
    bool find(std::string_view path, Found& found) const
    {
        if (path.empty()) {
            if (routes.empty()) return false;
            found.node = this;
            return true;
        }
        const std::string_view tail = path.substr(1);
        const std::string_view segment = tail.substr(0, tail.find('/'));
        const std::string_view after = tail.substr(segment.size());
        if (const auto child = literal.find(segment); child != literal.end())
            if (child->second->find(after, found)) return true;
        if (any && !segment.empty()) {
            found.values.emplace_back(segment);
            if (any->find(after, found)) return true;
            found.values.pop_back();
        }
        if (rest && !rest->routes.empty()) {
            found.values.emplace_back(tail);
            found.node = rest.get();
            return true;
        }
        return false;
    }
};

namespace {

boost::asio::awaitable<Response> answer_now(
    std::function<Response(const Request&)> function, Request request)
{
    co_return function(request);
}

std::string methods_text(const std::vector<Method>& methods)
{
    std::string text;
    for (const Method method : methods) {
        if (!text.empty()) text += ", ";
        text += to_string(method);
    }
    return text;
}

} // namespace

Handler answer(std::function<Response(const Request&)> function)
{
    return [function = std::move(function)](Request request) {
        return answer_now(function, std::move(request));
    };
}

Router::Router() : root_{std::make_unique<Node>()} {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string_view pattern, Handler handler, RouteOptions options)
{
    const auto malformed = [&] {
        return std::invalid_argument{"route pattern " + std::string{pattern} + " is malformed"};
    };
    if (!pattern.starts_with('/')) throw malformed();
    Node* node = root_.get();
    std::vector<std::string> names;
    for (std::string_view path = pattern; !path.empty();) {
        const std::string_view tail = path.substr(1);
        const std::string_view segment = tail.substr(0, tail.find('/'));
        path = tail.substr(segment.size());
        std::unique_ptr<Node>* next = nullptr;
        if (segment.starts_with('{')) {
            if (!segment.ends_with('}')) throw malformed();
            std::string_view name = segment.substr(1, segment.size() - 2);
            const bool takes_rest = name.ends_with("...");
            if (takes_rest) name.remove_suffix(3);
            if (name.empty() || (takes_rest && !path.empty())) throw malformed();
            names.emplace_back(name);
            next = takes_rest ? &node->rest : &node->any;
        } else {
            next = &node->literal[std::string{segment}];
        }
        if (!*next) *next = std::make_unique<Node>();
        node = next->get();
    }
    Route route{std::string{pattern}, std::move(handler), options, std::move(names)};
    if (!node->routes.emplace(method, std::move(route)).second)
        throw std::invalid_argument{"route " + std::string{pattern} + " is there already"};
}

void Router::get(std::string_view pattern, Handler handler, RouteOptions options)
{
    add(Method::get, pattern, std::move(handler), options);
}
void Router::post(std::string_view pattern, Handler handler, RouteOptions options)
{
    add(Method::post, pattern, std::move(handler), options);
}
void Router::put(std::string_view pattern, Handler handler, RouteOptions options)
{
    add(Method::put, pattern, std::move(handler), options);
}
void Router::patch(std::string_view pattern, Handler handler, RouteOptions options)
{
    add(Method::patch, pattern, std::move(handler), options);
}
void Router::del(std::string_view pattern, Handler handler, RouteOptions options)
{
    add(Method::del, pattern, std::move(handler), options);
}

void Router::otherwise(Handler handler, RouteOptions options)
{
    otherwise_ = std::make_unique<Route>(Route{"*", std::move(handler), options, {}});
}

Router::Match Router::match(Method method, std::string_view path) const
{
    Match match;
    Node::Found found;
    if (!path.starts_with('/') || !root_->find(path, found)) {
        match.route = otherwise_.get();
        return match;
    }
    const auto& routes = found.node->routes;
    auto route = routes.find(method);
    if (route == routes.end() && method == Method::head) route = routes.find(Method::get);
    if (route == routes.end()) {
        for (const auto& [known, unused] : routes) {
            match.allowed.push_back(known);
            if (known == Method::get) match.allowed.push_back(Method::head);
        }
        match.allowed.push_back(Method::options);
        return match;
    }
    match.route = &route->second;
    for (std::size_t i = 0; i < found.values.size(); ++i)
        match.params.add(match.route->names[i], std::move(found.values[i]));
    return match;
}

std::optional<Response> answer_without_handler(const Router::Match& match, Method method)
{
    if (match.route != nullptr) return std::nullopt;
    if (match.allowed.empty())
        return problem({.status = 404, .code = "NOT_FOUND", .detail = "There is nothing here."});
    Response response = method == Method::options
                            ? Response::empty(204)
                            : problem(
                                  {.status = 405,
                                   .code = "METHOD_NOT_ALLOWED",
                                   .detail = "This address does not know that method."});
    response.headers.set("Allow", methods_text(match.allowed));
    return response;
}

} // namespace iwas::http
