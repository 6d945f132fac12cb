// What needs no socket: decoding, routing, events, limits, problems, assets.
#include "adapters/http/assets.hpp"
#include "adapters/http/event_stream.hpp"
#include "adapters/http/problem.hpp"
#include "adapters/http/rate_limit.hpp"
#include "adapters/http/router.hpp"
#include "adapters/http/url.hpp"
#include "core/percent_encoding.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include <stdexcept>

namespace iwas::http {
namespace {

TEST(HttpUrl, DecodesTargets)
{
    const auto target = decode_target("/api/v1/caf%C3%A9/a+b?q=x+y%26z&flag&=v&&n=1");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->path, "/api/v1/café/a+b");
    EXPECT_EQ(target->query.find("q"), "x y&z");
    EXPECT_EQ(target->query.find("flag"), "");
    EXPECT_EQ(target->query.find(""), "v");
    EXPECT_EQ(target->query.find("n"), "1");
    EXPECT_FALSE(target->query.find("absent"));
    EXPECT_EQ(decode_target("http://connectivity.example/generate_204")->path, "/generate_204");
    EXPECT_EQ(decode_target("http://connectivity.example")->path, "/");
    EXPECT_EQ(decode_target("/?a=1")->path, "/");
    EXPECT_EQ(decode_target("/a/")->path, "/a/");
}

TEST(HttpUrl, RefusesWhatCouldBeReadTwoWays)
{
    for (const char* bad :
         {"",        "a",          "*",       "//..", "/../etc/passwd", "/a/%2e%2e/b",    "/a%2Fb",
          "/a%5Cb",  "/%",         "/%4",     "/%zz", "/%00",           "/a%0d%0ab",      "/%ff",
          "/%C0%AF", "/%ED%A0%80", "/a?x=%1", "/a#b", "ftp://host/a",   "http://host?x=1"})
        EXPECT_FALSE(decode_target(bad)) << bad;
    EXPECT_FALSE(decode_target("/" + std::string(target_octets_max, 'a')));
    std::string many = "/?";
    for (std::size_t i = 0; i <= pairs_max; ++i)
        many += "a=1&";
    EXPECT_FALSE(decode_target(many));
}

TEST(HttpUrl, DecodesCookies)
{
    const auto cookies = decode_cookies("sid=abc; theme=\"dark\";  =x; bare; csrf=a=b; sid=second");
    ASSERT_TRUE(cookies);
    EXPECT_EQ(cookies->find("sid"), "abc");
    EXPECT_EQ(cookies->find("theme"), "dark");
    EXPECT_EQ(cookies->find("csrf"), "a=b");
    EXPECT_FALSE(cookies->find("bare"));
    EXPECT_EQ(cookies->all().size(), 4U);
}

TEST(HttpUrl, EncodingRoundTrips)
{
    const std::string text = "Quán Net 7 / ?&=+%#\"<>";
    EXPECT_EQ(percent_decode(percent_encode(text), true), text);
    EXPECT_FALSE(percent_decode("a%0Ab", true));
    EXPECT_FALSE(percent_decode("%C3%28", true));
}

TEST(HttpUrl, ParsesBaseUrls)
{
    EXPECT_EQ(parse_base_url("http://127.0.0.1:8080"), (BaseUrl{false, "127.0.0.1", 8080, ""}));
    EXPECT_EQ(
        parse_base_url("https://PC.Example/connector/"),
        (BaseUrl{true, "pc.example", 443, "/connector"}));
    EXPECT_EQ(to_string(*parse_base_url("https://pc.example:444/a")), "https://pc.example:444/a");
    for (const char* bad :
         {"", "pc.example", "ftp://a", "http://", "http://:80", "http://a:0", "http://a:65536",
          "http://a:8x", "http://user@a", "http://a?b", "http://a/../b", "http://a b",
          "http://[::1]"})
        EXPECT_FALSE(parse_base_url(bad)) << bad;
}

TEST(HttpMessage, HeadersIgnoreCase)
{
    Headers headers;
    headers.add("Set-Cookie", "a=1");
    headers.add("set-cookie", "b=2");
    EXPECT_EQ(headers.all().size(), 2U);
    EXPECT_EQ(headers.find("SET-COOKIE"), "a=1");
    headers.set("SET-cookie", "c=3");
    EXPECT_EQ(headers.all().size(), 1U);
    EXPECT_EQ(headers.value("absent"), "");
}

Handler nothing()
{
    return answer([](const Request&) { return Response::empty(); });
}

TEST(HttpRouter, PrefersLiteralsAndNamesParameters)
{
    Router router;
    router.get("/api/v1/sessions/{id}", nothing());
    router.get("/api/v1/sessions/current", nothing());
    router.post("/api/v1/sessions/{id}/devices/{mac}", nothing());
    router.get("/assets/{file...}", nothing());
    router.get("/", nothing());

    auto match = router.match(Method::get, "/api/v1/sessions/current");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(match.route->pattern, "/api/v1/sessions/current");
    match = router.match(Method::head, "/api/v1/sessions/01J");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(match.params.find("id"), "01J");
    match = router.match(Method::post, "/api/v1/sessions/current/devices/AA:BB");
    ASSERT_NE(match.route, nullptr) << "a literal branch that ends is left again";
    EXPECT_EQ(match.params.find("id"), "current");
    EXPECT_EQ(match.params.find("mac"), "AA:BB");
    match = router.match(Method::get, "/assets/a/b.js");
    ASSERT_NE(match.route, nullptr);
    EXPECT_EQ(match.params.find("file"), "a/b.js");
    EXPECT_NE(router.match(Method::get, "/").route, nullptr);
    EXPECT_EQ(router.match(Method::get, "/api/v1/sessions/").route, nullptr);
    EXPECT_EQ(router.match(Method::get, "/api").route, nullptr);
    EXPECT_EQ(router.match(Method::get, "").route, nullptr);
}

TEST(HttpRouter, TellsMethodsApartFromPaths)
{
    Router router;
    router.get("/a", nothing());
    router.post("/a", nothing());
    const auto wrong = answer_without_handler(router.match(Method::put, "/a"), Method::put);
    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->status, 405);
    EXPECT_EQ(wrong->headers.value("Allow"), "GET, HEAD, POST, OPTIONS");
    const auto options =
        answer_without_handler(router.match(Method::options, "/a"), Method::options);
    ASSERT_TRUE(options);
    EXPECT_EQ(options->status, 204);
    EXPECT_EQ(answer_without_handler(router.match(Method::get, "/b"), Method::get)->status, 404);
    router.otherwise(nothing());
    EXPECT_FALSE(answer_without_handler(router.match(Method::get, "/b"), Method::get));
}

