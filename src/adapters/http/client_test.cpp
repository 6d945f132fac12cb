#include "adapters/http/client.hpp"
#include "adapters/http/loopback_test.hpp"
#include "adapters/http/test_certificate_test.hpp"

#include <boost/asio/read_until.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <iterator>

namespace iwas::http {
namespace {

using testing::IoThread;
using testing::LoopbackServer;

Peer loopback(std::uint16_t port)
{
    Peer peer;
    peer.url = BaseUrl{false, "127.0.0.1", port, "/base"};
    peer.addresses.allowed = {*Ipv4Prefix::parse("127.0.0.0/8")};
    return peer;
}

boost::asio::awaitable<Response> never_in_time(Request)
{
    boost::asio::steady_timer timer{co_await boost::asio::this_coro::executor, 500ms};
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return Response::empty();
}

Router echo_router(std::atomic<int>* served)
{
    Router router;
    router.post("/base/echo", answer([served](const Request& request) {
                    ++*served;
                    Response response = Response::json(201, request.body);
                    response.headers.set("X-Seen", std::string{request.headers.value("X-Key")});
                    return response;
                }));
    router.get("/base/large", answer([](const Request&) {
                   return Response::text(200, std::string(70'000, 'x'));
               }));
    router.get("/base/moved", answer([](const Request&) {
                   return Response::redirect("http://127.0.0.1:1/elsewhere");
               }));
    router.get("/base/slow", never_in_time);
    return router;
}

/// Answers every connection with fixed octets after the request's head, then closes.
class RudeServer {
public:
    explicit RudeServer(std::string answer)
        : acceptor_{io_, {boost::asio::ip::make_address("127.0.0.1"), 0}},
          thread_{[this, answer = std::move(answer)] {
              boost::system::error_code error;
              auto socket = acceptor_.accept(error);
              if (error) return;
              std::string head;
              boost::asio::read_until(socket, boost::asio::dynamic_buffer(head), "\r\n\r\n", error);
              boost::asio::write(socket, boost::asio::buffer(answer), error);
          }}
    {
    }
    ~RudeServer() { thread_.join(); }
    [[nodiscard]] std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

private:
    boost::asio::io_context io_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::thread thread_;
};

class HttpClient : public ::testing::Test {
protected:
    using Answer = Result<InboundResponse, ClientError>;

    Answer send(const Peer& peer, OutboundRequest request, Milliseconds time = 3000ms)
    {
        return thread.await(
            client->send(peer, std::move(request), std::chrono::steady_clock::now() + time));
    }
    void TearDown() override
    {
        thread.on([this] { client.reset(); });
    }

    IoThread thread;
    std::unique_ptr<Client> client = std::make_unique<Client>(thread.io().get_executor());
    std::atomic<int> served = 0;
};

TEST_F(HttpClient, SendsAndReusesItsConnection)
{
    LoopbackServer server{thread, {}, echo_router(&served)};
    for (int i = 0; i < 3; ++i) {
        OutboundRequest request{Method::post, "/echo", {}, "{\"a\":1}"};
        request.headers.set("X-Key", "k\r\nX-Forged: 1");
        const Answer answer = send(loopback(server.port()), std::move(request));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 201);
        EXPECT_EQ(answer->body, "{\"a\":1}");
        EXPECT_EQ(answer->headers.value("x-seen"), "kX-Forged: 1");
    }
    EXPECT_EQ(served, 3);
    EXPECT_EQ(server.connections(), 1U);
    EXPECT_EQ(thread.on([this] { return client->idle_connections(); }), 1U);
}

TEST_F(HttpClient, NoticesThatAnIdleConnectionWasClosed)
{
    ServerOptions options;
    options.idle_timeout = 30ms;
    LoopbackServer server{thread, std::move(options), echo_router(&served)};
    ASSERT_TRUE(send(loopback(server.port()), {Method::post, "/echo", {}, "1"}));
    while (server.connections() > 0)
        std::this_thread::sleep_for(1ms);
    EXPECT_TRUE(send(loopback(server.port()), {Method::post, "/echo", {}, "2"}));
    EXPECT_EQ(served, 2);
}

TEST_F(HttpClient, FollowsNoRedirectAndBoundsTheBody)
{
    LoopbackServer server{thread, {}, echo_router(&served)};
    const Answer moved = send(loopback(server.port()), {Method::get, "/moved", {}, ""});
    ASSERT_TRUE(moved);
    EXPECT_EQ(moved->status, 302);
    EXPECT_EQ(
        send(loopback(server.port()), {Method::get, "/large", {}, ""}).error(),
        ClientError::too_large);
}

TEST_F(HttpClient, TellsNothingSentFromNoAnswer)
{
    LoopbackServer server{thread, {}, echo_router(&served)};
    EXPECT_EQ(
        send(loopback(server.port()), {Method::get, "/slow", {}, ""}, 50ms).error(),
        ClientError::timeout_unknown);
    EXPECT_EQ(
        send(loopback(server.port()), {Method::get, "/slow", {}, ""}, -1ms).error(),
        ClientError::unreachable);
    const std::uint16_t port = server.port();
    server.stop(1000ms);
    EXPECT_EQ(
        send(loopback(port), {Method::get, "/slow", {}, ""}).error(), ClientError::unreachable);
}

TEST_F(HttpClient, JudgesBrokenAnswers)
{
    const auto answered = [&](const std::string& octets) {
        RudeServer rude{octets};
        return send(loopback(rude.port()), {Method::get, "/", {}, ""});
    };
    EXPECT_EQ(answered("").error(), ClientError::timeout_unknown);
    EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nContent-Le").error(), ClientError::timeout_unknown);
    EXPECT_EQ(
        answered("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort").error(),
        ClientError::timeout_unknown);
    EXPECT_EQ(answered("SSH-2.0-OpenSSH\r\n\r\n").error(), ClientError::bad_response);
    EXPECT_EQ(
        answered("HTTP/1.1 200 OK\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n").error(),
        ClientError::too_large);
    const Answer interim =
        answered("HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    ASSERT_TRUE(interim);
    EXPECT_EQ(interim->body, "ok");
    const Answer until_the_end = answered("HTTP/1.0 200 OK\r\n\r\nall of it");
    ASSERT_TRUE(until_the_end);
    EXPECT_EQ(until_the_end->body, "all of it");
}

TEST_F(HttpClient, CallsOnlyAllowedAddresses)
{
    LoopbackServer server{thread, {}, echo_router(&served)};
    Peer peer = loopback(server.port());
    peer.addresses.allowed.clear();
    EXPECT_EQ(send(peer, {Method::post, "/echo", {}, "1"}).error(), ClientError::unreachable);
    peer.url.host = "localhost";
    EXPECT_EQ(send(peer, {Method::post, "/echo", {}, "1"}).error(), ClientError::unreachable)
        << "checked after the name is resolved";
    EXPECT_EQ(served, 0);
    peer.addresses = loopback(1).addresses;
    EXPECT_TRUE(send(peer, {Method::post, "/echo", {}, "1"}));

    const AddressPolicy policy{{*Ipv4Prefix::parse("10.8.0.0/16")}};
    for (const char* denied :
         {"127.0.0.1", "10.9.0.1", "169.254.169.254", "192.168.1.1", "0.0.0.0", "224.0.0.1",
          "100.64.0.1"})
        EXPECT_FALSE(policy.may_connect(*Ipv4Address::parse(denied))) << denied;
    EXPECT_TRUE(policy.may_connect(*Ipv4Address::parse("10.8.3.4")));
    EXPECT_TRUE(policy.may_connect(*Ipv4Address::parse("8.8.8.8")));
}

TEST_F(HttpClient, PinsOrVerifiesCertificates)
{
    const testing::TestCertificate certificate{"pc.example"};
    ServerOptions options;
    options.tls = certificate.files();
    LoopbackServer server{thread, std::move(options), echo_router(&served)};
    Peer peer = loopback(server.port());
    peer.url.tls = true;
    EXPECT_EQ(send(peer, {Method::post, "/echo", {}, "1"}).error(), ClientError::unreachable)
        << "no authority vouches for it";
    peer.pinned_certificate = std::string(64, '0');
    EXPECT_EQ(send(peer, {Method::post, "/echo", {}, "1"}).error(), ClientError::unreachable);
    EXPECT_EQ(served, 0);
    peer.pinned_certificate = certificate.sha256_hex();
    const Answer answer = send(peer, {Method::post, "/echo", {}, "pinned"});
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body, "pinned");
    EXPECT_TRUE(send(peer, {Method::post, "/echo", {}, "again"}));

    const auto read = [](const std::string& path) {
        std::ifstream file{path};
        return std::string{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
    };
    peer.client_certificate = read(certificate.files().certificate_chain);
    peer.client_key = SecretText{read(certificate.files().private_key)};
    EXPECT_TRUE(send(peer, {Method::post, "/echo", {}, "with a certificate of our own"}));
    peer.client_key = SecretText{"no key"};
    EXPECT_EQ(send(peer, {Method::post, "/echo", {}, "1"}).error(), ClientError::unreachable)
        << "nothing is sent without the identity that was asked for";
}

} // namespace
} // namespace iwas::http
