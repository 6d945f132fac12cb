#include "adapters/payment/zalopay/zalopay_test.hpp"
#include "tests/vectors/vector_file.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

namespace iwas::adapters::testing {
namespace {

namespace json = boost::json;
using ports::NoticeError;
using ports::NoticeOutcome;

const GatewayMapping& mapping = zalopay_mapping();

Result<ports::PaymentNotice, NoticeError> read(const std::string& body)
{
    return mapping.read_notice(zalopay_account(), notice_with(body));
}

TEST(ZalopayVectors, MacsAreReproduced)
{
    const auto vectors = tests::read_vectors("zalopay_macs.txt");
    ASSERT_EQ(vectors.size(), 15U);
    for (const auto& vector : vectors) {
        SCOPED_TRACE(vector.text("id"));
        const SecretText key{vector.text("key")};
        EXPECT_EQ(
            zalopay::mac_of(key, vector.text("raw")) == vector.text("mac"),
            vector.text("kind") == "positive");
    }
}

TEST(ZalopayVectors, TheDocumentsCallbackVerifies)
{
    std::size_t seen = 0;
    for (const auto& vector : tests::read_vectors("zalopay_macs.txt")) {
        if (!vector.has("body")) continue;
        ++seen;
        const auto notice = read(vector.text("body"));
        ASSERT_TRUE(notice);
        EXPECT_EQ(notice->order_id, "200904_2553_1598435687208");
        ASSERT_EQ(text_of(notice->status), "paid");
        EXPECT_EQ(notice->status.received.at(0).gateway_id, "200904000000389");
        EXPECT_EQ(notice->status.received.at(0).amount, Money{10'000});
        EXPECT_EQ(notice->status.received.at(0).paid_at, from_unix_ms(1'599'189'413'498));
    }
    EXPECT_EQ(seen, 1U);
}

TEST(ZalopayNotice, ReadsAPaymentWhateverItsNumbersLookLike)
{
    json::object as_texts = order_data();
    for (const char* name : {"amount", "zp_trans_id", "server_time", "app_id"})
        as_texts[name] = json::serialize(as_texts.at(name));
    as_texts["unknown"] = json::array{1, json::object{{"deep", "Đơn hàng"}}};
    for (const std::string& body :
         {callback_of(order_data()), callback_of(as_texts), callback_of(order_data(), "1")}) {
        const auto notice = read(body);
        ASSERT_TRUE(notice) << body;
        EXPECT_EQ(notice->order_id, "260921_0000000000000001");
        EXPECT_EQ(notice->status.received.at(0).amount, Money{50'000})
            << "the order's amount; ZaloPay's discount is no shortfall";
        EXPECT_EQ(notice->kept_body.find("0912345678"), std::string::npos);
    }
}

TEST(ZalopayNotice, RefusesWhatIsNotSignedByZalopay)
{
    const std::string good = callback_of(order_data());
    const auto changed = [&](std::string_view from, std::string_view to) {
        std::string body = good;
        body.replace(body.find(from), from.size(), to);
        return read(body).error();
    };
    EXPECT_EQ(changed("50000", "50001"), NoticeError::signature_wrong);
    EXPECT_EQ(changed("0000000000000001", "0000000000000002"), NoticeError::signature_wrong);
    EXPECT_EQ(changed("\"mac\"", "\"mad\""), NoticeError::signature_wrong);
    EXPECT_EQ(changed("\"mac\":\"", "\"mac\":\"0"), NoticeError::signature_wrong);
    EXPECT_EQ(
        read(callback_of(json::serialize(order_data()), 1, zalopay_account().secret_key)).error(),
        NoticeError::signature_wrong)
        << "key1 signs what we send";
    domain::PaymentAccount keyless = zalopay_account();
    keyless.callback_key = {};
    const std::string by_no_key = callback_of(json::serialize(order_data()), 1, SecretText{});
    EXPECT_EQ(
        mapping.read_notice(keyless, notice_with(by_no_key)).error(), NoticeError::signature_wrong);
}

TEST(ZalopayNotice, RefusesOtherMerchantsAndWrongTypes)
{
    const auto with = [](const char* name, json::value value) {
        json::object changed = order_data();
        changed[name] = std::move(value);
        return read(callback_of(changed));
    };
    EXPECT_EQ(with("app_id", 2554).value().kind, ports::NoticeKind::foreign);
    EXPECT_EQ(with("app_id", 2553.5).value().kind, ports::NoticeKind::foreign);
    for (const json::value& odd :
         {json::value(1.5), json::value(true), json::value(nullptr), json::value("x"),
          json::value(""), json::value(-50'000), json::value(0)}) {
        // Signed, so it is of ZaloPay, and a person has to look.
        const auto amountless = with("amount", odd);
        EXPECT_EQ(amountless.value().kind, ports::NoticeKind::unreadable) << odd;
        EXPECT_EQ(amountless->unread, ports::Unread::amount) << odd;
        EXPECT_TRUE(amountless->status.received.empty()) << odd;
        EXPECT_NE(amountless->kept_body.find("app_trans_id"), std::string::npos) << odd;
        if (!odd.is_string() && odd != -50'000)
            EXPECT_EQ(with("zp_trans_id", odd).value().kind, ports::NoticeKind::unreadable) << odd;
    }
    EXPECT_EQ(with("app_trans_id", "").value().unread, ports::Unread::order);
    for (const char* body : {"", "null", "[]", "{", "data=1&mac=2"})
        EXPECT_EQ(read(body).error(), NoticeError::malformed) << body;
    EXPECT_EQ(read("{}").error(), NoticeError::signature_wrong);
    EXPECT_EQ(read(callback_of("no json")).value().kind, ports::NoticeKind::unreadable);
    EXPECT_EQ(
        read(R"({"data":{"app_id":2553},"mac":"00","type":1})").error(), NoticeError::malformed);
}

TEST(ZalopayNotice, ReadsAgreements)
{
    const auto confirmed = read(callback_of(agreement_data(), 2));
    ASSERT_TRUE(confirmed);
    EXPECT_EQ(confirmed->kind, ports::NoticeKind::binding);
    ASSERT_EQ(text_of(confirmed->binding), "bound");
    EXPECT_EQ(confirmed->binding.token->token.reveal(), "tok-secret");
    EXPECT_EQ(confirmed->binding.token->binding_id, "b-1");
    EXPECT_EQ(confirmed->binding.token->label, "****1234");
    for (const char* secret : {"tok-secret", "zp-9", "****1234"})
        EXPECT_EQ(confirmed->kept_body.find(secret), std::string::npos) << secret;
    EXPECT_EQ(text_of(read(callback_of(agreement_data(3), 2))->binding), "failed");
    EXPECT_EQ(text_of(read(callback_of(agreement_data(4), 2))->binding), "failed");
    EXPECT_EQ(text_of(read(callback_of(agreement_data(7), 2))->binding), "pending");
    json::object tokenless = agreement_data();
    tokenless.erase("pay_token");
    EXPECT_EQ(read(callback_of(tokenless, 2)).value().kind, ports::NoticeKind::unreadable);
}

TEST(ZalopayNotice, TheTypeIsNotBelievedAlone)
{
    // Signed all the same: kept for a person, and nothing is granted.
    for (const auto& callback :
         {callback_of(agreement_data(), 1), callback_of(order_data(), 2),
          callback_of(order_data(), 3), callback_of(order_data(), nullptr)}) {
        const auto notice = read(callback);
        ASSERT_TRUE(notice);
        EXPECT_EQ(notice->kind, ports::NoticeKind::unreadable);
        EXPECT_TRUE(notice->status.received.empty());
        EXPECT_FALSE(notice->kept_body.empty());
    }
}

TEST(ZalopayNotice, AnswersAsZalopayExpects)
{
    const auto code_of = [](NoticeOutcome outcome) {
        const auto reply = mapping.reply_to(zalopay_account(), outcome);
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.content_type, "application/json");
        return json::parse(reply.body).at("return_code").as_int64();
    };
    EXPECT_EQ(code_of(NoticeOutcome::recorded), 1);
    EXPECT_EQ(code_of(NoticeOutcome::repeated), 2);
    EXPECT_EQ(code_of(NoticeOutcome::unknown_order), 1);
    EXPECT_EQ(code_of(NoticeOutcome::wrong_amount), 1);
    EXPECT_EQ(code_of(NoticeOutcome::foreign), 1);
    EXPECT_EQ(code_of(NoticeOutcome::unreadable), 1);
    EXPECT_EQ(code_of(NoticeOutcome::not_kept), 0);
    EXPECT_EQ(code_of(NoticeOutcome::refused), -1);
}

} // namespace
} // namespace iwas::adapters::testing