TEST(HttpRouter, RefusesMalformedPatterns)
{
    for (const char* bad : {"", "a", "/{", "/{}", "/{...}", "/{a...}/b"}) {
        Router router;
        EXPECT_THROW(router.get(bad, nothing()), std::invalid_argument) << bad;
    }
    Router router;
    router.get("/a/{x}", nothing());
    EXPECT_THROW(router.get("/a/{y}", nothing()), std::invalid_argument);
}

TEST(HttpEventStream, WritesFramesAndDropsSlowReaders)
{
    EventStream stream{2};
    int closed = 0;
    stream.on_close([&] { ++closed; });
    EXPECT_TRUE(stream.send("state", "7", "one\ntwo"));
    EXPECT_TRUE(stream.send("", "", "x\r\nid: forged"));
    EXPECT_EQ(
        stream.take(),
        "id: 7\nevent: state\ndata: one\ndata: two\n\ndata: x\ndata: id: forged\n\n");
    EXPECT_TRUE(stream.send("a\nb", "", ""));
    EXPECT_TRUE(stream.send("c", "", ""));
    EXPECT_FALSE(stream.send("d", "", "")) << "the queue is full";
    EXPECT_FALSE(stream.is_open());
    EXPECT_EQ(closed, 1);
    EXPECT_EQ(stream.take(), "event: ab\ndata: \n\nevent: c\ndata: \n\n");
    EXPECT_FALSE(stream.send("e", "", ""));
    stream.on_close([&] { ++closed; });
    EXPECT_EQ(closed, 2) << "told at once when the stream has ended";
}

