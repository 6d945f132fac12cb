// What comes after a purchase: online, extended, resumed, disconnected, ended.
#include "tests/api/api_world.hpp"
#include "workflows/session_steps.hpp"

#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

TEST(Session, ExtendsAndEnds)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    ASSERT_EQ(phone.buy("pkg_1h", 5'000).status, 201);
    const auto extended = phone.post(
        "/api/v1/sessions/current/extend", R"({"package_id":"pkg_3h","quoted_price":12000})",
        "extend-1");
    ASSERT_EQ(extended.status, 201) << extended.body;
    EXPECT_EQ(body_of(extended).at("kind").as_string(), "extension");
    const auto current = body_of(phone.get("/api/v1/sessions/current")).at("session").as_object();
    EXPECT_GT(current.at("seconds_left").as_int64(), 3 * 3600);

    const std::string path =
        "/api/v1/sessions/" + std::string{current.at("id").as_string()} + "/end";
    const auto ended = phone.post(path, "", "end-key-1");
    ASSERT_EQ(ended.status, 200) << ended.body;
    EXPECT_EQ(body_of(ended).at("reason").as_string(), "USER_LOGOUT");
    EXPECT_EQ(phone.post(path, "", "end-key-1").body, ended.body) << "the first answer again";
    EXPECT_TRUE(world.access.online.empty());
    // Shown for a while, with its end.
    const auto after = body_of(phone.get("/api/v1/sessions/current"));
    EXPECT_EQ(after.at("session").at("state").as_string(), "terminated");
    EXPECT_EQ(
        code_of(phone.post(
            "/api/v1/sessions/current/extend", R"({"package_id":"pkg_3h","quoted_price":12000})",
            "extend-2")),
        "SESSION_EXPIRED");
}

bool is_shown_online(Phone& phone)
{
    const auto list = body_of(phone.get("/api/v1/devices")).at("devices").as_array();
    return list.size() == 1 && list[0].at("online").as_bool();
}

TEST(Session, IsOnlineAsSoonAsTheRouterHasShownItsDevice)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    ASSERT_EQ(phone.buy("pkg_1h", 5'000).status, 201);
    // Its Accounting-Start is on the way.
    EXPECT_TRUE(is_shown_online(phone));
    EXPECT_FALSE(
        body_of(world.get("/captive-portal/api?v=" + phone.token)).at("captive").as_bool());
    const auto extended = phone.post(
        "/api/v1/sessions/current/extend", R"({"package_id":"pkg_3h","quoted_price":12000})",
        "extend-3");
    ASSERT_EQ(extended.status, 201) << extended.body;
    world.settle();
    EXPECT_EQ(world.access.changed.size(), 1U) << "the router has its old end";
}

TEST(Session, OfADeviceThatTheRouterHasLostIsExtendedAllTheSame)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    ASSERT_EQ(phone.buy("pkg_1h", 5'000).status, 201);
    world.report_start(phone_mac, phone_ip);
    EXPECT_TRUE(is_shown_online(phone));
    world.access.online.clear(); // and its Stop gets lost
    const auto extended = phone.post(
        "/api/v1/sessions/current/extend", R"({"package_id":"pkg_3h","quoted_price":12000})",
        "extend-4");
    ASSERT_EQ(extended.status, 201) << extended.body;
    world.settle();
    EXPECT_TRUE(world.access.changed.empty());
    EXPECT_FALSE(is_shown_online(phone));
    const auto session = world.run(world.store->open_session_of_device(
        domain::LocationId::trusted("q7"), *MacAddress::parse(phone_mac)));
    ASSERT_TRUE(session && *session);
    const auto id = workflows::job_id(ports::JobKind::apply_change, (*session)->id.value());
    const auto left = world.run(world.store->load_job(id));
    ASSERT_TRUE(left);
    EXPECT_FALSE(*left) << "nothing is left to tell the router";
}

TEST(Session, IsEndedByItsSignedInCustomerOnly)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto bought = body_of(phone.buy("pkg_1h", 5'000));
    const std::string path =
        "/api/v1/sessions/" + std::string{bought.at("session").at("id").as_string()} + "/end";
    world.report_start(phone_mac, phone_ip);
    // Both addresses stand in the redirect's query: whoever knows them can type them.
    Phone forged{world, phone_mac, phone_ip};
    forged.arrive();
    forged.get("/api/v1/portal");
    EXPECT_EQ(code_of(forged.post(path, "", "forged-1")), "NOT_SIGNED_IN");
    Phone stranger{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    stranger.sign_in("lan");
    EXPECT_EQ(code_of(stranger.post(path, "", "stranger-1")), "NOT_FOUND");
    EXPECT_EQ(world.access.online.size(), 1U);

    EXPECT_EQ(phone.post(path, "", "genuine-1").status, 200);
    EXPECT_TRUE(world.access.online.empty());
}

TEST(Session, MovesToAnotherDeviceOfTheCustomer)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto bought = body_of(phone.buy("pkg_3h", 12'000));
    const std::string id{bought.at("session").at("id").as_string()};
    Phone tablet{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    tablet.sign_in();
    const auto portal = body_of(tablet.get("/api/v1/portal"));
    EXPECT_TRUE(portal.at("active_session").is_null());
    ASSERT_EQ(portal.at("other_sessions").as_array().size(), 1U);
    EXPECT_TRUE(portal.at("other_sessions").as_array()[0].at("can_resume").as_bool());
    const auto resumed = tablet.post("/api/v1/sessions/" + id + "/resume", "", "resume-1");
    ASSERT_EQ(resumed.status, 200) << resumed.body;
    EXPECT_TRUE(body_of(resumed).at("login_form").is_null());
    ASSERT_EQ(world.access.online.size(), 1U) << "the old device went first";
    EXPECT_EQ(to_string(world.access.online.begin()->first), "A4:5E:60:11:22:10");
}

TEST(Devices, AreListedLimitedAndDisconnected)
{
    World world;
    Phone first{world, phone_mac, phone_ip};
    first.sign_in();
    const auto bought = body_of(first.buy("pkg_two", 15'000));
    const std::string resume =
        "/api/v1/sessions/" + std::string{bought.at("session").at("id").as_string()} + "/resume";
    Phone second{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    second.sign_in();
    ASSERT_EQ(second.post(resume, "", "resume-2").status, 200);
    Phone third{world, "A4:5E:60:11:22:11", "192.168.20.17"};
    third.sign_in();
    const auto full = third.post(resume, "", "resume-3");
    EXPECT_EQ(code_of(full), "MAX_DEVICES_REACHED");
    const auto problem = body_of(full);
    EXPECT_EQ(problem.at("device_limit").as_int64(), 2);
    ASSERT_EQ(problem.at("devices").as_array().size(), 2U);

    const auto list = body_of(first.get("/api/v1/devices"));
    EXPECT_EQ(list.at("device_limit").as_int64(), 2);
    std::string other;
    for (const auto& device : list.at("devices").as_array())
        if (!device.at("is_this_device").as_bool())
            other = std::string{device.at("id").as_string()};
    EXPECT_EQ(
        code_of(first.post("/api/v1/devices/dev_unknown/disconnect", "", "disc-key-0")),
        "NOT_FOUND");
    const auto after = first.post("/api/v1/devices/" + other + "/disconnect", "", "disc-key-1");
    ASSERT_EQ(after.status, 200) << after.body;
    EXPECT_EQ(world.access.online.size(), 1U);
    EXPECT_EQ(third.post(resume, "", "resume-4").status, 200) << "there is a place again";
}

} // namespace
} // namespace iwas::api::testing
