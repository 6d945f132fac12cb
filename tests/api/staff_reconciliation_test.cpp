// The staff API's reconciliation: a day is compared, its report read, its differences settled.
#include "tests/api/staff_world.hpp"
#include "workflows/local_days.hpp"

#include <boost/json/array.hpp>
#include <gmock/gmock.h>

#include <thread>

namespace iwas::api::testing {
namespace {

using ::testing::ElementsAre;

class StaffReconciliation : public StaffTest {
protected:
    static constexpr auto base = "/api/v1/staff/reconciliation/";

    [[nodiscard]] std::string today() const
    {
        return domain::to_text(
            workflows::day_at(world.clock, world.clock.utc_now(), "Asia/Ho_Chi_Minh").date);
    }
    [[nodiscard]] std::string tomorrow() const
    {
        return domain::to_text(
            workflows::day_at(world.clock, world.clock.utc_now() + 24h, "Asia/Ho_Chi_Minh").date);
    }
    domain::Difference found(
        std::string reference, domain::ReconciliationSubject subject, UtcTime at)
    {
        domain::Difference difference;
        difference.id = world.random.make_id<domain::DifferenceId>(at);
        difference.organization = domain::OrganizationId::trusted("galaxy");
        difference.day = today();
        difference.subject = std::move(subject);
        difference.kind = domain::DifferenceKind::missing_there;
        difference.reference = std::move(reference);
        difference.ours_amount = Money{12'000};
        difference.ours = "recorded by notice";
        difference.theirs = "not in the list";
        difference.found_at = difference.updated_at = at;
        return world
            .run(world.store->keep_difference(difference, "reconciliation", "not in the list"))
            .value();
    }
    domain::Difference of_bank(std::string reference)
    {
        return found(
            std::move(reference), {domain::OtherSide::gateway, "galaxy-bank"},
            world.clock.utc_now());
    }
    std::vector<std::string> references(const http::Response& response)
    {
        EXPECT_EQ(response.status, 200) << response.body;
        std::vector<std::string> all;
        const auto body = body_of(response);
        for (const auto& each : body.at("differences").as_array())
            all.emplace_back(each.as_object().at("reference").as_string());
        return all;
    }
};

TEST_F(StaffReconciliation, ADayIsComparedOnDemandAndReported)
{
    const auto before =
        body_of(get(viewer, base + std::string{"reports?from="} + today() + "&to=" + today()));
    ASSERT_EQ(before.at("reports").as_array().size(), 1U);
    EXPECT_EQ(
        before.at("reports").as_array().front().as_object().at("outcome").as_string(),
        "not_compared");

    const auto asked = post(
        manager, base + std::string{"run"},
        R"({"day":")" + today() + R"(","account":"galaxy-bank"})");
    ASSERT_EQ(asked.status, 202) << asked.body;
    EXPECT_EQ(body_of(asked).at("subjects").as_array().size(), 1U);
    world.run_jobs();
    const auto after =
        get(viewer, base + std::string{"reports?from="} + today() + "&to=" + today());
    const auto report = body_of(after).at("reports").as_array().front().as_object();
    EXPECT_EQ(report.at("day").as_string(), today());
    // The bank agrees, and nobody has asked MoMo and the PC system yet.
    EXPECT_EQ(report.at("outcome").as_string(), "not_compared") << after.body;
    ASSERT_EQ(report.at("subjects").as_array().size(), 1U);
    const auto& subject = report.at("subjects").as_array().front().as_object();
    EXPECT_EQ(subject.at("subject").as_string(), "galaxy-bank");
    EXPECT_EQ(subject.at("outcome").as_string(), "complete");
    EXPECT_EQ(report.at("figures").as_object().at("received").as_int64(), 0);

    const auto all = post(manager, base + std::string{"run"}, R"({"day":")" + today() + R"("})");
    ASSERT_EQ(all.status, 202) << all.body;
    EXPECT_GT(body_of(all).at("subjects").as_array().size(), 2U);
    world.run_jobs();
    const auto whole =
        get(viewer, base + std::string{"reports?from="} + today() + "&to=" + today());
    EXPECT_EQ(
        body_of(whole).at("reports").as_array().front().as_object().at("outcome").as_string(),
        "agrees")
        << whole.body;

    of_bank("r1");
    const auto differs =
        body_of(get(viewer, base + std::string{"reports?from="} + today() + "&to=" + today()));
    const auto& last = differs.at("reports").as_array().front().as_object();
    EXPECT_EQ(last.at("outcome").as_string(), "differs");
    EXPECT_EQ(last.at("open_differences").as_int64(), 1);
}

TEST_F(StaffReconciliation, WhoAsksForTheSameMeanwhileWaitsForTheSame)
{
    const std::string run = base + std::string{"run"};
    const std::string bank = R"({"day":")" + today() + R"(","account":"galaxy-bank"})";
    const auto asked_at = [&](const std::string& body) {
        std::this_thread::sleep_for(3ms); // a moment of its own
        const auto response = post(manager, run, body);
        EXPECT_EQ(response.status, 202) << response.body;
        return std::string{body_of(response).at("asked_at").as_string()};
    };
    const std::string first = asked_at(bank);
    EXPECT_EQ(asked_at(bank), first) << "it waits";
    EXPECT_NE(asked_at(R"({"day":")" + today() + R"("})"), first);
    world.run_jobs();
    EXPECT_GT(asked_at(bank), first) << "it has ended";
}

TEST_F(StaffReconciliation, ReportsComeNewestFirstAndNotForEver)
{
    const auto three =
        body_of(get(viewer, base + std::string{"reports?from=2026-11-24&to=2026-11-26"}));
    std::vector<std::string> days;
    for (const auto& each : three.at("reports").as_array())
        days.emplace_back(each.as_object().at("day").as_string());
    EXPECT_THAT(days, ElementsAre("2026-11-26", "2026-11-25", "2026-11-24"));
    EXPECT_EQ(three.at("time_zone").as_string(), "Asia/Ho_Chi_Minh");
    EXPECT_EQ(
        body_of(get(viewer, base + std::string{"reports"})).at("reports").as_array().size(), 1U);
    for (const std::string query :
         {"from=2026-01-01&to=2026-02-01", "from=2026-11-26&to=2026-11-25", "from=x",
          "day=2026-11-26"})
        EXPECT_EQ(get(viewer, base + ("reports?" + query)).status, 422) << query;
}

TEST_F(StaffReconciliation, OnlyWhatIsTheirsCanBeCompared)
{
    const std::string run = base + std::string{"run"};
    const std::string day = R"({"day":")" + today() + R"(")";
    EXPECT_EQ(post(manager, run, day + R"(,"account":"nobodys"})").status, 404);
    EXPECT_EQ(post(stranger, run, day + R"(,"account":"galaxy-bank"})").status, 404);
    EXPECT_EQ(post(elsewhere, run, day + R"(,"account":"galaxy-bank"})").status, 404);
    EXPECT_EQ(post(elsewhere, run, day + R"(,"pc_system":"q7"})").status, 404);
    EXPECT_EQ(code_of(post(elsewhere, run, day + "}")), "NOT_ALLOWED");
    const std::string here = token_of("mai", domain::StaffRole::manager, {"q7"});
    EXPECT_EQ(post(here, run, day + R"(,"pc_system":"q7"})").status, 202);
    EXPECT_EQ(post(manager, run, day + "}").status, 202);
    for (const std::string& body : std::vector<std::string>{
             R"({})", R"({"day":"today"})", R"({"day":")" + tomorrow() + R"("})",
             day + R"(,"account":"galaxy-bank","pc_system":"q7"})", day + R"(,"accuont":"x"})"})
        EXPECT_EQ(post(manager, run, body).status, 422) << body;
}

TEST_F(StaffReconciliation, DifferencesAreFilteredPagedAndSeenByScope)
{
    const UtcTime now = world.clock.utc_now();
    found("r1", {domain::OtherSide::gateway, "galaxy-bank"}, now - 3s);
    const auto settled = found("r2", {domain::OtherSide::gateway, "galaxy-momo"}, now - 2s);
    found("r3", {domain::OtherSide::pc_system, "q7"}, now - 1s);
    const std::string path = base + std::string{"differences"};
    const std::string one = path + "/" + to_string(settled.id);
    ASSERT_EQ(post(manager, one + "/explain", R"({"reason":"a fee"})").status, 200);
    EXPECT_THAT(references(get(viewer, path)), ElementsAre("r3", "r2", "r1"));
    EXPECT_THAT(references(get(viewer, path + "?state=open")), ElementsAre("r3", "r1"));
    EXPECT_THAT(references(get(viewer, path + "?state=explained")), ElementsAre("r2"));
    EXPECT_THAT(references(get(viewer, path + "?account=galaxy-bank")), ElementsAre("r1"));
    EXPECT_THAT(references(get(viewer, path + "?pc_system=q7&day=" + today())), ElementsAre("r3"));
    EXPECT_THAT(references(get(viewer, path + "?day=2020-01-01")), ElementsAre());
    const auto page = get(viewer, path + "?limit=2");
    EXPECT_THAT(references(page), ElementsAre("r3", "r2"));
    const std::string cursor{body_of(page).at("next_cursor").as_string()};
    EXPECT_THAT(references(get(viewer, path + "?limit=2&cursor=" + cursor)), ElementsAre("r1"));

    const std::string here = token_of("mai", domain::StaffRole::viewer, {"q7"});
    EXPECT_THAT(references(get(here, path)), ElementsAre("r3"));
    EXPECT_EQ(get(here, one).status, 404);
    EXPECT_EQ(get(here, path + "?account=galaxy-bank").status, 404);
    EXPECT_THAT(references(get(elsewhere, path)), ElementsAre());
    EXPECT_THAT(references(get(stranger, path)), ElementsAre());
    EXPECT_EQ(get(stranger, one).status, 404);
    for (const std::string query : {"state=done", "day=x", "cursor=x", "account=a&pc_system=b"})
        EXPECT_EQ(get(viewer, path + "?" + query).status, 422) << query;
}

TEST_F(StaffReconciliation, APersonSettlesADifferenceOnceAndSaysWhy)
{
    struct Action {
        std::string name;
        std::string state;
    };
    for (const Action& action :
         {Action{"explain", "explained"}, Action{"correct", "corrected"},
          Action{"dismiss", "dismissed"}}) {
        SCOPED_TRACE(action.name);
        const std::string path =
            base + ("differences/" + to_string(of_bank("r-" + action.name).id));
        EXPECT_EQ(post(manager, path + "/" + action.name, "{}").status, 422);
        EXPECT_EQ(post(stranger, path + "/" + action.name, R"({"reason":"mine"})").status, 404);
        const auto done =
            post(manager, path + "/" + action.name, R"({"reason":"the bank's list was late"})");
        ASSERT_EQ(done.status, 200) << done.body;
        const auto shown = body_of(get(viewer, path));
        EXPECT_EQ(shown, body_of(done));
        EXPECT_EQ(shown.at("state").as_string(), action.state);
        ASSERT_EQ(shown.at("history").as_array().size(), 2U);
        const auto& last = shown.at("history").as_array().back().as_object();
        EXPECT_EQ(last.at("from").as_string(), "open");
        EXPECT_EQ(last.at("to").as_string(), action.state);
        EXPECT_EQ(last.at("actor").as_string(), "staff:lan");
        EXPECT_EQ(last.at("why").as_string(), "the bank's list was late");
        const auto again = post(manager, path + "/dismiss", R"({"reason":"again"})");
        EXPECT_EQ(again.status, 409);
        EXPECT_EQ(code_of(again), "ALREADY_SETTLED");
    }
    EXPECT_EQ(get(viewer, base + std::string{"differences/nothing"}).status, 404);
}

} // namespace
} // namespace iwas::api::testing
