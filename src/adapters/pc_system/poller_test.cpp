#include "adapters/pc_system/poller.hpp"
#include "asio/task_group.hpp"
#include "tests/support/time_and_chance.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters {
namespace {

namespace asio = boost::asio;
using ports::PcError;

const auto location = domain::LocationId::trusted("q7");

/// A PC system that knows only who sits where.
class Seats final : public ports::PcSystem {
public:
    std::vector<ports::PcSession> sessions;
    bool is_down = false;
    /// What it says of itself; nothing: an answer without meaning for the caller, such as a 404.
    std::optional<bool> says_it_lists = true;
    bool has_list = true;
    int polls = 0;
    int health_checks = 0;

    [[nodiscard]] ports::PcAbilities abilities(const domain::LocationId&) const override
    {
        return {};
    }
    ports::awaitable<Result<std::vector<ports::PcSession>, ports::PcFailure>> active_sessions(
        domain::LocationId, SteadyTime) override
    {
        ++polls;
        if (is_down) co_return std::unexpected(ports::PcFailure{});
        if (!has_list) co_return std::unexpected(ports::PcFailure{.error = PcError::refused});
        co_return sessions;
    }
    ports::awaitable<Result<ports::PcCapabilities, ports::PcFailure>> capabilities(
        domain::LocationId, SteadyTime) override
    {
        ++health_checks;
        if (is_down) co_return std::unexpected(ports::PcFailure{});
        if (!says_it_lists)
            co_return std::unexpected(ports::PcFailure{.error = PcError::not_found});
        ports::PcCapabilities told;
        told.lists_sessions = *says_it_lists;
        co_return told;
    }
    ports::awaitable<Result<ports::PcMember, ports::PcFailure>> verify(
        domain::LocationId, std::string, SecretText, std::optional<MacAddress>, SteadyTime) override
    {
        co_return std::unexpected(ports::PcFailure{});
    }
    ports::awaitable<Result<Money, ports::PcFailure>> balance(
        domain::LocationId, std::string, SteadyTime) override
    {
        co_return std::unexpected(ports::PcFailure{});
    }
    ports::awaitable<Result<ports::PcCharge, ports::PcFailure>> charge(
        domain::LocationId, ports::PcChargeOrder, SteadyTime) override
    {
        co_return std::unexpected(ports::PcFailure{});
    }
    ports::awaitable<Result<ports::PcCharge, ports::PcFailure>> find_charge(
        domain::LocationId, std::string, SteadyTime) override
    {
        co_return std::unexpected(ports::PcFailure{});
    }
    ports::awaitable<Result<std::string, ports::PcFailure>> refund(
        domain::LocationId, ports::PcRefundOrder, SteadyTime) override
    {
        co_return std::unexpected(ports::PcFailure{});
    }
};

class OneCafe final : public ports::CatalogView {
public:
    OneCafe()
    {
        domain::PcSystem system;
        system.location = location;
        system.poll_interval = 1s;
        catalog_->pc_systems.emplace(location, std::move(system));
    }
    domain::PcSystem& system() { return catalog_->pc_systems.at(location); }
    [[nodiscard]] std::shared_ptr<const domain::Catalog> current() const override
    {
        return catalog_;
    }

private:
    std::shared_ptr<domain::Catalog> catalog_ = std::make_shared<domain::Catalog>();
};

class GroupTasks final : public ports::Tasks {
public:
    explicit GroupTasks(asio::io_context& io) : group{io.get_executor(), 10} {}
    bool start(std::string name, ports::awaitable<void> task) override
    {
        return group.spawn(std::move(name), std::move(task));
    }
    TaskGroup group;
};

class PcPollerTest : public ::testing::Test {
protected:
    ports::PcSession session(int number)
    {
        const std::string text = std::to_string(number);
        return {"s" + text, "m" + text, "u" + text, "PC-" + text, clock.utc_now()};
    }
    ports::awaitable<bool> take(domain::PcEvent event)
    {
        if (!is_store_up) co_return false;
        events.push_back(std::move(event));
        co_return true;
    }
    void poll()
    {
        auto done = asio::co_spawn(io, poller.poll(location), asio::use_future);
        io.restart();
        io.run();
        done.get();
    }

    /// Lets the poller run by itself.
    void run_for(Milliseconds duration)
    {
        if (tasks.group.running() == 0) ASSERT_TRUE(tasks.group.spawn("poller", poller.run()));
        clock.run_for(duration);
    }
    void stop()
    {
        poller.stop();
        clock.run_for(1s);
    }

