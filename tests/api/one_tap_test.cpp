// Buying with one tap from a saved method: charged once, whatever is lost on the way.
#include "tests/api/wallet_world.hpp"

namespace iwas::api::testing {
namespace {

using domain::TransactionState;
using ports::GatewayError;

class OneTap : public WalletWorld {
protected:
    OneTap() { method = keep_momo(); }

    http::Response tap(const std::string& package = "pkg_3h", int price = 12'000)
    {
        return phone.post(
            "/api/v1/purchases",
            R"({"package_id":")" + package + R"(","quoted_price":)" + std::to_string(price) +
                R"(,"method":"momo","saved_method_id":")" + method + R"("})",
            "tap-no-" + std::to_string(++taps_));
    }
    static std::string id_of(const http::Response& response)
    {
        const auto body = body_of(response);
        const char* name = response.status < 400 ? "id" : "purchase_id";
        return std::string{body.at(name).as_string()};
    }
    void add_day_package()
    {
        domain::Catalog wanted = *world.catalog.current();
        domain::Package day = wanted.packages.begin()->second;
        day.id = domain::PackageId::trusted("pkg_week");
        day.terms.package = day.id;
        day.terms.price = Money{150'000};
        day.purchases_per_day_max.reset();
        wanted.packages[day.id] = day;
        (void)world.run(world.store->replace_catalog(wanted, "test", world.clock.utc_now()))
            .value();
        ASSERT_TRUE(world.run(world.catalog.load()));
    }

    std::string method;

private:
    int taps_ = 0;
};

TEST_F(OneTap, IsOnlineWithoutAnotherPage)
{
    const auto bought = tap();
    ASSERT_EQ(bought.status, 201) << bought.body;
    const auto body = body_of(bought);
    EXPECT_EQ(body.at("state").as_string(), "online");
    EXPECT_EQ(body.at("method").as_string(), "momo");
    EXPECT_TRUE(body.at("payment").is_null());
    EXPECT_EQ(world.gateways.taken(), Money{12'000});
    EXPECT_EQ(world.gateways.charges(), 1);
    const auto usage = wallet()[1].at("usage");
    EXPECT_EQ(usage.at("payments").as_int64(), 1);
    EXPECT_EQ(usage.at("total").as_int64(), 12'000);

    const auto offered = body_of(phone.get("/api/v1/payment-methods"));
    const auto& momo = offered.at("methods").at(1);
    EXPECT_EQ(momo.at("method").as_string(), "momo");
    EXPECT_TRUE(momo.at("can_save").as_bool());
    EXPECT_EQ(momo.at("saved").as_array().size(), 1U);
    EXPECT_FALSE(offered.at("methods").at(2).at("can_save").as_bool());
}

TEST_F(OneTap, TheSameRequestChargesOnce)
{
    const std::string order =
        R"({"package_id":"pkg_3h","quoted_price":12000,"method":"momo","saved_method_id":")" +
        method + R"("})";
    const auto first = phone.post("/api/v1/purchases", order, "the-same-tap");
    const auto again = phone.post("/api/v1/purchases", order, "the-same-tap");
    EXPECT_EQ(id_of(first), id_of(again));
    EXPECT_EQ(world.gateways.charges(), 1);
    const auto other = phone.post(
        "/api/v1/purchases", R"({"package_id":"pkg_3h","quoted_price":12000,"method":"momo"})",
        "the-same-tap");
    EXPECT_EQ(code_of(other), "IDEMPOTENCY_CONFLICT");
}

TEST_F(OneTap, ARefusedChargeEndsTheOrderAndAsksForAnotherWay)
{
    world.gateways.charge_fails = GatewayError::refused;
    const auto refused = tap();
    EXPECT_EQ(code_of(refused), "PAYMENT_DECLINED");
    EXPECT_EQ(world.transaction_of(id_of(refused)).state, TransactionState::failed);
    EXPECT_EQ(world.gateways.taken(), Money{});
    EXPECT_TRUE(wallet()[1].at("is_usable").as_bool()) << "the next purchase may try again";
    // The device is free for the other way.
    ASSERT_EQ(phone.buy("pkg_3h", 12'000).status, 201);
    EXPECT_EQ(world.pc_system.charges, 1);
}

TEST_F(OneTap, ATokenThatTheGatewayDoesNotKnowPaysNoMore)
{
    world.gateways.refuse_binding(stored(method).order_id);
    const auto refused = tap();
    EXPECT_EQ(code_of(refused), "PAYMENT_METHOD_INACTIVE");
    EXPECT_EQ(stored(method).state, domain::SavedMethodState::expired);
    const auto again = tap();
    EXPECT_EQ(code_of(again), "PAYMENT_METHOD_INACTIVE");
    EXPECT_FALSE(body_of(again).contains("purchase_id")) << "nothing was recorded this time";
    EXPECT_EQ(world.gateways.charges(), 1);
}

TEST_F(OneTap, AnAnswerThatIsLostIsAskedForAndNeverChargedAgain)
{
    world.gateways.charge_lost = GatewayError::unknown;
    const auto tapped = tap();
    ASSERT_EQ(tapped.status, 202) << tapped.body;
    EXPECT_EQ(body_of(tapped).at("state").as_string(), "paying");
    world.run_jobs();
    EXPECT_EQ(phone.state_of(id_of(tapped)), "online");
    EXPECT_EQ(world.gateways.charges(), 1);
    EXPECT_EQ(world.gateways.taken(), Money{12'000});
    EXPECT_EQ(world.gateways.given_back(), Money{});
}

TEST_F(OneTap, AChargeThatNeverArrivedEndsTheOrder)
{
    world.gateways.charge_fails = GatewayError::unknown;
    const auto tapped = tap();
    ASSERT_EQ(tapped.status, 202) << tapped.body;
    world.run_jobs();
    EXPECT_EQ(phone.state_of(id_of(tapped)), "paying") << "it may still be on its way";
    workflows::PurchasePackage impatient{world.outside, world.sessions, {.absent_for = 0s}};
    const auto id = domain::TransactionId::parse(id_of(tapped))->value();
    world.run(impatient.handle(
        {.id = workflows::job_id(ports::JobKind::resume_purchase, id),
         .kind = ports::JobKind::resume_purchase,
         .subject = id}));
    EXPECT_EQ(phone.state_of(id_of(tapped)), "failed");
    EXPECT_EQ(
        world.transaction_of(id_of(tapped)).reason, domain::TransactionReason::payment_unavailable);
    EXPECT_EQ(world.gateways.charges(), 1);
}

TEST_F(OneTap, AChargeThatTakesItsTimeIsSettledByTheNotice)
{
    world.gateways.charges_take_time = true;
    const auto tapped = tap();
    ASSERT_EQ(tapped.status, 202) << tapped.body;
    EXPECT_EQ(body_of(tapped).at("state").as_string(), "paying");
    const std::string purchase = id_of(tapped);
    const std::string order = world.transaction_of(purchase).order_id;
    const auto money = world.gateways.pay(order, Money{12'000});
    ASSERT_TRUE(money);
    const std::string notice = "paid " + order + " 12000 " + money->gateway_id;
    EXPECT_EQ(world.notify(notice).body, "recorded");
    EXPECT_EQ(world.notify(notice).body, "repeated");
    EXPECT_EQ(phone.state_of(purchase), "online");
}

TEST_F(OneTap, AGatewayThatWantsAYesShowsItsPage)
{
    world.gateways.charges_ask = true;
    const auto tapped = tap();
    ASSERT_EQ(tapped.status, 202) << tapped.body;
    const auto body = body_of(tapped);
    EXPECT_EQ(body.at("state").as_string(), "awaiting_payment");
    EXPECT_TRUE(body.at("payment").at("pay_url").is_string());
    const std::string order = world.transaction_of(id_of(tapped)).order_id;
    ASSERT_TRUE(world.gateways.pay(order, Money{12'000}));
    world.run_jobs();
    EXPECT_EQ(phone.state_of(id_of(tapped)), "online");
}

TEST_F(OneTap, LargeAmountsWantThePasswordOnceMore)
{
    add_day_package();
    let_the_proof_end();
    EXPECT_EQ(code_of(tap("pkg_week", 150'000)), "REAUTHENTICATION_REQUIRED");
    EXPECT_EQ(world.gateways.charges(), 0);
    ASSERT_EQ(prove().status, 204);
    EXPECT_EQ(tap("pkg_week", 150'000).status, 201);
    EXPECT_EQ(world.gateways.taken(), Money{150'000});
}

TEST_F(OneTap, SmallAmountsDoNot)
{
    let_the_proof_end();
    EXPECT_EQ(tap().status, 201);
}

TEST_F(OneTap, OnlyItsOwnerCanUseIt)
{
    Phone other{world, "A4:5E:60:11:22:80", "192.168.20.19"};
    other.sign_in("lan");
    const auto refused = other.post(
        "/api/v1/purchases",
        R"({"package_id":"pkg_3h","quoted_price":12000,"method":"momo","saved_method_id":")" +
            method + R"("})",
        "lan-tries-it");
    EXPECT_EQ(code_of(refused), "PAYMENT_METHOD_INACTIVE");
    const auto mismatch = phone.post(
        "/api/v1/purchases",
        R"({"package_id":"pkg_3h","quoted_price":12000,"method":"zalopay","saved_method_id":")" +
            method + R"("})",
        "other-method");
    EXPECT_EQ(code_of(mismatch), "PAYMENT_METHOD_INACTIVE");
    EXPECT_EQ(world.gateways.charges(), 0);
}

TEST_F(OneTap, StoreCreditIsSpentFirst)
{
    const domain::AccountId account = stored(method).account;
    ports::Step gift{
        .credit =
            {{account, world.random.make_id<domain::TransactionId>(world.clock.utc_now()),
              world.clock.utc_now(), Money{5'000}, "kept_refund"}},
        .actor = "test",
        .now = world.clock.utc_now(),
    };
    ASSERT_TRUE(world.run(world.store->commit(gift)));
    ASSERT_EQ(tap().status, 201);
    EXPECT_EQ(world.gateways.taken(), Money{7'000});
    EXPECT_EQ(world.run(world.store->credit_of(account)).value(), Money{});
}

TEST_F(OneTap, ARouterThatRefusesGivesTheMoneyBack)
{
    world.access.refuses = ports::GrantError::refused;
    const auto tapped = tap();
    const std::string purchase = id_of(tapped);
    world.settle(900ms);
    world.run_jobs();
    EXPECT_EQ(phone.state_of(purchase), "refunded");
    EXPECT_EQ(world.gateways.given_back(), Money{12'000});
}

} // namespace
} // namespace iwas::api::testing
