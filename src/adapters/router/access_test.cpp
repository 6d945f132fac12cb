#include "adapters/router/access_world_test.hpp"

namespace iwas::adapters {
namespace {

using namespace testing_support;

TEST_F(RouterAccessTest, OpensAndConfirmsOnTheActiveList)
{
    const auto opened = open(grant());
    ASSERT_TRUE(opened);
    EXPECT_TRUE(opened->is_confirmed);
    EXPECT_FALSE(opened->form);
    EXPECT_EQ(online_user(), "ticket");
    // Repeating a grant changes nothing.
    const std::string session = acct_session_id();
    const auto again = open(grant());
    ASSERT_TRUE(again);
    EXPECT_TRUE(again->is_confirmed);
    EXPECT_EQ(acct_session_id(), session);
}

TEST_F(RouterAccessTest, FindsTheAddressByItself)
{
    auto wanted = grant();
    wanted.ip.reset();
    EXPECT_TRUE(open(wanted)->is_confirmed);
    EXPECT_TRUE(close(grant()));
    wanted.ip = Ipv4Address::parse("10.5.50.99"); // an address that the device had before
    EXPECT_TRUE(open(wanted)->is_confirmed);
}

TEST_F(RouterAccessTest, ReportsARefusal)
{
    const auto refused = open(grant("ticket", "wrong"));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), GrantError::refused);
    auto stranger = grant();
    stranger.mac = *MacAddress::parse("02:00:00:00:00:77");
    stranger.ip.reset();
    EXPECT_EQ(open(stranger).error(), GrantError::refused);
    auto elsewhere = grant();
    elsewhere.router = domain::RouterId::trusted("removed");
    EXPECT_EQ(open(elsewhere).error(), GrantError::refused);
}

TEST_F(RouterAccessTest, ReplacesAnOlderRightOfTheDevice)
{
    EXPECT_TRUE(open(grant("older", "0815")));
    EXPECT_EQ(online_user(), "older");
    EXPECT_TRUE(open(grant())->is_confirmed);
    EXPECT_EQ(online_user(), "ticket");
}

TEST_F(RouterAccessTest, SilentRadiusIsNoRefusal)
{
    io.on([this] { branch->radius.script.is_silent = true; });
    EXPECT_EQ(open(grant()).error(), GrantError::unreachable);
}

TEST_F(RouterAccessTest, ClosesByDisconnectRequest)
{
    EXPECT_TRUE(open(grant()));
    auto running = grant();
    running.acct_session_id = acct_session_id();
    EXPECT_TRUE(close(running));
    EXPECT_EQ(online_user(), "");
    EXPECT_EQ(io.on([this] { return branch->router->model().statistics().disconnects; }), 1U);
    EXPECT_TRUE(close(running));
}

TEST_F(RouterAccessTest, SendsNoOrdersToANetwork)
{
    configure([](domain::Router& router) {
        router.kind = domain::RouterKind::generic;
        router.api.reset();
        router.coa_host.clear();
        router.radius_source = *Ipv4Prefix::parse("127.0.0.0/16");
    });
    const auto closed = close(grant());
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error(), GrantError::unreachable);
}

TEST_F(RouterAccessTest, RemovesByApiWhenTheDisconnectIsNotHeard)
{
    configure([](domain::Router& router) { router.coa_port = 1; });
    EXPECT_TRUE(open(grant()));
    EXPECT_TRUE(close(grant()));
    EXPECT_EQ(online_user(), "");
    EXPECT_EQ(io.on([this] { return branch->router->model().statistics().disconnects; }), 0U);
}

TEST_F(RouterAccessTest, LeavesOtherUsersOfTheDeviceAlone)
{
    EXPECT_TRUE(open(grant()));
    EXPECT_TRUE(close(grant("older", "0815")));
    EXPECT_EQ(online_user(), "ticket");
}

TEST_F(RouterAccessTest, CannotCloseAtARouterThatIsAway)
{
    EXPECT_TRUE(open(grant()));
    io.on([this] { branch->router->disappear(); });
    const auto closed = close(grant(), 1s);
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error(), GrantError::unknown);
    io.on([this] { branch->router->reappear(); });
    EXPECT_TRUE(close(grant()));
    EXPECT_EQ(online_user(), "");
}

TEST_F(RouterAccessTest, ChangesAndListsSessions)
{
    EXPECT_TRUE(open(grant()));
    auto changed = grant();
    changed.acct_session_id = acct_session_id();
    changed.rate = {.up_bps = 2'000'000, .down_bps = 10'000'000, .burst_down_bps = 12'000'000};
    changed.time_left = Seconds{1'200};
    EXPECT_TRUE(io.await(branch->access.change(changed, in(5s))));
    const auto limits =
        io.on([this] { return branch->router->model().hotspot().find_active(phone)->limits; });
    EXPECT_EQ(limits.session_timeout, Seconds{1'200});
    EXPECT_EQ(limits.up_bps, 2'000'000U);
    EXPECT_EQ(limits.down_bps, 10'000'000U);

    EXPECT_TRUE(branch->access.can_list(router_id));
    const auto devices = io.await(branch->access.list(router_id, in(5s)));
    ASSERT_TRUE(devices);
    ASSERT_EQ(devices->size(), 1U);
    EXPECT_EQ(devices->front().mac, phone);
    EXPECT_EQ(devices->front().user_name, "ticket");
    EXPECT_TRUE(close(changed));
    EXPECT_EQ(io.await(branch->access.change(changed, in(5s))).error(), GrantError::absent);
}

TEST_F(RouterAccessTest, LetsGoOfRoutersThatAreNoLongerConfigured)
{
    EXPECT_TRUE(open(grant()));
    const auto known = [&] { return io.on([this] { return branch->pool.circuits().size(); }); };
    EXPECT_EQ(known(), 1U);
    io.on([this] { branch->pool.keep_only(*branch->catalog); });
    EXPECT_EQ(known(), 1U);
    const auto connections = [&] {
        return io.on([this] { return branch->router->api_connections(); });
    };
    EXPECT_GT(connections(), 0U);
    configure([](domain::Router& router) { router.api.reset(); });
    io.on([this] { branch->pool.keep_only(*branch->catalog); });
    EXPECT_EQ(known(), 0U);
    const SteadyTime by = in(5s);
    while (connections() > 0 && std::chrono::steady_clock::now() < by)
        std::this_thread::sleep_for(Milliseconds{5});
    EXPECT_EQ(connections(), 0U);
}

TEST_F(RouterAccessTest, TakesANewConfigurationAtOnce)
{
    configure([](domain::Router& router) { router.api->password = SecretText{"old"}; });
    EXPECT_EQ(open(grant()).error(), GrantError::unreachable);
    configure([](domain::Router&) {});
    EXPECT_TRUE(open(grant()));
}

} // namespace
} // namespace iwas::adapters
