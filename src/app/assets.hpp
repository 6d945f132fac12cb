// The front ends' files, compiled into the program by tools/embed_assets.py.
#pragma once

#include <span>
#include <string_view>

namespace iwas::app {

/// One file of a front end. All views live as long as the program.
struct Asset {
    std::string_view path;         ///< Absolute in the site, as "/assets/index-4f1c.js".
    std::string_view content_type; ///< With its charset where it is text.
    std::string_view etag;         ///< With its quotes (RFC 9110 §8.8.3).
    std::string_view bytes;        ///< As the bundler wrote it.
    std::string_view gzip;         ///< RFC 1952; empty where it would not be smaller.
    bool immutable;                ///< The name changes with the content: cache for ever.
};

/// The customer portal, ordered by path: "/index.html" is the page for every address of the portal
/// (/, /session, /purchase/ID, /extend, /history), "/online.html" the plain page after a purchase,
/// "/openapi.json" docs/openapi.yaml as JSON.
[[nodiscard]] std::span<const Asset> portal_assets() noexcept;

} // namespace iwas::app
