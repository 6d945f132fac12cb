#include "adapters/http/message.hpp"

#include "adapters/http/event_stream.hpp"
#include "core/text.hpp"

#include <boost/beast/http/status.hpp>

#include <array>

namespace iwas::http {

namespace {

constexpr std::array<std::pair<Method, std::string_view>, 7> method_names{{
    {Method::get, "GET"},
    {Method::head, "HEAD"},
    {Method::post, "POST"},
    {Method::put, "PUT"},
    {Method::patch, "PATCH"},
    {Method::del, "DELETE"},
    {Method::options, "OPTIONS"},
}};

Response typed(int status, std::string body, std::string type)
{
    Response response;
    response.status = status;
    response.headers.set("Content-Type", std::move(type));
    response.body = std::move(body);
    return response;
}

} // namespace

std::string_view to_string(Method method)
{
    for (const auto& [value, name] : method_names)
        if (value == method) return name;
    return "GET";
}

std::optional<Method> parse_method(std::string_view text)
{
    for (const auto& [value, name] : method_names)
        if (name == text) return value;
    return std::nullopt;
}

void Headers::add(std::string name, std::string value)
{
    fields_.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value)
{
    remove(name);
    add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name)
{
    std::erase_if(
        fields_, [&](const auto& field) { return equal_ignoring_case(field.first, name); });
}

std::optional<std::string_view> Headers::find(std::string_view name) const
{
    for (const auto& [key, value] : fields_)
        if (equal_ignoring_case(key, name)) return value;
    return std::nullopt;
}

std::string_view Headers::value(std::string_view name) const
{
    return find(name).value_or(std::string_view{});
}

std::optional<std::string_view> Params::find(std::string_view name) const
{
    for (const auto& [key, value] : pairs_)
        if (key == name) return value;
    return std::nullopt;
}

std::string_view Params::value(std::string_view name) const
{
    return find(name).value_or(std::string_view{});
}

Response Response::json(int status, std::string body)
{
    return typed(status, std::move(body), "application/json");
}

Response Response::text(int status, std::string body)
{
    return typed(status, std::move(body), "text/plain; charset=utf-8");
}

Response Response::content(int status, std::string type, std::string body)
{
    Response response;
    response.status = status;
    response.headers.set("Content-Type", std::move(type));
    response.body = std::move(body);
    return response;
}

Response Response::html(int status, std::string body)
{
    return typed(status, std::move(body), "text/html; charset=utf-8");
}

Response Response::redirect(std::string location, int status)
{
    Response response;
    response.status = status;
    response.headers.set("Location", std::move(location));
    return response;
}

Response Response::empty(int status)
{
    Response response;
    response.status = status;
    return response;
}

Response Response::stream(std::shared_ptr<EventStream> events)
{
    Response response;
    response.events = std::move(events);
    return response;
}

std::string_view reason_phrase(int status)
{
    const auto phrase =
        boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
    return {phrase.data(), phrase.size()};
}

} // namespace iwas::http
