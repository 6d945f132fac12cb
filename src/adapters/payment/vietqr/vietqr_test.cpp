#include "adapters/payment/vietqr/vietqr_test.hpp"

namespace iwas::adapters {

using namespace vietqr_testing;

TEST(VietqrIds, CountMoneyOnceWhateverTellsOfIt)
{
    vietqr_feeds::BankTransfer transfer;
    transfer.feed_id = "sepay-1";
    transfer.at = now;
    transfer.amount = Money{15'000};
    EXPECT_EQ(vietqr_feeds::gateway_id_of(transfer), "sepay-1");
    transfer.reference = "FT26326123456";
    EXPECT_EQ(vietqr_feeds::gateway_id_of(transfer), "FT26326123456");
    transfer.reference = "4521"; // a counter of the day
    EXPECT_EQ(vietqr_feeds::gateway_id_of(transfer), "4521/2026-11-22/15000");
}

TEST(VietqrCreate, DrawsAQrThatADecoderReads)
{
    ports::PaymentOrder order;
    order.order_id = vietqr_mapping().new_order_id(sepay_shop(), now, 4711);
    order.amount = Money{14'993};
    const auto invitation = end_of(vietqr_mapping().create(sepay_shop(), order, {.now = now}));
    ASSERT_TRUE(invitation);
    const auto transfer = iwas::vietqr::decode(invitation->qr_text);
    ASSERT_TRUE(transfer);
    EXPECT_EQ(transfer->bank_bin, "970436");
    EXPECT_EQ(transfer->account, "0123499999");
    EXPECT_EQ(transfer->amount, Money{14'993});
    EXPECT_EQ(transfer->purpose, order.order_id);
    EXPECT_TRUE(transfer->is_dynamic);
    EXPECT_TRUE(iwas::vietqr::is_order_code(order.order_id));

    auto account = sepay_shop();
    account.bank_bin = "97043";
    EXPECT_EQ(
        end_of(vietqr_mapping().create(account, order, {.now = now})).error().error,
        GatewayError::misconfigured);
    order.amount = Money{0};
    EXPECT_EQ(
        end_of(vietqr_mapping().create(sepay_shop(), order, {.now = now})).error().error,
        GatewayError::refused);
    EXPECT_EQ(
        end_of(vietqr_mapping().refund(sepay_shop(), {}, {.now = now})).error().error,
        GatewayError::not_supported);
}

TEST(VietqrNotice, IsAnsweredByStatus)
{
    const auto reply = [](NoticeOutcome outcome) {
        return vietqr_mapping().reply_to(sepay_shop(), outcome);
    };
    EXPECT_EQ(reply(NoticeOutcome::recorded).status, 200);
    EXPECT_EQ(reply(NoticeOutcome::recorded).body, R"({"success":true})");
    EXPECT_EQ(reply(NoticeOutcome::unknown_order).status, 200);
    EXPECT_EQ(reply(NoticeOutcome::foreign).status, 200);
    EXPECT_EQ(reply(NoticeOutcome::unreadable).status, 200);
    EXPECT_EQ(reply(NoticeOutcome::refused).status, 401);
    EXPECT_EQ(reply(NoticeOutcome::not_kept).status, 500);
}

} // namespace iwas::adapters
