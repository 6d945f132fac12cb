// The simulated MoMo: what it refuses, how orders end, who hears of it, and how money goes back.
#include "sim/payment/momo/merchant_test.hpp"

#include <boost/json/value_from.hpp>

namespace iwas::sim::momo::testing {
namespace {

TEST_F(MomoTest, InvitesToPay)
{
    gateway.public_url = "http://127.0.0.1:9100";
    const Answer made = create(order("O1"));
    EXPECT_EQ(made.status, 200);
    EXPECT_EQ(made.code(), success);
    EXPECT_EQ(made.text("message"), "Thành công.");
    EXPECT_EQ(made.number("amount"), 20'000);
    EXPECT_EQ(made.text("requestId"), "r-O1");
    EXPECT_TRUE(made.text("payUrl").starts_with("http://127.0.0.1:9100/v2/gateway/pay?t="));
    EXPECT_FALSE(made.text("deeplink").empty());
    EXPECT_FALSE(made.text("qrCodeUrl").empty());
    EXPECT_FALSE(made.body.contains("signature")) << "the sandbox does not sign this answer";
    json::object by_method = order("O2");
    by_method["requestType"] = "payWithMethod";
    EXPECT_FALSE(create(by_method).body.contains("qrCodeUrl"));
    EXPECT_EQ(query("O1").code(), waiting_for_payer);
    EXPECT_EQ(query("O9").code(), order_not_found);
}

TEST_F(MomoTest, RefusesWhatIsMalformed)
{
    EXPECT_EQ(send("create", "no JSON").code(), bad_format);
    EXPECT_EQ(send("nothing", "{}").status, 404);
    const auto spoiled = [&](std::string_view name, const auto& value) {
        json::object body = order("O1");
        body[name] = json::value_from(value);
        return create(std::move(body)).code();
    };
    EXPECT_EQ(spoiled("orderId", "-O1"), bad_format);
    EXPECT_EQ(spoiled("orderId", "Đ1"), bad_format);
    EXPECT_EQ(spoiled("orderId", std::string(201, 'a')), bad_format);
    EXPECT_EQ(spoiled("requestId", std::string(51, 'a')), bad_format);
    EXPECT_EQ(spoiled("requestType", "payWithGold"), bad_format);
    EXPECT_EQ(spoiled("lang", "fr"), bad_format);
    EXPECT_EQ(spoiled("ipnUrl", "https://iwas.example/notice?a=b"), bad_format);
    EXPECT_EQ(spoiled("redirectUrl", "javascript:alert(1)"), bad_format);
    EXPECT_EQ(spoiled("amount", "1.000"), bad_format);
    EXPECT_EQ(spoiled("amount", 999), amount_out_of_range);
    EXPECT_EQ(spoiled("amount", 50'000'001), amount_out_of_range);
    EXPECT_EQ(spoiled("amount", "20000"), success) << "amounts may be texts";
    json::object without = order("O2");
    without.erase("extraData");
    EXPECT_EQ(create(without).code(), bad_format);
}

TEST_F(MomoTest, RefusesWrongSignatures)
{
    json::object body = order("O1");
    body["signature"] = std::string(64, '0');
    EXPECT_EQ(create(body).code(), bad_signature);
    EXPECT_EQ(last.response.status, 400);
    merchant.secret_key += "x";
    EXPECT_EQ(create(order("O1")).code(), bad_signature);
    EXPECT_EQ(query("O1").code(), bad_signature);
    merchant = sandbox_merchants().front();
    merchant.partner_code = "NOBODY";
    EXPECT_EQ(create(order("O1")).code(), bad_signature);
    merchant = sandbox_merchants()[1];
    EXPECT_EQ(create(order("O1")).code(), success) << "nothing of the refused ones was kept";
}

TEST_F(MomoTest, RunsARequestOnce)
{
    const Answer first = create(order("O1"));
    const Answer again = create(order("O1"));
    EXPECT_EQ(again.code(), success);
    EXPECT_EQ(again.body, first.body);
    json::object other = order("O1");
    other["amount"] = 30'000;
    EXPECT_EQ(create(other).code(), duplicate_request);
    other = order("O1");
    other["requestId"] = "another";
    EXPECT_EQ(create(other).code(), duplicate_order);

    gateway.faults.force(GatewayFault::delay, 1);
    create(order("O2"));
    EXPECT_EQ(create(order("O2")).code(), in_work);
    EXPECT_EQ(last.response.status, 422);
    now += gateway.faults.delay;
    EXPECT_EQ(create(order("O2")).code(), success);
}

TEST_F(MomoTest, TakesMoneyAndTells)
{
    create(order("O1"));
    const PayResult paid = pay("O1");
    EXPECT_EQ(paid.code, "0");
    EXPECT_TRUE(paid.redirect_url.starts_with(
        "https://iwas.example/r/1?partnerCode=MOMO&orderId=O1&requestId=r-O1&amount=20000&"
        "orderInfo=G%C3%B3i+3+gi%E1%BB%9D&"));
    EXPECT_EQ(gateway.book.taken("O1"), Money{20'000});
    const auto told = ipns();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].is_signed);
    EXPECT_EQ(told[0].code(), success);
    EXPECT_EQ(text_of(told[0].body, "payType"), "qr");
    const Answer asked_again = query("O1");
    EXPECT_EQ(asked_again.code(), success);
    EXPECT_EQ(asked_again.number("transId"), integer_of(told[0].body, "transId"));
    EXPECT_FALSE(gateway.pay({.order_id = "O1"}, now)) << "nobody pays twice";
    EXPECT_EQ(gateway.book.total_taken(), Money{20'000});
}

TEST_F(MomoTest, TellsRefusalsWithEmptyPayType)
{
    create(order("O1"));
    EXPECT_EQ(pay("O1", PayerAct::leave).code, "1000");
    EXPECT_TRUE(ipns().empty()) << "leaving decides nothing";
    EXPECT_EQ(pay("O1", PayerAct::refuse).code, "1006");
    const auto told = ipns();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].is_signed);
    EXPECT_EQ(told[0].code(), refused_by_payer);
    EXPECT_EQ(text_of(told[0].body, "payType"), "");
    EXPECT_EQ(integer_of(told[0].body, "transId"), to_unix_ms(now));

    gateway.book.set_balance("ngheo", Money{10'000});
    create(order("O2"));
    EXPECT_EQ(pay("O2", PayerAct::pay, "ngheo").code, "1001");
    EXPECT_EQ(ipns().front().code(), not_enough_money);
    EXPECT_EQ(gateway.book.total_taken(), Money{});
}

TEST_F(MomoTest, LetsOrdersExpire)
{
    create(order("O1"));
    now += gateway.settings().order_life;
    EXPECT_EQ(query("O1").code(), expired);
    EXPECT_FALSE(gateway.pay({.order_id = "O1"}, now));
    EXPECT_FALSE(gateway.pay({.order_id = "O9"}, now)) << "unknown";
}

TEST_F(MomoTest, HoldsMoneyUntilConfirmed)
{
    const auto held = [&](std::string id) {
        json::object body = order(id);
        body["autoCapture"] = false;
        create(body);
        EXPECT_EQ(pay(id).code, "9000");
        EXPECT_EQ(ipns().front().code(), authorised);
        EXPECT_EQ(gateway.book.taken(id), Money{});
    };
    held("O1");
    EXPECT_EQ(confirm("O1", "capture", 19'000).code(), amount_out_of_range);
    EXPECT_EQ(confirm("O1", "capture", 20'000).code(), success);
    EXPECT_EQ(gateway.book.taken("O1"), Money{20'000});
    EXPECT_EQ(confirm("O1", "capture", 20'000).code(), invalid_data) << "not held any more";
    held("O2");
    EXPECT_EQ(confirm("O2", "cancel", 20'000).code(), success);
    EXPECT_EQ(query("O2").code(), cancelled_by_merchant);
    held("O3");
    now += gateway.settings().hold_life;
    EXPECT_EQ(query("O3").code(), cancelled_after_hold);
    EXPECT_EQ(confirm("O9", "cancel", 1'000).code(), order_not_found);
}

TEST_F(MomoTest, GivesMoneyBackOnce)
{
    create(order("O1"));
    pay("O1");
    const std::int64_t trans = query("O1").number("transId");
    const Answer part = refund("R1", trans, 5'000);
    EXPECT_EQ(part.code(), success);
    EXPECT_EQ(part.body.at("transId"), query_refund("R1").body.at("transId"));
    EXPECT_EQ(refund("R1", trans, 5'000).body, part.body) << "a repetition";
    EXPECT_EQ(refund("O1", trans, 5'000).code(), duplicate_order);
    EXPECT_EQ(refund("R2", trans, 500).code(), amount_out_of_range);
    EXPECT_EQ(refund("R3", trans, 15'001).code(), refund_refused);
    EXPECT_EQ(refund("R4", trans, 15'000).code(), success);
    EXPECT_EQ(refund("R5", trans, 1'000).code(), refund_refused) << "nothing is left";
    EXPECT_EQ(refund("R6", 42, 1'000).code(), order_not_found);
    EXPECT_EQ(query_refund("R9").code(), order_not_found);
    EXPECT_EQ(gateway.book.refunded("O1"), Money{20'000});
    EXPECT_EQ(gateway.book.lost_by("khach"), Money{});
    EXPECT_EQ(query("O1").body.at("refundTrans").as_array().size(), 2U);
}

TEST_F(MomoTest, LetsRefundsWaitAndFail)
{
    create(order("O1"));
    pay("O1");
    const std::int64_t trans = query("O1").number("transId");
    gateway.faults.force(GatewayFault::refund_pending, 1);
    EXPECT_EQ(refund("R1", trans, 20'000).code(), in_work_at_provider);
    EXPECT_EQ(refund("R1", trans, 20'000).code(), duplicate_request) << "not final: ask";
    EXPECT_EQ(refund("R2", trans, 1'000).code(), refund_refused) << "the first may still come";
    EXPECT_EQ(gateway.book.refunded("O1"), Money{});
    now += gateway.faults.late;
    EXPECT_EQ(query_refund("R1").code(), success);
    EXPECT_EQ(gateway.book.refunded("O1"), Money{20'000});

    create(order("O2"));
    pay("O2");
    const std::int64_t second = query("O2").number("transId");
    gateway.faults.force(GatewayFault::refund_failed, 1);
    EXPECT_EQ(refund("R3", second, 20'000).code(), in_work_at_provider);
    now += gateway.faults.delay;
    EXPECT_EQ(query_refund("R3").code(), refund_failed);
    EXPECT_EQ(refund("R4", second, 20'000).code(), success);
}

TEST_F(MomoTest, ShowsThePayerAPage)
{
    const std::string url = create(order("O1")).text("payUrl");
    http::Request request;
    request.method = http::Method::get;
    request.path = "/v2/gateway/pay";
    const std::string query_text = url.substr(url.find('?') + 1);
    EXPECT_EQ(gateway.answer(request, now).response.status, 404) << "no link";
    request.query = *http::decode_query(query_text);
    const auto page = gateway.answer(request, now).response;
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("20.000"), std::string::npos);
    EXPECT_NE(page.body.find("Gói 3 giờ"), std::string::npos);
    request.method = http::Method::post;
    request.body = "outcome=maybe";
    EXPECT_EQ(gateway.answer(request, now).response.status, 400);
    request.body = "outcome=pay";
    const auto done = gateway.answer(request, now).response;
    EXPECT_EQ(done.status, 303);
    EXPECT_TRUE(done.headers.value("Location").starts_with("https://iwas.example/r/1?"));
    EXPECT_EQ(gateway.book.taken("O1"), Money{20'000});
    EXPECT_EQ(gateway.answer(request, now).response.status, 200) << "only tells that it is paid";
    EXPECT_EQ(gateway.book.taken("O1"), Money{20'000});

    const std::string qr = create(order("O2")).text("qrCodeUrl");
    EXPECT_EQ(gateway.pay({.qr_text = qr}, now)->code, "0");
    EXPECT_FALSE(gateway.pay({.qr_text = qr + "0"}, now)) << "a link that it did not make";
}

} // namespace
} // namespace iwas::sim::momo::testing
