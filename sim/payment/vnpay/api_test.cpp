// The merchant's API, and misbehaviour on command.
#include "sim/payment/vnpay/gateway_world_test.hpp"

namespace iwas::sim::vnpay {
namespace {

using namespace testing;

using VnpayApi = VnpayWorld;

TEST_F(VnpayApi, AnswersQuestionsAboutOrders)
{
    EXPECT_EQ(text_of(querydr("Q1"), "vnp_ResponseCode"), "91") << "its page was never opened";
    EXPECT_EQ(get(link(payment())).status, 200);
    EXPECT_EQ(text_of(querydr("Q2"), "vnp_TransactionStatus"), "01");
    ASSERT_TRUE(pay());
    const auto answer = querydr("Q3");
    EXPECT_EQ(text_of(answer, "vnp_ResponseCode"), "00");
    EXPECT_EQ(text_of(answer, "vnp_TransactionStatus"), "00");
    EXPECT_EQ(text_of(answer, "vnp_TransactionType"), "01");
    EXPECT_EQ(text_of(answer, "vnp_Amount"), "1500000");
    const auto value = [&](const char* name) { return text_of(answer, name); };
    const std::string text = joined(
        {value("vnp_ResponseId"), value("vnp_Command"), "00", value("vnp_Message"), "CGXZLS0Z",
         "IWAS1", "1500000", value("vnp_BankCode"), value("vnp_PayDate"),
         value("vnp_TransactionNo"), "01", "00", "WiFi 2 gio", "", ""});
    EXPECT_EQ(value("vnp_SecureHash"), sign(secret, text));

    EXPECT_EQ(text_of(querydr("Q3"), "vnp_ResponseCode"), "94");
    EXPECT_EQ(text_of(querydr("Q4", "IWAS1", "wrong"), "vnp_ResponseCode"), "97");
    EXPECT_EQ(text_of(querydr("Q5", "OTHER"), "vnp_ResponseCode"), "91");
    EXPECT_EQ(text_of(querydr(std::string(33, 'q')), "vnp_ResponseCode"), "03");
    vnpay.faults.force(GatewayFault::refused, 1);
    EXPECT_EQ(text_of(querydr("Q6"), "vnp_ResponseCode"), "99");
    vnpay.faults.force(GatewayFault::number_as_text, 1);
    EXPECT_EQ(integer_of(querydr("Q7"), "vnp_Amount"), 1'500'000);
    EXPECT_EQ(
        text_of(call({{"vnp_Command", "querydr"}, {"vnp_TmnCode", "X"}}), "vnp_ResponseCode"),
        "02");
    EXPECT_EQ(text_of(call({}), "vnp_ResponseCode"), "03");
}

TEST_F(VnpayApi, GivesMoneyBackButNeverMoreThanItTook)
{
    EXPECT_EQ(text_of(refund("R0", "02", 15'000), "vnp_ResponseCode"), "91");
    EXPECT_EQ(get(link(payment())).status, 200);
    EXPECT_EQ(text_of(refund("R1", "02", 15'000), "vnp_ResponseCode"), "95") << "not paid yet";
    ASSERT_TRUE(pay());
    EXPECT_EQ(text_of(refund("R2", "02", 10'000), "vnp_ResponseCode"), "03") << "full is full";
    const auto first = refund("R3", "03", 10'000);
    EXPECT_EQ(text_of(first, "vnp_ResponseCode"), "00");
    EXPECT_EQ(text_of(first, "vnp_TransactionStatus"), "06");
    EXPECT_EQ(text_of(refund("R3", "03", 10'000), "vnp_ResponseCode"), "94");
    EXPECT_EQ(text_of(refund("R4", "03", 5'001), "vnp_ResponseCode"), "04") << "over";
    EXPECT_EQ(vnpay.book.refunded("IWAS1"), Money{10'000});
    const std::string number = vnpay.model.orders().front().transaction_no;
    EXPECT_EQ(text_of(refund("R5", "03", 5'000, "999"), "vnp_ResponseCode"), "91");
    EXPECT_EQ(text_of(refund("R6", "03", 5'000, number), "vnp_ResponseCode"), "00");
    EXPECT_EQ(vnpay.book.refunded("IWAS1"), Money{15'000});
    EXPECT_EQ(vnpay.book.lost_by("khach"), Money{0});
    const auto told = querydr("Q1");
    EXPECT_EQ(text_of(told, "vnp_TransactionType"), "03");
    EXPECT_EQ(text_of(told, "vnp_TransactionStatus"), "06");
    vnpay.model.settings.querydr_tells_refund = false;
    EXPECT_EQ(text_of(querydr("Q2"), "vnp_TransactionType"), "01");
}

TEST_F(VnpayApi, LetsRefundsTakeLongOrFail)
{
    ASSERT_TRUE(pay());
    vnpay.faults.force(GatewayFault::refund_pending, 1);
    EXPECT_EQ(text_of(refund("R1", "03", 5'000), "vnp_TransactionStatus"), "05");
    EXPECT_EQ(vnpay.book.refunded("IWAS1"), Money{0});
    now += vnpay.faults.late;
    EXPECT_EQ(text_of(querydr("Q1"), "vnp_TransactionStatus"), "06");
    EXPECT_EQ(vnpay.book.refunded("IWAS1"), Money{5'000});
    vnpay.faults.force(GatewayFault::refund_failed, 1);
    EXPECT_EQ(text_of(refund("R2", "03", 10'000), "vnp_TransactionStatus"), "09");
    EXPECT_EQ(vnpay.book.refunded("IWAS1"), Money{5'000});
    EXPECT_EQ(text_of(refund("R3", "03", 10'000), "vnp_TransactionStatus"), "06") << "again";
}

TEST_F(VnpayApi, MisbehavesOnCommand)
{
    struct Case {
        GatewayFault fault;
        const char* field;
        const char* value;
    };
    int number = 0;
    for (const Case& expected : {
             Case{GatewayFault::wrong_amount, "vnp_Amount", "1600000"},
             Case{GatewayFault::wrong_merchant, "vnp_TmnCode", "SIMOTHER"},
             Case{GatewayFault::unknown_order, "vnp_TxnRef", "F3X9"},
             Case{GatewayFault::vietnamese_text, "vnp_OrderInfo", "Thanh toán gói ngày: 24 giờ"},
             Case{GatewayFault::extra_members, "vnp_PromotionCode", "TET2027"},
         }) {
        SCOPED_TRACE(to_string(expected.fault));
        vnpay.faults.force(expected.fault, 1);
        PayCommand command;
        command.qr_text = link(payment("F" + std::to_string(++number)));
        ASSERT_TRUE(vnpay.pay(command, now));
        const auto sent = notices();
        ASSERT_EQ(sent.size(), 1U);
        EXPECT_TRUE(is_rightly_signed(sent[0]));
        EXPECT_EQ(value_of(sent[0], expected.field), expected.value);
    }
    vnpay.faults.force(GatewayFault::wrong_signature, 1);
    vnpay.faults.force(GatewayFault::stale_refusal, 1);
    ASSERT_TRUE(pay());
    EXPECT_FALSE(is_rightly_signed(notices().at(0)));
    now += vnpay.faults.delay;
    const auto stale = notices();
    ASSERT_EQ(stale.size(), 1U);
    EXPECT_TRUE(is_rightly_signed(stale[0]));
    EXPECT_EQ(value_of(stale[0], "vnp_ResponseCode"), "24");
}

TEST_F(VnpayApi, SucceedsLateAndReversesLater)
{
    vnpay.faults.force(GatewayFault::late_success, 1);
    const auto paid = pay();
    ASSERT_TRUE(paid);
    EXPECT_EQ(paid->redirect_url, "");
    EXPECT_EQ(text_of(querydr("Q1"), "vnp_TransactionStatus"), "01");
    vnpay.faults.force(GatewayFault::reversed_later, 1);
    now += vnpay.faults.late;
    EXPECT_EQ(value_of(notices().at(0), "vnp_ResponseCode"), "00");
    now += vnpay.faults.reversal_after;
    EXPECT_EQ(text_of(querydr("Q2"), "vnp_TransactionStatus"), "04");
    EXPECT_EQ(vnpay.book.refunded("IWAS1"), Money{15'000});
    EXPECT_EQ(text_of(refund("R1", "02", 15'000), "vnp_ResponseCode"), "95") << "back already";
}

} // namespace
} // namespace iwas::sim::vnpay
