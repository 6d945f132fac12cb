#include "adapters/payment/vietnam_time.hpp"
#include "adapters/payment/vietqr/polling.hpp"
#include "adapters/payment/vietqr/vietqr_test.hpp"

namespace iwas::adapters {

using namespace vietqr_testing;

namespace {

TEST(SepayList, FindsTheOrdersTransfers)
{
    const auto plan = find_in(sepay_shop());
    const auto& request = request_of(plan);
    EXPECT_EQ(request.headers.value("Authorization"), "Bearer token");
    EXPECT_EQ(
        percent_decode(request.target, false),
        "/userapi/transactions/list?transaction_date_min=2026-11-22 10:05:00&"
        "transaction_date_max=2026-11-22 10:30:00&limit=500");
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

/// 500 rows, a second apart, from the first on.
json::array full_page(int first_id, UtcTime first, Seconds step)
{
    json::array rows;
    for (int i = 0; i < 500; ++i) {
        json::object row = sepay_row(first_id + i, code_a);
        row["transaction_date"] = vietnam_text(first + i * step);
        rows.push_back(std::move(row));
    }
    return rows;
}
std::string asked_for(const GatewayPlan<std::vector<ports::ListedPayment>>& plan)
{
    const std::string target = percent_decode(request_of(plan).target, false).value_or("");
    const auto from = target.find("date_min=");
    const auto to = target.find("date_max=");
    return target.substr(from + 20, 8) + " " + target.substr(to + 20, 8);
}

TEST(SepayList, KeepsAFullAnswerAndAsksForWhatItLeftOut)
{
    // From 09:20 to 10:20.
    auto plan = list_in(sepay_shop());
    EXPECT_EQ(asked_for(plan), "09:20:00 10:20:00");
    const UtcTime last = from_rfc3339("2026-11-22T03:19:59Z").value();
    auto older = read(plan, sepay_list(full_page(1000, last, Seconds{-1})));
    EXPECT_EQ(asked_for(older), "09:20:00 10:11:40") << "the newest come first";
    // The row of the seam comes twice.
    const auto payments = end_of(read(
        older, sepay_list(
                   {sepay_row(1499, code_a, "15000.00", "2026-11-22 10:11:40"),
                    sepay_row(1, code_b, "15000.00", "2026-11-22 10:00:00")})));
    ASSERT_TRUE(payments);
    EXPECT_EQ(payments->size(), 501U);

    const UtcTime begin = from_rfc3339("2026-11-22T02:20:00Z").value();
    auto newer = read(plan, sepay_list(full_page(1000, begin, Seconds{1})));
    EXPECT_EQ(asked_for(newer), "09:28:19 10:20:00") << "the oldest come first";
    EXPECT_EQ(end_of(read(newer, sepay_list({}))).value().size(), 500U);

    // In no order: again, in halves; what is known counts once.
    json::array mixed = full_page(1000, begin, Seconds{1});
    std::swap(mixed[0], mixed[250]);
    auto halves = read(plan, sepay_list(mixed));
    EXPECT_EQ(asked_for(halves), "09:50:01 10:20:00");
    halves = read(halves, sepay_list({sepay_row(2, code_a)}));
    EXPECT_EQ(asked_for(halves), "09:20:00 09:50:00");
    EXPECT_EQ(end_of(read(halves, sepay_list({}))).value().size(), 501U);
}

TEST(SepayList, TellsThatASecondHasMoreThanFitsIntoAnAnswer)
{
    const json::array full(500, sepay_row(1, code_a, "15000.00", "2026-11-22 10:20:00"));
    auto plan = vietqr_mapping().list(sepay_shop(), now - 1s, now, {.now = now});
    for (int calls = 0; calls < 3; ++calls)
        plan = read(plan, sepay_list(full));
    EXPECT_EQ(end_of(plan).error().code, "too_many") << "a list with a gap is none";
}

TEST(CassoList, EndsHoweverManyPagesItHas)
{
    json::object row = casso_row(code_a);
    const json::object endless{
        {"error", 0}, {"data", {{"totalPages", 1'000'000}, {"records", json::array{row}}}}};
    auto list = list_in(casso_shop());
    std::size_t calls = 0;
    for (; std::holds_alternative<GatewayStep<std::vector<ports::ListedPayment>>>(list); ++calls)
        list = read(list, endless);
    EXPECT_EQ(calls, vietqr_feeds::calls_max);
    EXPECT_EQ(end_of(list).error().code, "too_many_calls");
    auto find = find_in(casso_shop());
    while (std::holds_alternative<GatewayStep<ports::PaymentStatus>>(find))
        find = read(find, endless);
    EXPECT_EQ(end_of(find).value().state, PaymentState::paid) << "but money is money";
}

TEST(SepayList, ARowThatCannotBeReadKeepsNoOtherBack)
{
    const json::array rows{sepay_row(1, "x", "15.50"), sepay_row(2, code_a)};
    EXPECT_EQ(end_of(read(find_in(sepay_shop()), sepay_list(rows))).value().received.size(), 1U);
    EXPECT_EQ(end_of(read(list_in(sepay_shop()), sepay_list(rows))).error().code, "bad_row");
    const json::array bad_only{sepay_row(1, code_a, "15.50")};
    EXPECT_FALSE(end_of(read(find_in(sepay_shop()), sepay_list(bad_only))))
        << "it may be this order's";
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
        "/v2/transactions?fromDate=2026-11-22&toDate=2026-11-22&page=1&pageSize=100&sort=DESC");
    EXPECT_EQ(request_of(plan).headers.value("Authorization"), "Apikey token");
    plan = read(plan, page(1, {row(1, code_a, 15000), row(2, "out", -5)}));
    EXPECT_NE(request_of(plan).target.find("&page=2&"), std::string::npos);
    const auto payments = end_of(read(plan, page(2, {row(3, code_b, 20000)})));
    ASSERT_TRUE(payments);
    ASSERT_EQ(payments->size(), 2U);
    EXPECT_EQ((*payments)[1].order_id, code_b);
    EXPECT_EQ((*payments)[1].money.paid_at, from_rfc3339("2026-11-22T03:16:02Z"));
    // The newest come first: past the time that was asked for, the rest of the day is not read.
    json::object early = row(4, code_a, 1000);
    early["when"] = "2026-11-22T01:00:00.000Z";
    EXPECT_EQ(end_of(read(list_in(casso_shop()), page(1, {early}))).value().size(), 0U);
    EXPECT_NE(request_of(read(list_in(casso_shop()), page(1, {row(5, "x", 1), early}))).target, "");
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
    // The same when it does not answer at all, whichever it is.
    const ports::GatewayFailure silence{.error = GatewayError::unavailable, .code = "http_503"};
    const auto without = [&](const auto& plan) {
        using Step = GatewayStep<ports::PaymentStatus>;
        return std::get<Step>(plan).on_failure(silence);
    };
    EXPECT_EQ(end_of(read(without(find_in(both)), casso)).value().state, PaymentState::paid);
    EXPECT_EQ(end_of(without(after_sepay)).value().state, PaymentState::paid);
    EXPECT_EQ(end_of(without(without(find_in(both)))).error().error, GatewayError::unavailable);
    const auto broken_list = read(list_in(both), json::object{{"status", 500}});
    EXPECT_EQ(end_of(read(broken_list, casso)).error().error, GatewayError::unknown);
}

} // namespace
} // namespace iwas::adapters
