// The server's threads and the client's coroutines, over real sockets on 127.0.0.1.
#include "adapters/radius/dynamic_authorization.hpp"
#include "adapters/radius/probe.hpp"
#include "adapters/radius/server.hpp"
#include "adapters/radius/test_support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <gmock/gmock.h>

#include <condition_variable>

namespace iwas::adapters {

namespace {

using namespace testing_support;
namespace asio = boost::asio;
using asio::ip::udp;
using radius::Code;
using radius::PacketWriter;

constexpr Ipv4Address loopback{0x7F000001};

/// A journal that keeps records, and answers from a thread of its own when told to.
class MemoryJournal final : public ports::AccountingJournal {
public:
    void submit(
        domain::AccountingRecord record,
        std::function<void(ports::Journaled)> done) noexcept override
    {
        const std::lock_guard lock{mutex_};
        records.push_back(std::move(record));
        waiting_.push_back(std::move(done));
        arrived_.notify_all();
    }
    bool wait_for(std::size_t count)
    {
        std::unique_lock lock{mutex_};
        return arrived_.wait_for(lock, 5s, [&] { return waiting_.size() >= count; });
    }
    void commit(ports::Journaled result)
    {
        const std::lock_guard lock{mutex_};
        for (auto& done : waiting_)
            done(result);
        waiting_.clear();
    }
    std::vector<domain::AccountingRecord> records;

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<std::function<void(ports::Journaled)>> waiting_;
};

RadiusClient local_client()
{
    RadiusClient client = router_client("loopback secret");
    client.source = Ipv4Prefix::parse("127.0.0.0/8").value();
    return client;
}

/// Runs one coroutine to its end.
template <class T>
T run(asio::io_context& io, asio::awaitable<T> task)
{
    std::optional<T> result;
    std::exception_ptr failure;
    asio::co_spawn(io, std::move(task), [&](std::exception_ptr error, T value) {
        failure = error;
        result.emplace(std::move(value));
    });
    io.restart();
    while (!result)
        io.run_one();
    if (failure) std::rethrow_exception(failure);
    return std::move(*result);
}

class RadiusExchange : public ::testing::Test {
protected:
    explicit RadiusExchange(Ipv4Address bound = loopback)
    {
        clients.replace({local_client()});
        directory.admit(online());
        RadiusServerSettings settings{
            .address = bound,
            .authentication_port = 0,
            .accounting_port = 0,
            .authentication_threads = 2,
            .limits = {.reject_delay = Milliseconds{50}}};
        server.emplace(settings, clients, directory, journal);
    }
    static ports::Admission online()
    {
        ports::Admission one = admission("alice", "pw");
        one.ends_at = moment_now().utc + std::chrono::hours{1};
        return one;
    }
    RadiusTarget target(std::uint16_t port, const std::string& secret = "loopback secret")
    {
        return {
            loopback, port, std::make_shared<const radius::SharedSecret>(SecretText{secret}), true};
    }
    ProbeResult ask(ProbeRequest request, RadiusTarget to, Milliseconds within = 5s)
    {
        return run(
            io,
            probe(requester, std::move(to), std::move(request), SteadyTime::clock::now() + within));
    }

