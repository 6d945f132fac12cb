// What gateways and banks say: taken in once, and answered so that they repeat only what helps.
#include "tests/api/api_world.hpp"

#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

class Notices : public ::testing::Test {
protected:
    Notices()
    {
        world.add_payment_account("galaxy-momo", domain::PaymentMethod::momo);
        world.add_payment_account("galaxy-bank", domain::PaymentMethod::vietqr);
        for (Phone* each : {&phone, &other}) {
            each->arrive();
            each->get("/api/v1/portal");
            each->post("/api/v1/sign-in/guest", "");
        }
    }

    std::string order(Phone& by, const std::string& method)
    {
        const auto response = by.post(
            "/api/v1/purchases",
            R"({"package_id":"pkg_3h","quoted_price":12000,"method":")" + method + R"("})",
            "order-no-" + std::to_string(++orders_));
        EXPECT_EQ(response.status, 202) << response.body;
        return std::string{body_of(response).at("id").as_string()};
    }
    domain::Transaction transaction_of(const std::string& purchase)
    {
        return *world.run(world.store->load_transaction(*domain::TransactionId::parse(purchase)))
                    .value();
    }
    /// ORDER AMOUNT of what the purchase waits for.
    std::string asked_for(const std::string& purchase)
    {
        const auto txn = transaction_of(purchase);
        return txn.order_id + " " + std::to_string(due_of(txn).vnd());
    }
    std::string state_of(Phone& by, const std::string& purchase)
    {
        world.settle();
        return std::string{
            body_of(by.get("/api/v1/purchases/" + purchase)).at("state").as_string()};
    }
    http::Response notify(const std::string& body, const std::string& account = "galaxy-momo")
    {
        http::Headers headers;
        headers.set("X-Signature", "good");
        return world.post("/api/v1/payments/" + account + "/notice", body, headers);
    }
    [[nodiscard]] std::size_t queued()
    {
        return world.run(world.store->refund_queue(100)).value().size();
    }

    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};

private:
    int orders_ = 0;
};

TEST_F(Notices, OneOfABankPaysTwoOrders)
{
    const std::string first = order(phone, "vietqr");
    const std::string second = order(other, "vietqr");
    const std::string batch =
        "batch " + asked_for(first) + " b-1 " + asked_for(second) + " b-2 - 777 b-3";
    const auto reply = notify(batch, "galaxy-bank");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "unknown order") << "one of them names none";
    EXPECT_EQ(state_of(phone, first), "online");
    EXPECT_EQ(state_of(other, second), "online");
    EXPECT_EQ(queued(), 1U);
    notify(batch, "galaxy-bank");
    EXPECT_EQ(queued(), 1U);
}

TEST_F(Notices, APartThatCannotBeReadKeepsNothingElseBackAndCallsAPerson)
{
    const std::string first = order(phone, "vietqr");
    const auto reply =
        notify("batch IWsomebody 12.5 b-1 " + asked_for(first) + " b-2", "galaxy-bank");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(state_of(phone, first), "online");
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::notice_unreadable), 1U);
    EXPECT_EQ(world.notices["unreadable"], 1);
}

TEST_F(Notices, WhatIsSignedAndCannotBeReadIsKeptAndNotAskedForAgain)
{
    const auto reply = notify("garbled IW1");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "unreadable");
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::notice_unreadable), 1U);
    EXPECT_EQ(world.notices["unreadable"], 1);
}

TEST_F(Notices, ThatOfAnotherAccountIsKeptAndNotAskedForAgain)
{
    const auto reply = notify("foreign IW1", "galaxy-bank");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "foreign");
    EXPECT_EQ(world.notices["other_merchant"], 1);
    EXPECT_EQ(queued(), 0U);
}

TEST_F(Notices, AFailureOfAnotherAmountChangesNothing)
{
    const std::string purchase = order(phone, "momo");
    const std::string id = transaction_of(purchase).order_id;
    EXPECT_EQ(notify("failed " + id + " 11000").body, "wrong amount");
    EXPECT_EQ(state_of(phone, purchase), "awaiting_payment");
    EXPECT_EQ(notify("failed " + asked_for(purchase)).body, "recorded");
    EXPECT_EQ(state_of(phone, purchase), "declined");
    // The amount comes before what the order has come to.
    EXPECT_EQ(notify("failed " + id + " 11000").body, "wrong amount");
    EXPECT_EQ(notify("failed " + asked_for(purchase)).body, "repeated");
}

TEST_F(Notices, AWrongAmountStaysAWrongAmountHoweverOftenItIsTold)
{
    const std::string purchase = order(phone, "momo");
    const std::string told = "paid " + transaction_of(purchase).order_id + " 11000 g-1";
    EXPECT_EQ(notify(told).body, "wrong amount");
    EXPECT_EQ(notify(told).body, "wrong amount");
    EXPECT_EQ(queued(), 1U);
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::ledger_mismatch), 0U);
}

TEST_F(Notices, AnotherAmountOfAKnownPaymentIsToldToAPerson)
{
    const std::string purchase = order(phone, "momo");
    const std::string id = transaction_of(purchase).order_id;
    EXPECT_EQ(notify("paid " + id + " 12000 g-1").body, "recorded");
    EXPECT_EQ(notify("paid " + id + " 13000 g-1").body, "wrong amount");
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::ledger_mismatch), 1U);
    EXPECT_EQ(state_of(phone, purchase), "online");
    EXPECT_EQ(queued(), 0U);
}

TEST_F(Notices, DoubtedMoneyIsNeverGrantedByALaterAnswer)
{
    const std::string purchase = order(phone, "momo");
    const std::string id = transaction_of(purchase).order_id;
    // As PayOS tells of money in another currency: in doubt, under its name.
    EXPECT_EQ(notify("held " + id + " 12000 g-1").body, "recorded");
    EXPECT_EQ(queued(), 1U);
    EXPECT_EQ(notify("paid " + id + " 12000 g-1").body, "repeated");
    world.run_jobs();
    EXPECT_NE(state_of(phone, purchase), "online");
    EXPECT_EQ(queued(), 1U);
}

} // namespace
} // namespace iwas::api::testing
