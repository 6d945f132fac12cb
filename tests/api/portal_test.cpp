// The customer's way through the API: arrive, sign in, buy, look, end.
#include "tests/api/api_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Arrive, BeginsAVisitAndSendsToThePortal)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    const auto response = phone.arrive();
    EXPECT_EQ(response.status, 302);
    EXPECT_THAT(std::string{response.headers.value("Location")}, StartsWith("/?v="));
    const std::string cookie{response.headers.value("Set-Cookie")};
    EXPECT_THAT(cookie, HasSubstr("iwas_device=" + phone.token));
    EXPECT_THAT(cookie, HasSubstr("HttpOnly"));
    EXPECT_THAT(cookie, HasSubstr("SameSite=Lax"));
    const auto id = world.tokens.visit_of(phone.token);
    ASSERT_TRUE(id);
    const auto visit = world.run(world.store->load_visit(*id)).value();
    ASSERT_TRUE(visit);
    EXPECT_EQ(to_string(visit->mac), phone_mac);
    EXPECT_EQ(visit->location.text(), "q7");
    EXPECT_EQ(visit->login_url, "http://192.168.20.1/login");
    EXPECT_EQ(visit->return_url, "http://example.com/");
}

TEST(Arrive, BelievesNothingThatDoesNotFit)
{
    World world;
    const std::string good = "/p?n=Galaxy-Q7&mac=A4-5E-60-11-22-0F&ip=192.168.20.15";
    EXPECT_EQ(world.get(good).status, 302);
    EXPECT_EQ(world.get("/p?n=Other&mac=A4-5E-60-11-22-0F&ip=192.168.20.15").status, 400);
    EXPECT_EQ(world.get("/p?n=Galaxy-Q7&mac=nonsense&ip=192.168.20.15").status, 400);
    EXPECT_EQ(world.get("/p?n=Galaxy-Q7&mac=A4-5E-60-11-22-0F&ip=10.0.0.1").status, 400);
    EXPECT_EQ(code_of(world.get("/p")), "VISIT_UNKNOWN");

    // A login form elsewhere is dropped, or the portal would post credentials to it.
    for (const std::string evil :
         {"http%3A%2F%2Fevil.example%2Flogin", "http%3A%2F%2F192.168.20.1%40evil.example%2F",
          "javascript%3Aalert(1)", "http%3A%2F%2F192.168.20.1.evil.example%2Flogin"}) {
        const auto response = world.get(good + "&lo=" + evil);
        const std::string token{response.headers.value("Location").substr(4)};
        const auto visit =
            world.run(world.store->load_visit(world.tokens.visit_of(token).value())).value();
        ASSERT_TRUE(visit);
        EXPECT_EQ(visit->login_url, "") << evil;
    }
    http::Headers browser;
    browser.set("Accept", "text/html");
    const auto page = world.get("/p?n=Other", browser);
    EXPECT_EQ(page.status, 400);
    EXPECT_THAT(std::string{page.headers.value("Content-Type")}, StartsWith("text/html"));
}

TEST(Portal, ShowsANewcomerEverythingInOneAnswer)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.arrive();
    const auto response = phone.get("/api/v1/portal");
    ASSERT_EQ(response.status, 200) << response.body;
    const auto body = body_of(response);
    EXPECT_EQ(body.at("location").at("name").as_string(), "Quận 7");
    EXPECT_EQ(body.at("location").at("brand").as_string(), "Galaxy Gaming");
    EXPECT_EQ(body.at("device").at("mac_masked").as_string(), "A4:5E:••:••:••:0F");
    EXPECT_FALSE(body.at("device").at("known").as_bool());
    EXPECT_EQ(body.at("visit_token").as_string(), phone.token);
    for (const char* member :
         {"account", "returning_customer", "balance", "active_session", "open_purchase"})
        EXPECT_TRUE(body.at(member).is_null()) << member;
    EXPECT_TRUE(body.at("other_sessions").as_array().empty());
    EXPECT_THAT(response.body, Not(HasSubstr("A4:5E:60")));
}

