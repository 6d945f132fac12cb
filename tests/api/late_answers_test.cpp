// Nobody is held longer than promised, and nobody loses an answer by that.
#include "tests/api/api_world.hpp"

#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

http::Response late_sign_in(World& world, Phone& phone)
{
    world.services.settings.sign_in_within = 50ms;
    world.services.settings.answer_within = 200ms;
    world.pc_system.verify_takes = 400ms;
    phone.arrive();
    phone.get("/api/v1/portal");
    const auto began = std::chrono::steady_clock::now();
    http::Response response = phone.post("/api/v1/sign-in", minhs_credentials);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 350ms);
    EXPECT_EQ(response.status, 202) << response.body;
    return response;
}

TEST(LateAnswers, ASlowSignInIsAnsweredLater)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    const std::string where{late_sign_in(world, phone).headers.value("Location")};
    ASSERT_TRUE(where.starts_with("/api/v1/answers/"));
    http::Response answer = phone.get(where);
    for (int tries = 0; tries < 20 && answer.status == 202; ++tries)
        answer = phone.get(where);
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_FALSE(answer.headers.value("Set-Cookie").empty());
    EXPECT_EQ(body_of(answer).at("account").at("username").as_string(), "minh");
    // An answer that got lost on its way is there once more.
    EXPECT_EQ(phone.get(where).body, answer.body);
    phone.token = std::string{body_of(answer).at("visit_token").as_string()};
    EXPECT_FALSE(body_of(phone.get("/api/v1/portal")).at("account").is_null());
}

TEST(LateAnswers, AreForTheirVisitOnly)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    const std::string where{late_sign_in(world, phone).headers.value("Location")};
    Phone mallory{world, "02:00:00:00:66:66", "192.168.20.66"};
    mallory.arrive();
    EXPECT_EQ(code_of(mallory.get(where)), "NOT_FOUND");
    EXPECT_EQ(code_of(mallory.get("/api/v1/answers/nonsense")), "NOT_FOUND");
}

TEST(LateAnswers, AFailureComesLateAsWell)
{
    World world;
    world.pc_system.members["minh"].password = "another";
    Phone phone{world, phone_mac, phone_ip};
    const std::string where{late_sign_in(world, phone).headers.value("Location")};
    http::Response answer = phone.get(where);
    for (int tries = 0; tries < 20 && answer.status == 202; ++tries)
        answer = phone.get(where);
    EXPECT_EQ(code_of(answer), "INVALID_CREDENTIALS");
}

TEST(LateAnswers, WhatIsInTimeIsNotKept)
{
    World world;
    Phone phone{world, phone_mac, phone_ip};
    phone.sign_in();
    EXPECT_EQ(world.late_answers.kept(), 0U);
}

} // namespace
} // namespace iwas::api::testing
