// Payment windows of an IWAS that dies while they are open.
#include "tests/api/payment_window_world.hpp"
#include "workflows/session_steps.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <unistd.h>

namespace iwas::api::testing {
namespace {

/// A café whose IWAS dies and comes back on the same database; routers outlive it.
class PaymentWindowAfterACrash : public ::testing::Test {
protected:
    PaymentWindowAfterACrash() { remove(); }
    ~PaymentWindowAfterACrash() override
    {
        life.reset();
        remove();
    }
    void remove() const
    {
        for (const auto* end : {"", "-wal", "-shm"})
            std::filesystem::remove(path + end);
    }
    /// A new life, with what the router had.
    World& live()
    {
        std::map<MacAddress, ports::ActiveDevice> online;
        if (life) online = life->access.online;
        life.reset();
        life.emplace("sqlite:" + path);
        life->access.online = std::move(online);
        if (life->catalog.current()->payment_accounts.empty())
            life->add_payment_account("galaxy-momo", domain::PaymentMethod::momo);
        life->configure(give_windows);
        life->run(life->sessions.rebuild_directory());
        life->run(life->payment_window.rebuild_directory());
        return *life;
    }
    [[nodiscard]] domain::Visit visit() const
    {
        domain::Visit at_portal;
        at_portal.location = q7;
        at_portal.router = domain::RouterId::trusted("r1");
        at_portal.mac = mac;
        at_portal.ip = Ipv4Address::parse(phone_ip);
        return at_portal;
    }
    /// Durable, and the process died before the router was told.
    domain::PaymentWindow begun(World& world, Seconds lasts)
    {
        const UtcTime now = world.clock.utc_now();
        const domain::PaymentWindow window{
            .id = world.random.make_id<domain::SessionId>(now),
            .organization = domain::OrganizationId::trusted("galaxy"),
            .location = q7,
            .router = domain::RouterId::trusted("r1"),
            .mac = mac,
            .ip = Ipv4Address::parse(phone_ip),
            .rate_bps = 512'000,
            .opened_at = now,
            .ends_at = now + lasts,
            .ended_at = {},
        };
        ports::Job end{
            .id = workflows::job_id(ports::JobKind::end_payment_window, window.id.value()),
            .kind = ports::JobKind::end_payment_window,
            .subject = window.id.value(),
            .target = "r1",
            .due_at = window.ends_at,
        };
        const UtcTime day_start = world.clock.local_time(now, "Asia/Ho_Chi_Minh").day_start;
        EXPECT_TRUE(
            world.run(world.store->open_payment_window(window, 2, day_start, std::move(end))));
        return window;
    }

    std::string path =
        (std::filesystem::temp_directory_path() / ("iwas-window-" + std::to_string(::getpid())))
            .string();
    std::optional<World> life;
};

TEST_F(PaymentWindowAfterACrash, BeforeTheRouterWasToldTheNextAskGoesOn)
{
    const auto window = begun(live(), 300s);
    World& world = live();
    EXPECT_TRUE(world.directory.find_user(q7, user_name_of(window)));
    ASSERT_TRUE(world.run(world.payment_window.open(visit())));
    EXPECT_EQ(world.access.online.at(mac).user_name, user_name_of(window));
    const auto state = world.run(world.payment_window.state(visit())).value();
    ASSERT_TRUE(state);
    EXPECT_EQ(state->times_left, 1);
    EXPECT_EQ(state->active_until, window.ends_at);
}

TEST_F(PaymentWindowAfterACrash, WhoIsOnlineIsStoppedWhenTheTimeIsUp)
{
    World& before = live();
    const auto window = begun(before, 1s);
    before.access.online[mac] = {.user_name = user_name_of(window), .mac = mac};
    World& world = live(); // died while the device was online
    EXPECT_TRUE(world.access.online.contains(mac));
    std::this_thread::sleep_for(1'100ms);
    world.run_jobs();
    EXPECT_FALSE(world.access.online.contains(mac));
    EXPECT_FALSE(world.directory.find_user(q7, user_name_of(window)));
    EXPECT_FALSE(world.run(world.store->open_payment_window_of(q7, mac)).value());
}

TEST_F(PaymentWindowAfterACrash, AnEndThatTheRouterNeverHeardOfIsRepeated)
{
    World& before = live();
    const auto window = begun(before, 300s);
    before.access.online[mac] = {.user_name = user_name_of(window), .mac = mac};
    const UtcTime now = before.clock.utc_now();
    // The row is over, and the process died before the router was told.
    ASSERT_TRUE(before.run(before.store->end_payment_window(
        window.id, now, true,
        {.id = workflows::job_id(ports::JobKind::end_payment_window, window.id.value()),
         .kind = ports::JobKind::end_payment_window,
         .subject = window.id.value(),
         .target = "r1",
         .due_at = now})));
    World& world = live();
    EXPECT_FALSE(world.directory.find_user(q7, user_name_of(window)));
    EXPECT_TRUE(world.access.online.contains(mac));
    world.run_jobs();
    EXPECT_FALSE(world.access.online.contains(mac));
    EXPECT_TRUE(world.run(world.store->load_payment_window(window.id)).value()->ended_at);
}

TEST_F(PaymentWindowAfterACrash, ItNeverBlocksWhatIsBoughtAfterwards)
{
    const auto window = begun(live(), 300s);
    World& world = live();
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto bought = phone.buy("pkg_3h", 12'000);
    ASSERT_EQ(bought.status, 201) << bought.body;
    EXPECT_FALSE(domain::is_payment_window_name(world.access.online.at(mac).user_name));
    EXPECT_TRUE(world.run(world.store->load_payment_window(window.id)).value()->ended_at);
    world.run_jobs();
    EXPECT_TRUE(world.access.online.contains(mac));
}

} // namespace
} // namespace iwas::api::testing
