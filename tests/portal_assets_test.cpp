// The embedded portal is whole: every page it needs, each file with its type, tag and a valid gzip
// variant.
#include "app/assets.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <set>
#include <string>
#include <zlib.h>

namespace iwas::app {
namespace {

const Asset* find(std::string_view path)
{
    const auto assets = portal_assets();
    const auto found = std::ranges::find(assets, path, &Asset::path);
    return found == assets.end() ? nullptr : &*found;
}

std::string gunzip(std::string_view packed, std::size_t size)
{
    std::string plain(size + 1, '\0');
    z_stream stream{};
    // 16 + 15: gzip framing, the largest window.
    if (inflateInit2(&stream, 16 + 15) != Z_OK) return {};
    std::string input{packed};
    stream.next_in = reinterpret_cast<Bytef*>(input.data());
    stream.avail_in = static_cast<uInt>(input.size());
    stream.next_out = reinterpret_cast<Bytef*>(plain.data());
    stream.avail_out = static_cast<uInt>(plain.size());
    const int end = inflate(&stream, Z_FINISH);
    plain.resize(stream.total_out);
    inflateEnd(&stream);
    return end == Z_STREAM_END ? plain : std::string{};
}

TEST(PortalAssets, HoldsEveryPage)
{
    for (const char* path : {"/index.html", "/online.html", "/favicon.svg", "/openapi.json"})
        EXPECT_NE(find(path), nullptr) << path;
    ASSERT_NE(find("/index.html"), nullptr);
    EXPECT_EQ(find("/index.html")->content_type, "text/html; charset=utf-8");
    EXPECT_FALSE(find("/index.html")->immutable);
    EXPECT_TRUE(find("/openapi.json")->bytes.starts_with("{\"openapi\":\"3.1"));
}

TEST(PortalAssets, ResolvesWhatThePagesName)
{
    for (const char* page : {"/index.html", "/online.html"}) {
        ASSERT_NE(find(page), nullptr);
        const std::string_view html = find(page)->bytes;
        for (std::size_t at = html.find("=\"/assets/"); at != std::string_view::npos;
             at = html.find("=\"/assets/", at + 1)) {
            const std::string_view path = html.substr(at + 2, html.find('"', at + 2) - at - 2);
            ASSERT_NE(find(path), nullptr) << path;
            EXPECT_TRUE(find(path)->immutable) << path;
        }
    }
}

TEST(PortalAssets, CarriesValidVariantsAndTags)
{
    std::set<std::string_view> paths;
    for (const Asset& asset : portal_assets()) {
        EXPECT_TRUE(paths.insert(asset.path).second) << asset.path;
        EXPECT_FALSE(asset.bytes.empty()) << asset.path;
        EXPECT_NE(asset.content_type, "application/octet-stream") << asset.path;
        EXPECT_TRUE(
            asset.etag.size() == 26 && asset.etag.front() == '"' && asset.etag.back() == '"')
            << asset.path;
        if (!asset.gzip.empty()) {
            EXPECT_LT(asset.gzip.size(), asset.bytes.size()) << asset.path;
            EXPECT_EQ(gunzip(asset.gzip, asset.bytes.size()), asset.bytes) << asset.path;
        }
    }
}

} // namespace
} // namespace iwas::app
