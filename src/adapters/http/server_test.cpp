#include "adapters/http/event_stream.hpp"
#include "adapters/http/loopback_test.hpp"
#include "adapters/http/server.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace iwas::http {
namespace {

using testing::ask;
using ::testing::HasSubstr;
using testing::IoThread;
using testing::LoopbackServer;
using ::testing::Not;
using testing::RawPeer;
using ::testing::StartsWith;

boost::asio::awaitable<Response> slow(Request request)
{
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 200ms};
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return Response::text(200, "slept " + request.path);
}

Router test_router()
{
    Router router;
    router.get("/hello/{name}", answer([](const Request& request) {
                   std::string text = "hi " + std::string{request.param("name")};
                   text += " q=" + std::string{request.query.value("q")};
                   text += " c=" + std::string{request.cookies.value("c")};
                   text += " from=" + request.peer_address;
                   if (request.is_passed_on) text += " passed on";
                   Response response = Response::text(200, text);
                   response.headers.set("X-Forged", "a\r\nSet-Cookie: b");
                   return response;
               }));
    router.post(
        "/echo", answer([](const Request& request) { return Response::text(201, request.body); }));
    router.post(
        "/small", answer([](const Request&) { return Response::empty(); }),
        {.body_octets_max = 10});
    router.get("/broken", answer([](const Request&) -> Response {
                   throw std::runtime_error{"a secret of the inside"};
               }));
    router.get("/slow", slow);
    return router;
}

const std::string end_of_request = "Host: x\r\nConnection: close\r\n\r\n";

