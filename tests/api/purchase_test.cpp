// Buying, until the device is online or the money is back.
#include "adapters/http/event_stream.hpp"
#include "tests/api/api_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <unistd.h>

namespace iwas::api::testing {
namespace {

using ::testing::HasSubstr;

TEST(Purchase, AnswersOnline)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto response = phone.buy("pkg_3h", 12'000);
    ASSERT_EQ(response.status, 201) << response.body;
    const auto body = body_of(response);
    EXPECT_EQ(body.at("state").as_string(), "online");
    EXPECT_EQ(body.at("kind").as_string(), "new");
    EXPECT_EQ(body.at("session").at("state").as_string(), "active");
    EXPECT_EQ(body.at("transaction").at("state").as_string(), "success");
    EXPECT_TRUE(body.at("error").is_null());
    EXPECT_EQ(world.pc_system.members["minh"].balance, Money{38'000});
    EXPECT_EQ(world.access.online.size(), 1U);

    const auto portal = body_of(phone.get("/api/v1/portal"));
    EXPECT_EQ(portal.at("active_session").at("package_name").as_string(), "Three hours");
    EXPECT_TRUE(portal.at("active_session").at("can_extend").as_bool());
    EXPECT_TRUE(portal.at("open_purchase").is_null());
    const std::string id{body.at("id").as_string()};
    EXPECT_EQ(body_of(phone.get("/api/v1/purchases/" + id)).at("state").as_string(), "online");
    const auto history = body_of(phone.get("/api/v1/history"));
    EXPECT_EQ(history.at("transactions").as_array().at(0).at("amount").as_int64(), 12'000);
}

TEST(Purchase, TheSameKeyBuysOnce)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto first = phone.buy("pkg_3h", 12'000, "one-and-the-same");
    const auto second = phone.buy("pkg_3h", 12'000, "one-and-the-same");
    ASSERT_EQ(first.status, 201) << first.body;
    ASSERT_EQ(second.status, 201) << second.body;
    EXPECT_EQ(body_of(first).at("id"), body_of(second).at("id"));
    EXPECT_EQ(world.pc_system.charges, 1);
    const auto other = phone.buy("pkg_1h", 5'000, "one-and-the-same");
    EXPECT_EQ(code_of(other), "IDEMPOTENCY_CONFLICT") << other.body;
    EXPECT_EQ(code_of(phone.post("/api/v1/purchases", "{}", "")), "VALIDATION_FAILED");
}

TEST(Purchase, IsRefusedBeforeAnyMoneyMoves)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto price = phone.buy("pkg_3h", 10'000);
    EXPECT_EQ(price.status, 409);
    EXPECT_EQ(code_of(price), "PRICE_CHANGED");
    EXPECT_EQ(body_of(price).at("current_price").as_int64(), 12'000);
    EXPECT_EQ(body_of(price).at("action").as_string(), "accept_new_price");
    EXPECT_EQ(code_of(phone.buy("pkg_9h", 10'000)), "PACKAGE_NOT_AVAILABLE");
    EXPECT_EQ(code_of(phone.buy("Not A Key", 10'000)), "PACKAGE_NOT_AVAILABLE");
    ASSERT_EQ(phone.buy("pkg_3h", 12'000).status, 201);
    EXPECT_EQ(code_of(phone.buy("pkg_3h", 12'000)), "DEVICE_ALREADY_ACTIVE");
    EXPECT_EQ(world.pc_system.charges, 1);
}

TEST(Purchase, TellsWhatIsMissing)
{
    World world;
    world.pc_system.members["minh"].balance = Money{4'000};
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    phone.language = "vi";
    const auto response = phone.buy("pkg_3h", 12'000);
    EXPECT_EQ(response.status, 402) << response.body;
    const auto body = body_of(response);
    EXPECT_EQ(body.at("code").as_string(), "INSUFFICIENT_BALANCE");
    EXPECT_EQ(body.at("needed").as_int64(), 12'000);
    EXPECT_EQ(body.at("available").as_int64(), 4'000);
    EXPECT_EQ(body.at("title").as_string(), "Số dư không đủ");
    EXPECT_THAT(std::string{body.at("detail").as_string()}, HasSubstr("12.000"));
    EXPECT_EQ(body.at("purchase_state").as_string(), "declined");
    EXPECT_TRUE(world.access.online.empty());
    // The page that comes back is told of it.
    const auto portal = body_of(phone.get("/api/v1/portal"));
    EXPECT_EQ(portal.at("open_purchase").at("state").as_string(), "declined");
}

TEST(Purchase, GivesTheMoneyBackWhenTheRouterRefuses)
{
    World world;
    world.access.refuses = ports::GrantError::refused;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto response = phone.buy("pkg_3h", 12'000);
    EXPECT_EQ(response.status, 502) << response.body;
    EXPECT_EQ(code_of(response), "ACTIVATION_FAILED");
    EXPECT_EQ(world.pc_system.members["minh"].balance, Money{50'000});
    EXPECT_EQ(world.pc_system.refunds, 1);
}

TEST(Purchase, IsNeverHeldLongerThanPromised)
{
    World world;
    world.services.settings.answer_within = 300ms;
    world.pc_system.charges_hang = true;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto began = std::chrono::steady_clock::now();
    const auto response = phone.buy("pkg_3h", 12'000);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 1500ms);
    ASSERT_EQ(response.status, 202) << response.body;
    const auto body = body_of(response);
    EXPECT_EQ(body.at("state").as_string(), "paying");
    const std::string location{response.headers.value("Location")};
    EXPECT_EQ(location, "/api/v1/purchases/" + std::string{body.at("id").as_string()});
    // Closing the window loses nothing: the next page shows the same purchase.
    const auto portal = body_of(phone.get("/api/v1/portal"));
    EXPECT_EQ(portal.at("open_purchase").at("id"), body.at("id"));
}

TEST(Purchase, HandsTheBrowserTheRoutersForm)
{
    World world;
    world.access.wants_the_browser = true;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto response = phone.buy("pkg_3h", 12'000);
    ASSERT_EQ(response.status, 202) << response.body;
    const auto body = body_of(response);
    EXPECT_EQ(body.at("state").as_string(), "activating");
    const auto& form = body.at("login_form").as_object();
    EXPECT_EQ(form.at("url").as_string(), "http://192.168.20.1/login");
    EXPECT_EQ(form.at("method").as_string(), "POST");
    EXPECT_EQ(
        form.at("fields").at("dst").as_string(), "http://portal.test/online.html?v=" + phone.token);
}

TEST(Purchase, ThatWaitsForTheRouterIsFoundAgain)
{
    World world;
    world.services.settings.answer_within = 300ms;
    world.access.form = ports::LoginForm{
        .url = "http://10.5.50.1/login", .method = "POST", .fields = {{"password", "one-time"}}};
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto bought = body_of(phone.buy("pkg_3h", 12'000));
    ASSERT_EQ(bought.at("state").as_string(), "activating");
    EXPECT_FALSE(bought.at("login_form").is_null());
    const auto portal = body_of(phone.get("/api/v1/portal"));
    EXPECT_EQ(portal.at("open_purchase").at("id"), bought.at("id"));
    EXPECT_FALSE(portal.at("open_purchase").at("login_form").is_null());

    // Whoever only claims the device's address sees that there is one, but not the way in.
    Phone forged{world, phone_mac, phone_ip};
    forged.arrive();
    const auto seen = body_of(forged.get("/api/v1/portal"));
    EXPECT_EQ(seen.at("open_purchase").at("state").as_string(), "activating");
    EXPECT_TRUE(seen.at("open_purchase").at("login_form").is_null());
}

TEST(Purchase, LeavesNoNetworkPasswordInTheDatabaseFile)
{
    const std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("iwas_api_" + std::to_string(::getpid()));
    std::filesystem::create_directory(folder);
    const std::string password = "network-password-in-clear";
    {
        World world{"sqlite:" + (folder / "iwas.db").string()};
        world.services.settings.answer_within = 300ms;
        world.access.form = ports::LoginForm{
            .url = "http://10.5.50.1/login", .method = "POST", .fields = {{"password", password}}};
        Phone phone{world, phone_mac, phone_ip};
        phone.sign_in();
        const auto bought = phone.buy("pkg_3h", 12'000, "purchase-1");
        ASSERT_THAT(bought.body, HasSubstr(password)) << "the browser needs it";
        EXPECT_THAT(phone.buy("pkg_3h", 12'000, "purchase-1").body, HasSubstr(password));
        const std::string session{body_of(bought).at("session").at("id").as_string()};
        const std::string resume = "/api/v1/sessions/" + session + "/resume";
        const auto resumed = phone.post(resume, "", "resume-1");
        ASSERT_THAT(resumed.body, HasSubstr(password));
        EXPECT_EQ(phone.post(resume, "", "resume-1").body, resumed.body) << "the first answer";
    }
    int files = 0;
    for (const auto& each : std::filesystem::directory_iterator{folder}) {
        std::ifstream file{each.path(), std::ios::binary};
        const std::string octets{std::istreambuf_iterator<char>{file}, {}};
        EXPECT_EQ(octets.find(password), std::string::npos) << each.path();
        ++files;
    }
    EXPECT_GE(files, 1);
    std::filesystem::remove_all(folder);
}

TEST(Purchase, IsShownToItsCustomerOnly)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto bought = body_of(phone.buy("pkg_3h", 12'000));
    const std::string id{bought.at("id").as_string()};
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.sign_in("lan");
    EXPECT_EQ(code_of(other.get("/api/v1/purchases/" + id)), "NOT_FOUND");
    EXPECT_EQ(code_of(other.get("/api/v1/purchases/" + id + "/events")), "NOT_FOUND");
    EXPECT_EQ(code_of(other.get("/api/v1/purchases/nonsense")), "NOT_FOUND");
    const std::string session{bought.at("session").at("id").as_string()};
    EXPECT_EQ(
        code_of(other.post("/api/v1/sessions/" + session + "/end", "", "end-key-1")), "NOT_FOUND");
    EXPECT_EQ(
        code_of(other.post("/api/v1/sessions/" + session + "/resume", "", "res-key-1")),
        "NOT_FOUND");
    EXPECT_EQ(world.access.online.size(), 1U);
}

TEST(Purchase, EventsEndWithTheFinalState)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto bought = body_of(phone.buy("pkg_3h", 12'000));
    const std::string id{bought.at("id").as_string()};
    const auto response = phone.get("/api/v1/purchases/" + id + "/events");
    ASSERT_TRUE(response.events);
    world.io.restart();
    world.io.run_for(50ms);
    EXPECT_FALSE(response.events->is_open());
    const std::string text = response.events->take();
    EXPECT_THAT(text, HasSubstr("event: purchase\ndata: {"));
    EXPECT_THAT(text, HasSubstr("\"state\":\"online\""));
}

TEST(Purchase, EventsGoOnWhileNothingChanges)
{
    World world;
    world.services.settings.answer_within = 50ms;
    world.services.settings.purchase_push_every = 20ms;
    world.pc_system.charges_hang = true;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    const auto bought = body_of(phone.buy("pkg_3h", 12'000));
    ASSERT_EQ(bought.at("state").as_string(), "paying");
    const std::string path =
        "/api/v1/purchases/" + std::string{bought.at("id").as_string()} + "/events";
    const auto response = phone.get(path);
    ASSERT_TRUE(response.events);
    world.io.restart();
    world.io.run_for(200ms);
    EXPECT_TRUE(response.events->is_open());
    const std::string text = response.events->take();
    std::size_t events = 0;
    for (std::size_t at = text.find("event: purchase"); at != std::string::npos;
         at = text.find("event: purchase", at + 1))
        ++events;
    EXPECT_GE(events, 3U) << "a silent stream would be taken for a broken one";
}

} // namespace
} // namespace iwas::api::testing
