// Leaving the gaming PC, as each package and location wants it.
#include "sim/world/cafe.hpp"
#include "tests/simulation/scenario.hpp"

namespace iwas::sim {
namespace {

using domain::PcEventKind;

class PcLogoutSim : public Scenario {
protected:
    explicit PcLogoutSim(WorldOptions options = {}) : Scenario{std::move(options)} {}

    domain::SessionId online(const std::string& package)
    {
        const auto txn = buy(*alice, package, "first");
        EXPECT_TRUE(alice->is_online());
        return txn.session;
    }
    void report(PcEventKind kind) { world.report_pc_event(kind, alice->member_id()); }
    void report_at(PcEventKind kind, Seconds ago)
    {
        world.deliver_pc_event(
            {.location = cafe_location,
             .event_id = "late-" + std::to_string(ago.count()),
             .kind = kind,
             .member_id = alice->member_id(),
             .occurred_at = world.clock().utc_now() - ago});
    }
};

class PcLogoutGraceSim : public PcLogoutSim {
protected:
    PcLogoutGraceSim() : PcLogoutSim{{.pc_logout_grace = 60s, .listener = {}}} {}
};

TEST_F(PcLogoutSim, PausesAndKeepsTheTimeThatIsLeft)
{
    const auto id = online("hour");
    world.run_for(10min);
    report(PcEventKind::session_ended);
    world.run_for(1s);
    EXPECT_EQ(session(id).state, SessionState::paused);
    EXPECT_FALSE(alice->is_online());
    const Seconds kept = left(id);
    EXPECT_NEAR(static_cast<double>(kept.count()), 3'000, 5);
    world.run_for(2h);
    EXPECT_EQ(left(id), kept);

    const auto back = world.run(alice->use_session(id));
    ASSERT_TRUE(back && *back);
    EXPECT_TRUE(alice->is_online());
    world.run_for(kept - 5s);
    EXPECT_TRUE(alice->is_online());
    world.run_for(10s);
    EXPECT_FALSE(alice->is_online());
}

TEST_F(PcLogoutSim, TerminatesWhereThePackageSaysSo)
{
    const auto id = online("quick");
    report(PcEventKind::session_ended);
    world.run_for(1s);
    EXPECT_EQ(session(id).state, SessionState::terminated);
    EXPECT_EQ(session(id).reason, EndReason::pc_logout);
    EXPECT_FALSE(alice->is_online());
}

TEST_F(PcLogoutSim, IsIgnoredWhereThePackageSaysSo)
{
    const auto id = online("family");
    report(PcEventKind::session_ended);
    world.run_for(1min);
    EXPECT_EQ(session(id).state, SessionState::active);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(PcLogoutSim, AnOldEndDoesNotTouchANewerStart)
{
    const auto id = online("quick");
    report_at(PcEventKind::session_started, 5s);
    world.run_for(1s);
    report_at(PcEventKind::session_ended, 30s); // happened before, arrives after
    world.run_for(5s);
    EXPECT_EQ(session(id).state, SessionState::active);
}

TEST_F(PcLogoutSim, ALogoutFromBeforeThePurchaseEndsNothing)
{
    world.run_for(2min);
    const auto id = online("quick");
    report_at(PcEventKind::session_ended, 60s); // learned late, by polling or a repeated webhook
    world.run_for(5s);
    EXPECT_EQ(session(id).state, SessionState::active);
}

TEST_F(PcLogoutSim, ALoginAtTheNewPcBeforeTheLogoutAtTheOldOneEndsNothing)
{
    const auto id = online("quick");
    const auto seat = [&](PcEventKind kind, const char* session) {
        world.deliver_pc_event(
            {.location = cafe_location,
             .event_id = std::string{session} + std::string{to_text(kind)},
             .kind = kind,
             .member_id = alice->member_id(),
             .session_id = session,
             .occurred_at = world.clock().utc_now()});
        world.run_for(5s);
    };
    seat(PcEventKind::session_started, "seat-a");
    seat(PcEventKind::session_started, "seat-b");
    seat(PcEventKind::session_ended, "seat-a");
    EXPECT_EQ(session(id).state, SessionState::active);
    seat(PcEventKind::session_moved, "seat-c");
    seat(PcEventKind::session_ended, "seat-b");
    EXPECT_EQ(session(id).state, SessionState::active);
    seat(PcEventKind::session_ended, "seat-c");
    EXPECT_EQ(session(id).state, SessionState::terminated);
}

TEST_F(PcLogoutSim, AMemberIsFoundByHisUserName)
{
    const auto id = online("quick");
    world.deliver_pc_event(
        {.location = cafe_location,
         .event_id = "by-name",
         .kind = PcEventKind::session_ended,
         .user_name = "ALICE",
         .occurred_at = world.clock().utc_now()});
    world.run_for(1s);
    EXPECT_EQ(session(id).state, SessionState::terminated);
}

TEST_F(PcLogoutSim, TimeThatStandsStillTakesNoPlaceAndNoDevice)
{
    const auto first = online("scarce");
    Phone& bob = world.add_phone("bob", 50'000);
    (void)world.run(bob.sign_in());
    ASSERT_EQ(buy(bob, "scarce", "b1").state, TransactionState::success);
    report(PcEventKind::session_ended);
    world.run_for(1s);
    ASSERT_EQ(session(first).state, SessionState::paused);

    Phone& carol = world.add_phone("carol", 50'000);
    (void)world.run(carol.sign_in());
    EXPECT_EQ(buy(carol, "scarce", "c1").state, TransactionState::success);
    // Alice's phone buys something else, and her time waits until that is over.
    const auto second = buy(*alice, "quick", "a2");
    ASSERT_EQ(second.state, TransactionState::success);
    const auto refused = world.run(alice->use_session(first));
    ASSERT_TRUE(refused && !*refused);
    EXPECT_EQ(refused->error(), workflows::SessionError::device_taken);
    ASSERT_TRUE(world.run(alice->sign_out(second.session)).value());
    ASSERT_TRUE(world.run(alice->use_session(first)).value());
    EXPECT_TRUE(alice->is_online());
    EXPECT_EQ(session(first).state, SessionState::active);
}

TEST_F(PcLogoutSim, TimeThatStandsStillIsNotKeptForEver)
{
    const auto id = online("hour");
    report(PcEventKind::session_ended);
    world.run_for(1s);
    ASSERT_EQ(session(id).state, SessionState::paused);
    const auto jobs = world.jobs();
    const auto expiry = std::ranges::find(jobs, ports::JobKind::expire_session, &ports::Job::kind);
    ASSERT_NE(expiry, jobs.end());
    EXPECT_GT(expiry->due_at, world.clock().utc_now() + std::chrono::days{89});
    ports::Job due = *expiry;
    due.due_at = world.clock().utc_now();
    due.lease_until.reset();
    ports::Step step;
    step.jobs.push_back(std::move(due));
    (void)world.run(world.store().commit(std::move(step)));
    world.run_for(5s);
    EXPECT_EQ(session(id).state, SessionState::expired);
}

TEST_F(PcLogoutSim, TheSameEventCountsOnce)
{
    const auto id = online("hour");
    report_at(PcEventKind::session_ended, 0s);
    world.run_for(1s);
    EXPECT_EQ(session(id).state, SessionState::paused);
    ASSERT_TRUE(world.run(alice->use_session(id)).value());
    world.deliver_pc_event(
        {.location = cafe_location,
         .event_id = "late-0",
         .kind = PcEventKind::session_ended,
         .member_id = alice->member_id(),
         .occurred_at = world.clock().utc_now()});
    world.run_for(5s);
    EXPECT_EQ(session(id).state, SessionState::active);
}

TEST_F(PcLogoutSim, SilenceEndsNothing)
{
    const auto id = online("quick");
    report(PcEventKind::session_started);
    world.pc().is_down = true;
    world.run_for(10min);
    EXPECT_EQ(session(id).state, SessionState::active);
    EXPECT_TRUE(alice->is_online());
}

TEST_F(PcLogoutSim, AnEventSurvivesACrash)
{
    const auto id = online("quick");
    report(PcEventKind::session_ended);
    world.run_for(1s);
    world.crash(10s);
    world.run_for(30s);
    EXPECT_EQ(session(id).state, SessionState::terminated);
    EXPECT_FALSE(alice->is_online());
}

TEST_F(PcLogoutGraceSim, WaitsForTheGraceTime)
{
    const auto id = online("quick");
    report(PcEventKind::session_ended);
    world.run_for(55s);
    EXPECT_EQ(session(id).state, SessionState::active);
    world.run_for(10s);
    EXPECT_EQ(session(id).state, SessionState::terminated);
}

TEST_F(PcLogoutGraceSim, AMoveBetweenPcsEndsNothing)
{
    const auto id = online("quick");
    report(PcEventKind::session_ended);
    world.run_for(20s);
    report(PcEventKind::session_started);
    world.run_for(5min);
    EXPECT_EQ(session(id).state, SessionState::active);
    EXPECT_TRUE(alice->is_online());
}

// Found by review: the first logout's job took the second one's place, and finished it.
TEST_F(PcLogoutGraceSim, ASecondLogoutCountsFromItsOwnMoment)
{
    const auto id = online("quick");
    report(PcEventKind::session_ended);
    world.run_for(20s);
    report(PcEventKind::session_started);
    world.run_for(20s);
    report(PcEventKind::session_ended);
    world.run_for(50s); // the first grace time is long over, the second is not
    EXPECT_EQ(session(id).state, SessionState::active);
    world.run_for(15s);
    EXPECT_EQ(session(id).state, SessionState::terminated);
}

} // namespace
} // namespace iwas::sim
