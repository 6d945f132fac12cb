#include "sim/router/api_session.hpp"
#include "sim/router/router_model.hpp"
#include "tests/support/scripted_radius.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <gtest/gtest.h>

namespace iwas::sim {
namespace {

namespace attribute = radius::attribute;
using radius::Code;

const MacAddress phone = *MacAddress::parse("02:00:00:00:00:15");
const MacAddress tablet = *MacAddress::parse("02:00:00:00:00:16");
const Ipv4Address phone_ip = *Ipv4Address::parse("10.5.50.21");
const Ipv4Address tablet_ip = *Ipv4Address::parse("10.5.50.22");

class InProcess final : public RadiusTransport {
public:
    InProcess(tests::ScriptedRadius& server, ports::Clock& clock) : server_{server}, clock_{clock}
    {
    }
    awaitable<std::optional<Bytes>> exchange(
        RadiusService, Bytes request, Milliseconds timeout, unsigned tries) override
    {
        for (unsigned attempt = 0; attempt < tries; ++attempt) {
            if (auto reply = server_.answer(request)) co_return reply;
            co_await clock_.sleep_until(clock_.steady_now() + timeout);
        }
        co_return std::nullopt;
    }

private:
    tests::ScriptedRadius& server_;
    ports::Clock& clock_;
};

class RouterModelTest : public ::testing::Test {
protected:
    RouterModelTest()
    {
        server.users["ticket"] = {.password = "4711", .grant = [](radius::PacketWriter& writer) {
                                      writer.add_integer(attribute::session_timeout, 600);
                                      writer.add_integer(attribute::acct_interim_interval, 60);
                                      writer.add_text(attribute::class_, "s-1");
                                      writer.add_vendor_text(
                                          radius::vendor::mikrotik, radius::mikrotik::rate_limit,
                                          "2M/8M");
                                  }};
        model.add_device(phone, phone_ip);
        model.add_device(tablet, tablet_ip);
    }
    ~RouterModelTest() override
    {
        tasks.cancel();
        io.restart();
        io.poll();
        clock.run_for(24h * 30);
    }

    LoginOutcome log_in(std::string user, std::string password, MacAddress mac = phone)
    {
        LoginOutcome outcome;
        LoginAttempt attempt{
            mac, mac == phone ? phone_ip : tablet_ip, std::move(user),
            SecretText{std::move(password)}, "http-pap"};
        boost::asio::co_spawn(
            io, model.log_in(std::move(attempt)),
            [&outcome](std::exception_ptr error, LoginOutcome result) {
                EXPECT_FALSE(error);
                outcome = std::move(result);
            });
        clock.run_for(30s);
        return outcome;
    }

    std::optional<Bytes> ask(Code code, const std::function<void(radius::PacketWriter&)>& fill)
    {
        radius::PacketBuffer buffer;
        radius::PacketWriter writer{buffer, code, ++identifier, {}};
        fill(writer);
        const auto octets = writer.finish(server.secret());
        return model.dynamic_authorization(*octets);
    }

    std::vector<std::uint32_t> statuses() const
    {
        std::vector<std::uint32_t> all;
        for (const auto& record : server.accounting)
            all.push_back(record.status);
        return all;
    }

