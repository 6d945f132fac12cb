// What a customer is told of his money: true for every reason and in every state of a purchase.
#include "api/views.hpp"
#include "tests/api/api_world.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwas::api::testing {
namespace {

using domain::TransactionReason;
using domain::TransactionState;
using ::testing::HasSubstr;
using ::testing::Not;

workflows::PurchaseView purchase(
    World& world, TransactionState state, TransactionReason reason, bool is_refund_queued = false)
{
    const UtcTime now = world.clock.utc_now();
    workflows::PurchaseView view;
    domain::Transaction& txn = view.transaction;
    txn.id = world.random.make_id<domain::TransactionId>(now);
    txn.account = world.random.make_id<domain::AccountId>(now);
    txn.amount = Money{12'000};
    txn.state = state;
    txn.reason = reason;
    txn.is_refund_queued = is_refund_queued;
    txn.available = Money{4'000};
    txn.created_at = txn.updated_at = now;
    return view;
}

std::string detail_of(const workflows::PurchaseView& view, Language language)
{
    return std::string{to_json(*refusal_of(view), language).at("detail").as_string()};
}

TEST(PurchaseProblem, SaysWhereTheMoneyIs)
{
    World world;
    struct State {
        TransactionState state;
        bool is_queued;
        std::string vi;
        std::string en;
    };
    const State states[] = {
        {TransactionState::refunding, false, "đang được hoàn", "on its way back"},
        {TransactionState::refunding, true, "Nhân viên sẽ hoàn tiền", "staff will return"},
        {TransactionState::refunded, false, "đã được hoàn", "back in your account"},
    };
    for (const auto reason :
         {TransactionReason::late_debit, TransactionReason::amount_mismatch,
          TransactionReason::activation_failed, TransactionReason::second_payment,
          TransactionReason::staff_refund}) {
        for (const State& each : states) {
            SCOPED_TRACE(each.en + " " + std::string{to_text(reason)});
            auto view = purchase(world, each.state, reason, each.is_queued);
            for (const bool is_extension : {false, true}) {
                view.transaction.is_extension = is_extension;
                EXPECT_THAT(detail_of(view, Language::vi), HasSubstr(each.vi));
                const std::string en = detail_of(view, Language::en);
                EXPECT_THAT(en, HasSubstr(each.en));
                EXPECT_THAT(en, Not(HasSubstr("No money")));
                EXPECT_THAT(en, Not(HasSubstr("not charged")));
                EXPECT_THAT(en, Not(HasSubstr("Nothing was charged")));
            }
        }
    }
}

TEST(PurchaseProblem, BlamesTheRouterOnlyWhereItWasAsked)
{
    World world;
    for (const auto reason :
         {TransactionReason::late_debit, TransactionReason::amount_mismatch,
          TransactionReason::second_payment, TransactionReason::partial_payment}) {
        const auto view = purchase(world, TransactionState::refunding, reason, true);
        EXPECT_THAT(detail_of(view, Language::en), Not(HasSubstr("router")));
        const Viewer viewer{
            .tokens = world.tokens, .device = {}, .account = {}, .now = world.clock.utc_now()};
        const auto steps = purchase_json(view, viewer).at("steps").as_array();
        EXPECT_EQ(steps.at(1).at("name").as_string(), "pay");
        EXPECT_EQ(steps.at(1).at("state").as_string(), "failed");
        EXPECT_EQ(steps.at(3).at("name").as_string(), "activate");
        EXPECT_EQ(steps.at(3).at("state").as_string(), "waiting");
    }
    auto extension =
        purchase(world, TransactionState::refunding, TransactionReason::activation_failed);
    extension.transaction.is_extension = true;
    EXPECT_EQ(to_text(refusal_of(extension)->code), "SESSION_EXPIRED");
    EXPECT_THAT(detail_of(extension, Language::en), Not(HasSubstr("router")));
}

TEST(PurchaseProblem, PromisesWhatHappensToAPaymentThatTurnsUpLater)
{
    World world;
    const auto view =
        purchase(world, TransactionState::expired, TransactionReason::payment_expired);
    EXPECT_THAT(detail_of(view, Language::en), HasSubstr("turns up later is not lost"));
    EXPECT_THAT(detail_of(view, Language::vi), HasSubstr("tiền không mất"));
}

TEST(PurchaseProblem, TellsAWalletsRefusalAsTheWallets)
{
    World world;
    struct Gateway {
        domain::PaymentMethod method;
        std::string name;
    };
    for (const Gateway& each :
         {Gateway{domain::PaymentMethod::momo, "MoMo"},
          Gateway{domain::PaymentMethod::zalopay, "ZaloPay"},
          Gateway{domain::PaymentMethod::vnpay, "VNPay"}}) {
        for (const auto& [reason, code] :
             {std::pair{TransactionReason::insufficient_balance, "PAYER_FUNDS_SHORT"},
              std::pair{TransactionReason::account_suspended, "PAYER_ACCOUNT_LOCKED"}}) {
            SCOPED_TRACE(each.name + " " + code);
            auto view = purchase(world, TransactionState::failed, reason);
            view.transaction.method = each.method;
            view.transaction.available.reset();
            for (const Language language : {Language::vi, Language::en}) {
                const auto body = to_json(*refusal_of(view), language);
                EXPECT_EQ(body.at("code").as_string(), code);
                EXPECT_EQ(body.at("action").as_string(), "choose_method");
                EXPECT_EQ(body.at("method").as_string(), std::string{domain::to_text(each.method)});
                EXPECT_FALSE(body.contains("available"));
                EXPECT_FALSE(body.contains("needed"));
                const std::string title{body.at("title").as_string()};
                EXPECT_THAT(title, HasSubstr(each.name));
                const std::string detail{body.at("detail").as_string()};
                EXPECT_THAT(detail, Not(HasSubstr("quầy")));
                EXPECT_THAT(detail, Not(HasSubstr("counter")));
            }
        }
    }
}

TEST(PurchaseProblem, ReachesThePayerAsTheGatewayHasToldIt)
{
    World world;
    world.add_payment_account("galaxy-momo", domain::PaymentMethod::momo);
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.sign_in_as_guest();
    for (const auto& [notice, code] :
         {std::pair{"short ", "PAYER_FUNDS_SHORT"}, std::pair{"locked ", "PAYER_ACCOUNT_LOCKED"}}) {
        SCOPED_TRACE(code);
        const std::string id = phone.order("momo");
        const auto reply = world.notify(notice + world.transaction_of(id).order_id);
        EXPECT_EQ(reply.body, "recorded");
        const auto body = body_of(phone.get("/api/v1/purchases/" + id));
        EXPECT_EQ(body.at("state").as_string(), "declined");
        const auto& error = body.at("error").as_object();
        EXPECT_EQ(error.at("code").as_string(), code);
        EXPECT_EQ(error.at("method").as_string(), "momo");
        EXPECT_FALSE(error.contains("available"));
    }
}

TEST(PurchaseProblem, NamesNoFigureThatTheCafeDidNotName)
{
    World world;
    auto view = purchase(world, TransactionState::failed, TransactionReason::insufficient_balance);
    EXPECT_EQ(to_json(*refusal_of(view), Language::vi).at("available").as_int64(), 4'000);
    view.transaction.available.reset();
    const auto body = to_json(*refusal_of(view), Language::vi);
    EXPECT_EQ(body.at("code").as_string(), "INSUFFICIENT_BALANCE");
    EXPECT_FALSE(body.contains("available"));
    EXPECT_FALSE(body.contains("needed"));
    EXPECT_THAT(detail_of(view, Language::vi), Not(HasSubstr("0 ")));
}

TEST(Claims, SomebodyElsesBalanceAndNameAreNotToldForAMacAddress)
{
    World world;
    world.pc_system.members["minh"].balance = Money{4'321};
    Phone phone{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    phone.sign_in();
    const auto refused = phone.buy("pkg_3h", 12'000);
    ASSERT_EQ(body_of(refused).at("available").as_int64(), 4'321);
    const std::string id{body_of(refused).at("purchase_id").as_string()};
    EXPECT_EQ(
        body_of(phone.get("/api/v1/portal")).at("returning_customer").at("display_name"),
        "Anh minh");

    Phone claims{world, "A4:5E:60:11:22:0F", "192.168.20.15"};
    claims.arrive();
    const auto portal = claims.get("/api/v1/portal");
    EXPECT_EQ(body_of(portal).at("open_purchase").at("state").as_string(), "declined");
    EXPECT_EQ(body_of(portal).at("returning_customer").at("display_name"), "An…");
    const auto purchase = claims.get("/api/v1/purchases/" + id);
    for (const http::Response& response : {portal, purchase}) {
        ASSERT_EQ(response.status, 200);
        for (const char* secret : {"4.321", "4321", "Anh minh", "\"minh\""})
            EXPECT_THAT(response.body, Not(HasSubstr(secret)));
    }
}

TEST(Claims, NamesAreShortenedByCharactersNotOctets)
{
    EXPECT_EQ(shortened_name("Ồng Ba"), "Ồn…");
    EXPECT_EQ(shortened_name("Đ"), "Đ…");
    EXPECT_EQ(shortened_name(""), "");
}

} // namespace
} // namespace iwas::api::testing
