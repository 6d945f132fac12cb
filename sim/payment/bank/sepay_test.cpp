// Simulated SePay: webhooks with both proofs, repeats, and the list.
#include "sim/payment/bank/bank_world_test.hpp"
#include "sim/payment/bank/sepay.hpp"

namespace iwas::sim::bank {
namespace {

using namespace testing;

// No official sample with a key is known; these were computed from the documented rule.
TEST(SepaySignature, MatchesTheVectors)
{
    EXPECT_EQ(
        sepay_signature(
            "sepay-test-secret-01", "1795317362",
            R"({"id":92704,"gateway":"Vietcombank","transactionDate":"2026-11-22 10:16:02",)"
            R"("accountNumber":"0123499999","code":"IWAS000123","content":"IWAS000123 mua wifi",)"
            R"("transferType":"in","transferAmount":15000,"accumulated":19077000,)"
            R"("subAccount":null,"referenceCode":"MBVCB.3278907687","description":""})"),
        "sha256=c7ef874f2db5587d4cdf938d2cc76aeec8dfdde657f3249c6fb069488c1e2f4d");
    EXPECT_EQ(
        sepay_signature(
            "sepay-test-secret-02", "1795317600",
            R"({"id":92707,"gateway":"Vietcombank","transactionDate":"2026-11-22 10:16:02",)"
            R"("accountNumber":"0123499999","code":null,)"
            R"("content":"n\u1ea1p ti\u1ec1n m\u00e1y 08","transferType":"in",)"
            R"("transferAmount":15000,"accumulated":19077000,"subAccount":null,)"
            R"("referenceCode":"MBVCB.3278907687","description":""})"),
        "sha256=ebeb0afd2e0415620ce8bc43529b7d076c8dd57a6d8845edfd5343b181d5246a");
}

TEST(SepayCode, IsFoundByItsPrefix)
{
    EXPECT_EQ(sepay_code("MBVCB.1.iwas7f3k2q.CT tu", "IWAS"), "iwas7f3k2q");
    EXPECT_EQ(sepay_code("mua wifi", "IWAS"), "");
    EXPECT_EQ(sepay_code("IWAS", "IWAS"), "");
    EXPECT_EQ(sepay_code("IWAS7F3K2Q", ""), "");
}

class SepayTest : public BankWorld {
protected:
    SepayTest()
    {
        bank.add_account({"970422", "888"});
        sepay.settings.hooks = {
            {"0123499999", "http://127.0.0.1/hook", SepayProof::hmac, "s3cret", "IWAS"}};
        sepay.settings.tokens = {{"t0ken", {"0123499999"}}};
    }
    std::vector<Notice> sent() { return sepay.due_notices(now); }
    http::Response ask(std::string url, std::string token = "t0ken")
    {
        auto request = request_of(http::Method::get, std::move(url));
        request.headers.set("Authorization", "Bearer " + token);
        return sepay.answer(request, now).response;
    }
    std::vector<std::string> listed(std::string query)
    {
        now += 1s; // never too often
        std::vector<std::string> ids;
        const auto body = json_of(ask("/userapi/transactions/list" + query));
        for (const auto& row : body.at("transactions").as_array())
            ids.push_back(text_of(row.as_object(), "id"));
        return ids;
    }

