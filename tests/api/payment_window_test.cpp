// A few minutes of slow internet before paying: given, counted, ended, and in nobody's way.
#include "tests/api/payment_window_world.hpp"
#include "workflows/session_steps.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace iwas::api::testing {
namespace {

class PaymentWindow : public ::testing::Test {
protected:
    explicit PaymentWindow(std::string url = "sqlite::memory:") : world{std::move(url)}
    {
        world.add_payment_account("galaxy-momo", domain::PaymentMethod::momo);
        world.configure(give_windows);
        phone.sign_in_as_guest();
    }

    http::Response open(Phone& by)
    {
        return by.post("/api/v1/payment-window", "{}", "window-no-" + std::to_string(++asked_));
    }
    boost::json::value offered(Phone& to)
    {
        return body_of(to.get("/api/v1/portal")).at("payment_window");
    }
    void pay(const std::string& purchase)
    {
        const auto txn = world.transaction_of(purchase);
        EXPECT_EQ(world.notify("paid " + txn.order_id + " 12000 g-1").body, "recorded");
        world.settle();
    }
    std::optional<domain::PaymentWindow> window_of_device()
    {
        return world.run(world.store->open_payment_window_of(q7, mac)).value();
    }
    /// Its time is up, as far as the store knows.
    void let_time_pass(domain::SessionId id)
    {
        const auto window = world.run(world.store->load_payment_window(id)).value();
        world.run(world.payment_window.handle(
            {.id = {},
             .kind = ports::JobKind::end_payment_window,
             .subject = id.value(),
             .target = window->router.text(),
             .due_at = window->ends_at}));
    }
    [[nodiscard]] bool is_online() const { return world.access.online.contains(mac); }
    [[nodiscard]] std::string online_as() const { return world.access.online.at(mac).user_name; }
    /// Whether RADIUS would let the device in, by its address or as whom the router knows it.
    [[nodiscard]] bool is_admitted() const
    {
        return world.directory.find_device(q7, mac) != nullptr;
    }

