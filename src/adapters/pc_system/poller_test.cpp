#include "adapters/clock/system_clock.hpp"
#include "adapters/pc_system/poller.hpp"
#include "asio/task_group.hpp"

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
    int polls = 0;

    [[nodiscard]] ports::PcAbilities abilities(const domain::LocationId&) const override
    {
        return {};
    }
    ports::awaitable<Result<std::vector<ports::PcSession>, ports::PcFailure>> active_sessions(
        domain::LocationId, SteadyTime) override
    {
        ++polls;
        if (is_down) co_return std::unexpected(ports::PcFailure{});
        co_return sessions;
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

    asio::io_context io{1};
    SystemClock clock{io.get_executor()};
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
    ASSERT_TRUE(tasks.group.spawn("poller", poller.run()));
    io.run_for(1700ms);
    poller.stop();
    io.restart();
    io.run();
    EXPECT_GE(seats.polls, 2);
    EXPECT_LE(seats.polls, 3);
    EXPECT_FALSE(poller.is_degraded(location));
    EXPECT_EQ(tasks.group.running(), 0U);
}

} // namespace
} // namespace iwas::adapters