    boost::asio::io_context io;
    tests::ManualClock clock{io};
    tests::SeededRandom random;
    tests::ScriptedRadius server{"secret"};
    InProcess transport{server, clock};
    TaskGroup tasks{io.get_executor(), 1'000};
    RouterModel model{{.radius_secret = SecretText{"secret"}}, clock, random, transport, tasks};
    std::uint8_t identifier = 0;
};

TEST_F(RouterModelTest, AdmitsAccountsAndEndsOnTime)
{
    EXPECT_FALSE(model.is_online(phone));
    EXPECT_EQ(log_in("ticket", "4711").result, LoginResult::accepted);
    EXPECT_TRUE(model.is_online(phone));
    clock.run_for(600s);
    EXPECT_FALSE(model.is_online(phone));

    ASSERT_GE(server.accounting.size(), 3U);
    EXPECT_EQ(server.accounting.front().status, 1U);
    EXPECT_EQ(server.accounting.front().acct_session_id, "80100001");
    const auto& stop = server.accounting.back();
    EXPECT_EQ(stop.status, 2U);
    EXPECT_EQ(stop.session_time_s, 600U);
    EXPECT_EQ(stop.terminate_cause, 5U);
    EXPECT_EQ(stop.class_, "s-1");
    // At full speed for ten minutes: 2 Mbit/s up, 8 Mbit/s down.
    EXPECT_EQ(stop.up_octets, 600U * 250'000);
    EXPECT_EQ(stop.down_octets, 600U * 1'000'000);
    EXPECT_EQ(std::ranges::count(statuses(), 3U), 9);
}

TEST_F(RouterModelTest, RefusesAsRadiusSays)
{
    const auto wrong = log_in("ticket", "0");
    EXPECT_EQ(wrong.result, LoginResult::rejected);
    EXPECT_EQ(wrong.message, "no such ticket");
    server.is_silent = true;
    const auto silent = log_in("ticket", "4711");
    EXPECT_EQ(silent.result, LoginResult::no_answer);
    EXPECT_EQ(silent.message, "RADIUS server is not responding");
    server.is_silent = false;
    server.sends_message_authenticator = false;
    EXPECT_EQ(log_in("ticket", "4711").result, LoginResult::no_answer);
    EXPECT_EQ(model.statistics().bad_replies, 1U);
    EXPECT_FALSE(model.is_online(phone));
}

TEST_F(RouterModelTest, AcceptsChapAndHonoursPortLimit)
{
    server.users["ticket"].grant = [](radius::PacketWriter& writer) {
        writer.add_integer(attribute::port_limit, 1);
    };
    const Bytes challenge(16, 9);
    const auto proof = radius::chap_password(7, challenge, as_bytes("4711"));
    ChapProof chap{.id = 7, .challenge = challenge};
    std::copy(proof.begin() + 1, proof.end(), chap.digest.begin());
    LoginOutcome outcome;
    boost::asio::co_spawn(
        io, model.log_in({phone, phone_ip, "ticket", chap, "http-chap"}),
        [&outcome](std::exception_ptr, LoginOutcome result) { outcome = std::move(result); });
    clock.run_for(1s);
    EXPECT_EQ(outcome.result, LoginResult::accepted);
    const auto second = log_in("ticket", "4711", tablet);
    EXPECT_EQ(second.result, LoginResult::too_many);
    EXPECT_EQ(second.message, "no more sessions are allowed for user ticket");
}

TEST_F(RouterModelTest, CutsOffAtTheDataCap)
{
    server.users["ticket"].grant = [](radius::PacketWriter& writer) {
        writer.add_vendor_text(radius::vendor::mikrotik, radius::mikrotik::rate_limit, "8M/8M");
        // 5 GB need the Gigawords attribute.
        writer.add_vendor_integer(
            radius::vendor::mikrotik, radius::mikrotik::total_limit, 705'032'704);
        writer.add_vendor_integer(
            radius::vendor::mikrotik, radius::mikrotik::total_limit_gigawords, 1);
    };
    log_in("ticket", "4711");
    clock.run_for(40min);
    EXPECT_TRUE(model.is_online(phone));
    clock.run_for(2min);
    EXPECT_FALSE(model.is_online(phone));
    const auto& stop = server.accounting.back();
    EXPECT_EQ(stop.terminate_cause, 10U);
    EXPECT_GE(stop.up_octets + stop.down_octets, 5'000'000'000U);
    EXPECT_LE(stop.up_octets + stop.down_octets, 5'000'010'000U);
    EXPECT_EQ(stop.session_time_s, 2'500U);
}

TEST_F(RouterModelTest, ObeysDisconnectRequests)
{
    log_in("ticket", "4711");
    const std::string id = model.hotspot().find_active(phone)->acct_session_id;
    const auto answer = ask(Code::disconnect_request, [&](radius::PacketWriter& writer) {
        writer.add_text(attribute::user_name, "ticket");
        writer.add_address(attribute::framed_ip_address, phone_ip);
        writer.add_text(attribute::acct_session_id, id);
    });
    ASSERT_TRUE(answer);
    EXPECT_EQ(radius::decode(*answer)->code(), Code::disconnect_ack);
    EXPECT_FALSE(model.is_online(phone));
    clock.run_for(1s);
    EXPECT_EQ(server.accounting.back().status, 2U);
    EXPECT_EQ(server.accounting.back().terminate_cause, 6U);
}

TEST_F(RouterModelTest, RefusesDisconnectsThatMeanNobody)
{
    log_in("ticket", "4711");
    const auto cause = [this](const std::function<void(radius::PacketWriter&)>& fill) {
        const auto answer = ask(Code::disconnect_request, fill);
        if (!answer) return std::uint32_t{0};
        const auto packet = radius::decode(*answer);
        EXPECT_EQ(packet->code(), Code::disconnect_nak);
        return packet->find_integer(attribute::error_cause).value_or(0);
    };
    // A user name alone hits another table of the router.
    EXPECT_EQ(cause([](auto& writer) { writer.add_text(attribute::user_name, "ticket"); }), 503U);
    EXPECT_EQ(cause([](auto& writer) { writer.add_text(attribute::acct_session_id, "x"); }), 503U);
    EXPECT_EQ(cause([](auto& writer) { writer.add_text(attribute::nas_identifier, "x"); }), 403U);
    EXPECT_EQ(cause([](auto& writer) { writer.add_integer(attribute::session_timeout, 1); }), 401U);
    EXPECT_TRUE(model.is_online(phone));

    radius::PacketBuffer buffer;
    radius::PacketWriter forged{buffer, Code::disconnect_request, 200, {}};
    forged.add_address(attribute::framed_ip_address, phone_ip);
    const radius::SharedSecret wrong{SecretText{"other"}};
    EXPECT_FALSE(model.dynamic_authorization(*forged.finish(wrong)));
    EXPECT_FALSE(model.dynamic_authorization(as_bytes("nonsense")));
    EXPECT_TRUE(model.is_online(phone));
}

TEST_F(RouterModelTest, ChangesARunningSession)
{
    log_in("ticket", "4711");
    const auto answer = ask(Code::coa_request, [](radius::PacketWriter& writer) {
        writer.add_address(attribute::framed_ip_address, phone_ip);
        writer.add_integer(attribute::session_timeout, 1'200);
        writer.add_vendor_text(radius::vendor::mikrotik, radius::mikrotik::rate_limit, "1M/1M");
    });
    EXPECT_EQ(radius::decode(*answer)->code(), Code::coa_ack);
    clock.run_for(1'199s);
    EXPECT_TRUE(model.is_online(phone));
    EXPECT_EQ(model.hotspot().find_active(phone)->limits.rate_text, "1M/1M");
    clock.run_for(1s);
    EXPECT_FALSE(model.is_online(phone));
}

TEST_F(RouterModelTest, ForgetsAtRestartAndSaysSo)
{
    log_in("ticket", "4711");
    const auto before = server.accounting.size();
    model.restart(20s);
    EXPECT_FALSE(model.is_online(phone));
    EXPECT_FALSE(model.is_reachable());
    clock.run_for(21s);
    EXPECT_TRUE(model.is_reachable());
    ASSERT_EQ(server.accounting.size(), before + 1);
    EXPECT_EQ(server.accounting.back().status, 7U);
    EXPECT_EQ(log_in("ticket", "4711").result, LoginResult::accepted);
    EXPECT_EQ(model.hotspot().find_active(phone)->acct_session_id, "80110001");
}

TEST_F(RouterModelTest, CanForgetOneSessionSilently)
{
    log_in("ticket", "4711");
    EXPECT_TRUE(model.forget(phone));
    EXPECT_FALSE(model.forget(phone));
    clock.run_for(20min);
    EXPECT_EQ(std::ranges::count(statuses(), 2U), 0);
}

TEST_F(RouterModelTest, WhenAwayAccountingIsRepeatedThenLost)
{
    log_in("ticket", "4711");
    model.disappear();
    model.log_out(phone, TerminateCause::user_request);
    EXPECT_FALSE(ask(Code::disconnect_request, [](auto&) {}));
    clock.run_for(15s);
    model.reappear();
    clock.run_for(60s);
    EXPECT_EQ(server.accounting.back().status, 2U);

    log_in("ticket", "4711");
    model.disappear();
    model.log_out(phone, TerminateCause::user_request);
    clock.run_for(10min);
    model.reappear();
    clock.run_for(10min);
    EXPECT_EQ(server.accounting.back().status, 1U);
    EXPECT_EQ(model.statistics().accounting_lost, 1U);
}

TEST_F(RouterModelTest, KnowsDevicesByMacAddressAndCookie)
{
    TaskGroup own{io.get_executor(), 1'000};
    RouterModel router{
        {.radius_secret = SecretText{"secret"}, .mac_authentication = true, .mac_cookies = true},
        clock,
        random,
        transport,
        own};
    const auto rejected = server.access_users.size();
    router.add_device(phone, phone_ip);
    clock.run_for(1s);
    EXPECT_FALSE(router.is_online(phone));
    EXPECT_EQ(server.access_users.at(rejected), "02:00:00:00:00:15");

    server.users["02:00:00:00:00:15"] = {.password = "", .grant = {}};
    router.remove_device(phone);
    router.add_device(phone, phone_ip);
    clock.run_for(1s);
    EXPECT_TRUE(router.is_online(phone));
    EXPECT_TRUE(router.cookies().empty());

    // A cookie comes of a login with a password, and brings the device back by itself.
    router.add_device(tablet, tablet_ip);
    boost::asio::co_spawn(
        io, router.log_in({tablet, tablet_ip, "ticket", SecretText{"4711"}, "http-pap"}),
        [](std::exception_ptr, LoginOutcome) {});
    clock.run_for(1s);
    ASSERT_EQ(router.cookies().size(), 1U);
    router.remove_device(tablet);
    router.add_device(tablet, tablet_ip);
    clock.run_for(1s);
    EXPECT_TRUE(router.is_online(tablet));
    EXPECT_EQ(router.hotspot().find_active(tablet)->login_by, "mac-cookie");
    router.log_out(tablet, TerminateCause::admin_reset);
    EXPECT_TRUE(router.cookies().empty());
    own.cancel();
    clock.run_for(1s);
}

TEST_F(RouterModelTest, CarriesManySessions)
{
    server.users["crowd"] = {.password = "x", .grant = [](radius::PacketWriter& writer) {
                                 writer.add_integer(attribute::session_timeout, 60);
                             }};
    constexpr int count = 2'000;
    TaskGroup many{io.get_executor(), 10'000};
    RouterModel router{{.radius_secret = SecretText{"secret"}}, clock, random, transport, many};
    for (int i = 0; i < count; ++i) {
        const MacAddress mac{
            {2, 0, 0, 1, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)}};
        const Ipv4Address ip{0x0A000000U + static_cast<std::uint32_t>(i)};
        router.add_device(mac, ip);
        boost::asio::co_spawn(
            io, router.log_in({mac, ip, "crowd", SecretText{"x"}, "http-pap"}),
            [](std::exception_ptr, LoginOutcome) {});
    }
    clock.run_for(1s);
    EXPECT_EQ(router.hotspot().logins_of("crowd"), count);
    clock.run_for(60s);
    EXPECT_TRUE(router.hotspot().active().empty());
    EXPECT_EQ(std::ranges::count(statuses(), 2U), count);
    many.cancel();
    clock.run_for(1s);
}

} // namespace
} // namespace iwas::sim
