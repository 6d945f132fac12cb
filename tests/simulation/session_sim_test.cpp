// The life of a session, scenario by scenario.
#include "sim/world/cafe.hpp"
#include "tests/simulation/scenario.hpp"

namespace iwas::sim {
namespace {

class SessionSim : public Scenario {
protected:
    /// Alice is online with that package.
    domain::SessionId online(const std::string& package)
    {
        const auto txn = buy(*alice, package, "first");
        EXPECT_TRUE(alice->is_online());
        return txn.session;
    }
};

TEST_F(SessionSim, EndsOnTime)
{
    const auto id = online("quick");
    world.run_for(left(id) - 3s);
    EXPECT_TRUE(alice->is_online());
    world.run_for(8s); // due, and five seconds more
    EXPECT_FALSE(alice->is_online());
    EXPECT_EQ(session(id).state, SessionState::expired);
    EXPECT_EQ(session(id).reason, EndReason::time_expired);
}

TEST_F(SessionSim, EndsOnTimeThoughTheRouterIsOutOfReach)
{
    const auto id = online("quick");
    world.router().model.disappear();
    world.run_for(20min);
    EXPECT_EQ(session(id).state, SessionState::expired);
    EXPECT_FALSE(alice->is_online());   // Session-Timeout
    EXPECT_FALSE(world.jobs().empty()); // the command waits
    world.router().model.reappear();
    world.run_for(2min);
    EXPECT_TRUE(world.jobs().empty());
}

TEST_F(SessionSim, ASignOutWaitsForAnUnreachableRouter)
{
    const auto id = online("hour");
    world.router().model.disappear();
    (void)world.run(alice->sign_out(id));
    EXPECT_EQ(session(id).state, SessionState::terminated);
    EXPECT_TRUE(alice->is_online()); // nobody can tell the router
    world.run_for(3min);
    world.router().model.reappear();
    world.run_for(90s);
    EXPECT_FALSE(alice->is_online());
}

TEST_F(SessionSim, IsEndedWhileIwasIsDown)
{
    (void)online("quick");
    world.run_for(14min);
    world.crash(5min);
    world.run_for(3min);
    EXPECT_FALSE(alice->is_online());
    world.run_for(5min);
    EXPECT_EQ(world.auditor().sessions().begin()->second.state, SessionState::expired);
}

TEST_F(SessionSim, AnExtensionAddsTimeToARunningSession)
{
    const auto id = online("quick");
    world.run_for(10min);
    const auto txn = buy(*alice, "quick", "more", id);
    EXPECT_EQ(txn.state, TransactionState::success);
    EXPECT_TRUE(txn.is_extension);
    world.run_for(10min);
    EXPECT_TRUE(alice->is_online());
    world.run_for(11min);
    EXPECT_FALSE(alice->is_online());
    EXPECT_EQ(session(id).state, SessionState::expired);
    EXPECT_EQ(balance(*alice), 40'000);
}

TEST(SessionRace, AnExtensionInTheLastMomentIsKeptOrGivenBack)
{
    // The Auditor knows when a session ends before its time, whichever step came first.
    for (int offset = 0; offset <= 1'200; offset += 30) {
        Faults slow_store;
        slow_store.slow = 0.5; // the steps of both lie far apart
        World world{static_cast<std::uint64_t>(offset), slow_store};
        world.run_for(1s);
        Phone& alice = world.add_phone("alice", 50'000);
        (void)world.run(alice.sign_in());
        const auto first = world.run(alice.buy("quick", "first"));
        ASSERT_TRUE(first && *first);
        (void)world.run(alice.watch((*first)->transaction.id));
        const auto id = (*first)->transaction.session;
        const auto ends_at = *world.auditor().sessions().at(id).ends_at;
        const Milliseconds wait = ends_at - world.clock().utc_now() - Milliseconds{offset};
        world.clock().after(wait, [&world, &alice, id] {
            (void)world.tasks().spawn(
                "extend", [](Phone* phone, domain::SessionId session) -> awaitable<void> {
                    (void)co_await phone->buy("quick", "more", session);
                }(&alice, id));
        });
        world.run_for(std::chrono::ceil<Seconds>(wait) + 60s);
        EXPECT_TRUE(world.run_until_quiet(1h)) << offset;
        world.check_settled();
        for (const std::string& rule : world.broken())
            ADD_FAILURE() << offset << " ms before the end: " << rule;
    }
}

TEST_F(SessionSim, AnExtensionOfASessionThatEndedMeanwhileIsGivenBack)
{
    const auto id = online("quick");
    world.run_for(left(id) - 3s);
    world.pc().forced["charge"] = PcTrouble::answer_lost; // found after the session's end
    const auto extension = start(*alice, "quick", "more", id);
    world.run_for(1min);
    EXPECT_EQ(transaction(extension).state, TransactionState::refunded);
    EXPECT_EQ(balance(*alice), 45'000);
    EXPECT_EQ(
        refusal(*alice, "quick", "again", id),
        workflows::PurchaseRejection::session_not_extendable);
}

TEST_F(SessionSim, ANewDeviceTakesTheOldOnesPlace)
{
    const auto id = online("hour");
    Phone& tablet = world.add_phone_of(*alice);
    (void)world.run(tablet.sign_in());
    const auto admitted = world.run(tablet.use_session(id));
    ASSERT_TRUE(admitted && *admitted);
    EXPECT_TRUE((*admitted)->is_online);
    EXPECT_TRUE(tablet.is_online());
    EXPECT_FALSE(alice->is_online());
}

TEST_F(SessionSim, ANewRandomMacGoesOnWithTheSession)
{
    const auto id = online("hour");
    alice->change_mac();
    (void)world.run(alice->sign_in());
    const auto admitted = world.run(alice->use_session(id));
    ASSERT_TRUE(admitted && *admitted);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(SessionSim, DevicesBeyondTheLimitAreRefusedUntilOneGoes)
{
    const auto id = online("family");
    Phone& tablet = world.add_phone_of(*alice);
    Phone& laptop = world.add_phone_of(*alice);
    (void)world.run(tablet.sign_in());
    (void)world.run(laptop.sign_in());
    ASSERT_TRUE(world.run(tablet.use_session(id)).value());
    EXPECT_TRUE(alice->is_online() && tablet.is_online());
    const auto refused = world.run(laptop.use_session(id));
    ASSERT_TRUE(refused && !*refused);
    EXPECT_EQ(refused->error(), workflows::SessionError::max_devices);

    ASSERT_TRUE(world.run(alice->disconnect(id, alice->mac())).value());
    EXPECT_FALSE(alice->is_online());
    ASSERT_TRUE(world.run(laptop.use_session(id)).value());
    EXPECT_TRUE(laptop.is_online());
}

TEST_F(SessionSim, NobodyUsesAnothersSession)
{
    const auto id = online("family");
    Phone& mallory = world.add_phone("mallory", 0);
    (void)world.run(mallory.sign_in());
    const auto refused = world.run(mallory.use_session(id));
    ASSERT_TRUE(refused && !*refused);
    EXPECT_EQ(refused->error(), workflows::SessionError::not_found);
    EXPECT_FALSE(mallory.is_online());
}

TEST_F(SessionSim, ADeviceWithASessionOfItsOwnJoinsNoOther)
{
    const auto shared = online("family");
    Phone& tablet = world.add_phone_of(*alice);
    (void)world.run(tablet.sign_in());
    const auto own = buy(tablet, "quick", "k2");
    ASSERT_TRUE(tablet.is_online());
    const auto refused = world.run(tablet.use_session(shared));
    ASSERT_TRUE(refused && !*refused);
    EXPECT_EQ(refused->error(), workflows::SessionError::device_taken);
    EXPECT_EQ(session(own.session).state, SessionState::active);
    EXPECT_TRUE(alice->is_online() && tablet.is_online());

    ASSERT_TRUE(world.run(tablet.sign_out(own.session)).value());
    ASSERT_TRUE(world.run(tablet.use_session(shared)).value());
    EXPECT_TRUE(tablet.is_online());
}

TEST_F(SessionSim, ABlockedDeviceIsCutOffAndBuysNothing)
{
    const auto id = online("hour");
    world.catalog().locations[cafe_location].blocked_devices.insert(alice->mac());
    world.run_for(65s);
    EXPECT_FALSE(alice->is_online());
    const auto refused = world.run(alice->use_session(id));
    ASSERT_TRUE(refused && !*refused);
    EXPECT_EQ(refused->error(), workflows::SessionError::device_blocked);
    EXPECT_EQ(refusal(*alice, "quick", "k2"), workflows::PurchaseRejection::device_blocked);

    // The time belongs to the account: another device goes on with it.
    Phone& tablet = world.add_phone_of(*alice);
    (void)world.run(tablet.sign_in());
    ASSERT_TRUE(world.run(tablet.use_session(id)).value());
    EXPECT_TRUE(tablet.is_online());
}

TEST_F(SessionSim, TheDataCapEndsTheSession)
{
    const auto id = online("capped"); // 100 MB at 1.1 Mbit/s: some 12 minutes
    world.run_for(14min);
    EXPECT_FALSE(alice->is_online());
    EXPECT_EQ(session(id).state, SessionState::expired);
    EXPECT_EQ(session(id).reason, EndReason::data_limit);
}

// Found by review: the directory kept the whole cap for whoever logged in again.
TEST_F(SessionSim, TheDataCapCountsOverSeveralLogins)
{
    const auto id = online("capped");
    world.run_for(7min);
    alice->leave();
    world.run_for(10s);
    alice->join();
    world.run_for(65s); // the comparison brings the phone back
    EXPECT_TRUE(alice->is_online());
    world.run_for(7min);
    EXPECT_FALSE(alice->is_online());
    EXPECT_EQ(session(id).reason, EndReason::data_limit);
    EXPECT_LE(stored_session(id).used_octets, 101'000'000U);
}

TEST_F(SessionSim, ARestartedRouterGetsItsCustomersBack)
{
    const auto id = online("hour");
    world.run_for(5min);
    world.router().model.restart(20s);
    EXPECT_FALSE(alice->is_online());
    world.run_for(30s); // Accounting-On
    EXPECT_TRUE(alice->is_online());
    EXPECT_EQ(session(id).state, SessionState::active);
}

TEST_F(SessionSim, AForgottenSessionIsBroughtBack)
{
    (void)online("hour");
    ASSERT_TRUE(world.router().model.forget(alice->mac()));
    EXPECT_FALSE(alice->is_online());
    world.run_for(65s);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(SessionSim, WhoIsOnlineWithoutARightIsClosed)
{
    const auto id = online("hour");
    // The router misses the end entirely, and the store forgets that it was to be told.
    world.router().model.disappear();
    (void)world.run(alice->sign_out(id));
    for (const ports::Job& job : world.jobs())
        (void)world.run(world.store().finish_job(job.id));
    world.crash(1s);
    world.router().model.reappear();
    EXPECT_TRUE(alice->is_online());
    world.run_for(65s);
    EXPECT_FALSE(alice->is_online());
}

} // namespace
} // namespace iwas::sim
