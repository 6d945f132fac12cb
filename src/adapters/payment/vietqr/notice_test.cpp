#include "adapters/payment/vietqr/vietqr_test.hpp"

#include <tuple>
#include <vector>

namespace iwas::adapters {

using namespace vietqr_testing;

TEST(SepayVectors, AreBelievedAsTheyAre)
{
    for (const auto& vector : tests::read_vectors("sepay_signed.txt")) {
        SCOPED_TRACE(vector["id"]);
        EXPECT_EQ(vector["raw"], vector["timestamp"] + "." + vector["body"]);
        const auto account = shop({feed(BankFeedKind::sepay, BankFeedProof::hmac, vector["key"])});
        const UtcTime at =
            from_unix_ms(static_cast<std::int64_t>(vector.number("timestamp")) * 1000);
        const HeaderMap headers{
            {"X-SePay-Timestamp", vector["timestamp"]}, {"X-SePay-Signature", vector["signature"]}};
        const auto notice = notice_of(account, vector["body"], headers, at);
        ASSERT_TRUE(notice);
        ASSERT_EQ(notice->transfers.size(), 1U);
        EXPECT_EQ(notice->transfers[0].money.gateway_id, "MBVCB.3278907687");
        EXPECT_EQ(notice->transfers[0].money.amount, Money{15'000});
        EXPECT_TRUE(notice_of(account, vector["body"], headers, at + 5min));
        EXPECT_EQ(
            notice_of(account, vector["body"], headers, at + 6min).error(), NoticeError::too_old);
        EXPECT_EQ(
            notice_of(account, vector["body"], headers, at - 6min).error(), NoticeError::too_old);
        EXPECT_EQ(
            notice_of(account, vector["body"] + " ", headers, at).error(),
            NoticeError::signature_wrong);
    }
}

TEST(CassoVectors, AreBelievedInAnyOrderOfMembers)
{
    for (const auto& vector : tests::read_vectors("casso_signed.txt")) {
        SCOPED_TRACE(vector["id"]);
        auto account = shop({feed(BankFeedKind::casso, BankFeedProof::hmac, vector["key"])});
        account.bank_account = "88888888";
        const UtcTime at = from_unix_ms(static_cast<std::int64_t>(vector.number("timestamp")));
        const HeaderMap headers{
            {"X-Casso-Signature", "t=" + vector["timestamp"] + ",v1=" + vector["hash"]}};
        const auto notice = notice_of(account, vector["body"], headers, at);
        ASSERT_TRUE(notice);
        EXPECT_EQ(
            notice->kind, vector["id"] == "casso-p01" ? NoticeKind::test : NoticeKind::transfers);
        const std::string sorted = vector["raw"].substr(vector["timestamp"].size() + 1);
        EXPECT_TRUE(notice_of(account, sorted, headers, at));
        EXPECT_EQ(
            notice_of(account, vector["body"], headers, at + 301s).error(), NoticeError::too_old);
        std::string changed = vector["body"];
        changed.replace(changed.find("\"amount\":"), 10, "\"amount\":9");
        EXPECT_EQ(notice_of(account, changed, headers, at).error(), NoticeError::signature_wrong);
    }
}

TEST(CassoNotice, BelievesTextEscapedAsJavaScriptOrPhpDoes)
{
    const std::string javascript =
        R"({"data":{"accountNumber":"0123499999","amount":15000,"description":"nạp/1","id":7},"error":0})";
    const std::string php =
        R"({"data":{"accountNumber":"0123499999","amount":15000,"description":"n\u1ea1p\/1","id":7},"error":0})";
    const std::string python =
        R"({"data": {"accountNumber": "0123499999", "amount": 15000, "description": "x", "id": 7}, "error": 0})";
    const std::string time = std::to_string(to_unix_ms(now));
    const auto told = [&](const std::string& sent, const std::string& signed_text) {
        const std::string hash = to_hex(
            hmac_sha512(as_bytes("c1"), {as_bytes(time), as_bytes("."), as_bytes(signed_text)}));
        return notice_of(casso_shop(), sent, {{"X-Casso-Signature", "t=" + time + ",v1=" + hash}});
    };
    for (const std::string& sent : {javascript, php}) {
        EXPECT_EQ(told(sent, javascript).value().transfers.at(0).money.memo, "nạp/1");
        EXPECT_TRUE(told(sent, php));
    }
    EXPECT_EQ(told(python, python).error(), NoticeError::signature_wrong);
    EXPECT_EQ(told(javascript, javascript).value().transfers.at(0).money.gateway_id, "casso-7");
}

TEST(SepayNotice, TellsOfTheMoneyAndItsOrder)
{
    const auto notice = sepay_notice(sepay_body("MBVCB.123." + code_a + " mua wifi.CT tu 0123"));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->kind, NoticeKind::transfers);
    EXPECT_EQ(notice->order_id, code_a);
    EXPECT_EQ(notice->unread, ports::Unread::nothing);
    ASSERT_EQ(notice->transfers.size(), 1U);
    EXPECT_EQ(notice->transfers[0].order_id, code_a);
    EXPECT_EQ(notice->transfers[0].money.paid_at, from_rfc3339("2026-11-22T03:16:02Z"));

    // Two codes: a person decides. None: the memo is kept for "find my transfer".
    const auto order_of = [](const std::string& content) {
        return sepay_notice(sepay_body(content)).value().transfers.at(0).order_id;
    };
    EXPECT_EQ(order_of(code_a + " " + code_b), code_a + " " + code_b) << "the name of no order";
    EXPECT_EQ(order_of("NGUYEN VAN A chuyen tien"), "");
    EXPECT_EQ(
        sepay_notice(sepay_body("NGUYEN VAN A")).value().transfers.at(0).money.memo,
        "NGUYEN VAN A");

    json::object body = sepay_body("cut");
    body["description"] = "BankAPINotify " + code_a;
    EXPECT_EQ(sepay_notice(body).value().order_id, code_a);
    body = sepay_body(code_a);
    body["transferAmount"] = "15000.00";
    EXPECT_EQ(sepay_notice(body).value().transfers.at(0).money.amount, Money{15'000});
}

TEST(FeedNotice, KeepsNeitherNamesNorNumbersOfPayersNorBalances)
{
    const std::string text =
        "MBVCB.123." + code_a + ".NGUYEN THI BUOI chuyen tien tu 0451000123456 tới";
    json::object sepay = sepay_body(text);
    sepay["description"] = "BankAPINotify " + text;
    sepay["code"] = text;
    const auto from_sepay = sepay_notice(sepay);
    ASSERT_TRUE(from_sepay);
    EXPECT_EQ(from_sepay->transfers.at(0).money.memo, text) << "what matching reads is whole";

    const auto classic = shop({feed(BankFeedKind::casso, BankFeedProof::api_key, "st")});
    json::object row = casso_row(text);
    row["corresponsiveName"] = "NGUYEN THI BUOI";
    const auto from_casso = notice_of(
        classic, json::serialize(json::object{{"error", 0}, {"data", json::array{row}}}),
        {{"secure-token", "st"}});
    ASSERT_TRUE(from_casso);
    for (const std::string& kept : {from_sepay->kept_body, from_casso->kept_body}) {
        EXPECT_NE(kept.find(code_a), std::string::npos) << kept;
        EXPECT_NE(kept.find("15000"), std::string::npos) << kept;
        for (const char* const word :
             {"NGUYEN", "BUOI", "chuyen", "0451000123456", "19077000", "25015000", "8888888888"})
            EXPECT_EQ(kept.find(word), std::string::npos) << word << " in " << kept;
    }
}

TEST(SepayNotice, KeepsMoneyOutAndOtherAccountsApart)
{
    json::object body = sepay_body(code_a);
    body["transferType"] = "out";
    EXPECT_EQ(sepay_notice(body).value().kind, NoticeKind::test);
    EXPECT_TRUE(sepay_notice(body).value().transfers.empty());
    body = sepay_body(code_a);
    body["transferAmount"] = 0;
    EXPECT_EQ(sepay_notice(body).value().kind, NoticeKind::test);
    body = sepay_body(code_a);
    body["accountNumber"] = "0999999999";
    EXPECT_EQ(sepay_notice(body).value().kind, NoticeKind::foreign);
    body["subAccount"] = "0123499999"; // the shop shows its virtual account
    EXPECT_TRUE(sepay_notice(body));
    body.erase("accountNumber");
    body.erase("subAccount");
    EXPECT_EQ(sepay_notice(body).value().kind, NoticeKind::foreign);
}

TEST(SepayNotice, KeepsForAPersonWhatIsSignedAndCannotBeRead)
{
    using ports::Unread;
    const std::vector<std::tuple<const char*, json::value, Unread>> cases{
        {"id", nullptr, Unread::other},
        {"id", "", Unread::other},
        {"transferType", "sideways", Unread::other},
        {"transferType", 1, Unread::other},
        {"transferAmount", -1, Unread::amount},
        {"transferAmount", "15000.50", Unread::amount},
        {"transferAmount", 1e30, Unread::amount},
        {"transferAmount", json::array{1}, Unread::amount}};
    for (const auto& [name, value, unread] : cases) {
        json::object body = sepay_body(code_a);
        body[name] = value;
        const auto notice = sepay_notice(body);
        ASSERT_TRUE(notice) << name << value;
        EXPECT_EQ(notice->kind, NoticeKind::unreadable) << name << value;
        EXPECT_EQ(notice->unread, unread) << name << value;
        EXPECT_TRUE(notice->transfers.empty()) << name << value;
        EXPECT_NE(notice->kept_body.find("MBVCB.3278907687"), std::string::npos) << name << value;
        // Without the proof it is nothing of the feed.
        EXPECT_EQ(
            notice_of(sepay_shop(), json::serialize(body), {}).error(),
            NoticeError::signature_wrong);
    }
    for (const std::string text : {"", "[]", "null", "{", "\"x\""}) {
        const auto notice = notice_of(sepay_shop(), text, sepay_headers(text));
        ASSERT_TRUE(notice) << text;
        EXPECT_EQ(notice->kind, NoticeKind::unreadable) << text;
    }
}

TEST(FeedProofs, AreOnlyThoseThatAreConfigured)
{
    const std::string body = json::serialize(sepay_body(code_a));
    const auto with_key = shop({feed(BankFeedKind::sepay, BankFeedProof::api_key, "k1")});
    EXPECT_TRUE(notice_of(with_key, body, {{"Authorization", "Apikey k1"}}));
    for (const char* const header :
         {"", "Apikey k2", "Apikey  k1", "apikey k1", "Apikey k1 ", "k1", "Bearer k1"})
        EXPECT_EQ(
            notice_of(with_key, body, {{"Authorization", header}}).error(),
            NoticeError::signature_wrong)
            << header;
    // No falling back from a signature to a key, nor to nothing.
    EXPECT_EQ(
        notice_of(sepay_shop(), body, {{"Authorization", "Apikey s1"}}).error(),
        NoticeError::signature_wrong);
    EXPECT_EQ(notice_of(sepay_shop(), body, {}).error(), NoticeError::signature_wrong);
    EXPECT_EQ(notice_of(shop({}), body, sepay_headers(body)).error(), NoticeError::signature_wrong);
    const auto keyless = shop({feed(BankFeedKind::sepay, BankFeedProof::api_key, "")});
    EXPECT_EQ(
        notice_of(keyless, body, {{"Authorization", "Apikey "}}).error(),
        NoticeError::signature_wrong);
    const auto unsigned_shop = shop({feed(BankFeedKind::sepay, BankFeedProof::hmac, "")});
    EXPECT_EQ(
        notice_of(unsigned_shop, body, sepay_headers(body, now, "")).error(),
        NoticeError::signature_wrong);
    // Several feeds: any that fits.
    const auto both = shop(
        {feed(BankFeedKind::casso, BankFeedProof::hmac, "c1"),
         feed(BankFeedKind::sepay, BankFeedProof::hmac, "old"),
         feed(BankFeedKind::sepay, BankFeedProof::hmac, "s1")});
    EXPECT_TRUE(notice_of(both, body, sepay_headers(body)));

    for (const auto& [name, value] : HeaderMap{
             {"X-SePay-Timestamp", "-5"},
             {"X-SePay-Timestamp", "99999999999999999999"},
             {"X-SePay-Timestamp", "17x"},
             {"X-SePay-Signature", "sha1=00"}}) {
        HeaderMap headers = sepay_headers(body);
        headers[name] = value;
        EXPECT_EQ(notice_of(sepay_shop(), body, headers).error(), NoticeError::signature_wrong);
    }
    for (const char* const header :
         {"", "t=1", "v1=00", "t=x,v1=00", "t=99999999999999999999,v1=", ",,,", "t=1,v1=00,t=2"})
        EXPECT_EQ(
            notice_of(casso_shop(), body, {{"X-Casso-Signature", header}}).error(),
            NoticeError::signature_wrong);
}

TEST(CassoNotice, ReadsTheOlderArray)
{
    const auto account = shop({feed(BankFeedKind::casso, BankFeedProof::api_key, "st")});
    const auto row = [](int id, const std::string& text, int amount) {
        return json::object{
            {"id", id},
            {"tid", "FT2632600" + std::to_string(id)},
            {"description", text},
            {"amount", amount},
            {"cusum_balance", 1},
            {"when", "2026-11-22 10:16:02"},
            {"bank_sub_acc_id", "0123499999"},
            {"subAccId", "0123499999"},
            {"corresponsiveAccount", "8888888888"}};
    };
    const auto told = [&](const json::array& rows) {
        return notice_of(
            account, json::serialize(json::object{{"error", 0}, {"data", rows}}),
            {{"secure-token", "st"}});
    };
    const auto two = told({row(1, code_a, 5000), row(2, code_a, 10000), row(3, "phi", -1100)});
    ASSERT_TRUE(two);
    EXPECT_EQ(two->order_id, code_a);
    ASSERT_EQ(two->transfers.size(), 2U);
    EXPECT_EQ(two->transfers[1].money.gateway_id, "FT26326002");
    EXPECT_EQ(two->transfers[1].money.payer, "****8888");
    // Each is for its own order, whatever stands beside it.
    const auto mixed = told({row(1, code_a, 5000), row(2, code_b, 5000), row(4, "x", 5000)});
    ASSERT_EQ(mixed.value().transfers.size(), 3U);
    EXPECT_EQ(mixed->order_id, "");
    EXPECT_EQ(mixed->transfers[0].order_id, code_a);
    EXPECT_EQ(mixed->transfers[1].order_id, code_b);
    EXPECT_EQ(mixed->transfers[2].order_id, "");
    EXPECT_EQ(told({row(3, "phi", -1100)}).value().kind, NoticeKind::test);
    EXPECT_EQ(told({}).value().kind, NoticeKind::test);
    // A row that cannot be read does not take the others with it, and is not forgotten.
    json::object broken = row(2, code_b, 5000);
    broken["amount"] = "12.5";
    const auto partly = told({broken, row(1, code_a, 5000), json::object{}});
    ASSERT_EQ(partly.value().transfers.size(), 1U);
    EXPECT_EQ(partly->kind, NoticeKind::transfers);
    EXPECT_NE(partly->unread, ports::Unread::nothing);
    EXPECT_EQ(told({broken}).value().kind, NoticeKind::unreadable);
    EXPECT_EQ(told({broken}).value().unread, ports::Unread::amount);
    EXPECT_EQ(told({broken, row(3, "phi", -1100)}).value().kind, NoticeKind::unreadable);
    const auto long_batch = told(json::array(201, row(1, code_a, 5000)));
    EXPECT_EQ(long_batch.value().transfers.size(), 200U);
    EXPECT_NE(long_batch->unread, ports::Unread::nothing);
    const std::string body = json::serialize(json::object{{"data", {row(1, code_a, 5000)}}});
    EXPECT_EQ(
        notice_of(account, body, {{"secure-token", "other"}}).error(),
        NoticeError::signature_wrong);
}

} // namespace iwas::adapters
