// Who a request comes from: links to a stranger's visit, and devices that claim to be others.
#include "tests/api/api_world.hpp"

#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

constexpr auto mallorys_mac = "02:00:00:00:66:66";
constexpr auto mallorys_ip = "192.168.20.66";

bool is_signed_in(Phone& phone)
{
    const auto response = phone.get("/api/v1/portal");
    return response.status == 200 && !body_of(response).at("account").is_null();
}

TEST(Identity, ASignInDoesNotSignTheVisitBeforeItIn)
{
    World world;
    Phone mallory{world, mallorys_mac, mallorys_ip};
    mallory.arrive();
    // The link to Mallory's visit, sent to or printed for somebody who signs in there.
    Phone victim{world, phone_mac, phone_ip};
    victim.token = mallory.token;
    victim.sign_in();
    EXPECT_TRUE(is_signed_in(victim));
    EXPECT_NE(victim.token, mallory.token);

    EXPECT_FALSE(is_signed_in(mallory));
    EXPECT_EQ(code_of(mallory.buy("pkg_3h", 12'000)), "NOT_SIGNED_IN");
    EXPECT_EQ(world.pc_system.charges, 0);
}

TEST(Identity, ASecondSignInEndsTheFirst)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    Phone before = phone;
    const auto again = phone.post("/api/v1/sign-in", R"({"username":"lan","password":"secret"})");
    ASSERT_EQ(again.status, 200) << again.body;
    EXPECT_TRUE(is_signed_in(phone));
    EXPECT_FALSE(is_signed_in(before));
}

TEST(Identity, ALinkDoesNotCarryTheCustomerIntoAStrangersVisit)
{
    World world;
    Phone victim{world, phone_mac, phone_ip};
    victim.sign_in();
    Phone mallory{world, mallorys_mac, mallorys_ip};
    mallory.arrive();

    Phone on_the_link = victim;
    on_the_link.session_cookie = victim.token;
    on_the_link.token = mallory.token;
    EXPECT_FALSE(is_signed_in(on_the_link)) << "the visit is another device's";
    on_the_link.device_cookie = victim.token;
    EXPECT_FALSE(is_signed_in(on_the_link));

    // Also where the stranger claims the customer's own address.
    Phone liar{world, phone_mac, phone_ip};
    liar.arrive();
    on_the_link.token = liar.token;
    EXPECT_FALSE(is_signed_in(on_the_link)) << "the browser arrived in another visit";
    on_the_link.device_cookie = liar.token;
    EXPECT_TRUE(is_signed_in(on_the_link)) << "the browser's own new arrival";
}

TEST(Identity, ABrowserThatArrivedForOneDeviceChangesNothingForAnother)
{
    World world;
    Phone mallory{world, mallorys_mac, mallorys_ip};
    mallory.arrive();
    Phone victim{world, phone_mac, phone_ip};
    victim.arrive();
    victim.device_cookie = victim.token;
    victim.token = mallory.token;
    ASSERT_EQ(victim.get("/api/v1/portal").status, 200);
    EXPECT_EQ(code_of(victim.post("/api/v1/sign-in", minhs_credentials)), "VISIT_UNKNOWN");
    EXPECT_EQ(world.pc_system.charges, 0);
}

TEST(Identity, AnAddressOfTheGuestNetworkIsTheVisitsOwn)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.peer = phone_ip;
    phone.sign_in();
    EXPECT_TRUE(is_signed_in(phone));
    phone.peer = mallorys_ip;
    EXPECT_EQ(code_of(phone.get("/api/v1/portal")), "VISIT_UNKNOWN");
    EXPECT_EQ(code_of(phone.buy("pkg_3h", 12'000)), "VISIT_UNKNOWN");
    EXPECT_EQ(world.pc_system.charges, 0);

    // Addresses that many devices share prove nothing: the router's, a tunnel's, the internet's.
    for (const char* shared : {"192.168.20.1", "10.10.0.2", "203.0.113.7", "127.0.0.1", "::1"}) {
        phone.peer = shared;
        EXPECT_TRUE(is_signed_in(phone)) << shared;
    }
}

TEST(Identity, ASignInOnAStrangersLinkIsRefusedInTheGuestNetwork)
{
    World world;
    Phone mallory{world, mallorys_mac, mallorys_ip};
    mallory.peer = mallorys_ip;
    mallory.arrive();
    mallory.get("/api/v1/portal");
    Phone victim = mallory;
    victim.peer = phone_ip;
    EXPECT_EQ(code_of(victim.post("/api/v1/sign-in", minhs_credentials)), "VISIT_UNKNOWN");
}

} // namespace
} // namespace iwas::api::testing
