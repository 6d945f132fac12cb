// Simulated PayOS: links, their payments, webhooks and the checkout page.
#include "sim/payment/bank/bank_world_test.hpp"
#include "sim/payment/payos/gateway.hpp"

#include <boost/json/array.hpp>

namespace iwas::sim::payos {
namespace {

using bank::testing::start;

constexpr std::string_view key = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675";

boost::json::object sample_data()
{
    return *read_object(
        R"({"orderCode":123,"amount":3000,"description":"VQRIO123","accountNumber":"12345678",)"
        R"("reference":"TF230204212323","transactionDateTime":"2023-02-04 18:25:00",)"
        R"("currency":"VND","paymentLinkId":"124c33293c43417ab7879e14c8d9eb18","code":"00",)"
        R"("desc":"Thành công","counterAccountBankId":"","counterAccountBankName":"",)"
        R"("counterAccountName":"","counterAccountNumber":"","virtualAccountName":"",)"
        R"("virtualAccountNumber":""})");
}

// The documents' sample, and what npm `@payos/node` 2.0.5 computed.
TEST(PayosSignature, MatchesTheVectors)
{
    auto data = sample_data();
    EXPECT_EQ(
        data_signature(key, data),
        "412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03");
    data["amount"] = 30'000;
    EXPECT_NE(
        data_signature(key, data),
        "412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03");

    data["orderCode"] = 42;
    data["amount"] = 120'000;
    data["description"] = "Nạp ví IWAS & quà";
    data["accountNumber"] = "0004100012345001";
    data["reference"] = "TF261122000042";
    data["transactionDateTime"] = "2026-11-22 23:59:59";
    data["paymentLinkId"] = "00112233445566778899aabbccddeeff";
    for (const char* name :
         {"counterAccountBankId", "counterAccountBankName", "counterAccountName",
          "counterAccountNumber", "virtualAccountName", "virtualAccountNumber"})
        data[name] = nullptr;
    EXPECT_EQ(
        data_signature(key, data),
        "a7f25466e84677f9c84817ae0d73a7d6405bf134049aed06ff899d49b4afdf25");

    EXPECT_EQ(
        creation_signature(
            key, 3'000, "https://your-cancel-url.com", "VQRIO123", 123,
            "https://your-success-url.com"),
        "d36949cd70026e85101155588a681f5f955fc44ff05c091d297e628b6995ec92");
    EXPECT_EQ(
        creation_signature(
            key, 2'000, "http://10.0.0.1:8080/huy", "GOI 15P", 9'007'199'254'740'991,
            "http://10.0.0.1:8080/ok"),
        "77c6b6c5e1186b81e6d0bed7ec73ec1ca3937df1dc94622a4dca340a12edad81");
}

TEST(PayosSignature, WritesEveryKindOfMember)
{
    const auto data = *read_object(
        R"({"b":true,"a":[{"z":1,"y":"x"},2],"n":null,"t":"null","u":"undefined","i":-5})");
    EXPECT_EQ(signed_text(data), R"(a=[{"y":"x","z":1},2]&b=true&i=-5&n=&t=&u=)");
}

class PayosTest : public bank::testing::BankWorld {
protected:
    static PayosGateway::Settings settings()
    {
        PayosGateway::Settings settings;
        Merchant merchant;
        merchant.client_id = "client";
        merchant.api_key = "apikey";
        merchant.checksum_key = key;
        merchant.bin = "970436";
        merchant.account = "0123499999";
        merchant.webhook_url = "http://127.0.0.1/hook";
        settings.merchants = {merchant};
        return settings;
    }
    boost::json::object call(
        http::Method method, std::string path, boost::json::object body = {},
        std::string api_key = "apikey")
    {
        auto request = request_of(method, std::move(path), boost::json::serialize(body));
        request.headers.set("x-client-id", "client");
        request.headers.set("x-api-key", api_key);
        const auto response = payos.answer(request, now).response;
        status = response.status;
        return json_of(response);
    }
    boost::json::object creation(std::int64_t order_code, std::int64_t amount = 15'000) const
    {
        return {
            {"orderCode", order_code},
            {"amount", amount},
            {"description", "WiFi"},
            {"cancelUrl", "http://iwas.local/r/1"},
            {"returnUrl", "http://iwas.local/r/1"},
            {"expiredAt", to_unix_ms(start + 15min) / 1000},
            {"signature", creation_signature(
                              key, amount, "http://iwas.local/r/1", "WiFi", order_code,
                              "http://iwas.local/r/1")}};
    }
    boost::json::object create(boost::json::object body)
    {
        return call(http::Method::post, "/v2/payment-requests", std::move(body));
    }
    /// The data of a good answer, whose signature is right.
    boost::json::object data_of(const boost::json::object& answer)
    {
        EXPECT_EQ(text_of(answer, "code"), "00") << boost::json::serialize(answer);
        const auto& data = answer.at("data").as_object();
        EXPECT_EQ(text_of(answer, "signature"), data_signature(key, data));
        return data;
    }
    boost::json::object state(std::string name = "77")
    {
        return data_of(call(http::Method::get, "/v2/payment-requests/" + name));
    }
    std::vector<boost::json::object> webhooks(bool are_signed = true)
    {
        std::vector<boost::json::object> list;
        for (const Notice& notice : payos.due_notices(now)) {
            EXPECT_EQ(notice.url, "http://127.0.0.1/hook");
            const auto body = *read_object(notice.body);
            const auto& data = body.at("data").as_object();
            EXPECT_EQ(text_of(body, "signature") == data_signature(key, data), are_signed);
            list.push_back(data);
        }
        return list;
    }

    PayosGateway payos{bank, settings(), 1};
    int status = 0;
};

TEST_F(PayosTest, MakesALinkThatAnyPhoneCanPay)
{
    const auto link = data_of(create(creation(77)));
    EXPECT_EQ(text_of(link, "status"), "PENDING");
    EXPECT_EQ(text_of(link, "description"), "CS0000001 WiFi") << "its own, not the merchant's";
    const auto code = bank::read_qr(text_of(link, "qrCode"));
    ASSERT_TRUE(code);
    EXPECT_EQ(code->amount, Money{15'000});
    EXPECT_EQ(code->memo, "CS0000001 WiFi");
    EXPECT_EQ(code->account, text_of(link, "accountNumber"));

    bank.habit = bank::MemoHabit::dropped;
    ASSERT_TRUE(scan(text_of(link, "qrCode")));
    const auto told = webhooks();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(integer_of(told[0], "orderCode"), 77);
    EXPECT_EQ(integer_of(told[0], "amount"), 15'000);
    EXPECT_EQ(text_of(told[0], "reference"), "FT261122000001");
    EXPECT_EQ(text_of(told[0], "paymentLinkId"), text_of(link, "paymentLinkId"));
    EXPECT_EQ(text_of(state(), "status"), "PAID");
    EXPECT_EQ(payos.book.taken("77"), Money{15'000});
    EXPECT_EQ(bank.book.total_taken(), Money{}) << "the money is in one book only";
}

TEST_F(PayosTest, CountsPartsAndLateMoney)
{
    const std::string qr = text_of(data_of(create(creation(77))), "qrCode");
    ASSERT_TRUE(scan(qr, Money{10'000}));
    EXPECT_EQ(webhooks().size(), 1U);
    auto told = state();
    EXPECT_EQ(text_of(told, "status"), "UNDERPAID");
    EXPECT_EQ(integer_of(told, "amountPaid"), 10'000);
    EXPECT_EQ(integer_of(told, "amountRemaining"), 5'000);
    now += 15min;
    EXPECT_EQ(text_of(state(), "status"), "EXPIRED");
    ASSERT_TRUE(scan(qr, Money{6'000}));
    EXPECT_EQ(webhooks().size(), 1U);
    told = state(payos.model.links()[0].id);
    EXPECT_EQ(text_of(told, "status"), "PAID");
    EXPECT_EQ(integer_of(told, "amountRemaining"), 0);
    EXPECT_EQ(told.at("transactions").as_array().size(), 2U);

    payos.settings.takes_late_money = false;
    auto later = creation(78);
    later["expiredAt"] = to_unix_ms(now + 15min) / 1000;
    const std::string closed = text_of(data_of(create(later)), "qrCode");
    now += 15min;
    EXPECT_TRUE(webhooks().empty());
    EXPECT_FALSE(scan(closed)) << "the account number is closed";
}

TEST_F(PayosTest, RefusesWhatIsWrong)
{
    const auto code_of = [&](boost::json::object body) { return text_of(create(body), "code"); };
    auto changed = creation(77);
    changed["amount"] = 1'000;
    EXPECT_EQ(code_of(changed), "201");
    EXPECT_EQ(code_of({}), "20");
    EXPECT_EQ(code_of(creation(0)), "20");
    EXPECT_EQ(code_of(creation(9'007'199'254'740'992)), "20");
    EXPECT_EQ(code_of(creation(77, 0)), "20");
    auto long_text = creation(77);
    long_text["description"] = std::string(26, 'a');
    EXPECT_EQ(code_of(long_text), "20");
    auto past = creation(77);
    past["expiredAt"] = to_unix_ms(now) / 1000;
    EXPECT_EQ(code_of(past), "20");
    EXPECT_EQ(code_of(creation(77)), "00");
    EXPECT_EQ(code_of(creation(77)), "231") << "also the very same once more";
    EXPECT_EQ(text_of(call(http::Method::get, "/v2/payment-requests/99"), "code"), "101");
    call(http::Method::get, "/v2/payment-requests/77", {}, "wrong");
    EXPECT_EQ(status, 401);
    call(http::Method::del, "/v2/payment-requests/77");
    EXPECT_EQ(status, 404);
}

TEST_F(PayosTest, CancelsOnceAndNotWhatIsPaid)
{
    create(creation(77));
    const auto cancel = [&](std::string name) {
        return call(
            http::Method::post, "/v2/payment-requests/" + name + "/cancel",
            {{"cancellationReason", "khach doi y"}});
    };
    const auto cancelled = data_of(cancel("77"));
    EXPECT_EQ(text_of(cancelled, "status"), "CANCELLED");
    EXPECT_EQ(text_of(cancelled, "cancellationReason"), "khach doi y");
    EXPECT_EQ(text_of(cancel("77"), "code"), "20");
    const std::string qr = text_of(data_of(create(creation(78))), "qrCode");
    ASSERT_TRUE(scan(qr));
    EXPECT_EQ(text_of(cancel("78"), "code"), "20");
}

TEST_F(PayosTest, ServesACheckoutPage)
{
    const auto link = data_of(create(creation(77)));
    const std::string url = text_of(link, "checkoutUrl");
    EXPECT_TRUE(url.starts_with(payos.public_url + "/web/"));
    const std::string path = url.substr(payos.public_url.size());
    const auto page = payos.answer(request_of(http::Method::get, path), now).response;
    EXPECT_NE(page.body.find("15.000"), std::string::npos);
    const auto pressed =
        payos.answer(request_of(http::Method::post, path, "outcome=pay"), now).response;
    EXPECT_EQ(pressed.status, 303);
    EXPECT_EQ(
        pressed.headers.value("Location"),
        "http://iwas.local/r/1?code=00&id=" + text_of(link, "paymentLinkId") +
            "&cancel=false&status=PAID&orderCode=77");
    EXPECT_EQ(webhooks().size(), 1U);

    const auto other = data_of(create(creation(79)));
    PayCommand by_link;
    by_link.qr_text = payos.public_url + "/web/nobody";
    EXPECT_FALSE(payos.pay(by_link, now));
    by_link.qr_text = text_of(other, "checkoutUrl");
    EXPECT_TRUE(payos.pay(by_link, now));
    EXPECT_EQ(webhooks().size(), 1U);

    create(creation(78));
    PayCommand refuse;
    refuse.order_id = "78";
    refuse.act = PayerAct::refuse;
    const auto refused = payos.pay(refuse, now);
    ASSERT_TRUE(refused);
    EXPECT_NE(refused->redirect_url.find("cancel=true&status=CANCELLED"), std::string::npos);
    EXPECT_TRUE(webhooks().empty()) << "PayOS tells of money only";
}

TEST_F(PayosTest, FindsTransfersByTheirTextWithoutVirtualAccounts)
{
    payos.settings.uses_virtual_accounts = false;
    const std::string qr = text_of(data_of(create(creation(77))), "qrCode");
    EXPECT_EQ(bank::read_qr(qr)->account, "0123499999");
    bank.habit = bank::MemoHabit::mobile;
    ASSERT_TRUE(scan(qr));
    EXPECT_EQ(webhooks().size(), 1U);
    bank.habit = bank::MemoHabit::dropped;
    ASSERT_TRUE(scan(qr));
    EXPECT_TRUE(webhooks().empty()) << "nobody can say whose it is";
    EXPECT_EQ(payos.book.taken("77"), Money{30'000}) << "but the book can";
}

TEST_F(PayosTest, TriesAWebhookAddressBeforeItTakesIt)
{
    const auto confirm = [&](std::string url) {
        return call(http::Method::post, "/confirm-webhook", {{"webhookUrl", url}});
    };
    EXPECT_EQ(
        text_of(data_of(confirm("http://127.0.0.1/hook")), "webhookUrl"), "http://127.0.0.1/hook");
    const auto tests = payos.due_notices(now);
    ASSERT_EQ(tests.size(), 1U);
    EXPECT_EQ(read_object(tests[0].body)->at("data").as_object(), sample_data());
    payos.notice_answered(tests[0], {200, ""}, now);
    EXPECT_EQ(payos.model.merchants[0].webhook_url, "http://127.0.0.1/hook");
    payos.notice_answered(tests[0], {404, ""}, now);
    EXPECT_EQ(payos.model.merchants[0].webhook_url, "");
    EXPECT_EQ(text_of(confirm("ftp://x"), "code"), "20");
}

TEST_F(PayosTest, MisbehavesOnCommand)
{
    std::int64_t order_code = 100;
    const auto told_with = [&](GatewayFault fault) {
        payos.faults.force(fault, 1);
        const std::string qr = text_of(data_of(create(creation(++order_code))), "qrCode");
        EXPECT_TRUE(scan(qr));
        return webhooks(fault != GatewayFault::wrong_signature).at(0);
    };
    EXPECT_EQ(integer_of(told_with(GatewayFault::wrong_amount), "amount"), 16'000);
    EXPECT_EQ(integer_of(told_with(GatewayFault::unknown_order), "orderCode"), 7'000'102);
    EXPECT_EQ(text_of(told_with(GatewayFault::wrong_merchant), "accountNumber"), "99990000111122");
    EXPECT_EQ(text_of(told_with(GatewayFault::number_as_text), "amount"), "15000");
    EXPECT_TRUE(told_with(GatewayFault::extra_members).contains("promotions"));
    told_with(GatewayFault::vietnamese_text);
    told_with(GatewayFault::wrong_signature);

    payos.faults.force(GatewayFault::notice_first, 1);
    auto request = request_of(
        http::Method::post, "/v2/payment-requests", boost::json::serialize(creation(300)));
    request.headers.set("x-client-id", "client");
    request.headers.set("x-api-key", "apikey");
    EXPECT_EQ(payos.answer(request, now).delay, payos.faults.delay);
    EXPECT_EQ(webhooks().size(), 1U) << "before the answer";
}

} // namespace
} // namespace iwas::sim::payos