    asio::io_context io{1};
    ClientRegistry clients;
    Directory directory;
    MemoryJournal journal;
    std::optional<RadiusServer> server;
    RadiusRequester requester{io.get_executor()};
};

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
    const auto answer =
        run(io, requester.ask(to, Code::accounting_request, add, SteadyTime::clock::now() + 8s));
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

/// A router that answers Disconnect- and CoA-Requests as it is told.
class FakeRouter {
public:
    FakeRouter(
        asio::io_context& io, std::function<void(const radius::PacketView&, FakeRouter&)> react)
        : socket_{io, udp::endpoint{asio::ip::address_v4::loopback(), 0}}, react_{std::move(react)}
    {
        socket_.set_option(asio::socket_base::receive_buffer_size{8 << 20});
        receive();
    }
    [[nodiscard]] std::uint16_t port() { return socket_.local_endpoint().port(); }
    void answer(
        const radius::PacketView& request, Code code, std::optional<std::uint32_t> cause = {},
        const radius::SharedSecret* other_secret = nullptr)
    {
        radius::PacketBuffer buffer;
        PacketWriter writer{buffer, code, request.identifier(), request.authenticator()};
        if (cause) writer.add_integer(radius::attribute::error_cause, *cause);
        const auto octets = writer.finish(other_secret != nullptr ? *other_secret : secret);
        socket_.send_to(asio::buffer(octets->data(), octets->size()), from_);
    }
    radius::SharedSecret secret{SecretText{"loopback secret"}};
    int received = 0;

private:
    void receive()
    {
        socket_.async_receive_from(
            asio::buffer(buffer_), from_,
            [this](boost::system::error_code error, std::size_t size) {
                if (error) return;
                ++received;
                const auto request = radius::decode(ByteView{buffer_}.first(size)).value();
                EXPECT_TRUE(radius::is_authenticator_right(request, {}, secret));
                react_(request, *this);
                receive();
            });
    }
    udp::socket socket_;
    udp::endpoint from_;
    radius::PacketBuffer buffer_;
    std::function<void(const radius::PacketView&, FakeRouter&)> react_;
};

NetworkSessionName session_name()
{
    return {"alice", "80100014", Ipv4Address{0x0A053207}, std::nullopt};
}

TEST_F(RadiusExchange, DisconnectNamesTheSessionAndMapsTheCause)
{
    std::optional<std::uint32_t> cause;
    Code code = Code::disconnect_ack;
    bool has_address = false;
    FakeRouter router{
        io, [&](const radius::PacketView& request, FakeRouter& self) {
            EXPECT_EQ(as_text(*request.find(radius::attribute::acct_session_id)), "80100014");
            has_address = request.find(radius::attribute::framed_ip_address).has_value();
            self.answer(request, code, cause);
        }};
    DynamicAuthorization orders{requester};
    const auto disconnect = [&](domain::RouterKind kind) {
        RadiusTarget to = target(router.port());
        to.requires_message_authenticator = false;
        return run(io, orders.disconnect(to, kind, session_name(), SteadyTime::clock::now() + 5s));
    };
    EXPECT_TRUE(disconnect(domain::RouterKind::mikrotik));
    EXPECT_TRUE(has_address);
    EXPECT_TRUE(disconnect(domain::RouterKind::generic)); // hostapd refuses extra attributes
    EXPECT_FALSE(has_address);
    code = Code::disconnect_nak;
    EXPECT_EQ(disconnect(domain::RouterKind::mikrotik).error(), CoaError::refused);
    cause = 503;
    EXPECT_EQ(disconnect(domain::RouterKind::mikrotik).error(), CoaError::session_not_found);
    cause = 504;
    EXPECT_EQ(disconnect(domain::RouterKind::mikrotik).error(), CoaError::not_removable);
}

TEST(CoaErrors, EveryCauseHasItsReaction)
{
    EXPECT_EQ(coa_error_of(401), CoaError::unsupported);
    EXPECT_EQ(coa_error_of(402), CoaError::incomplete);
    EXPECT_EQ(coa_error_of(403), CoaError::misconfigured);
    EXPECT_EQ(coa_error_of(404), CoaError::invalid);
    EXPECT_EQ(coa_error_of(405), CoaError::unsupported);
    EXPECT_EQ(coa_error_of(406), CoaError::unsupported);
    EXPECT_EQ(coa_error_of(407), CoaError::invalid);
    EXPECT_EQ(coa_error_of(501), CoaError::misconfigured);
    EXPECT_EQ(coa_error_of(502), CoaError::busy);
    EXPECT_EQ(coa_error_of(505), CoaError::busy);
    EXPECT_EQ(coa_error_of(506), CoaError::busy);
    EXPECT_EQ(coa_error_of(507), CoaError::request_initiated);
    EXPECT_EQ(coa_error_of(508), CoaError::incomplete);
    EXPECT_EQ(coa_error_of(510), CoaError::misconfigured);
    EXPECT_EQ(coa_error_of(999), CoaError::refused);
}

TEST_F(RadiusExchange, ChangeCarriesTheWholeService)
{
    domain::RouterKind kind = domain::RouterKind::mikrotik;
    FakeRouter router{
        io, [&](const radius::PacketView& request, FakeRouter& self) {
            EXPECT_EQ(request.find_integer(radius::attribute::session_timeout), 120U);
            const bool is_mikrotik = kind == domain::RouterKind::mikrotik;
            EXPECT_EQ(
                request.find_vendor(radius::vendor::mikrotik, radius::mikrotik::rate_limit)
                    .has_value(),
                is_mikrotik);
            EXPECT_EQ(request.find_vendor(radius::vendor::chillispot, 3).has_value(), !is_mikrotik);
            EXPECT_FALSE(
                request.find_vendor(radius::vendor::mikrotik, radius::mikrotik::total_limit));
            self.answer(request, Code::coa_ack);
        }};
    DynamicAuthorization orders{requester};
    for (const auto each : {domain::RouterKind::mikrotik, domain::RouterKind::uam}) {
        kind = each;
        RadiusTarget to = target(router.port());
        to.requires_message_authenticator = false;
        const ServiceChange change{Seconds{120}, {1'000'000, 2'000'000, 0}, 1000};
        EXPECT_TRUE(run(
            io, orders.change(to, kind, session_name(), change, SteadyTime::clock::now() + 5s)));
    }
}

TEST_F(RadiusExchange, RetransmitsUnchangedAndIgnoresForgedAnswers)
{
    const radius::SharedSecret wrong{SecretText{"wrong"}};
    std::vector<radius::Authenticator> seen;
    FakeRouter router{io, [&](const radius::PacketView& request, FakeRouter& self) {
                          seen.push_back(request.authenticator());
                          if (seen.size() == 1)
                              self.answer(request, Code::disconnect_nak, 503, &wrong);
                          else if (seen.size() == 2)
                              self.answer(request, Code::coa_ack); // answers something else
                          else
                              self.answer(request, Code::disconnect_ack);
                      }};
    RadiusRequester quick{io.get_executor(), {.attempt = Milliseconds{100}}};
    RadiusTarget to = target(router.port());
    to.requires_message_authenticator = false;
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    const auto answer =
        run(io, quick.ask(to, Code::disconnect_request, fill, SteadyTime::clock::now() + 5s));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->attempts, 3);
    EXPECT_EQ(quick.bad_answers(), 2U);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0], seen[2]);
    EXPECT_EQ(quick.outstanding(), 0U);
}

