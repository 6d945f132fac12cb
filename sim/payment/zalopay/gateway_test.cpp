// The simulated ZaloPay: what it refuses, how orders end, who hears of it, and how money goes back.
#include "sim/payment/zalopay/app_test.hpp"

#include <boost/json/value_from.hpp>

namespace iwas::sim::zalopay::testing {
namespace {

TEST_F(ZaloPayTest, InvitesToPay)
{
    gateway.public_url = "http://127.0.0.1:9100";
    const Answer made = create(order("261123_1"));
    EXPECT_EQ(made.status, 200);
    EXPECT_EQ(made.code(), done);
    EXPECT_EQ(made.sub(), sub_ok);
    EXPECT_TRUE(made.text("order_url").starts_with("http://127.0.0.1:9100/zalopay/pay?token="));
    EXPECT_FALSE(made.text("zp_trans_token").empty());
    EXPECT_FALSE(made.text("qr_code").empty());
    EXPECT_EQ(query("261123_1").code(), in_progress);
    EXPECT_FALSE(query("261123_1").body.at("is_processing").as_bool());
    EXPECT_EQ(query("261123_9").sub(), sub_not_found);
}

TEST_F(ZaloPayTest, TakesFormsToo)
{
    json::object body = order("261123_1");
    std::vector<std::pair<std::string, std::string>> pairs;
    for (const auto& [name, value] : body)
        pairs.emplace_back(name, signed_value(body, name));
    const std::string text = "2553|261123_1|kh-7|20000|" + std::to_string(to_unix_ms(now)) + "|" +
                             text_of(body, "embed_data") + "|[]";
    pairs.emplace_back("mac", to_hex(hmac_sha256(as_bytes(app.key1), {as_bytes(text)})));
    constexpr auto form = "application/x-www-form-urlencoded";
    EXPECT_EQ(send("create", form, form_encode(pairs)).code(), done);
    EXPECT_EQ(send("create", form, "a=%zz").sub(), sub_bad_argument);
    EXPECT_EQ(send("create", "application/json", "[]").sub(), sub_bad_argument);
}

TEST_F(ZaloPayTest, RefusesWhatIsMalformed)
{
    const auto spoiled = [&](std::string_view name, const auto& value) {
        json::object body = order("261123_1");
        body[name] = json::value_from(value);
        const Answer refused = create(std::move(body));
        return refused.code() == failed ? refused.sub() : refused.code();
    };
    EXPECT_EQ(spoiled("item", std::string{"item"}), sub_bad_argument);
    EXPECT_EQ(spoiled("item", std::string{"{}"}), sub_bad_argument);
    EXPECT_EQ(spoiled("embed_data", std::string{"[]"}), sub_bad_argument);
    EXPECT_EQ(spoiled("embed_data", std::string{"{"}), sub_bad_argument);
    EXPECT_EQ(spoiled("app_trans_id", std::string{"261122_1"}), sub_bad_argument)
        << "yesterday in Vietnam";
    EXPECT_EQ(spoiled("app_trans_id", std::string{"231126_1"}), sub_bad_argument) << "ddmmyy";
    EXPECT_EQ(spoiled("app_trans_id", "261123_" + std::string(40, '1')), sub_bad_argument);
    EXPECT_EQ(spoiled("app_time", to_unix_ms(now - 16min)), sub_bad_argument);
    EXPECT_EQ(spoiled("app_time", to_unix_ms(now + 16min)), sub_bad_argument);
    EXPECT_EQ(spoiled("amount", 0), sub_bad_argument);
    EXPECT_EQ(spoiled("amount", std::string{"2e4"}), sub_bad_argument);
    EXPECT_EQ(spoiled("app_user", std::string{}), sub_bad_argument);
    EXPECT_EQ(spoiled("description", std::string{}), sub_bad_argument);
    EXPECT_EQ(spoiled("expire_duration_seconds", 299), sub_bad_argument);
    EXPECT_EQ(spoiled("app_time", to_unix_ms(now - 14min)), done);
    EXPECT_EQ(create(order("261123_1")).sub(), sub_duplicate);
}

TEST_F(ZaloPayTest, RefusesWrongMacs)
{
    json::object body = order("261123_1");
    body["mac"] = std::string(64, '0');
    EXPECT_EQ(create(body).code(), failed);
    EXPECT_EQ(create(body).sub(), sub_bad_mac);
    app.key1 += "x";
    EXPECT_EQ(create(order("261123_1")).sub(), sub_bad_mac);
    EXPECT_EQ(query("261123_1").sub(), sub_bad_mac);
    EXPECT_EQ(refund("261123_2553_1", 1, 1).sub(), sub_bad_mac);
    app = sandbox_apps()[1];
    EXPECT_EQ(create(order("261123_1")).code(), done);
    app.id = 7;
    EXPECT_EQ(create(order("261123_1")).sub(), sub_bad_mac);
}

TEST_F(ZaloPayTest, TakesMoneyAndTells)
{
    create(order("261123_1"));
    const PayResult paid = pay("261123_1");
    EXPECT_TRUE(paid.redirect_url.starts_with(
        "https://iwas.example/r/"
        "1?amount=20000&appid=2553&apptransid=261123_1&bankcode=&checksum="));
    EXPECT_TRUE(paid.redirect_url.ends_with("&discountamount=0&pmcid=38&status=1"));
    const auto told = callbacks();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].is_signed);
    EXPECT_EQ(told[0].type, 1);
    EXPECT_EQ(integer_of(told[0].data, "amount"), 20'000);
    EXPECT_EQ(integer_of(told[0].data, "channel"), channel_wallet);
    EXPECT_EQ(integer_of(told[0].data, "zp_trans_id"), query("261123_1").number("zp_trans_id"));
    EXPECT_EQ(query("261123_1").code(), done);
    EXPECT_FALSE(gateway.pay({.order_id = "261123_1"}, now)) << "nobody pays twice";
    EXPECT_EQ(gateway.book.taken("261123_1"), Money{20'000});
}

TEST_F(ZaloPayTest, TellsOfSuccessOnly)
{
    create(order("261123_1"));
    EXPECT_TRUE(pay("261123_1", PayerAct::leave).redirect_url.ends_with("&pmcid=0&status=-49"));
    EXPECT_EQ(query("261123_1").code(), in_progress) << "may still be paid";
    EXPECT_TRUE(pay("261123_1", PayerAct::refuse).redirect_url.ends_with("&status=-49"));
    EXPECT_EQ(query("261123_1").sub(), sub_cancelled_by_user);
    create(order("261123_2"));
    gateway.book.set_balance("ngheo", Money{10'000});
    EXPECT_EQ(pay("261123_2", PayerAct::pay, "ngheo").code, "2");
    create(order("261123_3"));
    now += 15min;
    EXPECT_EQ(query("261123_3").sub(), sub_expired);
    EXPECT_TRUE(callbacks().empty());
    EXPECT_EQ(gateway.book.total_taken(), Money{});
}

TEST_F(ZaloPayTest, RepeatsCallbacksAsAsked)
{
    const auto tries = [&](std::string id, NoticeAnswer answer) {
        create(order(id));
        pay(id);
        int sent = 0;
        for (int round = 0; round < 6; ++round, now += gateway.settings().callback_repeat_after)
            for (const Notice& notice : gateway.due_notices(now)) {
                ++sent;
                gateway.notice_answered(notice, answer, now);
            }
        return sent;
    };
    const auto answered = [](std::string body) {
        return NoticeAnswer{.status = 200, .body = std::move(body)};
    };
    EXPECT_EQ(tries("261123_1", answered(R"({"return_code":1})")), 1);
    EXPECT_EQ(tries("261123_2", answered(R"({"return_code":2})")), 1);
    EXPECT_EQ(tries("261123_3", answered(R"({"return_code":-1})")), 1);
    EXPECT_EQ(tries("261123_4", answered(R"({"return_code":0})")), 4) << "once, and 3 times again";
    EXPECT_EQ(tries("261123_5", {}), 4);
    EXPECT_EQ(tries("261123_6", answered("what?")), 4);
    EXPECT_EQ(gateway.books().callback_answers.front().return_code, 1);
}

TEST_F(ZaloPayTest, GivesMoneyBackOnce)
{
    const std::int64_t trans = paid_order("261123_1");
    const Answer first = refund("261123_2553_1", trans, 5'000);
    EXPECT_EQ(first.code(), in_progress);
    EXPECT_GT(first.number("refund_id"), 0);
    EXPECT_EQ(query_refund("261123_2553_1").code(), in_progress);
    EXPECT_EQ(refund("261123_2553_1", trans, 5'000).sub(), sub_duplicate);
    EXPECT_EQ(refund("261123_2553_2", trans, 15'001).sub(), sub_bad_argument);
    now += gateway.settings().refund_takes;
    EXPECT_EQ(query_refund("261123_2553_1").code(), done);
    EXPECT_EQ(gateway.book.refunded("261123_1"), Money{5'000});
    EXPECT_EQ(refund("261123_2553_3", 42, 1'000).sub(), sub_not_found);
    EXPECT_EQ(refund("261122_2553_4", trans, 1'000).sub(), sub_bad_argument) << "yesterday";
    EXPECT_EQ(refund("261123_2554_5", trans, 1'000).sub(), sub_bad_argument) << "another app";
    EXPECT_EQ(query_refund("261123_2553_9").sub(), sub_not_found);

    gateway.faults.force(GatewayFault::refund_failed, 1);
    EXPECT_EQ(refund("261123_2553_6", trans, 15'000).code(), in_progress);
    now += gateway.settings().refund_takes;
    EXPECT_EQ(query_refund("261123_2553_6").code(), failed);
    gateway.faults.force(GatewayFault::refund_pending, 1);
    EXPECT_EQ(refund("261123_2553_7", trans, 15'000).code(), in_progress);
    now += gateway.settings().refund_takes;
    EXPECT_EQ(query_refund("261123_2553_7").code(), in_progress);
    now += gateway.faults.late;
    EXPECT_EQ(query_refund("261123_2553_7").code(), done);
    EXPECT_EQ(gateway.book.refunded("261123_1"), Money{20'000});
}

TEST_F(ZaloPayTest, MisbehavesOnCommand)
{
    const auto told = [&](GatewayFault fault, std::string id) {
        create(order(id));
        gateway.faults.force(fault, 1);
        pay(id);
        return callbacks().at(0);
    };
    EXPECT_FALSE(told(GatewayFault::wrong_signature, "261123_1").is_signed);
    const auto amount = told(GatewayFault::wrong_amount, "261123_2");
    EXPECT_TRUE(amount.is_signed);
    EXPECT_EQ(integer_of(amount.data, "amount"), 21'000);
    EXPECT_NE(integer_of(told(GatewayFault::wrong_merchant, "261123_3").data, "app_id"), app.id);
    EXPECT_EQ(
        text_of(told(GatewayFault::unknown_order, "261123_4").data, "app_trans_id"),
        "NOBODY-261123_4");
    EXPECT_TRUE(told(GatewayFault::extra_members, "261123_5").data.contains("simulated_member"));
    EXPECT_EQ(text_of(told(GatewayFault::number_as_text, "261123_6").data, "amount"), "20000");

    gateway.faults.force(GatewayFault::notice_first, 1);
    create(order("261123_7"));
    EXPECT_EQ(last.delay, gateway.faults.delay);
    EXPECT_EQ(callbacks().size(), 1U);

    create(order("261123_8"));
    gateway.faults.force(GatewayFault::late_success, 1);
    pay("261123_8");
    now += 15min;
    EXPECT_EQ(query("261123_8").code(), in_progress);
    EXPECT_TRUE(query("261123_8").body.at("is_processing").as_bool());
    now += gateway.faults.late;
    EXPECT_EQ(query("261123_8").code(), done);
    EXPECT_EQ(callbacks().size(), 1U);

    gateway.faults.force(GatewayFault::reversed_later, 1);
    paid_order("261123_9");
    EXPECT_EQ(query("261123_9").code(), done);
    now += gateway.faults.reversal_after;
    EXPECT_EQ(query("261123_9").code(), failed);
    EXPECT_EQ(gateway.book.lines().back().move, MoneyMove::reversed);
    gateway.faults.force(GatewayFault::refused, 1);
    EXPECT_EQ(create(order("261123_10")).code(), failed);
    EXPECT_EQ(query("261123_10").sub(), sub_not_found);
}

class ZaloPayAgreements : public ZaloPayTest {
protected:
    Answer bind(std::string id, std::int64_t max_amount = 0)
    {
        return call(
            "agreement/bind",
            {{"app_id", app.id},
             {"app_trans_id", std::move(id)},
             {"req_date", to_unix_ms(now)},
             {"max_amount", max_amount},
             {"identifier", "kh-7"},
             {"binding_type", "WALLET"},
             {"binding_data", ""},
             {"redirect_url", "https://iwas.example/b/1"},
             {"redirect_deep_link", ""},
             {"callback_url", "https://iwas.example/notice"}},
            {"app_id", "app_trans_id", "binding_data", "binding_type", "identifier", "max_amount",
             "req_date"});
    }
    Answer query_agreement(std::string id)
    {
        return call(
            "agreement/query",
            {{"app_id", app.id}, {"app_trans_id", std::move(id)}, {"req_date", to_unix_ms(now)}},
            {"app_id", "app_trans_id", "req_date"});
    }
    json::object about_token(std::string pay_token)
    {
        return {
            {"app_id", app.id},
            {"identifier", "kh-7"},
            {"pay_token", std::move(pay_token)},
            {"req_date", to_unix_ms(now)}};
    }
    Answer balance(std::string pay_token, std::int64_t amount)
    {
        json::object body = about_token(std::move(pay_token));
        body["amount"] = amount;
        return call(
            "agreement/balance", std::move(body),
            {"app_id", "pay_token", "identifier", "amount", "req_date"});
    }
    Answer pay_by_token(std::string pay_token, std::string zp_trans_token)
    {
        json::object body = about_token(std::move(pay_token));
        body["zp_trans_token"] = std::move(zp_trans_token);
        return call(
            "agreement/pay", std::move(body),
            {"app_id", "identifier", "zp_trans_token", "pay_token", "req_date"});
    }
    std::string order_token(std::string id, bool is_agreement = true)
    {
        json::object body = order(std::move(id));
        if (is_agreement) body["product_code"] = "AGREEMENT";
        return create(std::move(body)).text("zp_trans_token");
    }
    std::string bound(std::string id)
    {
        EXPECT_EQ(bind(id).code(), done);
        pay(id);
        callbacks();
        return text_of(query_agreement(id).body.at("data").as_object(), "pay_token");
    }
};

TEST_F(ZaloPayAgreements, AreAllowedByThePayer)
{
    const Answer asked = bind("261123_B1");
    EXPECT_EQ(asked.code(), done);
    EXPECT_FALSE(asked.text("deep_link").empty());
    EXPECT_EQ(bind("261123_B1").sub(), sub_duplicate);
    EXPECT_EQ(bind("261122_B1").sub(), sub_bad_argument);
    EXPECT_EQ(query_agreement("261123_B1").code(), in_progress);
    EXPECT_TRUE(gateway.pay({.qr_text = asked.text("binding_qr_link")}, now));
    const auto told = callbacks();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].is_signed);
    EXPECT_EQ(told[0].type, 2);
    EXPECT_EQ(integer_of(told[0].data, "status"), 1);
    EXPECT_EQ(integer_of(told[0].data, "server_time"), to_unix_ms(now) / 1'000);
    const Answer known = query_agreement("261123_B1");
    EXPECT_EQ(known.code(), done);
    EXPECT_EQ(known.body.at("data").at("pay_token"), told[0].data.at("pay_token"));
    bind("261123_B2");
    pay("261123_B2", PayerAct::refuse);
    EXPECT_EQ(query_agreement("261123_B2").sub(), sub_cancelled_by_user);
    EXPECT_FALSE(gateway.pay({.order_id = "261123_B2"}, now));
}

TEST_F(ZaloPayAgreements, ChargeAndEnd)
{
    const std::string token = bound("261123_B1");
    EXPECT_TRUE(balance(token, 20'000).body.at("data").at(0).at("payable").as_bool());
    const Answer charged = pay_by_token(token, order_token("261123_1"));
    EXPECT_EQ(charged.code(), in_progress);
    EXPECT_EQ(charged.text("app_trans_id"), "261123_1");
    EXPECT_EQ(gateway.book.taken("261123_1"), Money{});
    now += gateway.settings().token_payment_takes;
    EXPECT_EQ(callbacks().at(0).type, 1);
    EXPECT_EQ(query("261123_1").code(), done);
    EXPECT_EQ(pay_by_token("PTnone", order_token("261123_2")).sub(), sub_not_found);
    EXPECT_EQ(pay_by_token(token, order_token("261123_3", false)).sub(), sub_bad_argument);
    gateway.book.set_balance("khach", Money{1});
    EXPECT_FALSE(balance(token, 20'000).body.at("data").at(0).at("payable").as_bool());
    EXPECT_EQ(pay_by_token(token, order_token("261123_4")).code(), in_progress);
    now += gateway.settings().token_payment_takes;
    EXPECT_EQ(query("261123_4").code(), failed);

    json::object body = about_token("");
    body["binding_id"] = gateway.books().agreements.begin()->second.binding_id;
    const auto unbind = [&] {
        return call("agreement/unbind", body, {"app_id", "identifier", "binding_id", "req_date"});
    };
    EXPECT_EQ(unbind().code(), done);
    EXPECT_EQ(unbind().sub(), sub_not_found);
    EXPECT_EQ(pay_by_token(token, order_token("261123_5")).sub(), sub_not_found);
}

TEST_F(ZaloPayAgreements, AreWithdrawnByThePayer)
{
    const std::string token = bound("261123_B1");
    pay("261123_B1", PayerAct::refuse);
    const auto told = callbacks();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(integer_of(told[0].data, "status"), 3);
    EXPECT_EQ(integer_of(told[0].data, "msg_type"), 2);
    EXPECT_EQ(balance(token, 1'000).sub(), sub_not_found);
}

TEST_F(ZaloPayAgreements, HavePages)
{
    const std::string link = bind("261123_B1").text("deep_link");
    http::Request request;
    request.path = "/zalopay/bind";
    request.query = *http::decode_query(link.substr(link.find('?') + 1));
    EXPECT_NE(gateway.answer(request, now).response.body.find("Liên kết ví"), std::string::npos);
    request.method = http::Method::post;
    request.body = "outcome=pay";
    EXPECT_EQ(
        gateway.answer(request, now).response.headers.value("Location"),
        "https://iwas.example/b/1");
    EXPECT_EQ(query_agreement("261123_B1").code(), done);
    EXPECT_EQ(gateway.answer(request, now).response.status, 200) << "decided already";
    request.path = "/zalopay/pay";
    EXPECT_EQ(gateway.answer(request, now).response.status, 404) << "that is no order's link";
}

} // namespace
} // namespace iwas::sim::zalopay::testing
