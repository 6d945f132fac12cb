// The payer's pages and what IWAS's IPN address gets.
#include "sim/payment/vnpay/gateway_world_test.hpp"

namespace iwas::sim::vnpay {
namespace {

using namespace testing;

using VnpayPages = VnpayWorld;

TEST_F(VnpayPages, ShowsTheOrderAndTakesTheMoney)
{
    const auto page = get(link(payment()));
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("15.000"), std::string::npos);
    EXPECT_NE(page.body.find("WiFi 2 gio"), std::string::npos);
    EXPECT_NE(page.body.find("value=\"07\""), std::string::npos);

    http::Request press;
    press.method = http::Method::post;
    press.path = "/paymentv2/Transaction/Confirm.html";
    press.query.add("tmn", "CGXZLS0Z");
    press.query.add("ref", "IWAS1");
    press.body = "outcome=pay";
    const auto pressed = hub.answer(press, now).response;
    EXPECT_EQ(pressed.status, 303);
    const std::string back{pressed.headers.value("Location")};
    EXPECT_TRUE(back.starts_with("http://iwas.local/r/1?vnp_Amount=1500000&")) << back;
    const Fields returned = fields_in(back);
    EXPECT_TRUE(is_rightly_signed(returned));
    EXPECT_EQ(value_of(returned, "vnp_ResponseCode"), "00");
    EXPECT_EQ(value_of(returned, "vnp_TransactionStatus"), "00");
    EXPECT_EQ(vnpay.book.taken("IWAS1"), Money{15'000});

    const auto sent = notices();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(sent[0], returned) << "IPN and return URL say the same";
    EXPECT_NE(get(link(payment())).body.find("đã kết thúc"), std::string::npos);
}

TEST_F(VnpayPages, RefusesLinksOnItsErrorPage)
{
    const auto code_of = [&](const std::string& url) {
        const auto response = get(url);
        EXPECT_EQ(response.status, 302);
        const std::string location{response.headers.value("Location")};
        return location.substr(location.find('=') + 1);
    };
    EXPECT_EQ(code_of(link(payment(), "wrong")), "70");
    std::string changed = link(payment());
    changed.replace(changed.find("1500000"), 7, "0100000");
    EXPECT_EQ(code_of(changed), "70");
    Fields foreign = payment();
    foreign["vnp_TmnCode"] = "NOBODY01";
    EXPECT_EQ(code_of(link(foreign)), "02");
    Fields old = payment();
    old["vnp_Version"] = "2.0.0";
    EXPECT_EQ(code_of(link(old)), "03");
    EXPECT_EQ(get(link(payment())).status, 200);
    EXPECT_EQ(code_of(link(payment("IWAS1", "2000000"))), "01") << "another order of that name";
    now = start + 15min;
    EXPECT_EQ(code_of(link(payment("IWAS2"))), "11");
    EXPECT_NE(
        get("http://x/paymentv2/Payment/Error.html?code=70").body.find("70"), std::string::npos);
}

TEST_F(VnpayPages, TellsEveryEnd)
{
    struct Case {
        const char* code;
        PayerAct act;
        const char* response;
        const char* status;
        bool takes;
    };
    int number = 0;
    for (const Case& expected : {
             Case{"", PayerAct::pay, "00", "00", true},
             Case{"", PayerAct::refuse, "24", "02", false},
             Case{"51", PayerAct::pay, "51", "02", false},
             Case{"07", PayerAct::pay, "07", "07", true},
             Case{"04", PayerAct::pay, "99", "04", true},
             Case{"11", PayerAct::pay, "11", "02", false},
         }) {
        const std::string txn_ref = "E" + std::to_string(++number);
        SCOPED_TRACE(expected.response);
        PayCommand command;
        command.qr_text = link(payment(txn_ref));
        command.code = expected.code;
        command.act = expected.act;
        const auto paid = vnpay.pay(command, now);
        ASSERT_TRUE(paid) << paid.error();
        EXPECT_EQ(paid->code, expected.response);
        const auto sent = notices();
        ASSERT_EQ(sent.size(), 1U);
        EXPECT_TRUE(is_rightly_signed(sent[0]));
        EXPECT_EQ(value_of(sent[0], "vnp_ResponseCode"), expected.response);
        EXPECT_EQ(value_of(sent[0], "vnp_TransactionStatus"), expected.status);
        EXPECT_EQ(vnpay.book.taken(txn_ref), Money{expected.takes ? 15'000 : 0});
        EXPECT_EQ(value_of(sent[0], "vnp_TransactionNo") == "0", !expected.takes);
        EXPECT_EQ(sent[0].contains("vnp_BankTranNo"), expected.takes);
        EXPECT_FALSE(vnpay.pay(command, now) && expected.code != std::string{"11"})
            << "an end is an end";
    }
    EXPECT_FALSE(pay("77"));
}

TEST_F(VnpayPages, GoesByThePayersMoneyAndTheOrdersTime)
{
    vnpay.book.set_balance("ngheo", Money{14'999});
    PayCommand command;
    command.qr_text = link(payment());
    command.payer = "ngheo";
    EXPECT_EQ(vnpay.pay(command, now)->code, "51");
    EXPECT_EQ(notices().size(), 1U);

    // A page that was opened and left expires by itself, and VNPay says so.
    EXPECT_EQ(get(link(payment("IWAS2"))).status, 200);
    EXPECT_EQ(hub.next_wake(), start + 15min);
    now = start + 15min;
    const auto sent = notices();
    ASSERT_EQ(sent.size(), 1U);
    EXPECT_EQ(value_of(sent[0], "vnp_ResponseCode"), "11");
    command.qr_text.clear();
    command.order_id = "IWAS2";
    EXPECT_EQ(vnpay.pay(command, now)->code, "11");
    command.order_id = "IWAS3";
    EXPECT_FALSE(vnpay.pay(command, now)) << "nobody opened it";
}

TEST_F(VnpayPages, CallsAgainUntilItHears00Or02)
{
    for (const char* again : {"01", "04", "97", "99", ""}) {
        VnpayGateway fresh{settings(), 1};
        PayCommand command;
        command.qr_text = link(payment());
        ASSERT_TRUE(fresh.pay(command, now));
        Notice notice = fresh.due_notices(now).at(0);
        fresh.notice_answered(
            notice, {200, R"({"RspCode":")" + std::string{again} + R"(","Message":"x"})"}, now);
        EXPECT_EQ(fresh.next_wake(), now + 5min) << again;
    }
    ASSERT_TRUE(pay());
    for (unsigned round = 0; round < 10; ++round) {
        EXPECT_EQ(notices().size(), 1U) << round;
        answer(round % 2 == 0 ? std::optional<int>{500} : std::nullopt, R"({"RspCode":"00"})");
        EXPECT_EQ(notices().size(), 0U);
        now += 5min;
    }
    EXPECT_EQ(notices().size(), 0U) << "ten times, then no more";
    ASSERT_EQ(vnpay.model.ipn_answers.size(), 10U);
    EXPECT_EQ(vnpay.model.ipn_answers[9].tries, 9U);
    EXPECT_EQ(vnpay.model.ipn_answers[9].rsp_code, "") << "only in an answer of 200";

    for (const char* done : {"00", "02"}) {
        VnpayGateway fresh{settings(), 1};
        PayCommand command;
        command.qr_text = link(payment("IWAS2"));
        ASSERT_TRUE(fresh.pay(command, start));
        Notice notice = fresh.due_notices(start).at(0);
        const std::string body = R"({"RspCode":")" + std::string{done} + R"(","Message":"ok"})";
        fresh.notice_answered(notice, {200, body}, start);
        EXPECT_FALSE(fresh.next_wake() && *fresh.next_wake() < start + 15min) << done;
        EXPECT_EQ(fresh.model.ipn_answers.at(0).rsp_code, done);
    }
}

TEST_F(VnpayPages, KeepsCardsForTokenPayments)
{
    const auto fields = [&](std::string command, std::string txn_ref) {
        return Fields{
            {"vnp_version", "2.1.0"},
            {"vnp_command", std::move(command)},
            {"vnp_tmn_code", "CGXZLS0Z"},
            {"vnp_app_user_id", "kh-7"},
            {"vnp_card_type", "01"},
            {"vnp_txn_ref", std::move(txn_ref)},
            {"vnp_txn_desc", "WiFi 2 gio"},
            {"vnp_create_date", to_compact_time(start)},
            {"vnp_ip_addr", "203.113.131.9"},
            {"vnp_locale", "vn"},
            {"vnp_return_url", "http://iwas.local/token"},
            {"vnp_cancel_url", "http://iwas.local/cancel"}};
    };
    const auto decide = [&](const std::string& url, PayerAct act = PayerAct::pay) {
        PayCommand command;
        command.qr_text = url;
        command.act = act;
        return vnpay.pay(command, now);
    };
    const auto created = decide(token_link("create-token.html", fields("token_create", "T1")));
    ASSERT_TRUE(created) << created.error();
    const Fields told = fields_in(created->redirect_url);
    EXPECT_TRUE(is_rightly_signed(told));
    const std::string token{value_of(told, "vnp_token")};
    EXPECT_EQ(token.size(), 32U);
    EXPECT_EQ(value_of(told, "vnp_card_number"), "970419xxxxxxxxx2198");
    EXPECT_EQ(value_of(told, "vnp_response_code"), "00");
    EXPECT_EQ(vnpay.book.total_taken(), Money{0});

    Fields pays = fields("token_pay", "T2");
    pays["vnp_token"] = token;
    pays["vnp_amount"] = "1500000";
    pays["vnp_curr_code"] = "VND";
    const auto paid = decide(token_link("payment-token.html", pays));
    ASSERT_TRUE(paid) << paid.error();
    EXPECT_EQ(paid->code, "00");
    EXPECT_EQ(vnpay.book.taken("T2"), Money{15'000});

    Fields foreign = pays;
    foreign["vnp_app_user_id"] = "kh-8";
    foreign["vnp_txn_ref"] = "T3";
    EXPECT_FALSE(decide(token_link("payment-token.html", foreign))) << "another's card";

    Fields both = fields("pay_and_create", "T4");
    both["vnp_amount"] = "1500000";
    both["vnp_curr_code"] = "VND";
    both["vnp_store_token"] = "1";
    const auto bought = decide(token_link("pay-create-token.html", both));
    ASSERT_TRUE(bought) << bought.error();
    EXPECT_TRUE(fields_in(bought->redirect_url).contains("vnp_token"));

    Fields cancelled = fields("token_create", "T5");
    const auto refused = decide(token_link("create-token.html", cancelled), PayerAct::refuse);
    ASSERT_TRUE(refused);
    EXPECT_TRUE(refused->redirect_url.starts_with("http://iwas.local/cancel?"));
    EXPECT_EQ(value_of(fields_in(refused->redirect_url), "vnp_response_code"), "24");

    Fields removes = fields("token_remove", "T6");
    removes["vnp_token"] = token;
    ASSERT_TRUE(decide(token_link("remove-token.html", removes)));
    pays["vnp_txn_ref"] = "T7";
    EXPECT_FALSE(decide(token_link("payment-token.html", pays))) << "the card is gone";
    for (const Fields& notice : notices())
        EXPECT_TRUE(is_rightly_signed(notice));
}

TEST_F(VnpayPages, TellsItsAnswersToTheControlApi)
{
    ASSERT_TRUE(pay());
    ASSERT_EQ(notices().size(), 1U);
    answer(200, R"({"RspCode":"00","Message":"Confirm Success"})");
    const std::string body = get("http://x/_sim/ipn_answers?gateway=vnpay").body;
    EXPECT_NE(body.find(R"("rsp_code":"00")"), std::string::npos) << body;
    EXPECT_EQ(get("http://x/_sim/nothing?gateway=vnpay").status, 404);
}

} // namespace
} // namespace iwas::sim::vnpay
