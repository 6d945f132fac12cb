// Simulated Casso: both generations of webhooks and the list.
#include "sim/payment/bank/bank_world_test.hpp"
#include "sim/payment/bank/casso.hpp"

namespace iwas::sim::bank {
namespace {

using namespace testing;

// The first is Casso's own sample; the second was computed by the same scheme.
TEST(CassoSignature, MatchesTheVectors)
{
    constexpr std::string_view key =
        "mgExMrjj4i7a1p8Cs6LmFbpCd8lbw4sSX4LZXPag7TKazeIogtR90tvWYTkwQbvs";
    const auto sample = *read_object(
        R"({"error":0,"data":{"id":0,"reference":"MA_GIAO_DICH_THU_NGHIEM",)"
        R"("description":"giao dich thu nghiem","amount":599000,"runningBalance":25000000,)"
        R"("transactionDateTime":"2024-10-03 15:06:37","accountNumber":"88888888",)"
        R"("bankName":"VPBank","bankAbbreviation":"VPB","virtualAccountNumber":"",)"
        R"("virtualAccountName":"","counterAccountName":"NGUYEN VAN A",)"
        R"("counterAccountNumber":"8888888888","counterAccountBankId":"970415",)"
        R"("counterAccountBankName":"VietinBank"}})");
    EXPECT_EQ(
        casso_signature(key, "1727948258788", sample, CassoEscapes::javascript),
        "t=1727948258788,v1="
        "ed0a4bd2e826d5cb69988cdb141e6c1a080e21f3b57eb72cd78192220042b9e7"
        "dde0868fc667faea8e224900fa7904e7c88dfa098032fb2d6b6996856e8b7ff3");
    EXPECT_EQ(
        casso_signature(key, "1727948258788", sample, CassoEscapes::php),
        casso_signature(key, "1727948258788", sample, CassoEscapes::javascript))
        << "of ASCII without '/' there is one writing only";
    auto paid = sample;
    auto& data = paid.at("data").as_object();
    data["id"] = 90'071;
    data["reference"] = "FT26326123456";
    data["description"] = "IWAS MAY07 000123 FT26326123456";
    data["amount"] = 15'000;
    data["runningBalance"] = 25'015'000;
    data["transactionDateTime"] = "2026-11-22 10:16:02";
    EXPECT_EQ(
        casso_signature(key, "1795317362000", paid, CassoEscapes::javascript),
        "t=1795317362000,v1="
        "ede3140b268b9593f94f1acef7d582312d4ac0541f7d77353c0d14ca9442c392"
        "5c6a4f5a02d0e9569661b65127a2d708749bf8422bc4be7e0be75a5394d5ee70");
}

TEST(CassoSignature, WritesJsonInTwoWays)
{
    const auto body = *read_object(
        R"({"b":"nạp \"1\" /ngày\n\u0001","a":[{"z":null,"y":true},-5],"c":{"k":"😀"}})");
    EXPECT_EQ(
        casso_text(body, CassoEscapes::javascript),
        "{\"a\":[{\"y\":true,\"z\":null},-5],\"b\":\"nạp \\\"1\\\" /ngày\\n\\u0001\","
        "\"c\":{\"k\":\"😀\"}}");
    EXPECT_EQ(
        casso_text(body, CassoEscapes::php),
        "{\"a\":[{\"y\":true,\"z\":null},-5],\"b\":\"n\\u1ea1p \\\"1\\\" "
        "\\/ng\\u00e0y\\n\\u0001\",\"c\":{\"k\":\"\\ud83d\\ude00\"}}");
}

class CassoTest : public BankWorld {
protected:
    CassoTest()
    {
        casso.settings.hooks = {
            {"0123499999", "http://127.0.0.1/v2", CassoVersion::v2, "checksum"}};
        casso.settings.keys = {{"apikey", {"0123499999"}}};
    }
    std::vector<Notice> sent() { return casso.due_notices(now); }
    boost::json::object list(std::string query, std::string key = "apikey")
    {
        auto request = request_of(http::Method::get, "/v2/transactions" + query);
        request.headers.set("Authorization", "Apikey " + key);
        const auto response = casso.answer(request, now).response;
        status = response.status;
        const auto body = json_of(response);
        return body.at("data").is_object() ? body.at("data").as_object() : boost::json::object{};
    }

