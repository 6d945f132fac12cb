// The staff API's door, the history with its filters, and refunds.
#include "tests/api/staff_world.hpp"

#include <boost/json/array.hpp>
#include <gmock/gmock.h>

namespace iwas::api::testing {
namespace {

using domain::TransactionState;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr auto history_path = "/api/v1/staff/transactions";

std::vector<std::string> ids_of_page(const http::Response& response)
{
    EXPECT_EQ(response.status, 200) << response.body;
    std::vector<std::string> ids;
    const auto body = body_of(response);
    for (const auto& each : body.at("transactions").as_array())
        ids.emplace_back(each.as_object().at("id").as_string());
    return ids;
}

/// Every operation of the staff API, with `{id}` filled in.
std::vector<std::pair<http::Method, std::string>> staff_operations(const std::string& id)
{
    std::vector<std::pair<http::Method, std::string>> all;
    for (const Route& route : routes()) {
        std::string path{route.pattern};
        if (!path.starts_with("/api/v1/staff/")) continue;
        if (const auto at = path.find("{id}"); at != std::string::npos) path.replace(at, 4, id);
        all.emplace_back(route.method, std::move(path));
    }
    return all;
}

class StaffDoor : public StaffTest {
protected:
    http::Response call(http::Method method, const std::string& token, const std::string& path)
    {
        return method == http::Method::get ? get(token, path)
                                           : post(token, path, R"({"reason":"a test"})");
    }
};

TEST_F(StaffDoor, NothingOpensWithoutARightToken)
{
    const auto paid = paid_order();
    const auto all = staff_operations(to_string(paid.id));
    EXPECT_EQ(all.size(), 16U);
    const std::string wrong = "iwas_staff_" + std::string(43, 'A');
    for (const auto& [method, path] : all) {
        SCOPED_TRACE(path);
        const auto without = call(method, "", path);
        EXPECT_EQ(without.status, 401);
        EXPECT_EQ(code_of(without), "STAFF_TOKEN_NEEDED");
        EXPECT_EQ(without.headers.value("WWW-Authenticate"), R"(Bearer realm="iwas staff")");
        EXPECT_EQ(without.headers.value("Cache-Control"), "no-store");
        const auto refused = call(method, wrong, path);
        EXPECT_EQ(refused.status, 401);
        EXPECT_THAT(
            std::string{refused.headers.value("WWW-Authenticate")}, HasSubstr("invalid_token"));
        EXPECT_THAT(refused.body, Not(HasSubstr(wrong)));
    }
    EXPECT_EQ(world.transaction_of(to_string(paid.id)).state, TransactionState::success);
}

TEST_F(StaffDoor, ACustomersSignInOpensNothingHere)
{
    EXPECT_EQ(phone.get(history_path).status, 401);
}

TEST_F(StaffDoor, ARevokedTokenOpensNothingFromThatMomentOn)
{
    EXPECT_EQ(get(viewer, history_path).status, 200);
    const auto name = domain::StaffId::trusted("binh");
    ASSERT_TRUE(world.run(world.store->revoke_staff(name, "test", world.clock.utc_now())).value());
    EXPECT_EQ(get(viewer, history_path).status, 401);
}

TEST_F(StaffDoor, WrongTokensAreCountedAndARightOneStillOpens)
{
    const std::string wrong = "iwas_staff_" + std::string(43, 'A');
    int tries = 0;
    while (tries < 200 && get(wrong, history_path).status == 401)
        ++tries;
    EXPECT_EQ(tries, 60);
    const auto refused = get(wrong, history_path);
    EXPECT_EQ(refused.status, 429);
    EXPECT_TRUE(refused.headers.has("Retry-After"));
    EXPECT_EQ(get("", history_path).status, 401) << "who sends none guesses nothing";
    EXPECT_EQ(get(manager, history_path).status, 200) << "nobody can lock the staff out";
}

TEST_F(StaffDoor, AViewerReadsAndDoesNotAct)
{
    const auto paid = paid_order();
    for (const auto& [method, path] : staff_operations(to_string(paid.id))) {
        SCOPED_TRACE(path);
        const auto answer = call(method, viewer, path);
        if (method == http::Method::get) {
            EXPECT_NE(answer.status, 403);
        } else {
            EXPECT_EQ(answer.status, 403);
            EXPECT_EQ(code_of(answer), "NOT_ALLOWED");
        }
    }
    EXPECT_EQ(world.transaction_of(to_string(paid.id)).state, TransactionState::success);
}

TEST_F(StaffDoor, WhatIsOfOthersDoesNotExist)
{
    const auto paid = paid_order();
    const auto waits = unmatched(Money{7'000});
    for (const std::string& token : {stranger, elsewhere}) {
        EXPECT_EQ(get(token, path_of(paid)).status, 404);
        EXPECT_EQ(post(token, path_of(paid) + "/refund", R"({"reason":"mine"})").status, 404);
        EXPECT_EQ(
            post(token, queue_path_of(waits) + "/dismiss", R"({"reason":"mine"})").status, 404);
        EXPECT_TRUE(ids_of_page(get(token, history_path)).empty());
        EXPECT_TRUE(
            ids_of_page(get(token, std::string{history_path} + "?reference=" + to_string(paid.id)))
                .empty());
        EXPECT_TRUE(body_of(get(token, "/api/v1/staff/refunds")).at("refunds").as_array().empty());
    }
    EXPECT_EQ(get(elsewhere, std::string{history_path} + "?location=q7").status, 404);
    EXPECT_EQ(get(manager, path_of(paid)).status, 200);
    EXPECT_EQ(world.transaction_of(to_string(paid.id)).state, TransactionState::success);
    // Of two locations he sees both, but not money that belongs to none.
    const std::string both = token_of("chi", domain::StaffRole::viewer, {"q7", "q1"});
    EXPECT_THAT(ids_of_page(get(both, history_path)), ElementsAre(to_string(paid.id)));
    EXPECT_EQ(get(both, path_of(waits)).status, 404);
}

using StaffHistory = StaffTest;

TEST_F(StaffHistory, IsFilteredByWhatIsAskedFor)
{
    const auto paid = paid_order();
    const auto waits = unmatched(Money{7'000});
    Phone minh{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    minh.sign_in();
    const std::string bought{body_of(minh.buy("pkg_1h", 5'000)).at("id").as_string()};
    const std::string first = to_string(paid.id);
    const std::string second = to_string(waits.id);
    const auto found = [&](const std::string& query) {
        return ids_of_page(get(viewer, std::string{history_path} + "?" + query));
    };
    EXPECT_THAT(found(""), UnorderedElementsAre(bought, second, first));
    EXPECT_THAT(found("state=success"), UnorderedElementsAre(bought, first));
    EXPECT_THAT(found("state=refunding"), ElementsAre(second));
    EXPECT_THAT(found("method=momo"), ElementsAre(first));
    EXPECT_THAT(found("location=q7"), UnorderedElementsAre(bought, first));
    EXPECT_THAT(found("account=galaxy-bank"), ElementsAre(second));
    EXPECT_THAT(found("refund_queued=true"), ElementsAre(second));
    EXPECT_THAT(found("user_name=MINH"), ElementsAre(bought));
    EXPECT_THAT(found("customer=" + to_string(paid.account)), ElementsAre(first));
    EXPECT_THAT(found("reference=" + first), ElementsAre(first));
    EXPECT_THAT(found("reference=" + paid.order_id), ElementsAre(first));
    EXPECT_THAT(found("reference=" + paid.charge_id), ElementsAre(first));
    EXPECT_THAT(found("reference=" + waits.charge_id), ElementsAre(second));
    EXPECT_THAT(found("reference=nothing"), ElementsAre());
    EXPECT_THAT(found("from=2020-01-01&to=2020-01-02"), ElementsAre());
    EXPECT_THAT(found("from=2020-01-01&method=momo&state=success"), ElementsAre(first));
    EXPECT_THAT(found("to=" + to_rfc3339(paid.created_at)), ElementsAre());
    EXPECT_THAT(found("from=" + to_rfc3339(paid.created_at) + "&method=momo"), ElementsAre(first));
}

TEST_F(StaffHistory, IsPagedWithoutGapsOrRepetitions)
{
    std::vector<std::string> newest_first;
    for (const int amount : {1'000, 2'000, 3'000, 4'000, 5'000})
        newest_first.insert(newest_first.begin(), to_string(unmatched(Money{amount}).id));
    // All of them within the same millisecond or not: the order is the answer's own.
    const auto all = ids_of_page(get(viewer, history_path));
    EXPECT_THAT(all, ::testing::UnorderedElementsAreArray(newest_first));
    std::vector<std::string> seen;
    std::string cursor;
    for (int pages = 0; pages < 5; ++pages) {
        const auto page = get(viewer, std::string{history_path} + "?limit=2" + cursor);
        std::ranges::move(ids_of_page(page), std::back_inserter(seen));
        const auto next = body_of(page).at("next_cursor");
        if (next.is_null()) break;
        cursor = "&cursor=" + std::string{next.as_string()};
    }
    EXPECT_EQ(seen, all);
}

TEST_F(StaffHistory, AFilterThatMakesNoSenseIsNamed)
{
    for (const std::string query :
         {"state=paid", "method=cash", "limit=0", "limit=101", "limit=1x", "cursor=x", "from=today",
          "to=2026-13-01", "refund_queued=yes", "location=Q7", "customer=minh",
          "reference=", "user_name="}) {
        const auto refused = get(viewer, std::string{history_path} + "?" + query);
        EXPECT_EQ(refused.status, 422) << query;
        EXPECT_EQ(body_of(refused).at("field").as_string(), query.substr(0, query.find('=')))
            << query;
    }
    EXPECT_EQ(get(viewer, std::string{history_path} + "?sate=success").status, 422)
        << "a misspelt filter must not look like an answer";
    EXPECT_EQ(get(viewer, std::string{history_path} + "?state=success&state=failed").status, 422);
}

TEST_F(StaffHistory, ATransactionIsShownWithAllOfItsStory)
{
    const auto paid = paid_order();
    const auto answer = get(viewer, path_of(paid));
    ASSERT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(answer.headers.value("Cache-Control"), "no-store");
    const auto body = body_of(answer);
    EXPECT_EQ(body.at("amount").as_int64(), 12'000);
    EXPECT_EQ(body.at("refundable").as_int64(), 12'000);
    EXPECT_EQ(body.at("fee").as_int64(), 0);
    ASSERT_EQ(body.at("payments").as_array().size(), 1U);
    EXPECT_EQ(
        body.at("payments").as_array().front().as_object().at("id").as_string(), paid.charge_id);
    EXPECT_EQ(body.at("session").as_object().at("state").as_string(), "active");
    EXPECT_TRUE(body.at("buyer").as_object().at("is_guest").as_bool());
    EXPECT_TRUE(body.at("others").as_array().empty());
    const auto& story = body.at("history").as_array();
    ASSERT_GE(story.size(), 3U);
    EXPECT_EQ(story.front().as_object().at("to").as_string(), "created");
    EXPECT_EQ(story.back().as_object().at("to").as_string(), "success");
    EXPECT_EQ(get(viewer, std::string{history_path} + "/nothing").status, 404);
    EXPECT_EQ(get(viewer, std::string{history_path} + "/" + to_string(Ulid{1, 2})).status, 404);
}

using StaffRefund = StaffTest;

TEST_F(StaffRefund, AllOfAPaymentGoesBackOnceHoweverOftenItIsAsked)
{
    const auto paid = paid_order();
    const std::string body = R"({"reason":"the game did not load"})";
    const auto first = post(manager, path_of(paid) + "/refund", body, "refund-key-1");
    ASSERT_EQ(first.status, 202) << first.body;
    EXPECT_EQ(body_of(first).at("transaction").as_object().at("state").as_string(), "refunding");
    const auto again = post(manager, path_of(paid) + "/refund", body, "refund-key-1");
    EXPECT_EQ(again.status, first.status);
    EXPECT_EQ(again.body, first.body);
    world.run_jobs();
    EXPECT_EQ(world.transaction_of(to_string(paid.id)).state, TransactionState::refunded);
    EXPECT_EQ(world.gateways.given_back(), Money{12'000});
    EXPECT_EQ(world.gateways.refunds().size(), 1U);

    const auto shown = body_of(get(viewer, path_of(paid)));
    EXPECT_EQ(shown.at("session").as_object().at("state").as_string(), "terminated")
        << "who got his money back has not bought the time";
    bool is_told = false;
    for (const auto& each : shown.at("history").as_array()) {
        const auto& event = each.as_object();
        is_told = is_told || (event.at("actor").as_string() == "staff:lan" &&
                              event.at("to").as_string() == "refunding" &&
                              std::string_view{event.at("why").as_string()}.find(
                                  "the game did not load") != std::string_view::npos);
    }
    EXPECT_TRUE(is_told);
    const auto too_late = post(manager, path_of(paid) + "/refund", body);
    EXPECT_EQ(too_late.status, 409);
    EXPECT_EQ(code_of(too_late), "NOT_REFUNDABLE");
    EXPECT_EQ(world.gateways.refunds().size(), 1U);
}

TEST_F(StaffRefund, APartGoesBackAndTheCustomerStaysOnline)
{
    const auto paid = paid_order();
    const std::string path = path_of(paid) + "/refund";
    const std::string body = R"({"amount":5000,"reason":"slow"})";
    const auto part = post(manager, path, body, "refund-key-1");
    ASSERT_EQ(part.status, 202) << part.body;
    const auto changed = post(manager, path, R"({"amount":6000,"reason":"slow"})", "refund-key-1");
    EXPECT_EQ(changed.status, 409);
    EXPECT_EQ(code_of(changed), "IDEMPOTENCY_CONFLICT");
    EXPECT_EQ(
        code_of(post(manager, path, R"({"amount":7001,"reason":"slow"})")), "REFUND_TOO_LARGE");
    world.run_jobs();
    EXPECT_EQ(world.gateways.given_back(), Money{5'000});
    EXPECT_EQ(world.gateways.refunds().size(), 1U);
    EXPECT_EQ(world.access.online.size(), 1U);
    const auto shown = body_of(get(viewer, path_of(paid)));
    EXPECT_EQ(shown.at("refunded").as_int64(), 5'000);
    EXPECT_EQ(shown.at("refundable").as_int64(), 7'000);
    ASSERT_EQ(shown.at("others").as_array().size(), 1U);
    EXPECT_EQ(
        shown.at("others").as_array().front().as_object().at("state").as_string(), "refunded");
    // The same amount on purpose: another key. And another member's key is another key.
    EXPECT_EQ(post(manager, path, body, "refund-key-2").status, 202);
    world.run_jobs();
    EXPECT_EQ(world.gateways.given_back(), Money{10'000});
}

TEST_F(StaffRefund, TheLedgerKnowsTheKeyWhenTheAnswerIsForgotten)
{
    const auto paid = paid_order();
    const std::string path = path_of(paid) + "/refund";
    const std::string body = R"({"amount":5000,"reason":"slow"})";
    ASSERT_EQ(post(manager, path, body, "refund-key-1").status, 202);
    world.run_jobs();
    (void)world.run(world.store->forget_old(world.clock.utc_now() + 48h, 1'000)).value();
    const auto again = post(manager, path, body, "refund-key-1");
    EXPECT_EQ(again.status, 200) << again.body;
    world.run_jobs();
    EXPECT_EQ(world.gateways.given_back(), Money{5'000});
}

TEST_F(StaffRefund, WhatMakesNoSenseIsRefusedAndChangesNothing)
{
    const auto paid = paid_order();
    const std::string path = path_of(paid) + "/refund";
    for (const std::string body :
         {R"({})", R"({"reason":""})", R"({"reason":"  "})", R"({"reason":7})",
          R"({"reason":"a\nb"})", R"({"amount":0,"reason":"x"})", R"({"amount":-1,"reason":"x"})",
          R"({"amount":1.5,"reason":"x"})", R"({"amount":null,"reason":"x"})",
          R"({"amount":"5000","reason":"x"})", R"({"ammount":5000,"reason":"x"})", R"([])", "{"})
        EXPECT_EQ(post(manager, path, body).status, 422) << body;
    EXPECT_EQ(post(manager, path, R"({"reason":")" + std::string(501, 'x') + R"("})").status, 422);
    EXPECT_EQ(post(manager, path, R"({"reason":"x"})", "short").status, 422);
    Phone other{world, "A4:5E:60:11:22:10", "192.168.20.16"};
    other.sign_in_as_guest();
    EXPECT_EQ(
        code_of(post(
            manager, path_of(world.transaction_of(other.order("momo"))) + "/refund",
            R"({"reason":"x"})")),
        "NOT_REFUNDABLE");
    world.run_jobs();
    EXPECT_EQ(world.gateways.refunds().size(), 0U);
}

} // namespace
} // namespace iwas::api::testing
