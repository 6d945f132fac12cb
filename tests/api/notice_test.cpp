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
        for (Phone* each : {&phone, &other})
            each->sign_in_as_guest();
    }

    /// ORDER AMOUNT of what the purchase waits for.
    std::string asked_for(const std::string& purchase)
    {
        const auto txn = world.transaction_of(purchase);
        return txn.order_id + " " + std::to_string(due_of(txn).vnd());
    }
    [[nodiscard]] std::size_t queued()
    {
        return world.run(world.store->refund_queue(100)).value().size();
    }

    World world;
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
};

TEST_F(Notices, OneOfABankPaysTwoOrders)
{
    const std::string first = phone.order("vietqr");
    const std::string second = other.order("vietqr");
    const std::string batch =
        "batch " + asked_for(first) + " b-1 " + asked_for(second) + " b-2 - 777 b-3";
    const auto reply = world.notify(batch, "galaxy-bank");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "unknown order") << "one of them names none";
    EXPECT_EQ(phone.state_of(first), "online");
    EXPECT_EQ(other.state_of(second), "online");
    EXPECT_EQ(queued(), 1U);
    world.notify(batch, "galaxy-bank");
    EXPECT_EQ(queued(), 1U);
}

TEST_F(Notices, APartThatCannotBeReadKeepsNothingElseBackAndCallsAPerson)
{
    const std::string first = phone.order("vietqr");
    const auto reply =
        world.notify("batch IWsomebody 12.5 b-1 " + asked_for(first) + " b-2", "galaxy-bank");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(phone.state_of(first), "online");
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::notice_unreadable), 1U);
    EXPECT_EQ(world.notices["unreadable"], 1);
}

TEST_F(Notices, WhatIsSignedAndCannotBeReadIsKeptAndNotAskedForAgain)
{
    const auto reply = world.notify("garbled IW1");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "unreadable");
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::notice_unreadable), 1U);
    EXPECT_EQ(world.notices["unreadable"], 1);
}

TEST_F(Notices, ThatOfAnotherAccountIsKeptAndNotAskedForAgain)
{
    const auto reply = world.notify("foreign IW1", "galaxy-bank");
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "foreign");
    EXPECT_EQ(world.notices["other_merchant"], 1);
    EXPECT_EQ(queued(), 0U);
}

TEST_F(Notices, AFailureOfAnotherAmountChangesNothing)
{
    const std::string purchase = phone.order("momo");
    const std::string id = world.transaction_of(purchase).order_id;
    EXPECT_EQ(world.notify("failed " + id + " 11000").body, "wrong amount");
    EXPECT_EQ(phone.state_of(purchase), "awaiting_payment");
    EXPECT_EQ(world.notify("failed " + asked_for(purchase)).body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "declined");
    // The amount comes before what the order has come to.
    EXPECT_EQ(world.notify("failed " + id + " 11000").body, "wrong amount");
    EXPECT_EQ(world.notify("failed " + asked_for(purchase)).body, "repeated");
}

TEST_F(Notices, AWrongAmountStaysAWrongAmountHoweverOftenItIsTold)
{
    const std::string purchase = phone.order("momo");
    const std::string told = "paid " + world.transaction_of(purchase).order_id + " 11000 g-1";
    EXPECT_EQ(world.notify(told).body, "wrong amount");
    EXPECT_EQ(world.notify(told).body, "wrong amount");
    EXPECT_EQ(queued(), 1U);
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::ledger_mismatch), 0U);
}

TEST_F(Notices, AnotherAmountOfAKnownPaymentIsToldToAPerson)
{
    const std::string purchase = phone.order("momo");
    const std::string id = world.transaction_of(purchase).order_id;
    EXPECT_EQ(world.notify("paid " + id + " 12000 g-1").body, "recorded");
    EXPECT_EQ(world.notify("paid " + id + " 13000 g-1").body, "wrong amount");
    EXPECT_EQ(world.events.alerts_of(ports::AlertKind::ledger_mismatch), 1U);
    EXPECT_EQ(phone.state_of(purchase), "online");
    EXPECT_EQ(queued(), 0U);
}

TEST_F(Notices, ThatAPaymentIsUnderWayIsToldOfAKnownOrderOnly)
{
    const std::string purchase = phone.order("momo");
    const std::string id = world.transaction_of(purchase).order_id;
    EXPECT_EQ(world.notify("waits IWnobody 12000").body, "unknown order");
    EXPECT_EQ(world.notify("waits " + id + " 11000").body, "wrong amount");
    EXPECT_EQ(world.notify("waits " + id + " 12000").body, "recorded");
    EXPECT_EQ(phone.state_of(purchase), "awaiting_payment");
    EXPECT_EQ(queued(), 0U);
}

TEST_F(Notices, DoubtedMoneyIsNeverGrantedByALaterAnswer)
{
    const std::string purchase = phone.order("momo");
    const std::string id = world.transaction_of(purchase).order_id;
    // As PayOS tells of money in another currency: in doubt, under its name.
    EXPECT_EQ(world.notify("held " + id + " 12000 g-1").body, "recorded");
    EXPECT_EQ(queued(), 1U);
    EXPECT_EQ(world.notify("paid " + id + " 12000 g-1").body, "repeated");
    world.run_jobs();
    EXPECT_NE(phone.state_of(purchase), "online");
    EXPECT_EQ(queued(), 1U);
}

} // namespace
} // namespace iwas::api::testing
