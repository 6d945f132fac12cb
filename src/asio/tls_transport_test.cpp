#include "asio/run_now.hpp"
#include "asio/tls_transport.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace iwas {
namespace {

using boost::asio::awaitable;
using boost::asio::ip::tcp;
using boost::system::error_code;
namespace ssl = boost::asio::ssl;

SteadyTime within(Milliseconds time)
{
    return std::chrono::steady_clock::now() + time;
}

/// A server's context with a certificate of its own that nobody vouches for.
ssl::context server_context()
{
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        EVP_EC_gen("P-256"), &EVP_PKEY_free};
    const std::unique_ptr<X509, decltype(&X509_free)> certificate{X509_new(), &X509_free};
    constexpr long hour = 3600;
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -hour);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), hour);
    X509_set_pubkey(certificate.get(), key.get());
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    ssl::context context{ssl::context::tls_server};
    SSL_CTX_use_certificate(context.native_handle(), certificate.get());
    SSL_CTX_use_PrivateKey(context.native_handle(), key.get());
    return context;
}

/// TLS 1.2: with it a reader has something to send by himself (see ask_for_new_keys).
ssl::context client_context()
{
    ssl::context context{ssl::context::tls_client};
    SSL_CTX_set_max_proto_version(context.native_handle(), TLS1_2_VERSION);
    return context;
}

/// A server's transport, and a client that speaks TLS without one.
class TlsTransportTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        const boost::asio::socket_base::receive_buffer_size little{4096};
        client.next_layer().open(tcp::v4());
        client.next_layer().set_option(little);
        client.next_layer().connect(acceptor.local_endpoint());
        transport = std::make_unique<TlsTransport>(acceptor.accept(), served);
        error_code refused;
        client.async_handshake(
            ssl::stream_base::client, [&](const error_code& error) { refused = error; });
        ASSERT_FALSE(run_now(io, transport->shake_hands(within(5000ms))));
        io.restart();
        io.poll();
        ASSERT_FALSE(refused);
    }
    /// Nothing more fits into the socket, and the client reads nothing.
    void fill_socket()
    {
        const std::string much(1 << 20, 'x');
        error_code error;
        transport->socket().non_blocking(true);
        // Full only when it has stayed so: both buffers grow for a while, and the kernel tries a
        // closed window again after 200 ms, which may make room once more.
        constexpr Milliseconds stays_full{450};
        auto full_since = std::chrono::steady_clock::now();
        while (std::chrono::steady_clock::now() - full_since < stays_full) {
            if (transport->socket().write_some(boost::asio::buffer(much), error) > 0)
                full_since = std::chrono::steady_clock::now();
            else
                std::this_thread::sleep_for(2ms);
        }
        ASSERT_EQ(error, boost::asio::error::would_block);
    }

    /// The server refuses that with an alert, which the reader sends, and goes on to read.
    void ask_for_new_keys()
    {
        ASSERT_EQ(SSL_renegotiate(client.native_handle()), 1);
        client.async_handshake(ssl::stream_base::client, [](const error_code&) {});
        io.restart();
        io.poll();
        client.next_layer().cancel(); // asked, and not interested in the answer
        io.restart();
        io.poll();
    }
    /// A reader that waits to send the alert.
    void read_stuck()
    {
        ask_for_new_keys();
        fill_socket();
        boost::asio::co_spawn(
            io, transport->read_some(boost::asio::buffer(octets), within(60'000ms)),
            [this](const std::exception_ptr&, const Arrived&) { is_reading = false; });
        io.restart();
        io.run_for(50ms);
        ASSERT_TRUE(is_reading);
    }

    boost::asio::io_context io;
    std::array<char, 64> octets{};
    bool is_reading = true;
    ssl::context served = server_context();
    ssl::context trusting = client_context();
    tcp::acceptor acceptor{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    ssl::stream<tcp::socket> client{io, trusting};
    std::unique_ptr<TlsTransport> transport;
};

TEST_F(TlsTransportTest, CarriesWhatIsWrittenBothWays)
{
    error_code error;
    ASSERT_EQ(client.write_some(boost::asio::buffer("ab", 2), error), 2U) << error.message();
    EXPECT_EQ(
        run_now(io, transport->read_some(boost::asio::buffer(octets), within(2000ms))).octets, 2U);
    EXPECT_FALSE(run_now(io, transport->write(boost::asio::buffer("cd", 2), {}, within(2000ms))));
    ASSERT_EQ(client.read_some(boost::asio::buffer(octets), error), 2U) << error.message();
    EXPECT_EQ((std::string_view{octets.data(), 2}), "cd");
}

TEST_F(TlsTransportTest, AWriterBehindAReaderThatSendsHasALimitOfHisOwn)
{
    read_stuck();
    const auto begun = std::chrono::steady_clock::now();
    const error_code failed =
        run_now(io, transport->write(boost::asio::buffer("b", 1), {}, within(50ms)));
    EXPECT_EQ(failed, boost::asio::error::operation_aborted);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 50ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10'000ms);
    io.restart();
    io.run_for(50ms);
    EXPECT_FALSE(is_reading);
}

TEST_F(TlsTransportTest, AWriterBehindAReaderHasWrittenWhenItIsSent)
{
    read_stuck();
    std::optional<error_code> written;
    boost::asio::co_spawn(
        io, transport->write(boost::asio::buffer("b", 1), {}, within(60'000ms)),
        [&](const std::exception_ptr&, const error_code& outcome) { written = outcome; });
    io.restart();
    io.run_for(50ms);
    EXPECT_FALSE(written) << "nothing of it has left";
    // The client takes what fills the socket, as octets.
    std::string dropped(1 << 20, '\0');
    error_code error;
    client.next_layer().non_blocking(true);
    for (int rounds = 0; rounds < 10'000 && !written; ++rounds) {
        client.next_layer().read_some(boost::asio::buffer(dropped), error);
        io.restart();
        io.run_for(1ms);
    }
    ASSERT_TRUE(written);
    EXPECT_FALSE(*written) << written->message();
    transport->close();
    io.restart();
    io.poll();
    EXPECT_FALSE(is_reading);
}

} // namespace
} // namespace iwas
