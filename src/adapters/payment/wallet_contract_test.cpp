// What ports::PaymentGateways promises, of the real client and mappings against the simulated MoMo
// and ZaloPay.
#include "adapters/payment/gateways.hpp"
#include "adapters/payment/wallet_world_test.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

namespace iwas::adapters::testing {
namespace {

using domain::PaymentMethod;
using ports::NoticeError;
using ports::NoticeOutcome;
using sim::GatewayFault;

class WalletContract : public ::testing::TestWithParam<PaymentMethod> {
protected:
    [[nodiscard]] bool is_momo() const { return GetParam() == PaymentMethod::momo; }
    /// A paid order and the gateway's name of the payment.
    std::pair<ports::PaymentOrder, std::string> paid_order()
    {
        const auto order = world.new_order();
        EXPECT_EQ(text_of(world.create(order)), "invited");
        EXPECT_TRUE(world.pay(order.order_id));
        const auto found = world.find(order);
        EXPECT_EQ(text_of(found), "paid");
        EXPECT_EQ(world.notices().size(), 1U);
        return {order, found->received.at(0).gateway_id};
    }
    /// Asks for the refund until it has an end.
    std::string end_of(const ports::RefundOrder& refund)
    {
        for (int i = 0; i < 20; ++i) {
            const std::string state = text_of(world.find_refund(refund));
            if (state != "pending") return state;
            world.clock.run_for(2s);
            (void)world.notices(); // lets what is due happen
        }
        return "pending";
    }
    /// Links the customer's wallet.
    ports::BoundToken bound(const ports::PaymentOrder& link)
    {
        EXPECT_EQ(
            text_of(world.run(world.client.bind(world.account.id, link, world.soon()))), "invited");
        EXPECT_TRUE(world.pay(link.order_id));
        const auto told = world.notices();
        EXPECT_EQ(told.size(), 1U);
        EXPECT_TRUE(told.at(0));
        EXPECT_EQ(told.at(0)->kind, ports::NoticeKind::binding);
        EXPECT_EQ(told.at(0)->order_id, link.order_id);
        const auto found =
            world.run(world.client.find_binding(world.account.id, link, world.soon()));
        EXPECT_EQ(text_of(found), "bound");
        return found->token.value();
    }