TEST(Portal, NeedsAGenuineVisit)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.arrive();
    phone.token.back() = phone.token.back() == 'A' ? 'B' : 'A';
    EXPECT_EQ(code_of(phone.get("/api/v1/portal")), "VISIT_UNKNOWN");
    phone.token = "";
    EXPECT_EQ(code_of(phone.get("/api/v1/portal")), "VISIT_UNKNOWN");
    // A visit that was signed but is not stored.
    phone.token =
        world.tokens.visit_token(world.random.make_id<domain::VisitId>(world.clock.utc_now()));
    EXPECT_EQ(code_of(phone.get("/api/v1/portal")), "VISIT_UNKNOWN");
}

TEST(SignIn, BeginsAVisitOfTheCustomerAndGivesItsCookies)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.arrive();
    phone.get("/api/v1/portal");
    const auto response =
        phone.post("/api/v1/sign-in", R"({"username":"minh","password":"secret"})");
    ASSERT_EQ(response.status, 200) << response.body;
    const auto body = body_of(response);
    EXPECT_EQ(body.at("account").at("username").as_string(), "minh");
    EXPECT_EQ(body.at("balance").at("amount").as_int64(), 50'000);
    std::string cookies;
    for (const auto& [name, value] : response.headers.all())
        if (name == "Set-Cookie") cookies += value + "\n";
    EXPECT_THAT(cookies, HasSubstr("iwas_session=" + phone.token));
    EXPECT_THAT(cookies, HasSubstr("iwas_device=" + phone.token));
    const auto portal = body_of(phone.get("/api/v1/portal"));
    EXPECT_EQ(portal.at("account").at("display_name").as_string(), "Anh minh");
}

TEST(SignIn, NeedsTheCsrfTokenAndAWholeBody)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.arrive();
    const std::string body = R"({"username":"minh","password":"secret"})";
    EXPECT_EQ(code_of(phone.post("/api/v1/sign-in", body)), "CSRF_FAILED");
    phone.get("/api/v1/portal");
    EXPECT_EQ(code_of(phone.post("/api/v1/sign-in", "{")), "VALIDATION_FAILED");
    EXPECT_EQ(
        code_of(phone.post("/api/v1/sign-in", R"({"username":"minh"})")), "VALIDATION_FAILED");
    const auto empty = phone.post("/api/v1/sign-in", R"({"username":"","password":"x"})");
    EXPECT_EQ(body_of(empty).at("field").as_string(), "username");
    // Another visit's token is no proof.
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.arrive();
    other.get("/api/v1/portal");
    phone.csrf = other.csrf;
    EXPECT_EQ(code_of(phone.post("/api/v1/sign-in", body)), "CSRF_FAILED");
}

TEST(SignIn, TellsEveryFailureApart)
{
    World world;
    world.pc_system.members["bad"] = {"secret", Money{0}, true};
    Phone phone{world, phone_mac, phone_ip};
    phone.arrive();
    phone.get("/api/v1/portal");
    const auto suspended =
        phone.post("/api/v1/sign-in", R"({"username":"bad","password":"secret"})");
    EXPECT_EQ(suspended.status, 403);
    EXPECT_EQ(code_of(suspended), "ACCOUNT_SUSPENDED");
    world.pc_system.is_down = true;
    const auto down = phone.post("/api/v1/sign-in", R"({"username":"minh","password":"secret"})");
    EXPECT_EQ(down.status, 503);
    EXPECT_EQ(code_of(down), "PC_SYSTEM_UNAVAILABLE");
    world.pc_system.is_down = false;
    const std::string wrong = R"({"username":"minh","password":"guess"})";
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(code_of(phone.post("/api/v1/sign-in", wrong)), "INVALID_CREDENTIALS");
    const auto limited = phone.post("/api/v1/sign-in", wrong);
    EXPECT_EQ(limited.status, 429);
    EXPECT_GT(body_of(limited).at("retry_after_seconds").as_int64(), 0);
    EXPECT_TRUE(limited.headers.has("Retry-After"));
}

