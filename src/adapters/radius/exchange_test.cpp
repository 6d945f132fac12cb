// The server's threads and the client's coroutines, over real sockets on 127.0.0.1.
#include "adapters/radius/test_exchange.hpp"

#include <boost/asio/ip/udp.hpp>
#include <gmock/gmock.h>

namespace iwas::adapters {

namespace {

using namespace testing_support;
using asio::ip::udp;
using radius::Code;
using radius::PacketWriter;

class RadiusExchangeOnAnyAddress : public RadiusExchange {
protected:
    RadiusExchangeOnAnyAddress() : RadiusExchange{Ipv4Address{}} {}
};

TEST_F(RadiusExchange, ProbesExplainTheAnswer)
{
    for (const ProbeKind kind : {ProbeKind::pap, ProbeKind::chap}) {
        const auto accepted = ask(
            {kind, "alice", SecretText{"pw"}, "", "test"}, target(server->authentication_port()));
        EXPECT_TRUE(accepted.is_positive) << accepted.text;
        EXPECT_THAT(accepted.text, testing::HasSubstr("Access-Accept"));
        EXPECT_THAT(accepted.text, testing::HasSubstr("Response Authenticator: right"));
        EXPECT_THAT(accepted.text, testing::HasSubstr("Mikrotik-Rate-Limit = \"2M/10M"));
    }
    const auto refused =
        ask({ProbeKind::pap, "alice", SecretText{"no"}, "", "test"},
            target(server->authentication_port()));
    EXPECT_TRUE(refused.is_answered);
    EXPECT_FALSE(refused.is_positive);
    EXPECT_GE(refused.took, Milliseconds{50});
    EXPECT_THAT(refused.text, testing::HasSubstr("The server refuses"));
    for (const std::uint16_t port : {server->authentication_port(), server->accounting_port()})
        EXPECT_TRUE(ask({}, target(port)).is_positive);
    const auto silent = ask({}, target(server->authentication_port(), "wrong"), Milliseconds{200});
    EXPECT_FALSE(silent.is_answered);
    EXPECT_THAT(silent.text, testing::HasSubstr("No answer from 127.0.0.1:"));
}

TEST_F(RadiusExchangeOnAnyAddress, AnswersFromTheAddressThatWasAsked)
{
    RadiusTarget other = target(server->authentication_port());
    other.address = Ipv4Address{0x7F000002}; // the answer must come from 127.0.0.2
    const auto accepted = ask({ProbeKind::pap, "alice", SecretText{"pw"}, "", "test"}, other);
    EXPECT_TRUE(accepted.is_positive) << accepted.text;
    const auto refused = ask({ProbeKind::pap, "alice", SecretText{"no"}, "", "test"}, other);
    EXPECT_TRUE(refused.is_answered) << refused.text;
}

TEST_F(RadiusExchange, AccountingIsAnsweredWhenDurable)
{
    RadiusTarget to = target(server->accounting_port());
    to.requires_message_authenticator = false;
    const auto add = [](PacketWriter& writer) {
        writer.add_integer(radius::attribute::acct_status_type, radius::status_type::start);
        writer.add_text(radius::attribute::acct_session_id, "80100014");
    };
    std::thread committer{[&] {
        EXPECT_TRUE(journal.wait_for(1));
        journal.commit(ports::Journaled::rejected); // a repetition will come after 2 s
        EXPECT_TRUE(journal.wait_for(1));
        journal.commit(ports::Journaled::durable);
    }};
    const auto answer = run_now(
        io, requester.ask(to, Code::accounting_request, add, SteadyTime::clock::now() + 8s));
    committer.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->packet().code(), Code::accounting_response);
    EXPECT_EQ(answer->attempts, 2);
    EXPECT_EQ(journal.records.size(), 2U);
    server->stop();
}

TEST_F(RadiusExchange, StoppingWithRecordsInTheJournalIsSafe)
{
    udp::socket sender{io, udp::endpoint{udp::v4(), 0}};
    const radius::SharedSecret secret{SecretText{"loopback secret"}};
    const Bytes start = make_request(
        Code::accounting_request, secret,
        [](PacketWriter& writer) {
            writer.add_integer(radius::attribute::acct_status_type, radius::status_type::start);
            writer.add_text(radius::attribute::acct_session_id, "1");
        },
        1, false);
    sender.send_to(
        asio::buffer(start), {asio::ip::address_v4::loopback(), server->accounting_port()});
    ASSERT_TRUE(journal.wait_for(1));
    server.reset();
    journal.commit(ports::Journaled::durable);
}

TEST(DescribePacket, JudgesAndExplains)
{
    const auto text = describe_packet(
        "02:00:00:26 86fe220e7624ba2a1005f6bf9b55e0b20606000000010f06000000000e06c0a80103",
        SecretText{"xyzzy5461"},
        "010000380f403f9473978057bd83d5cb98f4227a01066e656d6f02120dbe708d93d413ce3196e43f782a0aee"
        "0406c0a80110050600000003");
    ASSERT_TRUE(text);
    EXPECT_THAT(*text, testing::HasSubstr("Response Authenticator: right"));
    EXPECT_EQ(describe_packet("xx", {}, "").error(), "The packet is not hexadecimal.");
    EXPECT_THAT(describe_packet("0102", {}, "").error(), testing::HasSubstr("fewer than"));
}

} // namespace

} // namespace iwas::adapters
