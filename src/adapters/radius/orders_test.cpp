// What the client sends to routers, and what it makes of their answers.
#include "adapters/radius/dynamic_authorization.hpp"
#include "adapters/radius/test_exchange.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/udp.hpp>

#include <set>

namespace iwas::adapters {

namespace {

using namespace testing_support;
using asio::ip::udp;
using radius::Code;
using radius::PacketWriter;

class RadiusOrders : public RadiusExchange {};

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

TEST_F(RadiusOrders, DisconnectNamesTheSessionAndMapsTheCause)
{
    std::optional<std::uint32_t> cause;
    Code code = Code::disconnect_ack;
    bool has_address = false;
    bool has_name = false;
    FakeRouter router{
        io, [&](const radius::PacketView& request, FakeRouter& self) {
            EXPECT_EQ(as_text(*request.find(radius::attribute::acct_session_id)), "80100014");
            has_address = request.find(radius::attribute::framed_ip_address).has_value();
            has_name = request.find(radius::attribute::user_name).has_value();
            self.answer(request, code, cause);
        }};
    DynamicAuthorization orders{requester};
    const auto disconnect = [&](domain::RouterKind kind) {
        RadiusTarget to = target(router.port());
        to.requires_message_authenticator = false;
        return run_now(
            io, orders.disconnect(to, kind, session_name(), SteadyTime::clock::now() + 5s));
    };
    EXPECT_TRUE(disconnect(domain::RouterKind::mikrotik));
    EXPECT_TRUE(has_address);
    EXPECT_TRUE(has_name);
    EXPECT_TRUE(disconnect(domain::RouterKind::uam));
    EXPECT_TRUE(has_name);
    EXPECT_TRUE(disconnect(domain::RouterKind::generic)); // hostapd refuses extra attributes
    EXPECT_FALSE(has_address);
    EXPECT_FALSE(has_name); // it may know the session by a MAC address
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

TEST_F(RadiusOrders, ChangeCarriesTheWholeService)
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
        EXPECT_TRUE(run_now(
            io, orders.change(to, kind, session_name(), change, SteadyTime::clock::now() + 5s)));
    }
}

TEST_F(RadiusOrders, RetransmitsUnchangedAndIgnoresForgedAnswers)
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
        run_now(io, quick.ask(to, Code::disconnect_request, fill, SteadyTime::clock::now() + 5s));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->attempts, 3);
    EXPECT_EQ(quick.bad_answers(), 2U);
    ASSERT_EQ(seen.size(), 3U);
    EXPECT_EQ(seen[0], seen[2]);
    EXPECT_EQ(quick.outstanding(), 0U);
}

TEST_F(RadiusOrders, SilenceIsUnknownAfterThreeAttemptsOrAtTheDeadline)
{
    FakeRouter router{io, [](const radius::PacketView&, FakeRouter&) {}};
    RadiusRequester quick{io.get_executor(), {.attempt = Milliseconds{60}}};
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    const auto ask_within = [&](Milliseconds within) {
        const SteadyTime began = SteadyTime::clock::now();
        const auto answer = run_now(
            io, quick.ask(target(router.port()), Code::disconnect_request, fill, began + within));
        EXPECT_EQ(answer.error(), AskError::unknown);
        return SteadyTime::clock::now() - began;
    };
    EXPECT_GE(ask_within(5s), Milliseconds{180});
    EXPECT_EQ(router.received, 3);
    EXPECT_LT(ask_within(Milliseconds{20}), Milliseconds{170});
    EXPECT_EQ(router.received, 4);
}

TEST_F(RadiusOrders, ASilentRouterIsLeftAloneForAWhile)
{
    bool is_silent = true;
    FakeRouter router{io, [&](const radius::PacketView& request, FakeRouter& self) {
                          if (!is_silent) self.answer(request, Code::disconnect_ack);
                      }};
    RadiusRequester quick{
        io.get_executor(),
        {.attempt = Milliseconds{10},
         .attempts = 1,
         .circuit = {.failures_to_open = 3, .open_for = Milliseconds{300}}}};
    RadiusTarget to = target(router.port());
    to.requires_message_authenticator = false;
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    const auto ask = [&] {
        return run_now(
            io, quick.ask(to, Code::disconnect_request, fill, SteadyTime::clock::now() + 5s));
    };
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(ask().error(), AskError::unknown);
    EXPECT_EQ(quick.open_circuits(), 1U);
    const int received = router.received;
    EXPECT_EQ(ask().error(), AskError::unreachable); // at once, and nothing is sent
    EXPECT_EQ(router.received, received);
    // Another router is asked all the same.
    FakeRouter other{io, [](const radius::PacketView& request, FakeRouter& self) {
                         self.answer(request, Code::disconnect_ack);
                     }};
    RadiusTarget elsewhere = to;
    elsewhere.port = other.port();
    EXPECT_TRUE(run_now(
        io, quick.ask(elsewhere, Code::disconnect_request, fill, SteadyTime::clock::now() + 5s)));

    is_silent = false;
    std::this_thread::sleep_for(Milliseconds{310});
    EXPECT_TRUE(ask());
    EXPECT_TRUE(ask());
    EXPECT_EQ(quick.open_circuits(), 0U);
}

TEST_F(RadiusOrders, RepetitionsAreSpreadAndNeverEarly)
{
    std::vector<SteadyTime> seen;
    FakeRouter router{io, [&](const radius::PacketView&, FakeRouter&) {
                          seen.push_back(SteadyTime::clock::now());
                      }};
    RadiusRequester spread{
        io.get_executor(), {.attempt = Milliseconds{20}, .attempts = 3, .jitter_percent = 100}};
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    std::set<std::int64_t> waits;
    for (int i = 0; i < 4; ++i) {
        seen.clear();
        const SteadyTime began = SteadyTime::clock::now();
        (void)run_now(
            io, spread.ask(target(router.port()), Code::disconnect_request, fill, began + 5s));
        ASSERT_EQ(seen.size(), 3U);
        for (std::size_t at = 1; at < seen.size(); ++at)
            waits.insert(std::chrono::round<Milliseconds>(seen[at] - seen[at - 1]).count());
    }
    EXPECT_GE(*waits.begin(), 19);
    EXPECT_GT(waits.size(), 2U);
}

TEST_F(RadiusOrders, ClosingWakesWhoeverWaits)
{
    FakeRouter router{io, [&](const radius::PacketView&, FakeRouter&) { requester.close(); }};
    const auto fill = [](PacketWriter& writer) { writer.add_text(1, "alice"); };
    const SteadyTime began = SteadyTime::clock::now();
    const auto answer = run_now(
        io, requester.ask(target(router.port()), Code::disconnect_request, fill, began + 30s));
    EXPECT_EQ(answer.error(), AskError::unknown);
    EXPECT_LT(SteadyTime::clock::now() - began, 1s);
    const auto later = run_now(
        io, requester.ask(target(router.port()), Code::disconnect_request, fill, began + 30s));
    EXPECT_EQ(later.error(), AskError::unreachable);
    EXPECT_LT(SteadyTime::clock::now() - began, 1s);
}

TEST_F(RadiusOrders, ManyAtOnceToOneRouterUseSeveralSockets)
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

} // namespace

} // namespace iwas::adapters
