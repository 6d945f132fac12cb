// When the daily turn runs, and where a day begins and ends.
#include "tests/money/money_world.hpp"
#include "workflows/local_days.hpp"

#include <algorithm>

namespace iwas::testing_support {
namespace {

using domain::PaymentMethod;
using ports::ComparisonOutcome;
using workflows::day_after;
using workflows::day_at;
using workflows::day_before;
using workflows::day_of;

const auto galaxy = domain::OrganizationId::trusted("galaxy");

UtcTime at(std::string_view text)
{
    return from_rfc3339(text).value();
}

domain::LocalDay day(const ports::Clock& clock, std::string_view date, std::string_view zone)
{
    return day_of(clock, domain::date_from(date).value(), zone);
}

class DailyTest : public MoneyTest {
protected:
    explicit DailyTest(std::string zone = "Asia/Ho_Chi_Minh") : MoneyTest{std::move(zone)} {}

    std::vector<ports::Comparison> of(const std::string& date)
    {
        return run(store->comparisons_of(galaxy, date)).value();
    }
    void turn()
    {
        run(reconcile.schedule());
        run_jobs();
    }
};

class DaylightTest : public DailyTest {
protected:
    DaylightTest() : DailyTest{"America/New_York"} {}
};

TEST_F(DailyTest, DaysBeginAtMidnightOfTheirZone)
{
    const auto vietnam = day(clock, "2026-11-26", "Asia/Ho_Chi_Minh");
    EXPECT_EQ(vietnam.from, at("2026-11-25T17:00:00Z"));
    EXPECT_EQ(vietnam.to, at("2026-11-26T17:00:00Z"));
    EXPECT_EQ(domain::to_text(day_before(clock, vietnam, "Asia/Ho_Chi_Minh").date), "2026-11-25");
    EXPECT_EQ(domain::to_text(day_after(clock, vietnam, "Asia/Ho_Chi_Minh").date), "2026-11-27");
    const auto moment = day_at(clock, at("2026-11-26T16:59:59Z"), "Asia/Ho_Chi_Minh");
    EXPECT_EQ(domain::to_text(moment.date), "2026-11-26");
}

TEST_F(DailyTest, DaysOnWhichClocksChangeAreShorterOrLonger)
{
    const auto spring = day(clock, "2026-03-08", "America/New_York");
    EXPECT_EQ(spring.to - spring.from, 23h);
    const auto autumn = day(clock, "2026-11-01", "America/New_York");
    EXPECT_EQ(autumn.to - autumn.from, 25h);
    EXPECT_EQ(autumn.from, at("2026-11-01T04:00:00Z"));
    EXPECT_EQ(day_after(clock, autumn, "America/New_York").from, autumn.to);
    EXPECT_EQ(domain::to_text(day_before(clock, autumn, "America/New_York").date), "2026-10-31");
}

TEST_F(DailyTest, ADateIsFoundAtBothEdgesOfTheWorld)
{
    for (const auto* zone : {"Pacific/Kiritimati", "Pacific/Pago_Pago", "Etc/GMT+12", "UTC"}) {
        const auto found = day(clock, "2026-11-26", zone);
        EXPECT_EQ(domain::to_text(found.date), "2026-11-26") << zone;
        EXPECT_EQ(found.to - found.from, 24h) << zone;
    }
    EXPECT_EQ(day(clock, "2026-11-26", "Pacific/Kiritimati").from, at("2026-11-25T10:00:00Z"));
}

TEST_F(DailyTest, TheDayThatEndedIsComparedAfterItsLateNoticesHaveCome)
{
    turn();
    EXPECT_EQ(of("2026-11-25").size(), 3U); // momo, bank and the PC system
    (void)paid(buy(PaymentMethod::momo));
    clock.now = at("2026-11-26T19:59:00Z"); // 02:59 in Vietnam
    turn();
    EXPECT_TRUE(of("2026-11-26").empty());
    clock.now = at("2026-11-26T20:00:00Z");
    turn();
    ASSERT_EQ(of("2026-11-26").size(), 3U);
    for (const auto& each : of("2026-11-26"))
        EXPECT_EQ(each.outcome, ComparisonOutcome::complete) << each.subject.name;
}

TEST_F(DailyTest, APaymentAroundMidnightIsOfTheDayWhenItWasPaid)
{
    clock.now = at("2026-11-26T16:58:00Z"); // 23:58
    const auto order = buy(PaymentMethod::momo);
    clock.now = at("2026-11-26T17:01:00Z"); // 00:01 of the 27th
    (void)paid(order);
    clock.now = at("2026-11-28T03:00:00Z");
    EXPECT_EQ(compare("momo", "2026-11-26").figures.received, Money{});
    EXPECT_EQ(compare("momo", "2026-11-27").figures.received, Money{12'000});
    EXPECT_EQ(compare("momo", "2026-11-27").asked, 1);
    EXPECT_TRUE(differences().empty());
}

TEST_F(DailyTest, DaysThatWereMissedAreMadeUpFor)
{
    turn();
    clock.now += std::chrono::days{3};
    turn();
    for (const auto* date : {"2026-11-26", "2026-11-27", "2026-11-28"})
        EXPECT_EQ(of(date).size(), 3U) << date;
    EXPECT_TRUE(of("2026-11-29").empty());
}

TEST_F(DailyTest, WhatWasNotAnsweredIsAskedAgainAnHourLater)
{
    turn();
    (void)paid(buy(PaymentMethod::momo));
    clock.now = at("2026-11-26T20:00:00Z");
    gateways.find_fails = ports::GatewayError::unavailable;
    turn();
    const auto outcome_of = [&](const std::string& name) {
        const auto all = of("2026-11-26");
        return std::ranges::find_if(all, [&](const auto& e) { return e.subject.name == name; })
            ->outcome;
    };
    EXPECT_EQ(outcome_of("momo"), ComparisonOutcome::incomplete);
    gateways.find_fails.reset();
    clock.now += 59min;
    turn();
    EXPECT_EQ(outcome_of("momo"), ComparisonOutcome::incomplete);
    clock.now += 2min;
    turn();
    EXPECT_EQ(outcome_of("momo"), ComparisonOutcome::complete);
}

TEST_F(DailyTest, WhoComparesJustAfterMidnightLeavesTheDayToItsTurn)
{
    turn();
    const auto order_at = [&](std::string_view time) {
        clock.now = at(time);
        const workflows::ReconcileOrder order{
            .day = domain::date_from("2026-11-26"), .subject = std::nullopt};
        const ports::Job job = workflows::reconcile_job(galaxy, order, clock.now);
        EXPECT_TRUE(run(store->offer_job(job)).value());
        run_jobs();
        EXPECT_EQ(of("2026-11-26").size(), 3U);
    };
    clock.now = at("2026-11-26T16:56:00Z"); // 23:56
    const auto late = buy(PaymentMethod::momo);
    clock.now = at("2026-11-26T16:58:00Z");
    pay_unheard(late);
    order_at("2026-11-26T17:02:00Z"); // 00:02: until 23:57
    for (const auto& each : of("2026-11-26")) {
        EXPECT_EQ(each.to, at("2026-11-26T16:57:00Z"));
        EXPECT_NE(each.remark.find("2026-11-26T16:57:00"), std::string::npos) << each.remark;
    }
    EXPECT_TRUE(differences().empty());
    // All of the day, but before its late notices have come.
    order_at("2026-11-26T17:30:00Z");
    clock.now = at("2026-11-26T20:00:00Z");
    turn();
    for (const auto& each : of("2026-11-26")) {
        EXPECT_GE(each.started_at, at("2026-11-26T20:00:00Z")) << each.subject.name;
        EXPECT_EQ(each.to, at("2026-11-26T17:00:00Z"));
    }
    // What was asked for after the turn's time is enough.
    order_at("2026-11-26T22:00:00Z");
    const auto third = of("2026-11-26");
    clock.now = at("2026-11-27T20:00:00Z");
    turn();
    EXPECT_EQ(of("2026-11-27").size(), 3U);
    for (std::size_t index = 0; index < third.size(); ++index)
        EXPECT_EQ(of("2026-11-26").at(index).started_at, third[index].started_at);
}

TEST_F(DailyTest, ADayThatStayedIncompleteIsMadeUpForOnALaterDay)
{
    turn();
    const auto momo_of = [&](const std::string& date) {
        const auto all = of(date);
        const auto momo =
            std::ranges::find_if(all, [](const auto& e) { return e.subject.name == "momo"; });
        return momo == all.end() ? throw std::runtime_error{"not compared"} : *momo;
    };
    gateways.find_fails = ports::GatewayError::unavailable;
    for (const auto* morning :
         {"2026-11-26T20:00:00Z", "2026-11-27T20:00:00Z", "2026-11-28T20:00:00Z"}) {
        (void)paid(buy(PaymentMethod::momo));
        clock.now = at(morning);
        turn();
        EXPECT_EQ(momo_of("2026-11-26").outcome, ComparisonOutcome::incomplete);
        EXPECT_GE(momo_of("2026-11-26").started_at, at(morning));
    }
    // The last day every hour, an earlier one once a turn.
    const auto before = momo_of("2026-11-26").started_at;
    const auto before_of_last = momo_of("2026-11-28").started_at;
    clock.now += 2h;
    turn();
    EXPECT_EQ(momo_of("2026-11-26").started_at, before);
    EXPECT_GT(momo_of("2026-11-28").started_at, before_of_last);
    gateways.find_fails.reset();
    clock.now = at("2026-11-29T20:00:00Z");
    turn();
    for (const auto* date : {"2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29"})
        EXPECT_EQ(momo_of(date).outcome, ComparisonOutcome::complete) << date;
}

TEST_F(DailyTest, ADayIsLeftAfterAWeek)
{
    turn();
    (void)paid(buy(PaymentMethod::momo));
    gateways.find_fails = ports::GatewayError::unavailable;
    clock.now = at("2026-11-26T20:00:00Z");
    turn();
    const auto tried = of("2026-11-26");
    clock.now = at("2026-12-03T20:00:00Z"); // a week later
    turn();
    for (std::size_t index = 0; index < tried.size(); ++index)
        EXPECT_EQ(of("2026-11-26").at(index).started_at, tried[index].started_at);
    EXPECT_FALSE(of("2026-11-27").empty());
}

TEST_F(DailyTest, OneDayOfOneSubjectIsComparedOnDemand)
{
    (void)paid(buy(PaymentMethod::momo));
    pass(6min); // what is younger may not be everywhere yet
    const workflows::ReconcileOrder order{
        domain::date_from("2026-11-26"),
        domain::ReconciliationSubject{domain::OtherSide::gateway, "momo"}};
    const ports::Job job = workflows::reconcile_job(galaxy, order, clock.now);
    ASSERT_TRUE(run(store->offer_job(job)).value());
    run_jobs();
    const auto done = of("2026-11-26");
    ASSERT_EQ(done.size(), 1U);
    EXPECT_EQ(done.front().subject.name, "momo");
    EXPECT_EQ(done.front().figures.received, Money{12'000});
    // The day goes on: its daily turn compares it again.
    clock.now = at("2026-11-26T20:00:00Z");
    turn();
    EXPECT_EQ(of("2026-11-26").size(), 3U);
}

TEST_F(DailyTest, WhoAsksForTheSameMeanwhileWaitsForTheSame)
{
    pass(6min);
    const auto offer = [&](std::string_view day, std::optional<std::string> account) {
        workflows::ReconcileOrder order{.day = domain::date_from(day), .subject = std::nullopt};
        if (account) order.subject = {domain::OtherSide::gateway, *account};
        // A moment later: whose job is it?
        pass(1ms);
        return run(workflows::ask_to_reconcile(*store, galaxy, order, clock.now)).value() ==
               clock.now;
    };
    const UtcTime first = clock.now + 1ms;
    EXPECT_TRUE(offer("2026-11-26", "momo"));
    EXPECT_FALSE(offer("2026-11-26", "momo")) << "it waits";
    const workflows::ReconcileOrder same{
        .day = domain::date_from("2026-11-26"),
        .subject = domain::ReconciliationSubject{domain::OtherSide::gateway, "momo"}};
    EXPECT_EQ(run(workflows::ask_to_reconcile(*store, galaxy, same, clock.now)).value(), first);
    EXPECT_TRUE(offer("2026-11-26", "bank"));
    EXPECT_TRUE(offer("2026-11-26", std::nullopt));
    EXPECT_TRUE(offer("2026-11-25", "momo"));
    run(reconcile.schedule()); // and the daily turn is none of these
    const auto taken = run(store->lease_jobs(clock.now, clock.now, clock.now + 60s, 100)).value();
    EXPECT_EQ(taken.size(), 5U);
    EXPECT_FALSE(offer("2026-11-26", "momo")) << "it goes on";
    for (const ports::Job& job : taken)
        run(reconcile.handle(job));
    const auto done = of("2026-11-26");
    EXPECT_EQ(done.size(), 3U);
    EXPECT_TRUE(offer("2026-11-26", "momo")) << "it has ended";
}

TEST_F(DaylightTest, TheDailyTurnFollowsTheOrganizationsZone)
{
    clock.now = at("2026-11-01T12:00:00Z"); // 07:00 in New York, on the day of 25 hours
    turn();
    ASSERT_EQ(of("2026-10-31").size(), 3U);
    EXPECT_EQ(of("2026-10-31").front().to, at("2026-11-01T04:00:00Z"));
    (void)paid(buy(PaymentMethod::momo));
    clock.now = at("2026-11-02T07:59:00Z"); // 02:59
    turn();
    EXPECT_TRUE(of("2026-11-01").empty());
    clock.now = at("2026-11-02T08:00:00Z");
    turn();
    ASSERT_EQ(of("2026-11-01").size(), 3U);
    EXPECT_EQ(of("2026-11-01").front().to - of("2026-11-01").front().from, 25h);
}

TEST(ReconcileOrderTest, WhatAJobIsAboutIsReadAsItWasWritten)
{
    using workflows::detail_of;
    using workflows::reconcile_order_in;
    const auto date = domain::date_from("2026-11-26");
    const domain::ReconciliationSubject momo{domain::OtherSide::gateway, "momo"};
    EXPECT_EQ(detail_of({}), "");
    EXPECT_EQ(detail_of({date, std::nullopt}), "2026-11-26");
    EXPECT_EQ(detail_of({date, momo}), "2026-11-26 gateway momo");
    const auto read = reconcile_order_in("2026-11-26 gateway momo");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->day, date);
    EXPECT_EQ(read->subject, momo);
    ASSERT_TRUE(reconcile_order_in(""));
    EXPECT_FALSE(reconcile_order_in("")->day);
    for (const auto* wrong :
         {"x", "2026-11-26 gateway", "2026-11-26 gateway ", "2026-11-26 shop x"})
        EXPECT_FALSE(reconcile_order_in(wrong)) << wrong;
}

} // namespace
} // namespace iwas::testing_support
