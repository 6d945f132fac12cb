#include "adapters/payment/momo/momo_test.hpp"
#include "adapters/payment/momo/token_cipher.hpp"
#include "core/percent_encoding.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>

namespace iwas::adapters::testing {
namespace {

namespace json = boost::json;
using ports::NoticeError;
using ports::NoticeOutcome;

const GatewayMapping& mapping = momo_mapping();

Result<ports::PaymentNotice, NoticeError> read(const std::string& body)
{
    return mapping.read_notice(momo_account(), notice_with(body));
}

/// A redirect's query as the JSON of the IPN with the same fields; every value as text.
json::object members_of(std::string_view query)
{
    json::object members;
    while (!query.empty()) {
        const std::string_view pair = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), pair.size() + 1));
        const auto equals = pair.find('=');
        members[pair.substr(0, equals)] = percent_decode(pair.substr(equals + 1), true).value();
    }
    return members;
}

TEST(MomoVectors, SignaturesAreReproduced)
{
    const auto vectors = tests::read_vectors("momo_signatures.txt");
    ASSERT_EQ(vectors.size(), 18U);
    for (const auto& vector : vectors) {
        SCOPED_TRACE(vector.text("id"));
        const SecretText key{vector.text("key")};
        const std::string made = momo::signature_of(key, vector.text("raw"));
        EXPECT_EQ(made == vector.text("signature"), vector.text("kind") == "positive");
        if (!vector.has("field")) continue;
        momo::Fields fields;
        for (const std::string& field : vector.all("field")) {
            const auto equals = field.find('=');
            fields.emplace(field.substr(0, equals), field.substr(equals + 1));
        }
        EXPECT_EQ(momo::raw_text(fields), vector.text("raw"));
    }
}

TEST(MomoVectors, RealRedirectsVerifyAsNotices)
{
    std::size_t seen = 0;
    for (const auto& vector : tests::read_vectors("momo_signatures.txt")) {
        if (!vector.has("query")) continue;
        SCOPED_TRACE(vector.text("id"));
        ++seen;
        domain::PaymentAccount account = momo_account();
        account.merchant = vector.text("merchant");
        account.access_key = SecretText{vector.text("access_key")};
        account.secret_key = SecretText{vector.text("key")};
        const json::object members = members_of(vector.text("query"));
        const std::string body = json::serialize(members);
        const auto notice = mapping.read_notice(account, notice_with(body));
        ASSERT_TRUE(notice);
        EXPECT_EQ(notice->order_id, std::string{members.at("orderId").as_string().c_str()});
        if (members.at("resultCode").as_string() == "0") {
            ASSERT_EQ(text_of(notice->status), "paid");
            EXPECT_EQ(
                std::to_string(notice->status.received.at(0).amount.vnd()),
                std::string{members.at("amount").as_string().c_str()});
        } else {
            EXPECT_EQ(text_of(notice->status), "failed cancelled");
            EXPECT_TRUE(notice->status.received.empty());
        }
        // The same with one digit more is somebody's invention.
        json::object raised = members;
        raised["amount"] = std::string{members.at("amount").as_string().c_str()} + "0";
        const std::string forged = json::serialize(raised);
        EXPECT_EQ(
            mapping.read_notice(account, notice_with(forged)).error(),
            NoticeError::signature_wrong);
    }
    EXPECT_EQ(seen, 8U);
}

TEST(MomoVectors, TokenIsDecrypted)
{
    for (const auto& vector : tests::read_vectors("momo_token.txt")) {
        const auto opened =
            momo::decrypt_token(SecretText{vector.text("key")}, vector.text("sealed"));
        ASSERT_TRUE(opened);
        EXPECT_EQ(opened->reveal(), vector.text("opened"));
        EXPECT_FALSE(momo::decrypt_token(momo_secret, vector.text("sealed")));
        EXPECT_FALSE(momo::decrypt_token(SecretText{"short"}, vector.text("sealed")));
    }
}