TEST(HttpRateLimiter, RefillsAndStaysBounded)
{
    RateLimiter limiter{{.burst = 2, .per_second = 1, .keys_max = 3}};
    const SteadyTime t0 = SteadyTime{} + 1h;
    EXPECT_FALSE(limiter.take("a", t0));
    EXPECT_FALSE(limiter.take("a", t0));
    EXPECT_EQ(limiter.take("a", t0), 1000ms);
    EXPECT_EQ(limiter.take("a", t0 + 400ms), 600ms);
    EXPECT_FALSE(limiter.take("a", t0 + 1s));
    EXPECT_FALSE(limiter.take("b", t0 + 1s));
    EXPECT_FALSE(limiter.take("c", t0 + 1s));
    for (int i = 0; i < 100; ++i)
        (void)limiter.take("flood" + std::to_string(i), t0 + 1s);
    EXPECT_LE(limiter.keys(), 3U);
    EXPECT_TRUE(limiter.take("flood", t0 + 1s)) << "newcomers share one bucket";
    EXPECT_FALSE(limiter.take("new", t0 + 1h)) << "full buckets made room";
}

TEST(HttpProblem, HoldsTheMembersOfRfc9457)
{
    Problem needs{.status = 402, .code = "INSUFFICIENT_BALANCE", .detail = "Not enough."};
    needs.more["needed"] = 12000;
    const Response response = problem(std::move(needs));
    EXPECT_EQ(response.status, 402);
    EXPECT_EQ(response.headers.value("content-type"), "application/problem+json");
    const auto body = boost::json::parse(response.body).as_object();
    EXPECT_EQ(body.at("type").as_string(), "urn:iwas:problem:INSUFFICIENT_BALANCE");
    EXPECT_EQ(body.at("title").as_string(), "Payment Required");
    EXPECT_EQ(body.at("status").as_int64(), 402);
    EXPECT_EQ(body.at("code").as_string(), "INSUFFICIENT_BALANCE");
    EXPECT_EQ(body.at("needed").as_int64(), 12000);
    EXPECT_FALSE(body.contains("instance"));
}

TEST(HttpAssets, NegotiatesAndRevalidates)
{
    Assets assets;
    assets.add("/assets/app-1.js", "let a = 1;", "GZIPPED", true);
    assets.add("/index.html", "<p>", "", false);
    Request request;
    request.headers.add("Accept-Encoding", "br, gzip;q=0.8");
    const Response packed = assets.respond(request, "/assets/app-1.js");
    EXPECT_EQ(packed.headers.value("Content-Encoding"), "gzip");
    EXPECT_EQ(packed.headers.value("Vary"), "Accept-Encoding");
    EXPECT_EQ(packed.headers.value("Cache-Control"), "public, max-age=31536000, immutable");
    EXPECT_EQ(*packed.shared_body, "GZIPPED");

    Request plain;
    plain.headers.add("Accept-Encoding", "gzip;q=0");
    EXPECT_EQ(*assets.respond(plain, "/assets/app-1.js").shared_body, "let a = 1;");
    const Response page = assets.respond(plain, "/index.html");
    EXPECT_EQ(page.headers.value("Content-Type"), "text/html; charset=utf-8");
    EXPECT_EQ(page.headers.value("Cache-Control"), "no-cache");
    plain.headers.add("If-None-Match", "W/" + std::string{page.headers.value("ETag")});
    EXPECT_EQ(assets.respond(plain, "/index.html").status, 304);
    EXPECT_EQ(assets.respond(plain, "/absent").status, 404);
    EXPECT_THROW(assets.add_folder("/nonexistent/folder"), std::runtime_error);
}

} // namespace
} // namespace iwas::http