    Sepay sepay{bank, {}, 1};
};

TEST_F(SepayTest, TellsOfATransferAndSignsIt)
{
    ASSERT_TRUE(scan(qr(), {}, "iwas7f3k2q mua wifi"));
    const auto notices = sent();
    ASSERT_EQ(notices.size(), 1U);
    const auto body = *read_object(notices[0].body);
    EXPECT_EQ(integer_of(body, "id"), 92'704);
    EXPECT_EQ(text_of(body, "gateway"), "Vietcombank");
    EXPECT_EQ(text_of(body, "transactionDate"), "2026-11-22 10:15:00");
    EXPECT_EQ(text_of(body, "accountNumber"), "0123499999");
    EXPECT_EQ(text_of(body, "code"), "iwas7f3k2q");
    EXPECT_EQ(text_of(body, "content"), "iwas7f3k2q mua wifi");
    EXPECT_EQ(text_of(body, "transferType"), "in");
    EXPECT_EQ(integer_of(body, "transferAmount"), 15'000);
    EXPECT_EQ(integer_of(body, "accumulated"), 15'000);
    EXPECT_TRUE(body.at("subAccount").is_null());
    EXPECT_EQ(text_of(body, "referenceCode"), "FT261122000001");
    const std::string at{notices[0].headers.value("X-SePay-Timestamp")};
    EXPECT_EQ(at, std::to_string(to_unix_ms(now) / 1000));
    EXPECT_EQ(
        notices[0].headers.value("X-SePay-Signature"),
        sepay_signature("s3cret", at, notices[0].body));

    sepay.settings.hooks[0].proof = SepayProof::api_key;
    ASSERT_TRUE(scan(qr()));
    EXPECT_EQ(sent().at(0).headers.value("Authorization"), "Apikey s3cret");
    Bank::Request out{.bin = "970436", .account = "0123499999", .amount = Money{1'000}};
    ASSERT_TRUE(bank.transfer_out(out, now));
    EXPECT_EQ(text_of(*read_object(sent().at(0).body), "transferType"), "out");
    ASSERT_TRUE(scan(write_qr("970422", "888", Money{1'000}, "x")));
    EXPECT_TRUE(sent().empty()) << "an account that nobody linked";
}

TEST_F(SepayTest, RepeatsByItsSchedule)
{
    const auto answer_all = [&](std::optional<int> status, const char* body) {
        for (const Notice& notice : sent())
            sepay.notice_answered(notice, {status, body}, now);
    };
    ASSERT_TRUE(scan(qr()));
    for (const auto minute : {0min, 1min, 2min, 4min, 7min, 12min, 20min, 33min}) {
        EXPECT_EQ(sepay.next_wake(), start + minute) << minute.count();
        now = start + minute;
        answer_all(minute.count() % 2 == 0 ? 500 : 200, "{}");
    }
    EXPECT_FALSE(sepay.next_wake()) << "eight times in all";
    EXPECT_EQ(sepay.answers.size(), 8U);
    for (const int good : {200, 201}) {
        ASSERT_TRUE(scan(qr()));
        answer_all(good, R"({"success": true})");
        EXPECT_FALSE(sepay.next_wake());
    }
    ASSERT_TRUE(scan(qr()));
    answer_all(200, R"({"success": false})");
    EXPECT_TRUE(sepay.next_wake());
}

TEST_F(SepayTest, SignsRepetitionsAnew)
{
    ASSERT_TRUE(scan(qr()));
    const auto first = sent();
    sepay.notice_answered(first[0], {std::nullopt, ""}, now);
    now += 1min;
    const auto again = sent();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].body, first[0].body);
    EXPECT_EQ(again[0].headers.value("X-SePay-Timestamp"), std::to_string(to_unix_ms(now) / 1000));
}

TEST_F(SepayTest, TellsAllAtOnceAfterAnOutage)
{
    bank.outage_until(now + 1h);
    ASSERT_TRUE(scan(qr()));
    ASSERT_TRUE(scan(qr(Money{20'000}, "IWASSECOND")));
    EXPECT_TRUE(sent().empty());
    EXPECT_TRUE(listed("").empty());
    now = start + 1h;
    EXPECT_EQ(sent().size(), 2U);
    EXPECT_EQ(listed("").size(), 2U);
}

TEST_F(SepayTest, MisbehavesOnCommand)
{
    const auto told_with = [&](GatewayFault fault) {
        sepay.faults.force(fault, 1);
        EXPECT_TRUE(scan(qr()));
        auto notices = sent();
        const std::string at{notices.at(0).headers.value("X-SePay-Timestamp")};
        EXPECT_EQ(
            notices[0].headers.value("X-SePay-Signature") ==
                sepay_signature("s3cret", at, notices[0].body),
            fault != GatewayFault::wrong_signature);
        return *read_object(notices[0].body);
    };
    EXPECT_EQ(integer_of(told_with(GatewayFault::wrong_amount), "transferAmount"), 16'000);
    EXPECT_NE(text_of(told_with(GatewayFault::wrong_merchant), "accountNumber"), "0123499999");
    EXPECT_EQ(text_of(told_with(GatewayFault::unknown_order), "content"), "IWASZZ99ZZ99");
    EXPECT_EQ(text_of(told_with(GatewayFault::number_as_text), "transferAmount"), "15000");
    EXPECT_TRUE(told_with(GatewayFault::extra_members).contains("merchantNote"));
    EXPECT_NE(
        text_of(told_with(GatewayFault::vietnamese_text), "content").find("chuyển tiền"),
        std::string::npos);
    told_with(GatewayFault::wrong_signature);
    sepay.faults.force(GatewayFault::notice_lost, 1);
    ASSERT_TRUE(scan(qr()));
    EXPECT_TRUE(sent().empty());
    EXPECT_EQ(listed("?since_id=92711"), std::vector<std::string>{"92711"}) << "the list has it";
}

TEST_F(SepayTest, ListsWhatATokenMaySee)
{
    for (int count = 0; count < 3; ++count) {
        ASSERT_TRUE(scan(qr(Money{1'000 * (count + 1)})));
        now += 24h;
    }
    ASSERT_TRUE(scan(write_qr("970422", "888", Money{1'000}, "x")));
    using Ids = std::vector<std::string>;
    EXPECT_EQ(listed(""), (Ids{"92706", "92705", "92704"}));
    EXPECT_EQ(listed("?since_id=92705"), (Ids{"92706", "92705"})) << "that one included";
    EXPECT_EQ(listed("?limit=1"), Ids{"92706"});
    EXPECT_EQ(listed("?amount_in=2000"), Ids{"92705"});
    EXPECT_EQ(listed("?amount_out=2000"), Ids{});
    EXPECT_EQ(listed("?reference_number=FT261122000001"), Ids{"92704"});
    EXPECT_EQ(listed("?account_number=888"), Ids{});
    EXPECT_EQ(
        listed("?transaction_date_min=2026-11-23&transaction_date_max=2026-11-23"), Ids{"92705"});
    sepay.settings.lists_newest_first = false;
    EXPECT_EQ(listed("?limit=2"), (Ids{"92704", "92705"}));
    now += 1s;
    const auto row =
        json_of(ask("/userapi/transactions/details/92704")).at("transaction").as_object();
    EXPECT_EQ(text_of(row, "amount_in"), "1000.00");
    EXPECT_EQ(text_of(row, "amount_out"), "0.00");
    EXPECT_EQ(text_of(row, "transaction_date"), "2026-11-22 10:15:00");
    EXPECT_EQ(integer_of(json_of(ask("/userapi/transactions/count")), "count_transactions"), 3);
    EXPECT_EQ(ask("/userapi/transactions/details/92707").status, 404) << "another's";
    now += 1s;
    EXPECT_EQ(ask("/userapi/transactions/list?since_id=x").status, 400);
    EXPECT_EQ(ask("/userapi/transactions/list", "wrong").status, 401);
    now += 1s;
    for (int call = 0; call < 3; ++call)
        EXPECT_EQ(ask("/userapi/transactions/list").status, 200);
    const auto refused = ask("/userapi/transactions/list");
    EXPECT_EQ(refused.status, 429);
    EXPECT_EQ(refused.headers.value("x-sepay-userapi-retry-after"), "1");
}

} // namespace
} // namespace iwas::sim::bank