TEST_F(RadiusExchange, SilenceIsUnknownAfterThreeAttemptsOrAtTheDeadline)
{
    FakeRouter router{io, [](const radius::PacketView&, FakeRouter&) {}};
    RadiusRequester quick{io.get_executor(), {.attempt = Milliseconds{60}}};
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    const auto ask_within = [&](Milliseconds within) {
        const SteadyTime began = SteadyTime::clock::now();
        const auto answer = run(
            io, quick.ask(target(router.port()), Code::disconnect_request, fill, began + within));
        EXPECT_EQ(answer.error(), AskError::unknown);
        return SteadyTime::clock::now() - began;
    };
    EXPECT_GE(ask_within(5s), Milliseconds{180});
    EXPECT_EQ(router.received, 3);
    EXPECT_LT(ask_within(Milliseconds{20}), Milliseconds{170});
    EXPECT_EQ(router.received, 4);
}

TEST_F(RadiusExchange, ClosingWakesWhoeverWaits)
{
    FakeRouter router{io, [&](const radius::PacketView&, FakeRouter&) { requester.close(); }};
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    const SteadyTime began = SteadyTime::clock::now();
    const auto answer =
        run(io, requester.ask(target(router.port()), Code::disconnect_request, fill, began + 30s));
    EXPECT_EQ(answer.error(), AskError::unknown);
    EXPECT_LT(SteadyTime::clock::now() - began, 1s);
    const auto later =
        run(io, requester.ask(target(router.port()), Code::disconnect_request, fill, began + 30s));
    EXPECT_EQ(later.error(), AskError::unreachable);
    EXPECT_LT(SteadyTime::clock::now() - began, 1s);
}

TEST_F(RadiusExchange, ManyAtOnceToOneRouterUseSeveralSockets)
{
    constexpr int count = 2000;
    FakeRouter router{io, [](const radius::PacketView& request, FakeRouter& self) {
                          self.answer(request, Code::disconnect_ack);
                      }};
    int answered = 0;
    int ended = 0;
    RadiusTarget to = target(router.port());
    to.requires_message_authenticator = false;
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    const SteadyTime began = SteadyTime::clock::now();
    for (int i = 0; i < count; ++i)
        asio::co_spawn(
            io, requester.ask(to, Code::disconnect_request, fill, began + 10s),
            [&](std::exception_ptr, Result<RadiusAnswer, AskError> answer) {
                ++ended;
                answered += answer ? 1 : 0;
            });
    io.restart();
    while (ended < count)
        io.run_one();
    EXPECT_EQ(answered, count);
    // 10,000 within 10 s are wanted of a release build; this one is slowed down by sanitizers.
    EXPECT_LT(SteadyTime::clock::now() - began, 8s);
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
