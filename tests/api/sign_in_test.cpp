// How often a sign-in may be tried: whoever lies about his device and address is counted as well.
#include "api/peer_source.hpp"
#include "tests/api/api_world.hpp"

#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

using workflows::LogInError;

/// Tries at the workflow, each in a visit of its own with a device that nobody saw before.
class SignInLimits : public ::testing::Test {
protected:
    domain::Visit visit_of(unsigned device)
    {
        const auto octet = static_cast<std::uint8_t>(device);
        domain::Visit visit;
        visit.location = domain::LocationId::trusted("q7");
        visit.router = domain::RouterId::trusted("r1");
        visit.mac = MacAddress{{2, 0, 0, 0, 1, octet}};
        visit.ip = Ipv4Address::parse("192.168.20." + std::to_string(device % 250 + 1));
        visit.created_at = world.clock.utc_now();
        visit.id = world.random.make_id<domain::VisitId>(visit.created_at);
        return visit;
    }
    /// The error, or nothing when he is signed in.
    std::optional<LogInError> attempt(
        workflows::LogIn& log_in, const std::string& name, const std::string& password,
        std::string peer = "203.0.113.9")
    {
        workflows::LogInRequest request{
            .visit = visit_of(++devices),
            .user_name = name,
            .password = SecretText{password},
            .peer_address = std::move(peer)};
        const auto answer = world.run(log_in.run(std::move(request)));
        if (answer) return std::nullopt;
        return answer.error().error;
    }

    World world;
    unsigned devices = 0;
};

TEST_F(SignInLimits, AnAccountIsOneHoweverItsNameIsSpelled)
{
    workflows::LogIn log_in{world.outside};
    EXPECT_EQ(attempt(log_in, "minh", "1"), LogInError::invalid_credentials);
    EXPECT_EQ(attempt(log_in, "MINH\u00A0", "2"), LogInError::invalid_credentials);
    EXPECT_EQ(
        attempt(log_in, "\u3000\uFF2D\uFF29\uFF2E\uFF28", "3"), LogInError::invalid_credentials);
    for (const char* name : {"minh", " Minh", "minh\t", "m\u00ADinh", "\u200Bminh"})
        EXPECT_EQ(attempt(log_in, name, "secret"), LogInError::rate_limited) << name;
    EXPECT_EQ(attempt(log_in, "lan", "secret"), std::nullopt);
}

TEST_F(SignInLimits, InventedDevicesShareTheirConnectionsLimit)
{
    workflows::LogIn log_in{world.outside, {.peer_tries_max = 5}};
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(
            attempt(log_in, "name " + std::to_string(i), "x"), LogInError::invalid_credentials);
    EXPECT_EQ(attempt(log_in, "minh", "secret"), LogInError::rate_limited);
    EXPECT_EQ(attempt(log_in, "minh", "secret", "203.0.113.10"), std::nullopt);
}

TEST_F(SignInLimits, WhoSignsInUsesUpNothingOfHisBranch)
{
    workflows::LogIn log_in{world.outside, {.peer_tries_max = 2}};
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(attempt(log_in, i % 2 == 0 ? "minh" : "lan", "secret"), std::nullopt);
    world.pc_system.is_down = true;
    for (int i = 0; i < 6; ++i)
        EXPECT_EQ(attempt(log_in, "minh", "secret"), LogInError::pc_system_unavailable);
}

TEST_F(SignInLimits, AConnectionFromTheGuestNetworkIsTheDeviceItself)
{
    workflows::LogIn log_in{world.outside};
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(
            attempt(log_in, "name " + std::to_string(i), "x", "192.168.20.200"),
            LogInError::invalid_credentials);
    EXPECT_EQ(attempt(log_in, "minh", "secret", "192.168.20.200"), LogInError::rate_limited);
    EXPECT_EQ(attempt(log_in, "minh", "secret", "192.168.20.201"), std::nullopt);
}

TEST_F(SignInLimits, AFloodOfNamesAndDevicesFreesNoAccount)
{
    workflows::LogIn log_in{world.outside, {.peer_tries_max = 1000, .counters_max = 8}};
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(attempt(log_in, "minh", "x"), LogInError::invalid_credentials);
    int asked = 0;
    for (int i = 0; i < 40; ++i)
        asked += attempt(log_in, "a" + std::to_string(i), "x") == LogInError::invalid_credentials;
    EXPECT_EQ(asked, 7) << "as many names as there are places beside minh's";
    EXPECT_EQ(attempt(log_in, "minh", "secret"), LogInError::rate_limited);
}

TEST_F(SignInLimits, ThePortalCountsTheConnection)
{
    const auto wrong = R"({"username":"nobody)" + std::string{"%"} + R"(","password":"x"})";
    int refused = 0;
    std::string last;
    for (unsigned i = 0; i <= 60; ++i) {
        Phone phone{world, to_string(visit_of(i).mac), to_string(*visit_of(i).ip)};
        phone.arrive();
        phone.get("/api/v1/portal");
        std::string body = wrong;
        body.replace(body.find('%'), 1, std::to_string(i));
        last = code_of(phone.post("/api/v1/sign-in", body));
        refused += last == "INVALID_CREDENTIALS" ? 1 : 0;
    }
    EXPECT_EQ(refused, 60);
    EXPECT_EQ(last, "RATE_LIMITED");
}

TEST_F(SignInLimits, ANameWithAControlCharacterIsNone)
{
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.arrive();
    phone.get("/api/v1/portal");
    for (const char* name : {R"(minh\t)", R"(mi\nnh)", R"(minh\u0000)", R"(\u0085minh)"}) {
        const auto answer = phone.post(
            "/api/v1/sign-in", R"({"username":")" + std::string{name} + R"(","password":"x"})");
        EXPECT_EQ(code_of(answer), "VALIDATION_FAILED") << name;
        EXPECT_EQ(body_of(answer).at("field").as_string(), "username");
    }
}

TEST(PeerSource, IsTheNetworkThatOneHostMayUse)
{
    EXPECT_EQ(peer_source("203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(peer_source("::ffff:203.0.113.9"), "203.0.113.9");
    EXPECT_EQ(peer_source("2001:db8:1:2:aaaa::1"), "2001:db8:1:2::/64");
    EXPECT_EQ(peer_source("2001:db8:1:2:bbbb::2"), "2001:db8:1:2::/64");
    EXPECT_EQ(peer_source("nonsense"), "nonsense");
}

} // namespace
} // namespace iwas::api::testing