    World world;
    Phone phone{world, phone_mac, phone_ip};

private:
    int asked_ = 0;
};

TEST_F(PaymentWindow, LetsTheDeviceInSlowlyForAFewMinutes)
{
    const auto before = offered(phone).as_object();
    EXPECT_EQ(before.at("minutes").as_int64(), 5);
    EXPECT_EQ(before.at("rate_kbps").to_number<int>(), 512);
    EXPECT_EQ(before.at("times_left_today").as_int64(), 2);
    EXPECT_TRUE(before.at("active_until").is_null());

    const auto response = open(phone);
    ASSERT_EQ(response.status, 200) << response.body;
    const auto shown = body_of(response).at("payment_window").as_object();
    EXPECT_EQ(shown.at("times_left_today").as_int64(), 1);
    const auto until = from_rfc3339(std::string{shown.at("active_until").as_string()});
    ASSERT_TRUE(until);
    EXPECT_NEAR(static_cast<double>((*until - world.clock.utc_now()).count()), 300'000.0, 5'000.0);

    EXPECT_TRUE(domain::is_payment_window_name(online_as()));
    const auto admitted = world.directory.find_user(q7, online_as());
    ASSERT_TRUE(admitted);
    EXPECT_EQ(admitted->rate.down_bps, 512'000U);
    EXPECT_EQ(admitted->rate.up_bps, 512'000U);
    EXPECT_EQ(admitted->ends_at, window_of_device()->ends_at);
    // It is no session: nothing is shown as one, and nothing is sold.
    EXPECT_TRUE(body_of(phone.get("/api/v1/portal")).at("active_session").is_null());
    EXPECT_TRUE(body_of(phone.get("/api/v1/history")).at("transactions").as_array().empty());
}

TEST_F(PaymentWindow, IsInternetToWhoeverAsksWhetherThereIsOne)
{
    const std::string asks = "/captive-portal/api?v=" + phone.token;
    EXPECT_TRUE(body_of(world.get(asks)).at("captive").as_bool());
    ASSERT_EQ(open(phone).status, 200);
    const auto during = body_of(world.get(asks));
    EXPECT_FALSE(during.at("captive").as_bool()) << "the banking app would not use this network";
    EXPECT_GT(during.at("seconds-remaining").as_int64(), 290);
    EXPECT_LE(during.at("seconds-remaining").as_int64(), 300);
}

TEST_F(PaymentWindow, AskedAgainItIsTheSameOne)
{
    ASSERT_EQ(open(phone).status, 200);
    const auto first = window_of_device();
    world.access.online.clear(); // the phone lost the WiFi
    const auto again = open(phone);
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_EQ(window_of_device()->id, first->id);
    EXPECT_TRUE(is_online());
    EXPECT_EQ(offered(phone).at("times_left_today").as_int64(), 1);
}

TEST_F(PaymentWindow, EndsWhenItsTimeIsUpAndIsCountedForTheDay)
{
    for (int i = 0; i < 2; ++i) {
        ASSERT_EQ(open(phone).status, 200);
        auto window = *window_of_device();
        EXPECT_TRUE(is_online());
        // Nothing ends before its time.
        let_time_pass(window.id);
        EXPECT_TRUE(is_online());
        world
            .run(world.store->end_payment_window(
                window.id, world.clock.utc_now(), true,
                {.id = workflows::job_id(ports::JobKind::end_payment_window, window.id.value()),
                 .kind = ports::JobKind::end_payment_window,
                 .subject = window.id.value(),
                 .target = "r1",
                 .due_at = world.clock.utc_now()}))
            .value();
        world.run_jobs();
        EXPECT_FALSE(is_online());
        EXPECT_FALSE(is_admitted());
        EXPECT_FALSE(window_of_device());
    }
    EXPECT_EQ(offered(phone).at("times_left_today").as_int64(), 0);
    const auto refused = open(phone);
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(code_of(refused), "PAYMENT_WINDOW_USED_UP");
    EXPECT_FALSE(is_online());
    // A new visit of the same device does not begin anew; another device does.
    phone.sign_in_as_guest();
    EXPECT_EQ(code_of(open(phone)), "PAYMENT_WINDOW_USED_UP");
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.sign_in_as_guest();
    EXPECT_EQ(open(other).status, 200);
}

TEST_F(PaymentWindow, WhatIsBoughtMeanwhileEndsItAndHasItsWholeTime)
{
    const std::string purchase = phone.order("momo");
    ASSERT_EQ(open(phone).status, 200);
    const auto window = *window_of_device();
    EXPECT_EQ(
        body_of(phone.get("/api/v1/purchases/" + purchase)).at("state").as_string(),
        "awaiting_payment");
    pay(purchase);
    world.settle(router_tries);
    EXPECT_EQ(
        body_of(phone.get("/api/v1/purchases/" + purchase)).at("state").as_string(), "online");
    EXPECT_FALSE(domain::is_payment_window_name(online_as()));
    EXPECT_FALSE(window_of_device());
    EXPECT_FALSE(world.directory.find_user(q7, user_name_of(window)));
    const auto session = body_of(phone.get("/api/v1/portal")).at("active_session").as_object();
    EXPECT_NEAR(session.at("seconds_left").to_number<double>(), 3.0 * 3600.0, 5.0);
    // The old job finds nothing to do, and leaves the session alone.
    let_time_pass(window.id);
    world.run_jobs();
    EXPECT_TRUE(is_online());
    EXPECT_TRUE(is_admitted());
    // And nobody needs a window who is online.
    EXPECT_EQ(code_of(open(phone)), "DEVICE_ALREADY_ACTIVE");
    EXPECT_TRUE(is_online());
    EXPECT_EQ(offered(phone).at("times_left_today").as_int64(), 1);
}

TEST_F(PaymentWindow, WhatTheRouterReportsOfItIsNoSign)
{
    const std::string purchase = phone.order("momo");
    ASSERT_EQ(open(phone).status, 200);
    // An Accounting-Start without the Class, and the router's list, while the order is unpaid.
    const auto record = [&](domain::AccountingStatus status) {
        return domain::AccountingRecord{
            .router = domain::RouterId::trusted("r1"),
            .location = q7,
            .status = status,
            .acct_session_id = "a1",
            .user_name = online_as(),
            .mac = mac,
            .event_at = world.clock.utc_now(),
            .received_at = world.clock.utc_now(),
        };
    };
    world.run(world.sessions.account(record(domain::AccountingStatus::start)));
    world.run(world.sessions.compare(domain::RouterId::trusted("r1")));
    EXPECT_TRUE(is_online()) << "it is no stray";
    EXPECT_TRUE(window_of_device());
    EXPECT_EQ(
        body_of(phone.get("/api/v1/purchases/" + purchase)).at("state").as_string(),
        "awaiting_payment");
}

TEST_F(PaymentWindow, WhatTheRouterRefusesDoesNotCount)
{
    world.access.refuses = ports::GrantError::refused;
    EXPECT_EQ(code_of(open(phone)), "ACTIVATION_FAILED");
    EXPECT_FALSE(window_of_device());
    EXPECT_FALSE(is_admitted());
    world.access.refuses = ports::GrantError::unreachable;
    EXPECT_EQ(code_of(open(phone)), "TRY_LATER");
    EXPECT_EQ(offered(phone).at("times_left_today").as_int64(), 2);
    // Without an answer it may be in: then it counts, and the next try brings the device into it.
    world.access.refuses = ports::GrantError::unknown;
    EXPECT_EQ(code_of(open(phone)), "TRY_LATER");
    EXPECT_TRUE(window_of_device());
    world.access.refuses.reset();
    EXPECT_EQ(open(phone).status, 200);
    EXPECT_EQ(offered(phone).at("times_left_today").as_int64(), 1);
    // Who was in and walks away from the router is not given the time back.
    world.access.online.clear();
    world.access.refuses = ports::GrantError::refused;
    EXPECT_EQ(code_of(open(phone)), "ACTIVATION_FAILED");
    EXPECT_TRUE(window_of_device());
    EXPECT_EQ(offered(phone).at("times_left_today").as_int64(), 1);
}

TEST_F(PaymentWindow, IsGivenOnlyWhereItIsOfUse)
{
    const auto is_offered = [&] { return !offered(phone).is_null(); };
    EXPECT_TRUE(is_offered());
    world.configure([](domain::Catalog& wanted) { wanted.payment_accounts.clear(); });
    EXPECT_FALSE(is_offered()) << "nothing here is paid over the internet";
    EXPECT_EQ(code_of(open(phone)), "PAYMENT_WINDOW_USED_UP");
    world.add_payment_account("galaxy-momo", domain::PaymentMethod::momo);
    EXPECT_TRUE(is_offered());
    world.configure([](domain::Catalog& wanted) { wanted.locations[q7].payment_window.reset(); });
    EXPECT_FALSE(is_offered());
    world.configure(give_windows);
    world.configure([](domain::Catalog& wanted) {
        wanted.routers[domain::RouterId::trusted("r1")].api.reset();
    });
    EXPECT_FALSE(is_offered()) << "the browser would have to post a form";
    world.configure(give_windows);
    world.configure(
        [](domain::Catalog& wanted) { wanted.locations[q7].blocked_devices.insert(mac); });
    EXPECT_EQ(code_of(open(phone)), "DEVICE_BLOCKED");
    EXPECT_FALSE(is_online());
}

TEST_F(PaymentWindow, NeedsACustomerOrHisOpenOrder)
{
    // His window is gone, and with it what told who he is; his order is there.
    phone.order("momo");
    Phone again{world, phone_mac, phone_ip};
    again.arrive();
    again.get("/api/v1/portal");
    EXPECT_EQ(open(again).status, 200);
    EXPECT_TRUE(is_online());

    Phone stranger{world, "A4:5E:60:11:22:12", "192.168.20.18"};
    stranger.arrive();
    stranger.get("/api/v1/portal");
    EXPECT_EQ(open(stranger).status, 401);
}

} // namespace
} // namespace iwas::api::testing
