#include "asio/run_now.hpp"
#include "asio/transport.hpp"

#include <gtest/gtest.h>

#include <array>

namespace iwas {
namespace {

using boost::asio::awaitable;
using boost::asio::ip::tcp;
using boost::system::error_code;

SteadyTime in(Milliseconds time)
{
    return std::chrono::steady_clock::now() + time;
}

class TransportTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        const auto failed = run_now(io, transport.connect(acceptor.local_endpoint(), in(2000ms)));
        ASSERT_FALSE(failed);
        acceptor.accept(peer);
    }
    Arrived read(SteadyTime until)
    {
        std::array<char, 64> octets{};
        return run_now(io, transport.read_some(boost::asio::buffer(octets), until));
    }

    boost::asio::io_context io;
    tcp::acceptor acceptor{io, {boost::asio::ip::make_address("127.0.0.1"), 0}};
    tcp::socket peer{io};
    Transport transport{io.get_executor()};
};

TEST_F(TransportTest, ClosesWhenNothingCameInTime)
{
    const auto begun = std::chrono::steady_clock::now();
    const Arrived late = read(in(30ms));
    EXPECT_EQ(late.error, boost::asio::error::operation_aborted);
    EXPECT_GE(std::chrono::steady_clock::now() - begun, 30ms);
    EXPECT_FALSE(transport.socket().is_open());
}

TEST_F(TransportTest, KeepsAnEarlierLimitAfterALaterOne)
{
    peer.write_some(boost::asio::buffer("a", 1));
    EXPECT_EQ(read(in(60'000ms)).octets, 1U);
    const auto begun = std::chrono::steady_clock::now();
    EXPECT_TRUE(read(in(30ms)).error);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10'000ms);
}

TEST_F(TransportTest, OutlivesTheLimitOfAWaitThatIsOver)
{
    peer.write_some(boost::asio::buffer("a", 1));
    EXPECT_EQ(read(in(20ms)).octets, 1U);
    io.restart();
    io.run_for(60ms);
    EXPECT_TRUE(transport.socket().is_open());
    peer.write_some(boost::asio::buffer("bc", 2));
    EXPECT_EQ(read(in(2000ms)).octets, 2U);
    peer.close();
    EXPECT_EQ(read(in(2000ms)).error, boost::asio::error::eof);
}

TEST_F(TransportTest, KeepsNobodyWaitingWhileItRests)
{
    peer.write_some(boost::asio::buffer("a", 1));
    EXPECT_EQ(read(in(60'000ms)).octets, 1U);
    transport.rest();
    io.restart();
    const auto begun = std::chrono::steady_clock::now();
    io.run();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10'000ms);
}

TEST_F(TransportTest, GivesUpAWriteThatNobodyReads)
{
    const std::string much(64 << 20, 'x');
    const error_code failed = run_now(io, transport.write(boost::asio::buffer(much), {}, in(50ms)));
    EXPECT_EQ(failed, boost::asio::error::operation_aborted);
}

TEST_F(TransportTest, TellsThatNobodyListens)
{
    const tcp::endpoint nobody = acceptor.local_endpoint();
    acceptor.close();
    EXPECT_EQ(
        run_now(io, transport.connect(nobody, in(2000ms))), boost::asio::error::connection_refused);
}

} // namespace
} // namespace iwas
