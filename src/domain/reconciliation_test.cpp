#include "domain/local_day.hpp"
#include "domain/reconciliation.hpp"

#include <gtest/gtest.h>

namespace iwas::domain {
namespace {

constexpr UtcTime noon{Milliseconds{1'790'000'000'000}};
constexpr UtcTime midnight = noon + 12h;

Transaction order_of(Money amount, TransactionState state)
{
    Transaction order;
    order.id = TransactionId{Ulid{1, 1}};
    order.method = PaymentMethod::vietqr;
    order.amount = amount;
    order.state = state;
    order.charge_id = "g-1";
    order.fee = Money{50};
    return order;
}

Payment payment_of(std::string gateway_id, Money amount, UtcTime paid_at = noon)
{
    Payment payment;
    payment.gateway_id = std::move(gateway_id);
    payment.amount = amount;
    payment.paid_at = paid_at;
    return payment;
}

Transaction part_of(Money amount, TransactionState state, TransactionReason reason)
{
    Transaction part = order_of(amount, state);
    part.id = TransactionId{Ulid{1, 2}};
    part.origin = TransactionId{Ulid{1, 1}};
    part.reason = reason;
    return part;
}

Money sum_of_places(const DayFigures& figures)
{
    return figures.granted + figures.returned + figures.kept_as_credit + figures.queued +
           figures.under_way + figures.waiting + figures.attached_out + figures.dismissed +
           figures.unaccounted;
}

TEST(DayFiguresTest, APaidOrderIsGrantedWithItsFee)
{
    DayFigures figures;
    const std::vector payments{payment_of("g-1", Money{12'000})};
    add_payments(
        figures, order_of(Money{12'000}, TransactionState::success), payments, {}, noon, midnight);
    EXPECT_EQ(figures.payments, 1);
    EXPECT_EQ(figures.received, Money{12'000});
    EXPECT_EQ(figures.granted, Money{12'000});
    EXPECT_EQ(figures.fees, Money{50});
    EXPECT_EQ(figures.unaccounted, Money{});
}

TEST(DayFiguresTest, SurplusAndWhatStaffGaveBackAreNotGranted)
{
    DayFigures figures;
    const std::vector payments{payment_of("g-1", Money{15'000})};
    Transaction surplus =
        part_of(Money{3'000}, TransactionState::refunding, TransactionReason::surplus_payment);
    surplus.is_refund_queued = true;
    const std::vector others{
        surplus,
        part_of(Money{4'000}, TransactionState::refunded, TransactionReason::staff_refund)};
    add_payments(
        figures, order_of(Money{12'000}, TransactionState::success), payments, others, noon,
        midnight);
    EXPECT_EQ(figures.granted, Money{8'000});
    EXPECT_EQ(figures.queued, Money{3'000});
    EXPECT_EQ(figures.returned, Money{4'000});
    EXPECT_EQ(sum_of_places(figures), figures.received);
}

TEST(DayFiguresTest, MoneyOfAnotherDayIsNotCounted)
{
    DayFigures figures;
    const std::vector payments{
        payment_of("g-1", Money{5'000}, noon), payment_of("g-2", Money{7'000}, midnight)};
    const Transaction order = order_of(Money{12'000}, TransactionState::success);
    add_payments(figures, order, payments, {}, noon, midnight);
    EXPECT_EQ(figures.received, Money{5'000});
    EXPECT_EQ(figures.granted, Money{5'000});
    add_payments(figures, order, payments, {}, midnight, midnight + 24h);
    EXPECT_EQ(figures.received, Money{12'000});
    EXPECT_EQ(figures.granted, Money{12'000});
    EXPECT_EQ(figures.fees, Money{50});
}

TEST(DayFiguresTest, ASecondPaymentWithATransactionOfItsOwnIsNotCountedTwice)
{
    DayFigures figures;
    const std::vector payments{payment_of("g-1", Money{12'000})};
    Transaction second =
        part_of(Money{12'000}, TransactionState::refunded, TransactionReason::second_payment);
    second.charge_id = "g-2"; // its own payment
    add_payments(
        figures, order_of(Money{12'000}, TransactionState::success), payments, {{second}}, noon,
        midnight);
    EXPECT_EQ(sum_of_places(figures), Money{12'000});
}

TEST(DayFiguresTest, MoneyOfAnEndedOrderThatNobodyHoldsIsUnaccounted)
{
    DayFigures figures;
    const std::vector payments{payment_of("g-1", Money{9'000})};
    add_payments(
        figures, order_of(Money{12'000}, TransactionState::expired), payments, {}, noon, midnight);
    EXPECT_EQ(figures.unaccounted, Money{9'000});
    DayFigures open;
    add_payments(
        open, order_of(Money{12'000}, TransactionState::pending), payments, {}, noon, midnight);
    EXPECT_EQ(open.waiting, Money{9'000});
}

TEST(DayFiguresTest, WhatAPersonDecidedIsToldApart)
{
    Transaction debit = order_of(Money{10'000}, TransactionState::refunded);
    const auto place = [&](std::string refund_id) {
        debit.refund_id = std::move(refund_id);
        DayFigures figures;
        add_debit(figures, debit, {});
        EXPECT_EQ(sum_of_places(figures), Money{10'000});
        return figures;
    };
    EXPECT_EQ(place("r-1").returned, Money{10'000});
    EXPECT_EQ(place("by hand: FT1").returned, Money{10'000});
    EXPECT_EQ(place("store credit").kept_as_credit, Money{10'000});
    EXPECT_EQ(place("dismissed: not ours").dismissed, Money{10'000});
    EXPECT_EQ(place("attached to X").attached_out, Money{10'000});
}

TEST(LocalDayTest, DatesAreReadAndWritten)
{
    const auto date = date_from("2026-11-26");
    ASSERT_TRUE(date);
    EXPECT_EQ(to_text(*date), "2026-11-26");
    for (const auto* wrong :
         {"2026-11-31", "2026-1-26", "2026/11/26", "", "20261126", "2026-11-2x", "1969-12-31"})
        EXPECT_FALSE(date_from(wrong)) << wrong;
}

TEST(LocalDayTest, TheWeekdayTellsTheDateInEveryZone)
{
    // 2026-11-26 is a Thursday. Midnight from 12 hours after UTC's to 14 before it.
    const auto utc = std::chrono::sys_days{std::chrono::year{2026} / 11 / 26};
    for (int hours = -14; hours <= 12; ++hours) {
        LocalTime local;
        local.weekday = 3;
        local.day_start = UtcTime{utc.time_since_epoch()} + std::chrono::hours{hours};
        EXPECT_EQ(to_text(date_of(local)), "2026-11-26") << hours;
    }
}

Comparison comparison_of(const std::string& name, ComparisonOutcome outcome)
{
    Comparison comparison;
    comparison.day = "2026-11-26";
    comparison.subject = {OtherSide::gateway, name};
    comparison.outcome = outcome;
    return comparison;
}

TEST(DayOutcome, AgreesOnlyWhenEverySubjectWasCompared)
{
    const ReconciliationSubject bank{OtherSide::gateway, "bank"};
    const ReconciliationSubject momo{OtherSide::gateway, "momo"};
    const std::vector both{bank, momo};
    std::vector done{comparison_of("bank", ComparisonOutcome::complete)};
    EXPECT_EQ(outcome_of(done, std::vector{bank}, 0), DayOutcome::agrees);
    EXPECT_EQ(outcome_of(done, both, 0), DayOutcome::not_compared);
    EXPECT_EQ(outcome_of(done, both, 1), DayOutcome::differs);
    done.push_back(comparison_of("momo", ComparisonOutcome::incomplete));
    EXPECT_EQ(outcome_of(done, both, 0), DayOutcome::not_compared);
    done.back().outcome = ComparisonOutcome::not_comparable;
    EXPECT_EQ(outcome_of(done, both, 0), DayOutcome::not_compared);
    done.back().outcome = ComparisonOutcome::complete;
    EXPECT_EQ(outcome_of(done, both, 0), DayOutcome::agrees);
    // What has left the configuration since then may have been compared.
    EXPECT_EQ(outcome_of(done, std::vector{bank}, 0), DayOutcome::agrees);
    done.back().figures.unaccounted = Money{1};
    EXPECT_EQ(outcome_of(done, both, 0), DayOutcome::differs);
    EXPECT_EQ(outcome_of({}, {}, 0), DayOutcome::not_compared);
}

TEST(DayOutcome, WhatWasNotThereYetIsNotExpected)
{
    const ReconciliationSubject bank{OtherSide::gateway, "bank"};
    const ReconciliationSubject momo{OtherSide::gateway, "momo"};
    const ReconciliationSubject q7{OtherSide::pc_system, "q7"};
    const std::vector<FirstComparison> first{{bank, "2026-01-01"}, {momo, "2026-11-26"}};
    const auto expected = [&](std::string_view day) {
        return expected_on(day, "2026-11-26", {bank, momo, q7}, first);
    };
    EXPECT_EQ(expected("2025-12-31"), (std::vector<ReconciliationSubject>{}));
    EXPECT_EQ(expected("2026-11-25"), (std::vector{bank})) << "q7 is new: it unsettles no old day";
    EXPECT_EQ(expected("2026-11-26"), (std::vector{bank, momo, q7})) << "q7 never was: it is owed";
    EXPECT_EQ(expected("2026-11-27"), (std::vector{bank, momo, q7}));
}

} // namespace
} // namespace iwas::domain
