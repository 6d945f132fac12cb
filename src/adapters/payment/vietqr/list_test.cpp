#include "adapters/payment/vietqr/vietqr_test.hpp"

namespace iwas::adapters {

using namespace vietqr_testing;

TEST(SepayList, FindsTheOrdersTransfers)
{
    const auto plan = find_in(sepay_shop());
    const auto& request = request_of(plan);
    EXPECT_EQ(request.headers.value("Authorization"), "Bearer token");
    EXPECT_EQ(
        percent_decode(request.target, false),
        "/userapi/transactions/list?transaction_date_min=2026-11-22 10:05:00&"
        "transaction_date_max=2026-11-22 10:30:00&limit=50");
    json::object out = sepay_row(5, code_a, "0.00");
    json::object elsewhere = sepay_row(6, code_a);
    elsewhere["account_number"] = "0777";
    const auto status = end_of(read(
        plan, sepay_list(
                  {sepay_row(1, code_a), sepay_row(2, code_b), sepay_row(3, code_a + code_b),
                   sepay_row(4, "ck " + code_a, "500.00"), out, elsewhere, sepay_row(1, code_a)})));
    ASSERT_TRUE(status);
    EXPECT_EQ(status->state, PaymentState::paid);
    ASSERT_EQ(status->received.size(), 2U);
    EXPECT_EQ(status->received[0].gateway_id, "MBVCB.3278901");
    EXPECT_EQ(status->received[1].amount, Money{500});
    EXPECT_EQ(end_of(read(plan, sepay_list({}))).value().state, PaymentState::pending);
}

TEST(SepayList, TellsEachFailure)
{
    const auto error_of = [](int status, const std::string& body) {
        const auto plan = list_in(sepay_shop());
        return end_of(std::get<GatewayStep<std::vector<ports::ListedPayment>>>(plan).read(
                          {.status = status, .headers = {}, .body = body}))
            .error()
            .error;
    };
    EXPECT_EQ(error_of(401, ""), GatewayError::misconfigured);
    EXPECT_EQ(error_of(403, ""), GatewayError::misconfigured);
    EXPECT_EQ(error_of(429, ""), GatewayError::unavailable);
    EXPECT_EQ(error_of(500, json::serialize(sepay_list({}))), GatewayError::unknown);
    EXPECT_EQ(error_of(200, "x"), GatewayError::unknown);
    EXPECT_EQ(error_of(200, R"({"status":500})"), GatewayError::unknown);
    EXPECT_EQ(error_of(200, json::serialize(sepay_list({1}))), GatewayError::unknown);
    EXPECT_EQ(
        error_of(200, json::serialize(sepay_list({sepay_row(1, "x", "15.50")}))),
        GatewayError::unknown);
    EXPECT_EQ(end_of(list_in(shop({}))).error().error, GatewayError::not_supported);
}

TEST(SepayList, AsksAgainInHalvesWhenTheAnswerIsFull)
{
    const json::array full(50, sepay_row(1, code_a));
    auto plan = read(list_in(sepay_shop()), sepay_list(full));
    EXPECT_EQ(
        percent_decode(request_of(plan).target, false),
        "/userapi/transactions/list?transaction_date_min=2026-11-22 09:50:01&"
        "transaction_date_max=2026-11-22 10:20:00&limit=50");
    plan = read(plan, sepay_list({sepay_row(2, code_a)}));
    EXPECT_EQ(
        percent_decode(request_of(plan).target, false),
        "/userapi/transactions/list?transaction_date_min=2026-11-22 09:20:00&"
        "transaction_date_max=2026-11-22 09:50:00&limit=50");
    plan = read(
        plan, sepay_list(
                  {sepay_row(3, "x", "1.00", "2026-11-22 09:30:00"),
                   sepay_row(4, "x", "1.00", "2026-11-22 10:20:00")})); // past the end
    const auto payments = end_of(plan);
    ASSERT_TRUE(payments);
    ASSERT_EQ(payments->size(), 2U);
    EXPECT_EQ((*payments)[0].order_id, code_a);
    EXPECT_EQ((*payments)[1].order_id, "");

    // A feed that is always full ends.
    plan = list_in(sepay_shop());
    int calls = 0;
    while (std::holds_alternative<GatewayStep<std::vector<ports::ListedPayment>>>(plan)) {
        plan = read(plan, sepay_list(full));
        ASSERT_LT(++calls, 300);
    }
    EXPECT_EQ(end_of(plan).error().error, GatewayError::unknown);
}

TEST(CassoList, GoesThroughThePages)
{
    const auto page = [](int number, const json::array& rows) {
        return json::object{
            {"error", 0},
            {"message", "success"},
            {"data", {{"page", number}, {"pageSize", 50}, {"totalPages", 2}, {"records", rows}}}};
    };
    const auto row = [](int id, const std::string& text, int amount) {
        return json::object{{"id", id},
                            {"tid", "FT2632600" + std::to_string(id)},
                            {"description", text},
                            {"amount", amount},
                            {"when", "2026-11-22T03:16:02.000Z"},
                            {"bankSubAccId", "0123499999"}};
    };
    auto plan = list_in(casso_shop());
    EXPECT_EQ(
        request_of(plan).target,
        "/v2/transactions?fromDate=2026-11-22&toDate=2026-11-22&page=1&pageSize=50&sort=ASC");
    EXPECT_EQ(request_of(plan).headers.value("Authorization"), "Apikey token");
    plan = read(plan, page(1, {row(1, code_a, 15000), row(2, "out", -5)}));
    EXPECT_NE(request_of(plan).target.find("&page=2&"), std::string::npos);
    const auto payments = end_of(read(plan, page(2, {row(3, code_b, 20000)})));
    ASSERT_TRUE(payments);
    ASSERT_EQ(payments->size(), 2U);
    EXPECT_EQ((*payments)[1].order_id, code_b);
    EXPECT_EQ((*payments)[1].money.paid_at, from_rfc3339("2026-11-22T03:16:02Z"));
    EXPECT_EQ(
        end_of(read(list_in(casso_shop()), json::object{{"error", 1}, {"data", nullptr}}))
            .error()
            .error,
        GatewayError::unknown);
}

TEST(FeedLists, CountATransferOfTwoFeedsOnce)
{
    const auto both = shop(
        {feed(BankFeedKind::sepay, BankFeedProof::hmac, "s1"),
         feed(BankFeedKind::casso, BankFeedProof::hmac, "c1")});
    json::object same = casso_row(code_a);
    same["reference"] = "MBVCB.3278901";
    const json::object casso{{"error", 0}, {"data", {{"totalPages", 1}, {"records", {same}}}}};
    const auto after_sepay = read(find_in(both), sepay_list({sepay_row(1, code_a)}));
    EXPECT_EQ(end_of(read(after_sepay, casso)).value().received.size(), 1U);

    // One feed fails: money that the other knows is money, but a list with a gap is none.
    const auto broken = read(find_in(both), json::object{{"status", 500}});
    EXPECT_EQ(end_of(read(broken, casso)).value().state, PaymentState::paid);
    const json::object empty{
        {"error", 0}, {"data", {{"totalPages", 0}, {"records", json::array{}}}}};
    EXPECT_EQ(end_of(read(broken, empty)).error().error, GatewayError::unknown);
    const auto broken_list = read(list_in(both), json::object{{"status", 500}});
    EXPECT_EQ(end_of(read(broken_list, casso)).error().error, GatewayError::unknown);
}

} // namespace iwas::adapters
