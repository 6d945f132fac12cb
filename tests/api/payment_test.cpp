// Paying at a gateway: from the choice to online, and what becomes of money that comes otherwise.
#include "tests/api/api_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

using ::testing::HasSubstr;

/// A guest before the portal of a café that takes MoMo and bank transfers.
class Payment : public ::testing::Test {
protected:
    Payment()
    {
        world.add_payment_account("galaxy-momo", domain::PaymentMethod::momo);
        world.add_payment_account("galaxy-bank", domain::PaymentMethod::vietqr);
        phone.sign_in_as_guest();
    }

    [[nodiscard]] std::string order_id_of(const std::string& purchase)
    {
        return world.transaction_of(purchase).order_id;
    }
    [[nodiscard]] Money queued()
    {
        Money sum;
        for (const auto& line : world.run(world.store->refund_queue(100)).value())
            sum += due_of(line.transaction);
        return sum;
    }

    World world;
    Phone phone{world, phone_mac, phone_ip};
};

TEST_F(Payment, AGuestIsOnlineAsSoonAsTheGatewayTells)
{
    const std::string purchase = phone.order("momo");
    const auto shown = body_of(phone.get("/api/v1/purchases/" + purchase));
    const auto& payment = shown.at("payment").as_object();
    EXPECT_EQ(payment.at("due").as_int64(), 12'000);
    EXPECT_EQ(payment.at("received").as_int64(), 0);
    EXPECT_THAT(payment.at("pay_url").as_string().c_str(), HasSubstr(order_id_of(purchase)));
    EXPECT_TRUE(payment.at("bank").is_null());
    EXPECT_EQ(world.access.online.size(), 0U);

    const auto reply = world.notify("paid " + order_id_of(purchase) + " 12000 g-1");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "online");
    EXPECT_EQ(world.access.online.size(), 1U);
    EXPECT_EQ(world.pc_system.charges, 0);
}

TEST_F(Payment, ANoticeCountsOnceHoweverOftenItComes)
{
    const std::string purchase = phone.order("momo");
    const std::string notice = "paid " + order_id_of(purchase) + " 12000 g-1";
    EXPECT_EQ(world.notify(notice).body, "recorded");
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(world.notify(notice).body, "repeated");
    EXPECT_EQ(phone.state_of(purchase), "online");
    const auto payments =
        world.run(world.store->payments_of(*domain::TransactionId::parse(purchase))).value();
    EXPECT_EQ(payments.size(), 1U);
    EXPECT_EQ(queued(), Money{});
}

TEST_F(Payment, AForgedNoticeGrantsNothingAndIsCounted)
{
    const std::string purchase = phone.order("momo");
    const auto reply =
        world.notify("paid " + order_id_of(purchase) + " 12000 g-1", "galaxy-momo", "forged");
    EXPECT_EQ(reply.status, 401);
    EXPECT_EQ(phone.state_of(purchase), "awaiting_payment");
    EXPECT_EQ(world.notices["signature_wrong"], 1);
    EXPECT_EQ(world.notify("paid x 1 y", "nobody").status, 404);
}

