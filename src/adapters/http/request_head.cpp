// The parts of serving a request that need no socket: ids, forwarded addresses, decoding.
#include "adapters/http/connection.hpp"
#include "adapters/http/url.hpp"
#include "core/bytes.hpp"
#include "core/text.hpp"

#include <fmt/chrono.h>
#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace iwas::http::detail {

namespace {

bool is_request_id(std::string_view text)
{
    return text.size() >= 8 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                      c == '-' || c == '_' || c == '.';
           });
}

std::string new_request_id()
{
    std::array<std::uint8_t, 12> octets{};
    if (RAND_bytes(octets.data(), static_cast<int>(octets.size())) != 1)
        throw std::runtime_error{"the system gives no random octets"};
    return to_hex(octets);
}

bool is_trusted(const std::vector<Ipv4Prefix>& proxies, std::string_view address)
{
    const auto parsed = Ipv4Address::parse(address);
    return parsed && std::ranges::any_of(proxies, [&](const Ipv4Prefix& prefix) {
               return prefix.contains(*parsed);
           });
}

/// Walks X-Forwarded-For from the right while the addresses are our own proxies: what stands to the
/// left of the first outside address could have been written by anybody.
std::string client_behind_proxies(
    const std::vector<Ipv4Prefix>& proxies, std::string_view forwarded, std::string peer)
{
    while (is_trusted(proxies, peer) && !forwarded.empty()) {
        const std::size_t comma = forwarded.rfind(',');
        std::string_view last =
            comma == std::string_view::npos ? forwarded : forwarded.substr(comma + 1);
        forwarded =
            comma == std::string_view::npos ? std::string_view{} : forwarded.substr(0, comma);
        while (last.starts_with(' '))
            last.remove_prefix(1);
        while (last.ends_with(' '))
            last.remove_suffix(1);
        if (!Ipv4Address::parse(last)) break;
        peer = last;
    }
    return peer;
}

} // namespace

const std::string& Shared::date()
{
    const std::time_t now = std::time(nullptr);
    if (now != dated_at_) {
        dated_at_ = now;
        date_ = fmt::format("{:%a, %d %b %Y %H:%M:%S GMT}", fmt::gmtime(now));
    }
    return date_;
}

bool is_trusted_proxy(const ServerOptions& options, std::string_view address)
{
    return is_trusted(options.trusted_proxies, address);
}

std::optional<Request> make_request(
    const Shared& shared, Method method, std::string target, Headers headers, std::string peer,
    bool secure)
{
    auto decoded = decode_target(target);
    std::string all_cookies;
    for (const auto& [name, value] : headers.all())
        if (equal_ignoring_case(name, "Cookie")) all_cookies += value + ';';
    auto cookies = decode_cookies(all_cookies);
    if (!decoded || !cookies) return std::nullopt;

    Request request;
    request.method = method;
    request.target = std::move(target);
    request.path = std::move(decoded->path);
    request.query = std::move(decoded->query);
    request.cookies = std::move(*cookies);
    request.secure = secure;
    if (is_trusted(shared.options.trusted_proxies, peer)) {
        const std::string_view scheme = headers.value("X-Forwarded-Proto");
        if (!scheme.empty()) request.secure = equal_ignoring_case(scheme, "https");
        peer = client_behind_proxies(
            shared.options.trusted_proxies, headers.value("X-Forwarded-For"), std::move(peer));
    } else {
        request.is_passed_on = headers.has("X-Forwarded-For") || headers.has("Forwarded") ||
                               headers.has("X-Real-IP") || headers.has("Via");
    }
    request.peer_address = std::move(peer);
    const std::string_view id = headers.value("X-Request-Id");
    request.request_id = is_request_id(id) ? std::string{id} : new_request_id();
    request.headers = std::move(headers);
    return request;
}

} // namespace iwas::http::detail