    Casso casso{bank, {}, 1};
    int status = 0;
};

TEST_F(CassoTest, TellsAndSignsInTheSecondGeneration)
{
    casso.faults.force(GatewayFault::vietnamese_text, 2);
    for (const CassoEscapes escapes : {CassoEscapes::javascript, CassoEscapes::php}) {
        casso.settings.hooks[0].escapes = escapes;
        ASSERT_TRUE(scan(qr()));
        const auto notices = sent();
        ASSERT_EQ(notices.size(), 1U);
        const auto body = *read_object(notices[0].body);
        const auto& data = body.at("data").as_object();
        EXPECT_EQ(integer_of(data, "amount"), 15'000);
        EXPECT_EQ(text_of(data, "accountNumber"), "0123499999");
        EXPECT_EQ(text_of(data, "transactionDateTime"), "2026-11-22 10:15:00");
        EXPECT_NE(text_of(data, "description").find("gói 2 giờ/ngày"), std::string::npos);
        EXPECT_EQ(
            notices[0].headers.value("X-Casso-Signature"),
            casso_signature("checksum", std::to_string(to_unix_ms(now)), body, escapes));
    }
    Bank::Request out{.bin = "970436", .account = "0123499999", .amount = Money{1'000}};
    ASSERT_TRUE(bank.transfer_out(out, now));
    EXPECT_EQ(integer_of(read_object(sent().at(0).body)->at("data").as_object(), "amount"), -1'000);
    casso.faults.force(GatewayFault::wrong_signature, 1);
    ASSERT_TRUE(scan(qr()));
    const auto forged = sent();
    EXPECT_NE(
        forged.at(0).headers.value("X-Casso-Signature"),
        casso_signature(
            "checksum", std::to_string(to_unix_ms(now)), *read_object(forged[0].body),
            CassoEscapes::php));
}

TEST_F(CassoTest, TellsManyAtOnceInTheFirstGeneration)
{
    casso.settings.hooks[0].version = CassoVersion::v1;
    bank.outage_until(now + 1h);
    ASSERT_TRUE(scan(qr()));
    ASSERT_TRUE(scan(qr(Money{20'000}, "IWASSECOND")));
    EXPECT_TRUE(sent().empty());
    now += 1h;
    const auto notices = sent();
    ASSERT_EQ(notices.size(), 1U);
    EXPECT_EQ(notices[0].headers.value("secure-token"), "checksum");
    EXPECT_FALSE(notices[0].headers.has("X-Casso-Signature"));
    const auto body = *read_object(notices[0].body);
    const auto& rows = body.at("data").as_array();
    ASSERT_EQ(rows.size(), 2U);
    EXPECT_EQ(text_of(rows[1].as_object(), "description"), "IWASSECOND");
    EXPECT_EQ(integer_of(rows[1].as_object(), "amount"), 20'000);
    EXPECT_EQ(text_of(rows[0].as_object(), "tid"), "FT261122000001");
    EXPECT_EQ(text_of(rows[0].as_object(), "when"), "2026-11-22 10:15:00") << "not when it showed";
}

TEST_F(CassoTest, RepeatsUntilItIsThanked)
{
    ASSERT_TRUE(scan(qr()));
    auto notices = sent();
    casso.notice_answered(notices.at(0), {200, "OK"}, now);
    EXPECT_EQ(casso.next_wake(), now + 1min);
    now += 1min;
    notices = sent();
    ASSERT_EQ(notices.size(), 1U);
    casso.notice_answered(notices[0], {200, R"({"success":true})"}, now);
    EXPECT_FALSE(casso.next_wake());
}

TEST_F(CassoTest, ListsByPages)
{
    for (int count = 1; count <= 12; ++count) {
        ASSERT_TRUE(scan(qr(Money{1'000 * count})));
        now += 12h;
    }
    auto page = list("");
    EXPECT_EQ(page.at("records").as_array().size(), 10U);
    EXPECT_EQ(integer_of(page, "nextPage"), 2);
    EXPECT_TRUE(page.at("prevPage").is_null());
    EXPECT_EQ(integer_of(page, "totalRecords"), 12);
    page = list("?page=2");
    EXPECT_EQ(page.at("records").as_array().size(), 2U);
    EXPECT_TRUE(page.at("nextPage").is_null());
    EXPECT_EQ(list("?page=9").at("records").as_array().size(), 0U);
    page = list("?sort=DESC&pageSize=1");
    EXPECT_EQ(integer_of(page.at("records").at(0).as_object(), "amount"), 12'000);
    EXPECT_EQ(integer_of(list("?fromDate=2026-11-23&toDate=2026-11-23"), "totalRecords"), 2);
    list("?fromDate=x");
    EXPECT_EQ(status, 400);
    list("", "wrong");
    EXPECT_EQ(status, 401);
}

} // namespace
} // namespace iwas::sim::bank
