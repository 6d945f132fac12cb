// Request and Response: HTTP messages as plain values, free of the library that carries them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::http {

enum class Method : std::uint8_t { get, head, post, put, patch, del, options };

/// "GET", "POST", ...
std::string_view to_string(Method method);
/// Exact upper-case names only; nothing for methods that are not served.
std::optional<Method> parse_method(std::string_view text);

/// Header fields in order. Names compare without case (RFC 9110 §5.1).
class Headers {
public:
    /// Appends a field, also when one of that name is there.
    void add(std::string name, std::string value);
    /// Replaces every field of that name by one.
    void set(std::string name, std::string value);
    void remove(std::string_view name);
    /// The first field of that name. The view lives as long as the field.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    /// The first field of that name, or an empty text.
    [[nodiscard]] std::string_view value(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const
    {
        return fields_;
    }

private:
    std::vector<std::pair<std::string, std::string>> fields_;
};

/// Decoded name-value pairs in order: query parameters, form fields, cookies, path parameters.
class Params {
public:
    void add(std::string name, std::string value)
    {
        pairs_.emplace_back(std::move(name), std::move(value));
    }
    /// The first value of that name, compared exactly.
    [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
    [[nodiscard]] std::string_view value(std::string_view name) const;
    [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
    [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& all() const
    {
        return pairs_;
    }
    friend bool operator==(const Params&, const Params&) = default;

private:
    std::vector<std::pair<std::string, std::string>> pairs_;
};

/// A request as a handler gets it: bounded, decoded, complete.
struct Request {
    Method method = Method::get;
    /// As received: path and query, still percent-encoded.
    std::string target;
    /// Decoded path, beginning with '/'; never holds "." or ".." segments, or control characters.
    std::string path;
    Params query;
    /// What the `{name}` parts of the route's pattern matched, decoded.
    Params path_params;
    Headers headers;
    Params cookies;
    std::string body;
    /// The client's address: of the peer, or what a trusted proxy says of it.
    std::string peer_address;
    /// 8-64 characters; also sent back as X-Request-Id and written to the log.
    std::string request_id;
    /// Whether the client spoke TLS (to us or to a trusted proxy).
    bool secure = false;
    /// Whether it was passed on by somebody who is no trusted proxy: `peer_address` is his.
    bool is_passed_on = false;

    /// A path parameter that the route's pattern names; empty when it does not.
    [[nodiscard]] std::string_view param(std::string_view name) const
    {
        return path_params.value(name);
    }
};

class EventStream;

/// What a handler answers. The server adds Date, Content-Length, X-Request-Id and the security
/// headers; a header that is set here wins over the server's default.
struct Response {
    int status = 200;
    Headers headers;
    std::string body;
    /// When set, sent instead of `body`: text that lives as long as the server (assets).
    std::shared_ptr<const std::string> shared_body;
    /// When set, the answer is an event stream (text/event-stream) that stays open.
    std::shared_ptr<EventStream> events;
    /// When set, nothing is sent and the connection ends: how a broken server behaves (simulation).
    bool hangs_up = false;

    static Response json(int status, std::string body);
    static Response text(int status, std::string body);
    static Response html(int status, std::string body);
    static Response content(int status, std::string type, std::string body);
    /// 302 by default; `location` goes out as it is.
    static Response redirect(std::string location, int status = 302);
    static Response empty(int status = 204);
    static Response stream(std::shared_ptr<EventStream> events);
};

/// The standard's phrase, such as "Not Found".
std::string_view reason_phrase(int status);

} // namespace iwas::http