TEST(SignIn, TheCookieIsEnoughInANewVisit)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const std::string cookie = phone.token;
    phone.arrive(); // the router sent the browser once more
    EXPECT_TRUE(body_of(phone.get("/api/v1/portal")).at("account").is_null());
    phone.session_cookie = cookie;
    const auto portal = body_of(phone.get("/api/v1/portal"));
    EXPECT_EQ(portal.at("account").at("username").as_string(), "minh");
    EXPECT_EQ(portal.at("returning_customer").at("display_name").as_string(), "Anh minh");

    ASSERT_EQ(phone.post("/api/v1/sign-out", "").status, 204);
    EXPECT_TRUE(body_of(phone.get("/api/v1/portal")).at("account").is_null())
        << "the older visit is signed out as well";
}

TEST(Packages, ShowsWhatIsOnSaleInOrder)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.arrive();
    const auto body = body_of(phone.get("/api/v1/packages"));
    const auto& packages = body.at("packages").as_array();
    ASSERT_EQ(packages.size(), 3U);
    EXPECT_EQ(packages[0].at("id").as_string(), "pkg_1h");
    EXPECT_EQ(packages[1].at("price").as_int64(), 12'000);
    EXPECT_TRUE(packages[1].at("recommended").as_bool());
    EXPECT_TRUE(packages[1].at("available").as_bool());
    EXPECT_EQ(packages[1].at("rate").at("down_mbps").to_number<int>(), 20);
    EXPECT_EQ(packages[1].at("duration_seconds").as_int64(), 10'800);
}

TEST(Packages, SayWhyOneCannotBeBought)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto code_of_package = [&](Phone& who, std::size_t index) {
        const auto body = body_of(who.get("/api/v1/packages"));
        const auto& package = body.at("packages").as_array().at(index);
        const auto& code = package.at("unavailable_code");
        EXPECT_EQ(package.at("available").as_bool(), code.is_null());
        return code.is_null() ? std::string{} : std::string{code.as_string()};
    };
    EXPECT_EQ(code_of_package(phone, 0), "");
    ASSERT_EQ(phone.buy("pkg_1h", 5'000).status, 201);
    EXPECT_EQ(code_of_package(phone, 0), "PURCHASE_LIMIT_REACHED");
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.sign_in("lan");
    EXPECT_EQ(code_of_package(other, 0), "") << "the limit is the account's";
    ASSERT_EQ(other.buy("pkg_two", 15'000).status, 201);
    Occupancy fresh{*world.store, world.clock};
    const auto counts =
        world.run(fresh.at(world.catalog.current(), domain::LocationId::trusted("q7")));
    EXPECT_EQ(counts.at(domain::PackageId::trusted("pkg_two")), 1);
    Phone third{world, "A4:5E:60:11:22:11", "192.168.20.17"};
    third.sign_in();
    EXPECT_EQ(code_of(third.buy("pkg_two", 15'000)), "PACKAGE_AT_CAPACITY");
    EXPECT_EQ(code_of(third.buy("pkg_1h", 5'000)), "PURCHASE_LIMIT_REACHED");
}

TEST(Account, BalanceAndHistoryNeedASignIn)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.arrive();
    EXPECT_EQ(code_of(phone.get("/api/v1/balance")), "NOT_SIGNED_IN");
    EXPECT_EQ(code_of(phone.get("/api/v1/history")), "NOT_SIGNED_IN");
    phone.sign_in();
    EXPECT_FALSE(body_of(phone.get("/api/v1/balance")).at("stale").as_bool());
    world.pc_system.is_down = true;
    const auto stale = body_of(phone.get("/api/v1/balance"));
    EXPECT_EQ(stale.at("amount").as_int64(), 50'000);
    EXPECT_TRUE(stale.at("stale").as_bool());
    EXPECT_TRUE(body_of(phone.get("/api/v1/history")).at("transactions").as_array().empty());
}

} // namespace
} // namespace iwas::api::testing