TEST_F(Payment, AnotherAmountGrantsNothingAndWaitsForAPerson)
{
    const std::string purchase = phone.order("momo");
    EXPECT_EQ(world.notify("paid " + order_id_of(purchase) + " 11000 g-1").body, "wrong amount");
    EXPECT_EQ(phone.state_of(purchase), "awaiting_payment");
    EXPECT_EQ(queued(), Money{11'000});
    // The right amount still buys.
    EXPECT_EQ(world.notify("paid " + order_id_of(purchase) + " 12000 g-2").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "online");
    EXPECT_EQ(queued(), Money{11'000});
}

TEST_F(Payment, MoneyForAnUnknownOrderNeverDisappears)
{
    EXPECT_EQ(world.notify("paid IWnobody 5000 g-9").body, "unknown order");
    EXPECT_EQ(world.notify("paid IWnobody 5000 g-9").body, "unknown order") << "as it is stored";
    EXPECT_EQ(queued(), Money{5'000});
    const auto queue = world.run(world.store->refund_queue(10)).value();
    ASSERT_EQ(queue.size(), 1U);
    EXPECT_EQ(queue.front().transaction.reason, domain::TransactionReason::unmatched_payment);
}

TEST_F(Payment, PaidTwiceTheSecondComesBackByItself)
{
    const std::string purchase = phone.order("momo");
    const std::string id = order_id_of(purchase);
    (void)world.gateways.pay(id, Money{12'000});
    (void)world.gateways.pay(id, Money{12'000});
    EXPECT_EQ(world.notify("paid " + id + " 12000 g1").body, "recorded");
    EXPECT_EQ(world.notify("paid " + id + " 12000 g2").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "online");
    const auto asides =
        world.run(world.store->transactions_from(*domain::TransactionId::parse(purchase))).value();
    ASSERT_EQ(asides.size(), 1U);
    EXPECT_EQ(asides.front().reason, domain::TransactionReason::second_payment);
    world.run_jobs();
    EXPECT_EQ(world.gateways.given_back(), Money{12'000});
    const auto returned = world.run(world.store->load_transaction(asides.front().id)).value();
    EXPECT_EQ(returned->state, domain::TransactionState::refunded);
}

TEST_F(Payment, ATransferInPartsIsPaidWhenItIsEnough)
{
    const std::string purchase = phone.order("vietqr");
    const std::string id = order_id_of(purchase);
    EXPECT_EQ(world.notify("paid " + id + " 4000 b-1", "galaxy-bank").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "awaiting_payment");
    const auto shown = body_of(phone.get("/api/v1/purchases/" + purchase));
    EXPECT_EQ(shown.at("payment").at("received").as_int64(), 4'000);
    // The picture asks for the rest, and is another one than before.
    EXPECT_EQ(
        shown.at("payment").at("qr").at("svg_url").as_string(),
        "/api/v1/purchases/" + purchase + "/qr.svg?received=4000");
    EXPECT_EQ(world.notify("paid " + id + " 9000 b-2", "galaxy-bank").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "online");
    EXPECT_EQ(queued(), Money{1'000}); // what was too much
}

TEST_F(Payment, ATransferWithoutItsMemoFindsItsOrderByTheAmount)
{
    world.configure([](domain::Catalog& wanted) {
        wanted.payment_accounts[domain::PaymentAccountId::trusted("galaxy-bank")]
            .unique_amount_max = Money{99};
    });
    const std::string purchase = phone.order("vietqr");
    EXPECT_EQ(world.transaction_of(purchase).amount, Money{11'999});
    // Another phone orders the same at the same time: its amount is another.
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.sign_in_as_guest();
    const auto second = body_of(other.post(
        "/api/v1/purchases", R"({"package_id":"pkg_3h","quoted_price":12000,"method":"vietqr"})",
        "order-of-another"));
    EXPECT_EQ(second.at("payment").at("due").as_int64(), 11'998);
    EXPECT_EQ(second.at("price").as_int64(), 12'000) << "what it is ordered at again";

    // Somebody pays as much for something else.
    EXPECT_EQ(world.notify("paid - 12000 b-0", "galaxy-bank").body, "unknown order");
    EXPECT_EQ(world.notify("paid - 11998 b-1", "galaxy-bank").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "awaiting_payment");
    world.settle();
    const std::string id{second.at("id").as_string()};
    EXPECT_EQ(body_of(other.get("/api/v1/purchases/" + id)).at("state").as_string(), "online");
    // An amount that nobody has to pay is nobody's.
    EXPECT_EQ(world.notify("paid - 777 b-2", "galaxy-bank").body, "unknown order");
    EXPECT_EQ(queued(), Money{12'777});

    // Nor does money that was paid before an order was made, and of which the bank tells late.
    const auto bank =
        *world.catalog.current()->payment_account(domain::PaymentAccountId::trusted("galaxy-bank"));
    const auto told_late = [&](std::string gateway_id, Seconds ago) {
        return world.run(world.purchases.take_in(
            bank, "",
            {.gateway_id = std::move(gateway_id),
             .amount = Money{11'999},
             .paid_at = world.clock.utc_now() - ago},
            domain::PaymentSource::list));
    };
    EXPECT_EQ(told_late("b-3", 2h), ports::NoticeOutcome::unknown_order);
    EXPECT_EQ(phone.state_of(purchase), "awaiting_payment");
    EXPECT_EQ(told_late("b-4", 1min), ports::NoticeOutcome::recorded) << "banks' clocks differ";
    EXPECT_EQ(phone.state_of(purchase), "online");
}

TEST_F(Payment, LateMoneyStillBuysWhatWasOrdered)
{
    const std::string purchase = phone.order("momo");
    const std::string id = order_id_of(purchase);
    const auto cancelled = phone.post("/api/v1/purchases/" + purchase + "/cancel", "");
    ASSERT_EQ(cancelled.status, 200) << cancelled.body;
    EXPECT_EQ(body_of(cancelled).at("error").at("code").as_string(), "PAYMENT_CANCELLED");
    EXPECT_EQ(phone.state_of(purchase), "failed");
    EXPECT_EQ(world.notify("paid " + id + " 12000 g-1").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "online");
    EXPECT_EQ(queued(), Money{});
}

TEST_F(Payment, LateMoneyThatBuysNothingAnyMoreGoesBack)
{
    const std::string first = phone.order("momo");
    phone.post("/api/v1/purchases/" + first + "/cancel", "");
    const std::string second = phone.order("momo");
    (void)world.gateways.pay(order_id_of(first), Money{12'000});
    EXPECT_EQ(world.notify("paid " + order_id_of(second) + " 12000 g-2").body, "recorded");
    EXPECT_EQ(phone.state_of(second), "online");
    EXPECT_EQ(world.notify("paid " + order_id_of(first) + " 12000 g1").body, "recorded");
    world.run_jobs();
    EXPECT_EQ(world.transaction_of(first).state, domain::TransactionState::refunded);
    EXPECT_EQ(world.gateways.given_back(), Money{12'000});
    EXPECT_EQ(phone.state_of(second), "online");
}

TEST_F(Payment, ARefusalAtTheGatewayEndsTheOrder)
{
    const std::string purchase = phone.order("momo");
    EXPECT_EQ(world.notify("failed " + order_id_of(purchase)).body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "declined");
    EXPECT_EQ(world.notify("failed " + order_id_of(purchase)).body, "repeated");
    // And the customer may buy again at once.
    EXPECT_EQ(
        world.notify("paid " + order_id_of(phone.order("momo")) + " 12000 g-2").body, "recorded");
}

TEST_F(Payment, WithoutAnInvitationTheCustomerChoosesAgain)
{
    world.gateways.create_fails = ports::GatewayError::unavailable;
    const auto response = phone.post(
        "/api/v1/purchases", R"({"package_id":"pkg_3h","quoted_price":12000,"method":"momo"})",
        "order-that-fails");
    EXPECT_EQ(code_of(response), "PAYMENT_UNAVAILABLE") << response.body;
    world.gateways.create_fails.reset();
    phone.order("momo");
}

TEST_F(Payment, WhatTheRouterRefusesIsGivenBackByTheGateway)
{
    world.access.refuses = ports::GrantError::refused;
    const std::string purchase = phone.order("momo");
    (void)world.gateways.pay(order_id_of(purchase), Money{12'000});
    EXPECT_EQ(world.notify("paid " + order_id_of(purchase) + " 12000 g1").body, "recorded");
    world.settle(router_tries);
    EXPECT_EQ(phone.state_of(purchase), "refunded");
    EXPECT_EQ(world.gateways.given_back(), Money{12'000});
    EXPECT_EQ(world.gateways.refunds().size(), 1U);
}

TEST_F(Payment, WhatABankCannotGiveBackIsQueuedOrKeptAsCreditAndSpentFirst)
{
    world.access.refuses = ports::GrantError::refused;
    const std::string purchase = phone.order("vietqr");
    EXPECT_EQ(
        world.notify("paid " + order_id_of(purchase) + " 12000 b-1", "galaxy-bank").body,
        "recorded");
    world.settle(router_tries);
    EXPECT_EQ(phone.state_of(purchase), "refund_queued");
    EXPECT_EQ(queued(), Money{12'000});

    const auto shown = body_of(phone.get("/api/v1/purchases/" + purchase));
    EXPECT_TRUE(shown.at("can_keep_as_credit").as_bool());
    for (int i = 0; i < 2; ++i) { // asked twice, kept once
        const auto kept =
            phone.post("/api/v1/purchases/" + purchase + "/keep-as-credit", "", "keep-as-credit-1");
        ASSERT_EQ(kept.status, 200) << kept.body;
        EXPECT_TRUE(body_of(kept).at("kept_as_credit").as_bool());
        EXPECT_EQ(body_of(kept).at("state").as_string(), "refunded");
    }
    EXPECT_EQ(queued(), Money{});
    EXPECT_EQ(body_of(phone.get("/api/v1/payment-methods")).at("store_credit").as_int64(), 12'000);

    // All of it by credit: nobody is asked for money.
    world.access.refuses.reset();
    const auto bought = phone.post(
        "/api/v1/purchases", R"({"package_id":"pkg_3h","quoted_price":12000,"method":"momo"})",
        "bought-by-credit");
    EXPECT_EQ(bought.status, 201) << bought.body;
    EXPECT_EQ(body_of(bought).at("state").as_string(), "online");
    EXPECT_EQ(body_of(bought).at("method").as_string(), "store_credit");
    EXPECT_EQ(world.gateways.orders().size(), 1U);
    const auto wallet = body_of(phone.get("/api/v1/wallet"));
    EXPECT_EQ(wallet.at("credit").as_int64(), 0);
    const auto& entries = wallet.at("credit_entries").as_array();
    ASSERT_EQ(entries.size(), 2U);
    EXPECT_EQ(entries.at(0).at("amount").as_int64(), -12'000);
    EXPECT_EQ(entries.at(1).at("why").as_string(), "kept_refund");
}

TEST_F(Payment, CreditPaysAPartAndComesBackWithAnOrderThatEnds)
{
    // 12,000 of credit as above, but for a package of 15,000.
    world.access.refuses = ports::GrantError::refused;
    const std::string first = phone.order("vietqr");
    EXPECT_EQ(
        world.notify("paid " + order_id_of(first) + " 12000 b-1", "galaxy-bank").body, "recorded");
    world.settle(router_tries);
    phone.post("/api/v1/purchases/" + first + "/keep-as-credit", "", "keep-as-credit-1");
    world.access.refuses.reset();

    const auto ordered = phone.post(
        "/api/v1/purchases", R"({"package_id":"pkg_two","quoted_price":15000,"method":"momo"})",
        "partly-by-credit");
    ASSERT_EQ(ordered.status, 202) << ordered.body;
    EXPECT_EQ(body_of(ordered).at("payment").at("due").as_int64(), 3'000);
    const std::string second{body_of(ordered).at("id").as_string()};
    EXPECT_EQ(body_of(phone.get("/api/v1/wallet")).at("credit").as_int64(), 0);
    phone.post("/api/v1/purchases/" + second + "/cancel", "", "cancel-the-second");
    EXPECT_EQ(body_of(phone.get("/api/v1/wallet")).at("credit").as_int64(), 12'000);
    // Late money reopens it, and takes the credit again.
    EXPECT_EQ(world.notify("paid " + order_id_of(second) + " 3000 g-1").body, "recorded");
    EXPECT_EQ(phone.state_of(second), "online");
    EXPECT_EQ(body_of(phone.get("/api/v1/wallet")).at("credit").as_int64(), 0);
}

TEST_F(Payment, AReceiptTellsWhatWasPaidAndTheHistoryFindsIt)
{
    const std::string purchase = phone.order("momo");
    EXPECT_EQ(phone.get("/api/v1/purchases/" + purchase + "/receipt").status, 404);
    EXPECT_EQ(world.notify("paid " + order_id_of(purchase) + " 12000 g-1").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "online");
    const auto receipt = body_of(phone.get("/api/v1/purchases/" + purchase + "/receipt"));
    EXPECT_EQ(receipt.at("amount").as_int64(), 12'000);
    EXPECT_EQ(receipt.at("total_kept").as_int64(), 12'000);
    EXPECT_EQ(receipt.at("reference").as_string(), "g-1");
    EXPECT_EQ(receipt.at("organization").as_string(), "Galaxy Gaming");
    EXPECT_TRUE(receipt.at("refunds").as_array().empty());

    const auto found = [&](const std::string& query) {
        return body_of(phone.get("/api/v1/history?" + query)).at("transactions").as_array().size();
    };
    EXPECT_EQ(found("method=momo"), 1U);
    EXPECT_EQ(found("method=vnpay"), 0U);
    EXPECT_EQ(found("state=success"), 1U);
    EXPECT_EQ(found("state=failed"), 0U);
    EXPECT_EQ(code_of(phone.get("/api/v1/history?state=wonderful")), "VALIDATION_FAILED");
    const auto cursor = "cursor=" + purchase;
    EXPECT_EQ(found(cursor), 0U);
}

TEST_F(Payment, TheBrowserThatComesBackIsShownItsPurchase)
{
    const std::string purchase = phone.order("momo");
    (void)world.gateways.pay(order_id_of(purchase), Money{12'000});
    const auto back = world.get("/r/" + phone.token + "/" + purchase + "?resultCode=1006");
    EXPECT_EQ(back.status, 302);
    EXPECT_EQ(back.headers.value("Location"), "/purchase/" + purchase + "?v=" + phone.token);
    world.run_jobs(); // asked at once, whatever the address claims
    EXPECT_EQ(phone.state_of(purchase), "online");
    EXPECT_EQ(world.get("/r/forged/" + purchase).headers.value("Location"), "/");
}

TEST_F(Payment, OffersWhatTheCustomerCanUse)
{
    const auto offered = body_of(phone.get("/api/v1/payment-methods"));
    std::map<std::string, bool> methods;
    for (const auto& each : offered.at("methods").as_array())
        methods[std::string{each.at("method").as_string()}] = each.at("is_available").as_bool();
    EXPECT_EQ(
        methods,
        (std::map<std::string, bool>{{"pc_balance", false}, {"momo", true}, {"vietqr", true}}));
    EXPECT_EQ(offered.at("store_credit").as_int64(), 0);
    EXPECT_EQ(
        code_of(phone.post(
            "/api/v1/purchases",
            R"({"package_id":"pkg_3h","quoted_price":12000,"method":"zalopay"})", "no-zalopay-1")),
        "PAYMENT_METHOD_INACTIVE");
    EXPECT_EQ(
        code_of(phone.post(
            "/api/v1/purchases",
            R"({"package_id":"pkg_3h","quoted_price":12000,"method":"pc_balance"})",
            "guest-no-pc")),
        "PAYMENT_METHOD_INACTIVE");
}

} // namespace
} // namespace iwas::api::testing