TEST(HttpServer, AnswersWithSecurityHeaders)
{
    IoThread thread;
    LoopbackServer server{thread, {}, test_router()};
    const std::string text =
        ask(server.port(),
            "GET /hello/caf%C3%A9?q=a+b HTTP/1.1\r\nCookie: c=1\r\nX-Request-Id: abcdef-123\r\n" +
                end_of_request);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(text, HasSubstr("\r\n\r\nhi café q=a b c=1 from=127.0.0.1"));
    EXPECT_THAT(text, HasSubstr("Content-Security-Policy: default-src 'self'"));
    EXPECT_THAT(text, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(text, HasSubstr("X-Content-Type-Options: nosniff"));
    EXPECT_THAT(text, HasSubstr("Referrer-Policy: no-referrer"));
    EXPECT_THAT(text, HasSubstr("Cache-Control: no-store"));
    EXPECT_THAT(text, HasSubstr("X-Request-Id: abcdef-123\r\n"));
    EXPECT_THAT(text, HasSubstr("X-Forged: aSet-Cookie: b\r\n")) << "no header injection";
    EXPECT_THAT(text, HasSubstr(" GMT\r\n"));
}

TEST(HttpServer, KeepsTheConnectionAndServesPipelinedRequests)
{
    IoThread thread;
    LoopbackServer server{thread, {}, test_router()};
    RawPeer peer{server.port()};
    const std::string request = "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello";
    peer.send(request + request);
    EXPECT_THAT(peer.read_until("hello"), StartsWith("HTTP/1.1 201 Created"));
    EXPECT_THAT(peer.read_until("hello"), StartsWith("HTTP/1.1 201 Created"));
    peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: "
              "chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n");
    EXPECT_THAT(peer.read_until("abc"), StartsWith("HTTP/1.1 201"));
    peer.send(
        "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    EXPECT_EQ(peer.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    peer.send("ok");
    EXPECT_THAT(peer.read_until("ok"), HasSubstr("201"));
}

TEST(HttpServer, AnswersHeadOptionsAndErrors)
{
    IoThread thread;
    LoopbackServer server{thread, {}, test_router()};
    const auto port = server.port();
    const std::string head = ask(port, "HEAD /hello/a HTTP/1.1\r\n" + end_of_request);
    EXPECT_THAT(head, StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(head, HasSubstr("Content-Length: "));
    EXPECT_TRUE(head.ends_with("\r\n\r\n"));
    EXPECT_THAT(
        ask(port, "OPTIONS /echo HTTP/1.1\r\n" + end_of_request),
        HasSubstr("Allow: POST, OPTIONS"));
    EXPECT_THAT(
        ask(port, "DELETE /echo HTTP/1.1\r\n" + end_of_request), StartsWith("HTTP/1.1 405"));
    EXPECT_THAT(ask(port, "BREW /echo HTTP/1.1\r\n" + end_of_request), StartsWith("HTTP/1.1 501"));
    EXPECT_THAT(
        ask(port, "GET /none HTTP/1.1\r\n" + end_of_request), HasSubstr("\"code\":\"NOT_FOUND\""));
    EXPECT_THAT(ask(port, "GET /../x HTTP/1.1\r\n" + end_of_request), StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(ask(port, "GET /hello/a HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400"))
        << "no Host";
    EXPECT_THAT(ask(port, "nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
    EXPECT_THAT(
        ask(port, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: "
                  "chunked\r\n\r\nabc"),
        StartsWith("HTTP/1.1 400"))
        << "request smuggling";
}

TEST(HttpServer, HidesWhatAHandlerThrows)
{
    IoThread thread;
    LoopbackServer server{thread, {}, test_router()};
    const std::string text = ask(server.port(), "GET /broken HTTP/1.1\r\n" + end_of_request);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 500"));
    EXPECT_THAT(text, HasSubstr("urn:iwas:request:"));
    EXPECT_THAT(text, Not(HasSubstr("secret")));
}

TEST(HttpServer, LimitsSizes)
{
    IoThread thread;
    LoopbackServer server{thread, {}, test_router()};
    const auto port = server.port();
    EXPECT_THAT(
        ask(port,
            "GET /hello/a HTTP/1.1\r\nX: " + std::string(17'000, 'a') + "\r\n" + end_of_request),
        StartsWith("HTTP/1.1 431"));
    EXPECT_THAT(
        ask(port, "POST /echo HTTP/1.1\r\nContent-Length: 70000\r\n" + end_of_request +
                      std::string(70'000, 'a')),
        StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(
        ask(port,
            "POST /small HTTP/1.1\r\nContent-Length: 11\r\n" + end_of_request + "12345678901"),
        StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(
        ask(port, "POST /small HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" + end_of_request +
                      "b\r\n12345678901\r\n0\r\n\r\n"),
        StartsWith("HTTP/1.1 413"));
    EXPECT_THAT(
        ask(port, "POST /small HTTP/1.1\r\nContent-Length: 10\r\n" + end_of_request + "1234567890"),
        StartsWith("HTTP/1.1 204"));
}

TEST(HttpServer, LimitsRatePerAddress)
{
    IoThread thread;
    ServerOptions options;
    options.rate_limit = {.burst = 2, .per_second = 0.1};
    LoopbackServer server{thread, std::move(options), test_router()};
    const std::string request = "GET /hello/a HTTP/1.1\r\n" + end_of_request;
    EXPECT_THAT(ask(server.port(), request), StartsWith("HTTP/1.1 200"));
    EXPECT_THAT(ask(server.port(), request), StartsWith("HTTP/1.1 200"));
    const std::string refused = ask(server.port(), request);
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 429"));
    EXPECT_THAT(refused, HasSubstr("Retry-After: 10\r\n"));
}

TEST(HttpServer, RefusesOverRateInTheProgramsWords)
{
    IoThread thread;
    ServerOptions options;
    options.rate_limit = {.burst = 1, .per_second = 0.1};
    options.refuse_over_rate = [](const Request& request, Seconds wait) {
        return Response::text(429, request.path + " in " + std::to_string(wait.count()));
    };
    LoopbackServer server{thread, std::move(options), test_router()};
    const std::string request = "GET /hello/a HTTP/1.1\r\n" + end_of_request;
    ask(server.port(), request);
    const std::string refused = ask(server.port(), request);
    EXPECT_THAT(refused, StartsWith("HTTP/1.1 429"));
    EXPECT_THAT(refused, HasSubstr("/hello/a in 10"));
}

TEST(HttpServer, BelievesOnlyTrustedProxies)
{
    IoThread thread;
    const std::string request =
        "GET /hello/a HTTP/1.1\r\nX-Forwarded-For: 6.6.6.6, 10.5.50.21\r\n" + end_of_request;
    LoopbackServer open{thread, {}, test_router()};
    EXPECT_THAT(ask(open.port(), request), HasSubstr("from=127.0.0.1 passed on"));
    ServerOptions options;
    options.trusted_proxies = {*Ipv4Prefix::parse("127.0.0.1/32")};
    LoopbackServer behind{thread, std::move(options), test_router()};
    EXPECT_THAT(ask(behind.port(), request), HasSubstr("from=10.5.50.21"));
}

TEST(HttpServer, ClosesSlowAndSurplusConnections)
{
    IoThread thread;
    ServerOptions options;
    options.header_timeout = 100ms;
    options.idle_timeout = 100ms;
    options.connections_max = 2;
    LoopbackServer server{thread, std::move(options), test_router()};
    RawPeer slow_writer{server.port()};
    slow_writer.send("GET /hello/a HT");
    RawPeer silent{server.port()};
    RawPeer surplus{server.port()};
    EXPECT_EQ(surplus.read_all(), "");
    EXPECT_EQ(slow_writer.read_all(), "");
    EXPECT_EQ(silent.read_all(), "");
    EXPECT_EQ(server.connections(), 0U);
}

TEST(HttpServer, LimitsConnectionsPerAddressButNotOfProxies)
{
    IoThread thread;
    ServerOptions options;
    options.connections_per_address_max = 1;
    LoopbackServer narrow{thread, options, test_router()};
    RawPeer first{narrow.port()};
    while (narrow.connections() < 1)
        std::this_thread::sleep_for(1ms);
    RawPeer second{narrow.port()};
    EXPECT_EQ(second.read_all(), "");

    options.trusted_proxies = {*Ipv4Prefix::parse("127.0.0.0/8")};
    LoopbackServer behind{thread, options, test_router()};
    RawPeer one{behind.port()};
    while (behind.connections() < 1)
        std::this_thread::sleep_for(1ms);
    const std::string text = ask(behind.port(), "GET /hello/a HTTP/1.1\r\n" + end_of_request);
    EXPECT_THAT(text, StartsWith("HTTP/1.1 200"));
}

TEST(HttpServer, DrainsBeforeItStops)
{
    IoThread thread;
    LoopbackServer server{thread, {}, test_router()};
    RawPeer idle{server.port()};
    RawPeer busy{server.port()};
    busy.send("GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
    while (server.connections() < 2) {
    }
    std::this_thread::sleep_for(50ms);
    server.stop(5000ms);
    const std::string answer = busy.read_all();
    EXPECT_THAT(answer, HasSubstr("slept /slow"));
    EXPECT_THAT(answer, HasSubstr("Connection: close"));
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_THROW(RawPeer{server.port()}, boost::system::system_error);
}

TEST(HttpServer, NamesABusyPort)
{
    IoThread thread;
    LoopbackServer first{thread, {}, test_router()};
    ServerOptions options;
    options.port = first.port();
    try {
        LoopbackServer second{thread, options, test_router()};
        FAIL() << "the port is in use";
    } catch (const std::runtime_error& error) {
        EXPECT_THAT(error.what(), HasSubstr("127.0.0.1:" + std::to_string(first.port())));
    }
}

TEST(HttpServer, ReportsWhatItServed)
{
    std::atomic<int> count = 0;
    std::string pattern;
    IoThread thread;
    ServerOptions options;
    options.observe = [&](const Served& served) {
        pattern = served.pattern;
        count += served.status;
    };
    {
        LoopbackServer server{thread, std::move(options), test_router()};
        ask(server.port(), "GET /hello/a HTTP/1.1\r\n" + end_of_request);
    }
    EXPECT_EQ(count, 200);
    EXPECT_EQ(pattern, "/hello/{name}");
}

class HttpEvents : public ::testing::Test {
protected:
    Router router()
    {
        Router made;
        made.get("/events", answer([this](const Request& request) {
                     auto stream = std::make_shared<EventStream>(8);
                     stream->send("welcome", "1", request.headers.value("Last-Event-ID"));
                     stream->on_close([this] { ++closed; });
                     streams.push_back(stream);
                     return Response::stream(stream);
                 }));
        return made;
    }
    std::vector<std::shared_ptr<EventStream>> streams;
    std::atomic<int> closed = 0;
};

TEST_F(HttpEvents, StreamsKeepsAliveAndSeesTheClientLeave)
{
    IoThread thread;
    ServerOptions options;
    options.event_keepalive = 50ms;
    LoopbackServer server{thread, std::move(options), router()};
    RawPeer peer{server.port()};
    peer.send("GET /events HTTP/1.1\r\nHost: x\r\nLast-Event-ID: 41\r\n\r\n");
    const std::string head = peer.read_until("\r\n\r\n");
    EXPECT_THAT(head, HasSubstr("Content-Type: text/event-stream"));
    EXPECT_THAT(head, Not(HasSubstr("Content-Length")));
    EXPECT_EQ(peer.read_until("\n\n"), "id: 1\nevent: welcome\ndata: 41\n\n");
    EXPECT_EQ(peer.read_until("\n\n"), ":\n\n");
    thread.on([this] { return streams.at(0)->send("state", "2", "{}"); });
    EXPECT_THAT(peer.read_until("data: {}\n\n"), HasSubstr("event: state"));
    peer.close();
    while (closed == 0)
        std::this_thread::sleep_for(1ms);
    EXPECT_FALSE(thread.on([this] { return streams.at(0)->send("late", "", ""); }));
    while (server.connections() > 0)
        std::this_thread::sleep_for(1ms);
}

TEST_F(HttpEvents, EndWhenTheServerStops)
{
    IoThread thread;
    LoopbackServer server{thread, {}, router()};
    RawPeer peer{server.port()};
    peer.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
    peer.read_until("\n\n");
    server.stop(5000ms);
    peer.read_all();
    EXPECT_EQ(closed, 1);
}

} // namespace
} // namespace iwas::http
