// The queue of money that waits for a person, as staff sees and settles it.
#include "tests/api/staff_world.hpp"

#include <boost/json/array.hpp>

namespace iwas::api::testing {
namespace {

using domain::TransactionState;

using StaffQueue = StaffTest;

TEST_F(StaffQueue, SaysWhatWaitsForHowLongAndWhatCanBeDone)
{
    const auto bank = unmatched(Money{7'000});
    const auto later = unmatched(Money{8'000});
    const auto answer = get(viewer, "/api/v1/staff/refunds?limit=1");
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto page = body_of(answer);
    ASSERT_EQ(page.at("refunds").as_array().size(), 1U);
    const auto& line = page.at("refunds").as_array().front().as_object();
    EXPECT_EQ(line.at("due").as_int64(), 7'000);
    EXPECT_EQ(line.at("transaction").as_object().at("id").as_string(), to_string(bank.id));
    EXPECT_GE(line.at("age_seconds").as_int64(), 0);
    EXPECT_EQ(line.at("actions"), (boost::json::array{"made", "attach", "dismiss"})) << answer.body;
    const auto next =
        get(viewer, "/api/v1/staff/refunds?limit=1&cursor=" +
                        std::string{page.at("next_cursor").as_string()});
    const auto rest = body_of(next);
    ASSERT_EQ(rest.at("refunds").as_array().size(), 1U) << next.body;
    EXPECT_EQ(rest.at("refunds").as_array().front().as_object().at("due").as_int64(), 8'000);
    EXPECT_TRUE(rest.at("next_cursor").is_null());
    EXPECT_EQ(later.amount, Money{8'000});
    for (const std::string& cursor :
         std::vector<std::string>{"x", "-", "1-x", "x-" + to_string(bank.id), to_string(bank.id)})
        EXPECT_EQ(get(viewer, "/api/v1/staff/refunds?cursor=" + cursor).status, 422) << cursor;
}

TEST_F(StaffQueue, MoneyThatWasGivenBackByHandLeavesIt)
{
    const auto waits = unmatched(Money{7'000});
    const std::string path = queue_path_of(waits) + "/made";
    EXPECT_EQ(code_of(post(manager, path, R"({"reason":"at the counter"})")), "VALIDATION_FAILED");
    const std::string body = R"({"reason":"at the counter","reference":"FT261126"})";
    const auto made = post(manager, path, body);
    ASSERT_EQ(made.status, 200) << made.body;
    EXPECT_EQ(world.transaction_of(to_string(waits.id)).refund_id, "by hand: FT261126");
    EXPECT_EQ(code_of(post(manager, path, body)), "NOT_QUEUED");
    EXPECT_EQ(code_of(post(manager, queue_path_of(paid_order()) + "/made", body)), "NOT_QUEUED");
}

TEST_F(StaffQueue, ARefundThatTheGatewayRefusedIsTriedAgain)
{
    const auto paid = paid_order();
    world.gateways.refunds_fail = true;
    ASSERT_EQ(post(manager, path_of(paid) + "/refund", R"({"reason":"slow"})").status, 202);
    world.run_jobs();
    ASSERT_TRUE(world.transaction_of(to_string(paid.id)).is_refund_queued);
    const auto line =
        body_of(get(viewer, "/api/v1/staff/refunds")).at("refunds").as_array().front().as_object();
    EXPECT_EQ(line.at("actions"), (boost::json::array{"retry", "made"}));
    const auto& asked = line.at("transaction").as_object().at("gateway_refund").as_string();
    EXPECT_EQ(asked, world.transaction_of(to_string(paid.id)).gateway_refund_id);
    EXPECT_FALSE(asked.empty());
    EXPECT_EQ(
        code_of(post(manager, queue_path_of(paid) + "/keep", R"({"reason":"he agreed"})")),
        "REFUND_IN_DOUBT");
    world.gateways.refunds_fail = false;
    const auto retried =
        post(manager, queue_path_of(paid) + "/retry", R"({"reason":"it is back"})");
    EXPECT_EQ(retried.status, 202) << retried.body;
    world.run_jobs();
    EXPECT_EQ(world.transaction_of(to_string(paid.id)).state, TransactionState::refunded);
    EXPECT_EQ(world.gateways.given_back(), Money{12'000});
    const auto bank = unmatched(Money{7'000});
    EXPECT_EQ(
        code_of(post(manager, queue_path_of(bank) + "/retry", R"({"reason":"x"})")), "NOT_POSSIBLE")
        << "banks take nothing back by themselves";
}

TEST_F(StaffQueue, MoneyThatLostItsOrderBecomesItsPayment)
{
    const auto ordered = world.transaction_of(phone.order("vietqr"));
    const auto waits = unmatched(due_of(ordered));
    const std::string path = queue_path_of(waits) + "/attach";
    EXPECT_EQ(
        post(manager, path, R"({"reason":"his","order":")" + to_string(Ulid{1, 2}) + R"("})")
            .status,
        404);
    const auto attached = post(
        manager, path, R"({"reason":"he showed it","order":")" + to_string(ordered.id) + R"("})");
    ASSERT_EQ(attached.status, 202) << attached.body;
    world.run_jobs();
    world.settle();
    EXPECT_EQ(world.transaction_of(to_string(ordered.id)).state, TransactionState::success);
    EXPECT_EQ(world.access.online.size(), 1U);
    EXPECT_FALSE(world.transaction_of(to_string(waits.id)).is_refund_queued);
}

TEST_F(StaffQueue, MoneyOfNobodyIsDismissedAndNobodyKeepsItAsCredit)
{
    const auto waits = unmatched(Money{7'000});
    EXPECT_EQ(
        code_of(post(manager, queue_path_of(waits) + "/keep", R"({"reason":"x"})")),
        "NOT_POSSIBLE");
    const auto dismissed =
        post(manager, queue_path_of(waits) + "/dismiss", R"({"reason":"the landlord's"})");
    EXPECT_EQ(dismissed.status, 200) << dismissed.body;
    EXPECT_EQ(world.transaction_of(to_string(waits.id)).refund_id, "dismissed: staff:lan");
}

TEST_F(StaffQueue, ACustomerWhoAgreesKeepsHisMoneyAsCredit)
{
    const auto ordered = world.transaction_of(phone.order("vietqr"));
    for (const char* id : {"b-1", "b-2"})
        world.notify(
            "paid " + ordered.order_id + " " + std::to_string(due_of(ordered).vnd()) + " " + id,
            "galaxy-bank");
    world.settle();
    const auto queue = world.run(world.store->refund_queue(10)).value();
    ASSERT_EQ(queue.size(), 1U);
    const auto kept = post(
        manager, queue_path_of(queue.front().transaction) + "/keep", R"({"reason":"he agreed"})");
    ASSERT_EQ(kept.status, 200) << kept.body;
    EXPECT_EQ(world.run(world.store->credit_of(ordered.account)).value(), due_of(ordered));
}

} // namespace
} // namespace iwas::api::testing
