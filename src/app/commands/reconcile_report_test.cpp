#include "app/commands/reconcile_report.hpp"

#include <boost/json/object.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace iwas::app {
namespace {

using ports::ComparisonOutcome;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr UtcTime night{Milliseconds{1'795'723'200'000}};

ReconciliationReport report_of(ComparisonOutcome bank)
{
    ReconciliationReport report;
    report.organization = {domain::OrganizationId::trusted("arena"), "Arena", "Asia/Ho_Chi_Minh"};
    report.day = "2026-11-26";
    ports::Comparison comparison;
    comparison.subject = {domain::OtherSide::gateway, "arena-bank"};
    comparison.outcome = bank;
    comparison.finished_at = night;
    comparison.figures.payments = 2;
    comparison.figures.received = Money{27'000};
    comparison.figures.granted = Money{24'000};
    comparison.figures.queued = Money{3'000};
    comparison.figures.fees = Money{240};
    report.comparisons.push_back(comparison);
    report.methods.push_back(domain::PaymentMethod::vietqr);
    return report;
}

domain::Difference difference_of(domain::DifferenceState state)
{
    domain::Difference difference;
    difference.subject = {domain::OtherSide::gateway, "arena-bank"};
    difference.kind = domain::DifferenceKind::missing_there;
    difference.reference = "FT1";
    difference.ours_amount = Money{12'000};
    difference.state = state;
    return difference;
}

TEST(ReconcileReport, ItsStatusTellsHowTheDayStands)
{
    auto report = report_of(ComparisonOutcome::complete);
    EXPECT_EQ(status_of(report), 0);
    report.differences.push_back(difference_of(domain::DifferenceState::explained));
    EXPECT_EQ(status_of(report), 0);
    report.differences.push_back(difference_of(domain::DifferenceState::open));
    EXPECT_EQ(status_of(report), 2);
    EXPECT_EQ(status_of(report_of(ComparisonOutcome::incomplete)), 3);
    EXPECT_EQ(status_of(report_of(ComparisonOutcome::not_comparable)), 3);
    EXPECT_EQ(status_of(ReconciliationReport{}), 3);
    auto lost = report_of(ComparisonOutcome::complete);
    lost.comparisons.front().figures.unaccounted = Money{1};
    EXPECT_EQ(status_of(lost), 2);
    auto partial = report_of(ComparisonOutcome::complete);
    partial.expected = {partial.comparisons.front().subject, {domain::OtherSide::gateway, "momo"}};
    EXPECT_EQ(status_of(partial), 3);
    EXPECT_THAT(to_text(partial, ReportLanguage::en), HasSubstr("momo\n    NOT COMPARED YET\n"));
}

TEST(ReconcileReport, ItShowsTheSumAndWhatIsNotZero)
{
    auto report = report_of(ComparisonOutcome::not_comparable);
    report.comparisons.front().remark = "nothing to compare with";
    const std::string text = to_text(report, ReportLanguage::en);
    EXPECT_THAT(text, HasSubstr("Reconciliation Arena (arena), 2026-11-26 (Asia/Ho_Chi_Minh)"));
    EXPECT_THAT(text, HasSubstr("received                            27.000\n"));
    EXPECT_THAT(text, HasSubstr("+ waits for a person                 3.000\n"));
    EXPECT_THAT(text, Not(HasSubstr("NOT ACCOUNTED FOR")));
    EXPECT_THAT(text, HasSubstr("NOT COMPARABLE: nothing to compare with"));
    EXPECT_THAT(text, HasSubstr("Differences: none"));
    EXPECT_THAT(text, HasSubstr("vietqr"));
}

TEST(ReconcileReport, VietnameseColumnsStandAsWideAsEnglishOnes)
{
    const auto report = report_of(ComparisonOutcome::complete);
    const std::string text = to_text(report, ReportLanguage::vi);
    EXPECT_THAT(text, HasSubstr("đã nhận                             27.000\n"));
    EXPECT_THAT(text, HasSubstr("đã đối chiếu"));
}

TEST(ReconcileReport, ProgramsGetTheSameFigures)
{
    auto report = report_of(ComparisonOutcome::complete);
    report.differences.push_back(difference_of(domain::DifferenceState::open));
    const auto object = to_json(report);
    EXPECT_EQ(object.at("status").as_int64(), 2);
    EXPECT_EQ(object.at("figures").at("received").as_int64(), 27'000);
    EXPECT_EQ(object.at("figures").at("queued").as_int64(), 3'000);
    EXPECT_EQ(object.at("subjects").at(0).at("outcome").as_string(), "complete");
    EXPECT_EQ(object.at("subjects").at(0).at("figures").at("fees").as_int64(), 240);
    EXPECT_EQ(object.at("differences").at(0).at("kind").as_string(), "missing_there");
}

} // namespace
} // namespace iwas::app