TEST(MomoNotice, ReadsAPayment)
{
    const auto notice = read(signed_ipn(momo_ipn()));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->kind, ports::NoticeKind::payment);
    EXPECT_EQ(notice->order_id, "W260921-1");
    EXPECT_EQ(notice->status.state, ports::PaymentState::paid);
    ASSERT_EQ(notice->status.received.size(), 1U);
    EXPECT_EQ(notice->status.received[0].gateway_id, "4084757146");
    EXPECT_EQ(notice->status.received[0].amount, Money{50'000});
    EXPECT_EQ(notice->status.received[0].paid_at, from_unix_ms(1'790'000'001'000));
    EXPECT_NE(notice->kept_body.find("Gói đêm"), std::string::npos);
}

TEST(MomoNotice, NumbersMayBeTextsAndUnknownMembersAreIgnored)
{
    json::object body = momo_ipn();
    for (const char* name : {"amount", "transId", "resultCode", "responseTime"})
        body[name] = json::serialize(body.at(name));
    body["paymentOption"] = "pay_later";
    body["promotionInfo"] = json::array{json::object{{"amount", 1000}}};
    body["partnerUserId"] = "0912345678";
    const auto notice = read(signed_ipn(body));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->status.received.at(0).amount, Money{50'000});
    EXPECT_EQ(notice->kept_body.find("0912345678"), std::string::npos) << "personal data";
}

TEST(MomoNotice, RefusesWhatIsNotSignedByMomo)
{
    const std::string good = signed_ipn(momo_ipn());
    const auto changed = [&](std::string_view from, std::string_view to) {
        std::string body = good;
        body.replace(body.find(from), from.size(), to);
        return read(body).error();
    };
    EXPECT_EQ(changed("\"amount\":50000", "\"amount\":50001"), NoticeError::signature_wrong);
    EXPECT_EQ(changed("W260921-1", "W260921-2"), NoticeError::signature_wrong);
    EXPECT_EQ(changed("\"resultCode\":0", "\"resultCode\":1006"), NoticeError::signature_wrong);
    EXPECT_EQ(changed("\"transId\":4", "\"transId\":5"), NoticeError::signature_wrong);
    EXPECT_EQ(changed("Gói đêm", "Gói  đêm"), NoticeError::signature_wrong);
    EXPECT_EQ(changed("\"signature\"", "\"signatura\""), NoticeError::signature_wrong);
    json::object body = momo_ipn();
    for (const json::value& odd : {json::value(nullptr), json::value(""), json::value(7)}) {
        body["signature"] = odd;
        EXPECT_EQ(read(json::serialize(body)).error(), NoticeError::signature_wrong);
    }
    domain::PaymentAccount keyless = momo_account();
    keyless.secret_key = {};
    EXPECT_EQ(
        mapping.read_notice(keyless, notice_with(good)).error(), NoticeError::signature_wrong);
}

TEST(MomoNotice, RefusesOtherMerchantsAndWrongTypes)
{
    json::object body = momo_ipn();
    body["partnerCode"] = "OTHER";
    EXPECT_EQ(read(signed_ipn(body)).value().kind, ports::NoticeKind::foreign);

    const auto with = [](const char* name, json::value value) {
        json::object changed = momo_ipn();
        changed[name] = std::move(value);
        return read(signed_ipn(changed));
    };
    for (const json::value& odd :
         {json::value(1.5), json::value(true), json::value(json::object{}), json::value("x"),
          json::value(""), json::value(-50'000), json::value("5e4")}) {
        const auto notice = with("amount", odd);
        // A kind that has no text cannot have been signed.
        const bool is_signable = odd.is_string() || odd.is_int64();
        EXPECT_EQ(notice.has_value(), is_signable) << odd;
        if (!notice) continue;
        EXPECT_EQ(notice->kind, ports::NoticeKind::unreadable) << odd;
        EXPECT_EQ(notice->unread, ports::Unread::amount) << odd;
        EXPECT_TRUE(notice->status.received.empty()) << odd;
    }
    EXPECT_EQ(with("resultCode", "zero").value().unread, ports::Unread::other);
    EXPECT_EQ(with("orderId", "").value().unread, ports::Unread::order);
    const auto nameless = with("transId", ""); // paid, and no name to file it under
    EXPECT_EQ(nameless.value().kind, ports::NoticeKind::unreadable);
    EXPECT_NE(nameless->kept_body.find("50000"), std::string::npos) << "for a person";
    for (const char* body_text : {"", "null", "[]", "{", "{}{}", "amount=1"})
        EXPECT_EQ(read(body_text).error(), NoticeError::malformed) << body_text;
    EXPECT_EQ(read("{}").error(), NoticeError::signature_wrong);
}

TEST(MomoNotice, NothingButZeroIsPaid)
{
    const auto with = [](int code) { return text_of(read(signed_ipn(momo_ipn(code)))->status); };
    EXPECT_EQ(with(0), "paid");
    EXPECT_EQ(with(9000), "pending");
    EXPECT_EQ(with(1006), "failed cancelled");
    EXPECT_EQ(with(1001), "failed insufficient_balance");
    EXPECT_EQ(with(99), "pending") << "MoMo does not know either";
    EXPECT_EQ(with(13), "pending");
    EXPECT_EQ(with(31'337), "pending") << "a code that nobody knows";
    EXPECT_EQ(with(-1), "pending");
}

TEST(MomoNotice, LinkedWalletsAreAskedForTheirToken)
{
    json::object body = momo_ipn();
    body["amount"] = 0;
    body["callbackToken"] = "v2/secret";
    body["partnerClientId"] = "c0ffee";
    for (const auto& signed_body :
         {signed_ipn(body), signed_ipn(body, {"callbackToken"}),
          signed_ipn(body, {"partnerClientId"}),
          signed_ipn(body, {"callbackToken", "partnerClientId"})}) {
        const auto notice = read(signed_body);
        ASSERT_TRUE(notice);
        EXPECT_EQ(notice->kind, ports::NoticeKind::binding);
        EXPECT_EQ(text_of(notice->binding), "pending");
        EXPECT_TRUE(notice->status.received.empty());
        EXPECT_EQ(notice->kept_body.find("v2/secret"), std::string::npos);
    }
    body["resultCode"] = 1006;
    EXPECT_EQ(text_of(read(signed_ipn(body))->binding), "failed");
}

TEST(MomoNotice, PaymentsByTokenArePayments)
{
    json::object body = momo_ipn();
    body["callbackToken"] = "";
    body["partnerClientId"] = "c0ffee";
    const auto notice = read(signed_ipn(body));
    ASSERT_TRUE(notice);
    EXPECT_EQ(notice->kind, ports::NoticeKind::payment);
    EXPECT_EQ(text_of(notice->status), "paid");
}

TEST(MomoNotice, AnswersAsMomoExpects)
{
    const auto reply = [](NoticeOutcome outcome) {
        return mapping.reply_to(momo_account(), outcome);
    };
    for (const auto outcome :
         {NoticeOutcome::recorded, NoticeOutcome::repeated, NoticeOutcome::unknown_order,
          NoticeOutcome::wrong_amount, NoticeOutcome::foreign, NoticeOutcome::unreadable}) {
        EXPECT_EQ(reply(outcome).status, 204);
        EXPECT_EQ(reply(outcome).body, "");
        EXPECT_EQ(reply(outcome).content_type, "");
    }
    EXPECT_EQ(reply(NoticeOutcome::not_kept).status, 500);
    EXPECT_EQ(reply(NoticeOutcome::refused).status, 400);
}

} // namespace
} // namespace iwas::adapters::testing