    WalletWorld world{GetParam()};
};

TEST_P(WalletContract, AnOrderIsPaidAndTold)
{
    const auto order = world.new_order();
    const auto invitation = world.create(order);
    ASSERT_EQ(text_of(invitation), "invited");
    EXPECT_FALSE(invitation->pay_url.empty());
    EXPECT_EQ(text_of(world.find(order)), "pending");
    EXPECT_TRUE(world.notices().empty());

    ASSERT_TRUE(world.pay(order.order_id));
    const auto told = world.notices();
    ASSERT_EQ(told.size(), 1U);
    ASSERT_TRUE(told[0]);
    EXPECT_EQ(told[0]->order_id, order.order_id);
    ASSERT_EQ(text_of(told[0]->status), "paid");
    const auto found = world.find(order);
    ASSERT_EQ(text_of(found), "paid");
    EXPECT_EQ(found->received.at(0).amount, order.amount);
    EXPECT_EQ(found->received.at(0).gateway_id, told[0]->status.received.at(0).gateway_id);
    world.clock.run_for(5min);
    EXPECT_TRUE(world.notices().empty()) << "our answer ends the repetitions";
}

TEST_P(WalletContract, TheQrLeadsToTheOrder)
{
    const auto order = world.new_order();
    const auto invitation = world.create(order);
    ASSERT_EQ(text_of(invitation), "invited");
    sim::PayCommand command;
    command.qr_text = invitation->qr_text;
    ASSERT_TRUE(world.face->pay(command, world.clock.utc_now()));
    EXPECT_EQ(text_of(world.find(order)), "paid");
}

TEST_P(WalletContract, ANoticeThatWasNotKeptComesAgain)
{
    const auto order = world.new_order();
    ASSERT_EQ(text_of(world.create(order)), "invited");
    ASSERT_TRUE(world.pay(order.order_id));
    ASSERT_EQ(world.notices(NoticeOutcome::not_kept).size(), 1U);
    world.clock.run_for(1min);
    ASSERT_EQ(world.notices(NoticeOutcome::repeated).size(), 1U);
    world.clock.run_for(5min);
    EXPECT_TRUE(world.notices().empty());
}

TEST_P(WalletContract, ARefusalEndsTheOrder)
{
    const auto order = world.new_order();
    ASSERT_EQ(text_of(world.create(order)), "invited");
    ASSERT_TRUE(world.pay(order.order_id, sim::PayerAct::refuse));
    EXPECT_EQ(text_of(world.find(order)), "failed cancelled");
    const auto told = world.notices();
    ASSERT_EQ(told.size(), is_momo() ? 1U : 0U) << "ZaloPay tells of success only";
    if (is_momo()) EXPECT_EQ(text_of(told[0]->status), "failed cancelled");
}

TEST_P(WalletContract, AnUnpaidOrderExpires)
{
    const auto order = world.new_order();
    ASSERT_EQ(text_of(world.create(order)), "invited");
    world.clock.run_for(20min);
    (void)world.notices();
    EXPECT_EQ(text_of(world.find(order)), "failed payment_expired");
}

TEST_P(WalletContract, NobodyKnowsAnOrderThatWasNeverMade)
{
    EXPECT_EQ(text_of(world.find(world.new_order())), "not_found");
}

TEST_P(WalletContract, WrongKeysAreOurMisconfiguration)
{
    world.account.secret_key = SecretText{"wrong"};
    auto catalog = std::make_shared<domain::Catalog>(*world.current());
    catalog->payment_accounts.at(world.account.id) = world.account;
    world.replace(catalog);
    EXPECT_EQ(text_of(world.create(world.new_order())), "misconfigured");
}

TEST_P(WalletContract, WhateverHappensToTheRequestMakesAtMostOneOrder)
{
    for (const auto fault :
         {GatewayFault::lost_request, GatewayFault::lost_answer, GatewayFault::error_before,
          GatewayFault::error_after, GatewayFault::garbage, GatewayFault::huge_body,
          GatewayFault::delay}) {
        SCOPED_TRACE(to_string(fault));
        world.face->faults.force(fault, 1);
        const auto order = world.new_order();
        const std::string answer = text_of(world.create(order));
        EXPECT_TRUE(answer == "invited" || answer == "duplicate") << answer;
        world.face->faults.clear();
        EXPECT_EQ(text_of(world.find(order)), "pending") << "there is one";
    }
}

TEST_P(WalletContract, OnlyTrueNoticesAreBelieved)
{
    const auto told = [&](GatewayFault fault) {
        const auto order = world.new_order();
        EXPECT_EQ(text_of(world.create(order)), "invited");
        world.face->faults.force(fault, 1);
        EXPECT_TRUE(world.pay(order.order_id));
        auto all = world.notices();
        EXPECT_EQ(all.size(), 1U);
        return std::pair{order, std::move(all.at(0))};
    };
    EXPECT_EQ(told(GatewayFault::wrong_signature).second.error(), NoticeError::signature_wrong);
    EXPECT_EQ(told(GatewayFault::wrong_merchant).second->kind, ports::NoticeKind::foreign);
    const auto [order, unknown] = told(GatewayFault::unknown_order);
    EXPECT_EQ(unknown->order_id, "NOBODY-" + order.order_id);
    const auto [other, raised] = told(GatewayFault::wrong_amount);
    EXPECT_EQ(raised->status.received.at(0).amount, other.amount + Money{1'000})
        << "the amount is told as it was signed; the workflow compares";
    for (const auto fault :
         {GatewayFault::extra_members, GatewayFault::vietnamese_text,
          GatewayFault::number_as_text}) {
        SCOPED_TRACE(to_string(fault));
        const auto [good, notice] = told(fault);
        ASSERT_TRUE(notice);
        EXPECT_EQ(notice->status.received.at(0).amount, good.amount);
    }
}

TEST_P(WalletContract, RefundsComeToAnEndInPartsToo)
{
    const auto [order, id] = paid_order();
    const auto part = world.new_refund(order, id, 20'000);
    const std::string first = text_of(world.refund(part));
    EXPECT_EQ(first, is_momo() ? "done" : "pending");
    EXPECT_EQ(end_of(part), "done");
    const auto rest = world.new_refund(order, id, 30'000);
    EXPECT_TRUE(world.refund(rest));
    EXPECT_EQ(end_of(rest), "done");
    EXPECT_EQ(world.face->book.refunded(order.order_id), order.amount);
    const auto too_much = world.new_refund(order, id, 1'000);
    EXPECT_EQ(text_of(world.refund(too_much)), "failed");
    EXPECT_EQ(world.face->book.refunded(order.order_id), order.amount);
}

TEST_P(WalletContract, ARefundIsMadeOnceWhateverIsLost)
{
    for (const auto fault :
         {GatewayFault::lost_answer, GatewayFault::error_after, GatewayFault::lost_request,
          GatewayFault::garbage}) {
        SCOPED_TRACE(to_string(fault));
        const auto [order, id] = paid_order();
        const auto refund = world.new_refund(order, id, 50'000);
        world.face->faults.force(fault, 1);
        const std::string answer = text_of(world.refund(refund));
        EXPECT_TRUE(answer == "done" || answer == "pending" || answer == "duplicate") << answer;
        world.face->faults.clear();
        EXPECT_EQ(end_of(refund), "done");
        EXPECT_EQ(world.face->book.refunded(order.order_id), order.amount);
    }
    const auto [order, id] = paid_order();
    EXPECT_EQ(text_of(world.find_refund(world.new_refund(order, id, 1'000))), "not_found");
}

TEST_P(WalletContract, ALinkedWalletPaysByOneTap)
{
    auto link = world.new_order(0);
    const ports::BoundToken token = bound(link);
    const auto order = world.new_order();
    const auto charged =
        world.run(world.client.charge(world.account.id, order, token, world.soon()));
    ASSERT_EQ(text_of(charged), is_momo() ? "paid" : "pending");
    world.clock.run_for(10s);
    const auto told = world.notices();
    ASSERT_EQ(told.size(), 1U);
    ASSERT_TRUE(told[0]);
    EXPECT_EQ(told[0]->kind, ports::NoticeKind::payment);
    EXPECT_EQ(text_of(told[0]->status), "paid");
    const auto found = world.find(order);
    ASSERT_EQ(text_of(found), "paid");
    EXPECT_EQ(found->received.at(0).amount, order.amount);
    EXPECT_EQ(world.face->book.taken(order.order_id), order.amount);

    world.clock.run_for(1min);
    EXPECT_TRUE(world.run(world.client.unbind(world.account.id, link, token, world.soon())));
    const auto after = world.new_order();
    const auto refused =
        world.run(world.client.charge(world.account.id, after, token, world.soon()));
    EXPECT_FALSE(refused) << text_of(refused);
    EXPECT_EQ(world.face->book.taken(after.order_id), Money{0});
}

TEST_P(WalletContract, ARefusedLinkIsNone)
{
    const auto link = world.new_order(0);
    ASSERT_EQ(
        text_of(world.run(world.client.bind(world.account.id, link, world.soon()))), "invited");
    EXPECT_EQ(
        text_of(world.run(world.client.find_binding(world.account.id, link, world.soon()))),
        "pending");
    ASSERT_TRUE(world.pay(link.order_id, sim::PayerAct::refuse));
    EXPECT_EQ(
        text_of(world.run(world.client.find_binding(world.account.id, link, world.soon()))),
        "failed");
}

TEST_P(WalletContract, ALostAnswerToAChargeNeverTakesTwice)
{
    const ports::BoundToken token = bound(world.new_order(0));
    for (const auto fault :
         {GatewayFault::lost_answer, GatewayFault::error_after, GatewayFault::lost_request}) {
        SCOPED_TRACE(to_string(fault));
        const auto order = world.new_order();
        world.face->faults.force(fault, 1, is_momo() ? "/tokenization/pay" : "/agreement/pay");
        (void)world.run(world.client.charge(world.account.id, order, token, world.soon()));
        world.face->faults.clear();
        world.clock.run_for(10s);
        (void)world.notices();
        EXPECT_EQ(text_of(world.find(order)), "paid");
        EXPECT_EQ(world.face->book.taken(order.order_id), order.amount);
    }
}

INSTANTIATE_TEST_SUITE_P(
    Wallets, WalletContract, ::testing::Values(PaymentMethod::momo, PaymentMethod::zalopay),
    [](const auto& info) { return std::string{to_text(info.param)}; });

/// Money that MoMo only holds is taken by the question about the order.
TEST(MomoContract, HeldMoneyIsCaptured)
{
    WalletWorld world{PaymentMethod::momo};
    const auto order = world.new_order();
    // As an order is made whose merchant wants to confirm.
    const auto made = [&] {
        auto step = std::get<GatewayStep<domain::Invitation>>(
            mapping_for(PaymentMethod::momo)->create(world.account, order, moment));
        auto body = boost::json::parse(step.request.body).as_object();
        body["autoCapture"] = false;
        http::Request request;
        request.method = http::Method::post;
        request.path = step.request.target;
        request.body = boost::json::serialize(body);
        return world.hub.answer(request, world.clock.utc_now()).response.status;
    };
    ASSERT_EQ(made(), 200);
    ASSERT_TRUE(world.pay(order.order_id));
    const auto told = world.notices();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(text_of(told[0]->status), "pending");
    EXPECT_EQ(world.face->book.taken(order.order_id), Money{0});
    EXPECT_EQ(text_of(world.find(order)), "paid");
    EXPECT_EQ(world.face->book.taken(order.order_id), order.amount);
}

} // namespace
} // namespace iwas::adapters::testing
