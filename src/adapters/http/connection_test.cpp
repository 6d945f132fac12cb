// How requests and answers may come in pieces, or end halfway, plain and under TLS.
#include "adapters/http/client.hpp"
#include "adapters/http/event_stream.hpp"
#include "adapters/http/loopback_test.hpp"
#include "adapters/http/test_certificate_test.hpp"

#include <boost/asio/ssl.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace iwas::http {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using testing::IoThread;
using testing::LoopbackServer;
using testing::RawPeer;
using ::testing::StartsWith;
using testing::TestCertificate;

constexpr std::size_t large_octets = 5 * 1024 * 1024;

Router pieces_router()
{
    Router router;
    router.post(
        "/echo", answer([](const Request& request) { return Response::text(201, request.body); }),
        {.body_octets_max = large_octets});
    router.get("/events", answer([](const Request&) {
                   const auto stream = std::make_shared<EventStream>(8);
                   stream->send("first", "1", "a");
                   return Response::stream(stream);
               }));
    return router;
}

std::string post(const std::string& body)
{
    return "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/// A text in which a lost, doubled or swapped piece shows.
std::string large_text()
{
    std::string text;
    text.reserve(large_octets);
    for (std::size_t i = 0; text.size() < large_octets - 20; ++i)
        text += std::to_string(i) + ',';
    return text;
}

/// A blocking TLS client that trusts anybody.
class RawTlsPeer {
public:
    explicit RawTlsPeer(std::uint16_t port)
    {
        stream_.lowest_layer().connect({boost::asio::ip::make_address("127.0.0.1"), port});
        stream_.handshake(boost::asio::ssl::stream_base::client);
    }
    void send(const std::string& text) { boost::asio::write(stream_, boost::asio::buffer(text)); }
    std::string read_until(const std::string& end)
    {
        std::string text;
        error_.clear();
        while (text.find(end) == std::string::npos && !error_) {
            std::array<char, 16 * 1024> octets{};
            const std::size_t count = stream_.read_some(boost::asio::buffer(octets), error_);
            text.append(octets.data(), count);
        }
        return text;
    }
    /// Why the last read ended.
    [[nodiscard]] boost::system::error_code error() const { return error_; }

private:
    boost::asio::io_context io_;
    boost::asio::ssl::context context_{boost::asio::ssl::context::tls_client};
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_{io_, context_};
    boost::system::error_code error_;
};

TEST(HttpConnection, ReadsARequestInSmallestPieces)
{
    IoThread thread;
    LoopbackServer server{thread, {}, pieces_router()};
    RawPeer peer{server.port()};
    for (int request = 0; request < 2; ++request) {
        for (const char octet : post("hello"))
            peer.send(std::string{octet});
        EXPECT_THAT(peer.read_until("hello"), StartsWith("HTTP/1.1 201 Created\r\n"));
    }
    const std::string chunked =
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nX: trailer\r\n\r\n";
    for (const char octet : chunked)
        peer.send(std::string{octet});
    EXPECT_THAT(peer.read_until("abcde"), EndsWith("\r\n\r\nabcde"));
}

TEST(HttpConnection, AnswersManyRequestsOfOnePacketInOrder)
{
    IoThread thread;
    LoopbackServer server{thread, {}, pieces_router()};
    RawPeer peer{server.port()};
    std::string requests;
    for (int i = 100; i < 300; ++i)
        requests += post("number " + std::to_string(i) + '!');
    peer.send(requests);
    for (int i = 100; i < 300; ++i)
        EXPECT_THAT(peer.read_until("!"), EndsWith("\r\n\r\nnumber " + std::to_string(i) + '!'));
}

TEST(HttpConnection, CarriesLargeBodiesPastFullSocketBuffers)
{
    IoThread thread;
    LoopbackServer server{thread, {}, pieces_router()};
    RawPeer peer{server.port()};
    const std::string text = large_text();
    peer.send(post(text + "the end")); // nothing is read before all is sent
    EXPECT_THAT(peer.read_until("\r\n\r\n"), StartsWith("HTTP/1.1 201"));
    EXPECT_TRUE(peer.read_until("the end") == text + "the end");
    peer.send(post("next"));
    EXPECT_THAT(peer.read_until("next"), StartsWith("HTTP/1.1 201"));
}

TEST(HttpConnection, SeesARequestThatEndsHalfway)
{
    IoThread thread;
    LoopbackServer server{thread, {}, pieces_router()};
    const auto cut_at = [&](std::size_t left) {
        RawPeer peer{server.port()};
        std::string request = post("hello");
        peer.send(request.substr(0, request.size() - left));
        peer.end_sending();
        return peer.read_all();
    };
    EXPECT_THAT(cut_at(2), HasSubstr("The request was cut off."));
    EXPECT_EQ(cut_at(30), "") << "in the head there is nobody to answer yet";
    EXPECT_EQ(cut_at(post("hello").size()), "");
}

TEST(HttpConnection, BoundsTheLinesBetweenChunks)
{
    IoThread thread;
    LoopbackServer server{thread, {}, pieces_router()};
    RawPeer peer{server.port()};
    peer.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3;x=");
    peer.send(std::string(100 * 1024, 'y'));
    EXPECT_THAT(peer.read_until("\r\n"), StartsWith("HTTP/1.1 431"));
}

TEST(HttpConnection, ServesAllOfThisUnderTls)
{
    const TestCertificate certificate{"portal.example"};
    ServerOptions options;
    options.tls = certificate.files();
    IoThread thread;
    LoopbackServer server{thread, std::move(options), pieces_router()};
    RawTlsPeer peer{server.port()};
    for (const char octet : post("hello"))
        peer.send(std::string{octet});
    EXPECT_THAT(peer.read_until("hello"), StartsWith("HTTP/1.1 201 Created\r\n"));
    const std::string text = large_text();
    peer.send(post(text + "the end"));
    EXPECT_THAT(peer.read_until("the end"), EndsWith("\r\n\r\n" + text + "the end"));
    peer.send("GET /none HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_THAT(peer.read_until("never"), StartsWith("HTTP/1.1 404"));
    EXPECT_EQ(peer.error(), boost::asio::error::eof) << "the server says that this is the end";
}

TEST(HttpConnection, StreamsEventsUnderTls)
{
    const TestCertificate certificate{"portal.example"};
    ServerOptions options;
    options.tls = certificate.files();
    options.event_keepalive = 50ms;
    options.write_timeout =
        100ms; // does not end the reader, which waits as long as the stream is open
    IoThread thread;
    LoopbackServer server{thread, std::move(options), pieces_router()};
    RawTlsPeer peer{server.port()};
    peer.send("GET /events HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(peer.read_until("\n:\n\n"), HasSubstr("\r\n\r\nid: 1\nevent: first\ndata: a\n\n"));
    for (int i = 0; i < 4; ++i) {
        peer.send("what an event stream's client has no reason to send");
        EXPECT_THAT(peer.read_until(":\n\n"), StartsWith(":\n\n"));
    }
}

TEST(HttpConnection, ClientCarriesLargeBodiesUnderTls)
{
    const TestCertificate certificate{"pc.example"};
    ServerOptions options;
    options.tls = certificate.files();
    IoThread thread;
    LoopbackServer server{thread, std::move(options), pieces_router()};
    ClientOptions limits;
    limits.body_octets_max = large_octets;
    auto client = std::make_unique<Client>(thread.io().get_executor(), limits);
    Peer peer;
    peer.url = BaseUrl{true, "127.0.0.1", server.port(), ""};
    peer.addresses.allowed = {*Ipv4Prefix::parse("127.0.0.0/8")};
    peer.pinned_certificate = certificate.sha256_hex();
    const std::string text = large_text();
    for (int i = 0; i < 2; ++i) {
        OutboundRequest request{Method::post, "/echo", {}, text};
        auto sent = client->send(
            peer, std::move(request), std::chrono::steady_clock::now() + Milliseconds{30'000});
        const auto answer = thread.await(std::move(sent));
        ASSERT_TRUE(answer);
        EXPECT_TRUE(answer->body == text);
    }
    EXPECT_EQ(server.connections(), 1U);
    thread.on([&] { client.reset(); });
}

} // namespace
} // namespace iwas::http
