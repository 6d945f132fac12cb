// Keeping ways to pay: the password once more, the agreement at the gateway, order and default,
// and how one is forgotten.
#include "tests/api/wallet_world.hpp"

#include <gmock/gmock.h>

namespace iwas::api::testing {
namespace {

using domain::SavedMethodState;
using ::testing::HasSubstr;

using Wallet = WalletWorld;

TEST_F(Wallet, BeginsWithThePcAccount)
{
    const auto methods = wallet();
    ASSERT_EQ(names(methods), "pc_balance*");
    EXPECT_EQ(methods[0].at("is_usable").as_bool(), true);
    EXPECT_TRUE(methods[0].at("expires_at").is_null());
    EXPECT_EQ(methods[0].at("usage").at("payments").as_int64(), 0);
    ASSERT_EQ(phone.buy("pkg_3h", 12'000).status, 201);
    const auto used = wallet()[0].at("usage");
    EXPECT_EQ(used.at("payments").as_int64(), 1);
    EXPECT_EQ(used.at("total").as_int64(), 12'000);
    EXPECT_TRUE(used.at("last_used_at").is_string());
}

TEST_F(Wallet, SomethingIsAddedOnlyWithThePasswordOnceMore)
{
    EXPECT_EQ(code_of(ask()), "REAUTHENTICATION_REQUIRED");
    EXPECT_EQ(code_of(prove("wrong")), "INVALID_CREDENTIALS");
    EXPECT_EQ(code_of(ask()), "REAUTHENTICATION_REQUIRED");
    EXPECT_EQ(prove().status, 204);
    EXPECT_EQ(ask().status, 201);
    let_the_proof_end();
    EXPECT_EQ(code_of(ask()), "REAUTHENTICATION_REQUIRED");
}

TEST_F(Wallet, WrongPasswordsCountAsTheyDoWhenSigningIn)
{
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(code_of(prove("wrong")), "INVALID_CREDENTIALS");
    EXPECT_EQ(code_of(prove()), "RATE_LIMITED");
    Phone other{world, "A4:5E:60:11:22:77", "192.168.20.16"};
    other.arrive();
    other.get("/api/v1/portal");
    const auto signs_in =
        other.post("/api/v1/sign-in", R"({"username":"minh","password":"secret"})");
    EXPECT_EQ(code_of(signs_in), "RATE_LIMITED");
}

TEST_F(Wallet, TheProofIsOfThisVisitAndThisPerson)
{
    ASSERT_EQ(prove().status, 204);
    phone.post("/api/v1/sign-out", "");
    phone.sign_in();
    EXPECT_EQ(code_of(ask()), "REAUTHENTICATION_REQUIRED");
    Phone guest{world, "A4:5E:60:11:22:78", "192.168.20.17"};
    guest.arrive();
    guest.get("/api/v1/portal");
    ASSERT_EQ(guest.post("/api/v1/sign-in/guest", "").status, 200);
    EXPECT_EQ(
        code_of(guest.post("/api/v1/reauthenticate", R"({"password":"secret"})")),
        "INVALID_CREDENTIALS");
}

TEST_F(Wallet, IsKeptOnceTheCustomerHasAgreed)
{
    ASSERT_EQ(prove().status, 204);
    const auto asked = body_of(ask());
    const std::string id{asked.at("id").as_string()};
    EXPECT_EQ(asked.at("state").as_string(), "pending");
    EXPECT_THAT(asked.at("pay_url").as_string().c_str(), HasSubstr(stored(id).order_id));
    EXPECT_TRUE(asked.at("deep_link").is_null());
    EXPECT_EQ(names(wallet()), "pc_balance*");
    world.run_jobs();
    EXPECT_EQ(binding_state(id), "pending") << "he has not agreed yet";

    world.gateways.agree(stored(id).order_id);
    world.run_jobs(); // no notice came: it is asked for
    EXPECT_EQ(binding_state(id), "bound");
    const auto methods = wallet();
    ASSERT_EQ(names(methods), "pc_balance* momo");
    EXPECT_EQ(methods[1].at("masked").as_string(), "09****123");
    EXPECT_EQ(methods[1].at("id").as_string(), id);
    EXPECT_EQ(methods[1].as_object().size(), 10U) << "and nothing of the token";
    EXPECT_EQ(stored(id).token.reveal(), "token-" + stored(id).order_id);
    const auto events =
        world.run(world.store->events_of_method(*domain::SavedMethodId::parse(id))).value();
    ASSERT_EQ(events.size(), 2U);
    EXPECT_EQ(events[1].state_after, "usable");
}

TEST_F(Wallet, TheBrowserThatComesBackIsShownItsWallet)
{
    ASSERT_EQ(prove().status, 204);
    const std::string id{body_of(ask()).at("id").as_string()};
    world.gateways.agree(stored(id).order_id);
    const auto back = world.get("/r/" + phone.token + "/" + id + "?resultCode=0");
    EXPECT_EQ(back.headers.value("Location"), "/wallet?v=" + phone.token);
    world.run_jobs();
    EXPECT_EQ(binding_state(id), "bound");
}

TEST_F(Wallet, ANoticeWithTheTokenIsEnough)
{
    ASSERT_EQ(prove().status, 204);
    const std::string id{body_of(ask()).at("id").as_string()};
    world.gateways.agree(stored(id).order_id);
    EXPECT_EQ(world.notify("bound " + stored(id).order_id).body, "recorded");
    EXPECT_EQ(binding_state(id), "bound");
    EXPECT_EQ(world.notify("bound " + stored(id).order_id).body, "recorded") << "again";
    EXPECT_EQ(world.notify("bound never-asked-for").body, "recorded");
    EXPECT_EQ(names(wallet()), "pc_balance* momo");
}

TEST_F(Wallet, WhoDoesNotAgreeKeepsNothing)
{
    ASSERT_EQ(prove().status, 204);
    const std::string refused{body_of(ask()).at("id").as_string()};
    world.gateways.refuse_binding(stored(refused).order_id);
    world.run_jobs();
    EXPECT_EQ(binding_state(refused), "failed");

    // Nor does who takes too long; agreeing late still counts.
    const std::string late{body_of(ask()).at("id").as_string()};
    workflows::LinkMethod impatient{world.outside, {.agree_within = 0s}};
    world.run(impatient.handle(job_of(late)));
    EXPECT_EQ(binding_state(late), "failed");
    EXPECT_EQ(names(wallet()), "pc_balance*");
    world.gateways.agree(stored(late).order_id);
    EXPECT_EQ(world.notify("asked " + stored(late).order_id).body, "recorded");
    world.run_jobs();
    EXPECT_EQ(binding_state(late), "bound");
}

TEST_F(Wallet, AGatewayThatDoesNotInviteLeavesNothingBehind)
{
    ASSERT_EQ(prove().status, 204);
    world.gateways.create_fails = ports::GatewayError::unknown;
    EXPECT_EQ(code_of(ask()), "PAYMENT_UNAVAILABLE");
    world.gateways.create_fails = ports::GatewayError::refused;
    EXPECT_EQ(code_of(ask()), "PAYMENT_DECLINED");
    EXPECT_EQ(names(wallet()), "pc_balance*");
    EXPECT_EQ(code_of(ask("zalopay")), "PAYMENT_METHOD_INACTIVE") << "its contract has no tokens";
    EXPECT_EQ(code_of(ask("gold")), "PAYMENT_METHOD_INACTIVE");
}

TEST_F(Wallet, HoldsSoManyAndNoMore)
{
    ASSERT_EQ(prove().status, 204);
    for (int i = 0; i < 10; ++i)
        ASSERT_EQ(ask().status, 201);
    EXPECT_EQ(code_of(ask()), "PAYMENT_METHOD_INACTIVE");
}

TEST_F(Wallet, IsArrangedByItsOwner)
{
    const std::string first = keep_momo();
    const std::string second = keep_momo();
    const std::string path = "/api/v1/wallet/methods/" + first;
    auto changed = phone.patch(path, R"({"label":"Ví chính"})");
    ASSERT_EQ(changed.status, 200) << changed.body;
    EXPECT_EQ(body_of(changed).at("methods").at(1).at("label").as_string(), "Ví chính");

    changed = phone.patch(path, R"({"is_default":true})");
    EXPECT_EQ(names(body_of(changed).at("methods").as_array()), "pc_balance momo* momo");
    changed = phone.patch(path, R"({"position":0})");
    EXPECT_EQ(names(body_of(changed).at("methods").as_array()), "momo* pc_balance momo");
    EXPECT_EQ(names(wallet()), "momo* pc_balance momo");
    changed = phone.patch("/api/v1/wallet/methods/" + second, R"({"position":1,"label":"Hai"})");
    EXPECT_EQ(names(body_of(changed).at("methods").as_array()), "momo* momo pc_balance");
    EXPECT_EQ(wallet()[1].at("label").as_string(), "Hai");

    for (const char* wrong :
         {R"({})", R"({"is_default":false})", R"({"position":-1})", R"({"position":"1"})",
          R"({"label":7})", R"({"label":"a\nb"})",
          R"({"label":"0123456789012345678901234567890123456789x"})"})
        EXPECT_EQ(code_of(phone.patch(path, wrong)), "VALIDATION_FAILED") << wrong;
    EXPECT_EQ(phone.patch("/api/v1/wallet/methods/nonsense", R"({"position":1})").status, 404);
}

TEST_F(Wallet, IsNobodyElsesBusiness)
{
    const std::string id = keep_momo();
    Phone other{world, "A4:5E:60:11:22:79", "192.168.20.18"};
    other.sign_in("lan");
    ASSERT_EQ(other.post("/api/v1/reauthenticate", R"({"password":"secret"})").status, 204);
    EXPECT_EQ(other.get("/api/v1/wallet/bindings/" + id).status, 404);
    EXPECT_EQ(other.patch("/api/v1/wallet/methods/" + id, R"({"label":"mine"})").status, 404);
    EXPECT_EQ(other.del("/api/v1/wallet/methods/" + id).status, 404);
    EXPECT_EQ(names(wallet()), "pc_balance* momo");
}

TEST_F(Wallet, WhatIsRemovedIsForgottenAtTheGatewayToo)
{
    const std::string id = keep_momo();
    phone.patch("/api/v1/wallet/methods/" + id, R"({"is_default":true})");
    let_the_proof_end();
    const std::string path = "/api/v1/wallet/methods/" + id;
    EXPECT_EQ(code_of(phone.del(path)), "REAUTHENTICATION_REQUIRED");
    ASSERT_EQ(prove().status, 204);
    ASSERT_EQ(world.gateways.agreements(), 1U);
    const auto removed = phone.del(path);
    ASSERT_EQ(removed.status, 200) << removed.body;
    EXPECT_EQ(names(body_of(removed).at("methods").as_array()), "pc_balance*");
    EXPECT_EQ(phone.del(path).status, 404);
    world.run_jobs();
    EXPECT_EQ(world.gateways.agreements(), 0U);
    EXPECT_EQ(stored(id).state, SavedMethodState::removed);
    EXPECT_TRUE(stored(id).token.empty());
}

TEST_F(Wallet, AGatewayThatCannotForgetNowIsAskedAgain)
{
    const std::string id = keep_momo();
    world.gateways.unbind_fails = ports::GatewayError::unknown;
    ASSERT_EQ(phone.del("/api/v1/wallet/methods/" + id).status, 200);
    world.run_jobs();
    EXPECT_EQ(stored(id).state, SavedMethodState::leaving);
    EXPECT_FALSE(stored(id).token.empty()) << "it is needed to have it forgotten";
    world.gateways.unbind_fails.reset();
    world.run(world.wallet.handle(job_of(id)));
    EXPECT_EQ(stored(id).state, SavedMethodState::removed);
    EXPECT_EQ(world.gateways.agreements(), 0U);

    // A gateway that never can, and one that is never reached.
    const std::string never = keep_momo();
    world.gateways.unbind_fails = ports::GatewayError::not_supported;
    ASSERT_EQ(phone.del("/api/v1/wallet/methods/" + never).status, 200);
    world.run_jobs();
    EXPECT_EQ(stored(never).state, SavedMethodState::removed);
    const std::string gone = keep_momo();
    world.gateways.unbind_fails = ports::GatewayError::unavailable;
    ASSERT_EQ(phone.del("/api/v1/wallet/methods/" + gone).status, 200);
    workflows::LinkMethod tired{world.outside, {.forget_for = 0s}};
    world.run(tired.handle(job_of(gone)));
    EXPECT_EQ(stored(gone).state, SavedMethodState::removed);
    EXPECT_TRUE(stored(gone).token.empty());
}

TEST_F(Wallet, TheLastOneInUseStays)
{
    ASSERT_EQ(prove().status, 204);
    const std::string pc_account{wallet()[0].at("id").as_string()};
    const std::string path = "/api/v1/wallet/methods/" + pc_account;
    ASSERT_EQ(phone.buy("pkg_3h", 12'000).status, 201);
    EXPECT_EQ(code_of(phone.del(path)), "LAST_METHOD");

    // With another one beside it, it may go; and it can come back.
    (void)keep_momo();
    const auto removed = phone.del(path);
    ASSERT_EQ(removed.status, 200) << removed.body;
    EXPECT_EQ(names(body_of(removed).at("methods").as_array()), "momo*");
    const auto offered = body_of(phone.get("/api/v1/payment-methods"));
    EXPECT_TRUE(offered.at("methods").at(0).at("can_save").as_bool());
    const auto again = ask("pc_balance");
    ASSERT_EQ(again.status, 201) << again.body;
    EXPECT_EQ(body_of(again).at("state").as_string(), "bound");
    EXPECT_EQ(names(wallet()), "pc_balance momo*");
}

TEST_F(Wallet, ATokenThatEndsIsRenewedOrExpires)
{
    const UtcTime now = world.clock.utc_now();
    world.gateways.tokens_end_at = now + 1h;
    const std::string id = keep_momo();
    EXPECT_TRUE(wallet()[1].at("expires_at").is_string());
    world.gateways.tokens_end_at = now + 48h;
    world.run(world.wallet.handle(job_of(id)));
    EXPECT_EQ(stored(id).expires_at, from_unix_ms(to_unix_ms(now + 48h)));

    auto saved = stored(id);
    saved.expires_at = now;
    const UtcTime then = world.clock.utc_now();
    world.gateways.tokens_end_at = now;
    ASSERT_TRUE(world.run(world.store->change_wallet(
        {.methods = {saved}, .jobs = {}, .finished = {}, .actor = "", .why = "", .now = then})));
    EXPECT_FALSE(wallet()[1].at("is_usable").as_bool());
    world.run(world.wallet.handle(job_of(id)));
    EXPECT_EQ(stored(id).state, SavedMethodState::expired);
    EXPECT_EQ(
        code_of(phone.patch("/api/v1/wallet/methods/" + id, R"({"is_default":true})")),
        "PAYMENT_METHOD_INACTIVE");
    EXPECT_EQ(phone.del("/api/v1/wallet/methods/" + id).status, 200) << "it can still be removed";
}

TEST_F(Wallet, WhatIsWithdrawnAtTheWalletPaysNoMore)
{
    const std::string id = keep_momo();
    EXPECT_EQ(world.notify("unbound " + stored(id).order_id).body, "recorded");
    EXPECT_EQ(stored(id).state, SavedMethodState::expired);
    EXPECT_FALSE(wallet()[1].at("is_usable").as_bool());
}

} // namespace
} // namespace iwas::api::testing