    asio::io_context io{1};
    tests::ManualClock clock{io};
    OneCafe cafe;
    Seats seats;
    GroupTasks tasks{io};
    bool is_store_up = true;
    std::vector<domain::PcEvent> events;
    PcPoller poller{cafe, seats, clock, tasks, [this](domain::PcEvent event) {
                        return take(std::move(event));
                    }};
};

TEST_F(PcPollerTest, ReportsWhoCameAndWhoLeft)
{
    seats.sessions = {session(1), session(2), session(3)};
    poll();
    EXPECT_TRUE(events.empty());
    seats.sessions.push_back(session(4));
    poll();
    ASSERT_EQ(events.size(), 1U);
    EXPECT_EQ(events[0].kind, domain::PcEventKind::session_started);
    EXPECT_EQ(events[0].member_id, "m4");
    EXPECT_EQ(events[0].location, location);
    seats.sessions.erase(seats.sessions.begin());
    poll();
    seats.is_down = true;
    poll();
    EXPECT_EQ(events.size(), 1U) << "silence ends nothing";
    seats.is_down = false;
    poll();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].kind, domain::PcEventKind::session_ended);
    EXPECT_EQ(events[1].member_id, "m1");
}

TEST_F(PcPollerTest, HandsOverAgainWhatTheStoreCouldNotTake)
{
    poll();
    is_store_up = false;
    seats.sessions = {session(1)};
    poll();
    EXPECT_TRUE(events.empty());
    is_store_up = true;
    poll();
    EXPECT_EQ(events.size(), 1U);
}

TEST_F(PcPollerTest, DoesNotRepeatAPushedEnd)
{
    seats.sessions = {session(1), session(2), session(3)};
    poll();
    poller.heard_end(location, "s1");
    seats.sessions.erase(seats.sessions.begin());
    poll();
    poll();
    poll();
    EXPECT_TRUE(events.empty());
}

TEST_F(PcPollerTest, PollsByItselfUntilStopped)
{
    run_for(1700ms);
    EXPECT_EQ(seats.polls, 2);
    EXPECT_EQ(seats.health_checks, 1) << "before the first list";
    EXPECT_FALSE(poller.is_degraded(location));
    stop();
    EXPECT_EQ(tasks.group.running(), 0U);
}

TEST_F(PcPollerTest, LeavesAConnectorWithoutAListAlone)
{
    seats.says_it_lists = false;
    run_for(14min);
    EXPECT_EQ(seats.polls, 0);
    EXPECT_EQ(seats.health_checks, 3) << "now and then it is asked again";
    EXPECT_FALSE(poller.is_degraded(location));
    seats.says_it_lists = true;
    run_for(3min);
    EXPECT_GT(seats.polls, 100) << "it learned to list";

    // Silent: that is seen without polling, and ends when it answers.
    seats.says_it_lists = false;
    run_for(5min);
    seats.is_down = true;
    run_for(16min);
    EXPECT_TRUE(poller.is_degraded(location));
    EXPECT_EQ(poller.degraded(), 1U);
    seats.is_down = false;
    run_for(2s);
    EXPECT_FALSE(poller.is_degraded(location));
    stop();
}

TEST_F(PcPollerTest, BelievesTheListMoreThanWhatWasSaidOfIt)
{
    seats.has_list = false;
    run_for(4min);
    EXPECT_EQ(seats.polls, 1) << "until the next health check";
    run_for(4min);
    EXPECT_EQ(seats.polls, 2);
    seats.has_list = true;
    seats.says_it_lists.reset();
    run_for(5min);
    EXPECT_GT(seats.polls, 60) << "a connector that cannot be asked is tried";
    stop();
}

TEST_F(PcPollerTest, DoesNotPollBeforeTheConnectorAnswered)
{
    seats.is_down = true;
    run_for(9500ms);
    EXPECT_EQ(seats.polls, 0);
    EXPECT_EQ(seats.health_checks, 10);
    seats.is_down = false;
    run_for(2s);
    EXPECT_EQ(seats.polls, 2);
    stop();
}

TEST_F(PcPollerTest, ChecksTheHealthOfAConnectorThatOnlyPushes)
{
    cafe.system().poll_interval = 0s;
    run_for(11min);
    EXPECT_EQ(seats.polls, 0);
    EXPECT_EQ(seats.health_checks, 3);
    cafe.system().poll_interval = 1s;
    run_for(10s);
    EXPECT_GE(seats.polls, 9);
    cafe.system().profile = domain::PcSystemProfile::legacy;
    const int before = seats.health_checks + seats.polls;
    run_for(10min);
    EXPECT_EQ(seats.health_checks + seats.polls, before);
    stop();
}

} // namespace
} // namespace iwas::adapters
