// Strict, bounded decoding of what arrives in a URL or a Cookie header (RFC 3986, RFC 6265).
#pragma once

#include "adapters/http/message.hpp"
#include "core/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::http {

inline constexpr std::size_t target_octets_max = 8192;
inline constexpr std::size_t pairs_max = 64;

/// Resolves %XX. Nothing when an escape is cut or not hexadecimal, or when the result is no UTF-8
/// or holds control characters. `plus_is_blank`: as forms and queries are written.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank);

/// "a=1&b=x%20y", decoded. Nothing when a pair does not decode or there are more than `pairs_max`.
/// A name without '=' has an empty value; empty pairs are skipped.
std::optional<Params> decode_query(std::string_view text);

/// "a=1; b=2" (RFC 6265 §4.2.1). Values are taken as they are, without surrounding quotes. Pairs
/// with an empty name or control characters are skipped; nothing when there are over `pairs_max`.
std::optional<Params> decode_cookies(std::string_view text);

struct Target {
    std::string path;
    Params query;
};

/// Splits and decodes a request target: "/a/b?c=d", or the absolute form "http://host/a/b?c=d".
/// Nothing when it is too long, does not decode, has "." or ".." segments, an encoded '/' in a
/// segment, or a fragment.
std::optional<Target> decode_target(std::string_view target);

/// Where an outside HTTP service lives.
struct BaseUrl {
    bool tls = false;
    /// Lower-case name or IPv4 address.
    std::string host;
    std::uint16_t port = 80;
    /// Begins with '/' unless empty; has no '/' at its end.
    std::string prefix;

    friend bool operator==(const BaseUrl&, const BaseUrl&) = default;
};

/// "http[s]://host[:port][/prefix]"; no user info, query or fragment. Nothing for anything else.
std::optional<BaseUrl> parse_base_url(std::string_view text);
std::string to_string(const BaseUrl& url);

} // namespace iwas::http
