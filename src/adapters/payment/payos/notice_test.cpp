#include "adapters/payment/payos/payos_test.hpp"

namespace iwas::adapters {

using namespace payos_testing;

TEST(PayosNotice, TellsOfTheTransfer)
{
    const auto notice = notice_of(notice_body(notice_data()));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->kind, NoticeKind::payment);
    EXPECT_EQ(notice->order_id, "42");
    EXPECT_EQ(notice->status.state, PaymentState::paid);
    ASSERT_EQ(notice->status.received.size(), 1U);
    EXPECT_EQ(notice->status.received[0].gateway_id, "FT26326000001");
    EXPECT_EQ(notice->status.received[0].amount, Money{3'000});
    EXPECT_EQ(notice->status.received[0].paid_at, from_rfc3339("2026-11-22T03:16:02Z"));
    EXPECT_EQ(notice->status.received[0].payer, "****5678");
    EXPECT_EQ(notice->kept_body.find("NGUYEN VAN A"), std::string::npos);
    EXPECT_EQ(notice->kept_body.find("0004100012345678"), std::string::npos);
}

TEST(PayosNotice, KnowsATestAndWhatIsNoPayment)
{
    for (const auto& vector : tests::read_vectors("payos_signed.txt")) {
        if (vector["id"] != "payos-p01") continue;
        const auto test = notice_of(notice_body(json::parse(vector["data"]).as_object()));
        EXPECT_EQ(test.value().kind, NoticeKind::test);
    }
    json::object data = notice_data();
    data["code"] = "01";
    EXPECT_EQ(notice_of(notice_body(data)).value().status.state, PaymentState::pending);
    data = notice_data();
    data["currency"] = "USD";
    const auto dollars = notice_of(notice_body(data));
    EXPECT_EQ(dollars.value().status.state, PaymentState::held);
    // Under its reference, so that no later answer can give it out as đồng.
    ASSERT_EQ(dollars->status.received.size(), 1U);
    EXPECT_EQ(dollars->status.received[0].gateway_id, "FT26326000001");
    data["currency"] = 840;
    EXPECT_EQ(notice_of(notice_body(data)).value().status.state, PaymentState::held);
}

TEST(PayosNotice, KeepsNothingOfWhatThePayerWrote)
{
    json::object data = notice_data();
    data["description"] = "CSABC NGUYEN VAN A chuyen tien 0004100012345678";
    const auto notice = notice_of(notice_body(data));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->status.received.at(0).memo, data["description"].as_string());
    for (const char* const word : {"NGUYEN", "chuyen", "0004100012345678"})
        EXPECT_EQ(notice->kept_body.find(word), std::string::npos) << word;
}

TEST(PayosNotice, RefusesWhatIsNotPayosS)
{
    const auto error_of = [](std::string_view body) { return notice_of(body).error(); };
    EXPECT_EQ(error_of(""), NoticeError::malformed);
    EXPECT_EQ(error_of("[1]"), NoticeError::malformed);
    EXPECT_EQ(error_of(std::string(20, '[') + "{"), NoticeError::malformed);
    EXPECT_EQ(error_of("{}"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(R"({"data":{},"signature":7})"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(R"({"data":null,"signature":"00"})"), NoticeError::signature_wrong);
    std::string body = notice_body(notice_data());
    body.replace(body.find("3000"), 4, "9000");
    EXPECT_EQ(error_of(body), NoticeError::signature_wrong);
    for (const auto& [name, value] : json::object{
             {"orderCode", 0},
             {"orderCode", "x"},
             {"amount", -5},
             {"amount", 0},
             {"amount", 1.5},
             {"reference", ""},
             {"reference", std::string(200, 'R')}}) {
        json::object data = notice_data();
        data[name] = value;
        // Signed, so it is of PayOS, and a person has to look.
        const auto notice = notice_of(notice_body(data));
        ASSERT_TRUE(notice) << name;
        EXPECT_EQ(notice->kind, NoticeKind::unreadable) << name;
        EXPECT_FALSE(notice->kept_body.empty()) << name;
        EXPECT_TRUE(notice->status.received.empty()) << name;
    }
    domain::PaymentAccount keyless = shop();
    keyless.secret_key = SecretText{};
    const std::string good = notice_body(notice_data());
    EXPECT_EQ(
        payos_mapping()
            .read_notice(keyless, {.query = {}, .body = good, .header = {}, .now = now})
            .error(),
        NoticeError::signature_wrong);
}

TEST(PayosNotice, IsAnsweredByStatus)
{
    const auto status_of = [](NoticeOutcome outcome) {
        return payos_mapping().reply_to(shop(), outcome).status;
    };
    for (const NoticeOutcome kept :
         {NoticeOutcome::recorded, NoticeOutcome::repeated, NoticeOutcome::unknown_order,
          NoticeOutcome::wrong_amount, NoticeOutcome::foreign, NoticeOutcome::unreadable})
        EXPECT_EQ(status_of(kept), 200);
    EXPECT_EQ(status_of(NoticeOutcome::refused), 401);
    EXPECT_EQ(status_of(NoticeOutcome::not_kept), 500);
    EXPECT_EQ(
        payos_mapping().reply_to(shop(), NoticeOutcome::recorded).body, R"({"success":true})");
}

} // namespace iwas::adapters
