#include "domain/received_money.hpp"

#include <gtest/gtest.h>

namespace iwas::domain {
namespace {

Transaction order(PaymentMethod method, TransactionState state, std::int64_t amount = 10'000)
{
    Transaction made;
    made.id = TransactionId{Ulid{1, 1}};
    made.method = method;
    made.state = state;
    made.amount = Money{amount};
    made.order_id = "IW1";
    return made;
}

TEST(ReceivedMoney, AGatewayTakesExactlyWhatWasAsked)
{
    const auto pending = order(PaymentMethod::momo, TransactionState::pending);
    EXPECT_EQ(use_of(pending, {}, Money{10'000}), MoneyUse::settles);
    EXPECT_EQ(use_of(pending, {}, Money{9'999}), MoneyUse::wrong_amount);
    EXPECT_EQ(use_of(pending, {}, Money{10'001}), MoneyUse::wrong_amount);
    const auto expired = order(PaymentMethod::vnpay, TransactionState::expired);
    EXPECT_EQ(use_of(expired, {}, Money{10'000}), MoneyUse::reopens);
    EXPECT_EQ(use_of(expired, {}, Money{1}), MoneyUse::wrong_amount);
}

TEST(ReceivedMoney, ATransferMayComeInPartsAndAboveTheAmount)
{
    const auto pending = order(PaymentMethod::vietqr, TransactionState::pending);
    EXPECT_EQ(use_of(pending, {}, Money{4'000}), MoneyUse::part);
    EXPECT_EQ(use_of(pending, Money{4'000}, Money{6'000}), MoneyUse::settles);
    EXPECT_EQ(surplus_of(pending, Money{4'000}, Money{6'000}), Money{});
    EXPECT_EQ(use_of(pending, Money{4'000}, Money{7'000}), MoneyUse::settles);
    EXPECT_EQ(surplus_of(pending, Money{4'000}, Money{7'000}), Money{1'000});
    EXPECT_EQ(surplus_of(pending, {}, Money{4'000}), Money{});
    const auto failed = order(PaymentMethod::payos, TransactionState::failed);
    EXPECT_EQ(use_of(failed, {}, Money{9'000}), MoneyUse::late_part);
    EXPECT_EQ(use_of(failed, {}, Money{11'000}), MoneyUse::reopens);
}

TEST(ReceivedMoney, WhatIsPaidCannotBePaidAgain)
{
    for (const auto state :
         {TransactionState::success, TransactionState::refunding, TransactionState::refunded})
        for (const auto method : {PaymentMethod::momo, PaymentMethod::vietqr})
            EXPECT_EQ(use_of(order(method, state), {}, Money{10'000}), MoneyUse::second);
}

TEST(ReceivedMoney, CreditLowersWhatIsDue)
{
    auto pending = order(PaymentMethod::zalopay, TransactionState::pending);
    pending.credit_used = Money{3'000};
    EXPECT_EQ(use_of(pending, {}, Money{7'000}), MoneyUse::settles);
    EXPECT_EQ(use_of(pending, {}, Money{10'000}), MoneyUse::wrong_amount);
}

TEST(ReceivedMoney, MoneyAsideKnowsWhereItCameFrom)
{
    auto origin = order(PaymentMethod::vietqr, TransactionState::success);
    origin.session = SessionId{Ulid{2, 2}};
    origin.credit_used = Money{500};
    origin.version = 7;
    const TransactionId id{Ulid{3, 3}};
    const auto aside =
        aside_of(origin, id, Money{1'000}, TransactionReason::surplus_payment, from_unix_ms(5));
    EXPECT_EQ(aside.id, id);
    EXPECT_EQ(aside.origin, origin.id);
    EXPECT_EQ(due_of(aside), Money{1'000});
    EXPECT_EQ(aside.state, TransactionState::refunding);
    EXPECT_TRUE(aside.is_refund_queued);
    EXPECT_TRUE(aside.order_id.empty());
    EXPECT_TRUE(aside.session.is_nil());
    EXPECT_EQ(aside.version, 0);
    origin.method = PaymentMethod::momo;
    EXPECT_FALSE(aside_of(origin, id, Money{1}, TransactionReason::second_payment, from_unix_ms(5))
                     .is_refund_queued);
}

TEST(ReceivedMoney, OnlyMoneyThatIsCertainlyHisIsKeptAsCredit)
{
    auto waiting = order(PaymentMethod::vietqr, TransactionState::refunding);
    waiting.account = AccountId{Ulid{4, 4}};
    waiting.is_refund_queued = true;
    waiting.reason = TransactionReason::activation_failed;
    EXPECT_TRUE(may_keep_as_credit(waiting));
    auto other = waiting;
    other.is_refund_queued = false; // on its way back by itself
    EXPECT_FALSE(may_keep_as_credit(other));
    other = waiting;
    other.method = PaymentMethod::pc_balance; // perhaps it was never debited
    EXPECT_FALSE(may_keep_as_credit(other));
    other = waiting;
    other.gateway_refund_id = "RF1"; // asked for; perhaps it was made, and nobody heard
    EXPECT_FALSE(may_keep_as_credit(other));
    other = waiting;
    other.account = AccountId{};
    EXPECT_FALSE(may_keep_as_credit(other));
    for (const auto reason :
         {TransactionReason::unmatched_payment, TransactionReason::doubtful_payment}) {
        other = waiting;
        other.reason = reason;
        EXPECT_FALSE(may_keep_as_credit(other));
    }
}

TEST(ReceivedMoney, CreditIsSpentFirstButLeavesAGatewayItsMinimum)
{
    const Money price{5'000};
    EXPECT_EQ(credit_to_use(price, Money{2'000}, PaymentMethod::momo), Money{2'000});
    EXPECT_EQ(credit_to_use(price, Money{9'000}, PaymentMethod::momo), price);
    EXPECT_EQ(credit_to_use(price, Money{4'500}, PaymentMethod::momo), Money{4'000});
    EXPECT_EQ(credit_to_use(price, Money{4'500}, PaymentMethod::pc_balance), Money{4'500});
    EXPECT_EQ(credit_to_use(price, Money{}, PaymentMethod::vietqr), Money{});
}

} // namespace
} // namespace iwas::domain
