#include "adapters/payment/vnpay/vnpay_test.hpp"

#include <tuple>
#include <vector>

namespace iwas::adapters {

using namespace vnpay_testing;

TEST(VnpayNotice, TellsTheStateByBothCodes)
{
    struct Row {
        const char* response;
        const char* status;
        PaymentState state;
        TransactionReason reason;
    };
    for (const Row& row : {
             Row{"00", "00", PaymentState::paid, TransactionReason::none},
             Row{"00", "01", PaymentState::pending, TransactionReason::none},
             Row{"00", "02", PaymentState::pending, TransactionReason::none},
             Row{"00", "04", PaymentState::held, TransactionReason::none},
             Row{"00", "05", PaymentState::held, TransactionReason::none},
             Row{"00", "07", PaymentState::held, TransactionReason::none},
             Row{"00", "", PaymentState::pending, TransactionReason::none},
             Row{"07", "00", PaymentState::held, TransactionReason::none},
             Row{"07", "07", PaymentState::held, TransactionReason::none},
             Row{"99", "00", PaymentState::pending, TransactionReason::none},
             Row{"09", "02", PaymentState::failed, TransactionReason::declined},
             Row{"10", "02", PaymentState::failed, TransactionReason::declined},
             Row{"11", "02", PaymentState::failed, TransactionReason::payment_expired},
             Row{"12", "02", PaymentState::failed, TransactionReason::account_suspended},
             Row{"13", "02", PaymentState::failed, TransactionReason::declined},
             Row{"24", "02", PaymentState::failed, TransactionReason::cancelled},
             Row{"24", "", PaymentState::failed, TransactionReason::cancelled},
             Row{"24", "01", PaymentState::pending, TransactionReason::none},
             Row{"51", "02", PaymentState::failed, TransactionReason::insufficient_balance},
             Row{"65", "02", PaymentState::failed, TransactionReason::declined},
             Row{"75", "02", PaymentState::failed, TransactionReason::payment_unavailable},
             Row{"79", "02", PaymentState::failed, TransactionReason::declined},
             Row{"99", "02", PaymentState::failed, TransactionReason::declined},
             Row{"01", "02", PaymentState::pending, TransactionReason::none},
             Row{"08", "02", PaymentState::failed, TransactionReason::payment_unavailable},
             Row{"77", "02", PaymentState::pending, TransactionReason::none},
         }) {
        SCOPED_TRACE(std::string{row.response} + "/" + row.status);
        const auto notice = notice_of(notice_query(row.response, row.status));
        ASSERT_TRUE(notice);
        EXPECT_EQ(notice->order_id, "IWAS-000123");
        EXPECT_EQ(notice->status.state, row.state);
        EXPECT_EQ(notice->status.reason, row.reason);
        const bool has_money = row.state == PaymentState::paid || row.state == PaymentState::held;
        ASSERT_EQ(notice->status.received.size(), has_money ? 1U : 0U);
        if (has_money) {
            EXPECT_EQ(notice->status.received[0].amount, Money{15'000});
            EXPECT_EQ(notice->status.received[0].gateway_id, "14532700");
        }
    }
}

TEST(VnpayNotice, StandsAProxysOtherEncodingAndCapitals)
{
    std::string query = notice_query("00", "00");
    EXPECT_TRUE(notice_of(query));
    query.replace(query.find("CGXZLS0Z"), 1, "%43");
    const auto hash = query.find("vnp_SecureHash=") + 15;
    for (std::size_t i = hash; i < query.size(); ++i)
        query[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(query[i])));
    EXPECT_TRUE(notice_of("vnp_SecureHashType=HMACSHA512&" + query));
}

TEST(VnpayNotice, AcceptsTextsThatVnpayLeavesUnencoded)
{
    const std::string text = "vnp_Amount=1500000&vnp_OrderInfo=WiFi+(2h)!&vnp_ResponseCode=24&"
                             "vnp_TmnCode=CGXZLS0Z&vnp_TransactionStatus=02&vnp_TxnRef=IWAS-000123";
    EXPECT_TRUE(notice_of(text + "&vnp_SecureHash=" + sha512_of(text)));
}

TEST(VnpayNotice, RefusesWhatIsNotVnpays)
{
    const auto error_of = [](const std::string& query) { return notice_of(query).error(); };
    const std::string good = notice_query("00", "00");
    EXPECT_EQ(error_of(""), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(good.substr(0, good.find("&vnp_SecureHash"))), NoticeError::signature_wrong);
    std::string changed = good;
    changed.replace(changed.find("1500000"), 7, "9500000");
    EXPECT_EQ(error_of(changed), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(good + "&vnp_secure_hash=00"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of(good + "&vnp_Amount=1"), NoticeError::malformed); // twice
    EXPECT_EQ(error_of(good + "&x=%4"), NoticeError::malformed);
    EXPECT_EQ(error_of(good + "&x=1"), NoticeError::signature_wrong);
    EXPECT_EQ(error_of("a=" + std::string(9000, 'x')), NoticeError::malformed);
    std::string many;
    for (int i = 0; i < 100; ++i)
        many += "a" + std::to_string(i) + "=1&";
    EXPECT_EQ(error_of(many), NoticeError::malformed);
    const auto page = std::get<ports::GatewayAnswer<domain::Invitation>>(
        vnpay_mapping().create(shop(), order_123(), {}));
    const std::string address = page.value().pay_url;
    EXPECT_EQ(error_of(address.substr(address.find('?') + 1)), NoticeError::malformed)
        << "we signed it ourselves";

    const auto signed_with = [](vnpay::Fields fields) {
        return vnpay::signed_query(fields, vnpay::payment_hash, SecretText{secret_text});
    };
    vnpay::Fields fields{{"vnp_TmnCode", "CGXZLS0Z"}, {"vnp_TxnRef", "IWAS-000123"},
                         {"vnp_Amount", "1500000"},   {"vnp_TransactionNo", "14532700"},
                         {"vnp_ResponseCode", "00"},  {"vnp_TransactionStatus", "00"}};
    EXPECT_TRUE(notice_of(signed_with(fields)));
    using ports::Unread;
    const std::vector<std::tuple<const char*, const char*, Unread>> cases{
        {"vnp_Amount", "-100", Unread::amount},
        {"vnp_Amount", "15000.00", Unread::amount},
        {"vnp_Amount", "1500050", Unread::amount}, // half a đồng
        {"vnp_Amount", "0", Unread::amount},
        {"vnp_TransactionNo", "0", Unread::other},
        {"vnp_TransactionNo", "7; drop", Unread::other},
        {"vnp_TxnRef", "\xff", Unread::order},
        {"vnp_TxnRef", "", Unread::order},
        {"vnp_ResponseCode", "", Unread::other}};
    for (const auto& [name, value, unread] : cases) {
        vnpay::Fields broken = fields;
        broken[name] = value;
        // Signed, so it is of VNPay, and a person has to look.
        const auto notice = notice_of(signed_with(broken));
        ASSERT_TRUE(notice) << name << value;
        EXPECT_EQ(notice->kind, ports::NoticeKind::unreadable) << name << value;
        EXPECT_EQ(notice->unread, unread) << name << value;
        EXPECT_TRUE(notice->status.received.empty()) << name << value;
        EXPECT_NE(notice->kept_body.find("vnp_TmnCode"), std::string::npos) << name << value;
    }
    fields["vnp_TmnCode"] = "OTHER123";
    const auto foreign = notice_of(signed_with(fields)).value();
    EXPECT_EQ(foreign.kind, ports::NoticeKind::foreign);
    EXPECT_TRUE(foreign.status.received.empty());
    EXPECT_NE(foreign.kept_body.find("OTHER123"), std::string::npos) << "for audit";

    domain::PaymentAccount keyless = shop();
    keyless.secret_key = SecretText{};
    const auto unkeyed = vnpay_mapping().read_notice(
        keyless, {.query = good, .body = {}, .header = {}, .now = at("20261122102000")});
    EXPECT_EQ(unkeyed.error(), NoticeError::signature_wrong);
}

TEST(VnpayNotice, IsAnsweredWordByWord)
{
    const auto body_of = [](NoticeOutcome outcome) {
        const auto reply = vnpay_mapping().reply_to(shop(), outcome);
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.content_type, "application/json");
        return reply.body;
    };
    EXPECT_EQ(body_of(NoticeOutcome::recorded), R"({"RspCode":"00","Message":"Confirm Success"})");
    EXPECT_EQ(
        body_of(NoticeOutcome::repeated),
        R"({"RspCode":"02","Message":"Order already confirmed"})");
    EXPECT_EQ(
        body_of(NoticeOutcome::unknown_order), R"({"RspCode":"01","Message":"Order not found"})");
    EXPECT_EQ(
        body_of(NoticeOutcome::wrong_amount), R"({"RspCode":"04","Message":"Invalid amount"})");
    EXPECT_EQ(body_of(NoticeOutcome::foreign), R"({"RspCode":"00","Message":"Confirm Success"})");
    EXPECT_EQ(
        body_of(NoticeOutcome::unreadable), R"({"RspCode":"00","Message":"Confirm Success"})");
    EXPECT_EQ(body_of(NoticeOutcome::refused), R"({"RspCode":"97","Message":"Invalid signature"})");
    EXPECT_EQ(body_of(NoticeOutcome::not_kept), R"({"RspCode":"99","Message":"Unknown error"})");
}

TEST(VnpayTokens, ArePagesThatTheVectorKnows)
{
    ports::PaymentOrder order = order_123();
    order.order_id = "IWAS-TK-0001";
    order.description = "WiFi 2 gio";
    const auto url_of = [&] {
        const auto plan = vnpay_mapping().bind(shop(), order, {});
        return std::get<ports::GatewayAnswer<domain::Invitation>>(plan).value().pay_url;
    };
    EXPECT_TRUE(url_of().starts_with(
        "https://sandbox.vnpayment.vn/token_ui/pay-create-token.html?vnp_amount=1500000&"
        "vnp_app_user_id=kh-0007&"));
    EXPECT_NE(url_of().find("&vnp_card_type=01&vnp_command=pay_and_create&"), std::string::npos);
    order.amount = Money{0};
    EXPECT_TRUE(url_of().starts_with(
        "https://sandbox.vnpayment.vn/token_ui/create-token.html?vnp_app_user_id="));

    order.amount = Money{15'000};
    ports::BoundToken token;
    token.token = SecretText{"TOKEN-1"};
    const auto plan = vnpay_mapping().charge(shop(), order, token, {});
    const auto status = std::get<ports::GatewayAnswer<ports::PaymentStatus>>(plan).value();
    EXPECT_EQ(status.state, PaymentState::pending);
    ASSERT_TRUE(status.invitation);
    EXPECT_NE(status.invitation->pay_url.find("&vnp_token=TOKEN-1&"), std::string::npos);

    domain::PaymentAccount account = shop();
    account.saves_tokens = false;
    const auto refused = vnpay_mapping().bind(account, order, {});
    EXPECT_EQ(
        std::get<ports::GatewayAnswer<domain::Invitation>>(refused).error().error,
        GatewayError::not_supported);
}

TEST(VnpayTokens, NoticesTellOfTheCardAndThePayment)
{
    vnpay::Fields fields{
        {"vnp_tmn_code", "CGXZLS0Z"},
        {"vnp_txn_ref", "IWAS-TK-0001"},
        {"vnp_amount", "1500000"},
        {"vnp_command", "pay_and_create"},
        {"vnp_response_code", "00"},
        {"vnp_transaction_status", "00"},
        {"vnp_transaction_no", "14532701"},
        {"vnp_pay_date", "20261122101733"},
        {"vnp_token", "T0KEN"},
        {"vnp_card_number", "970419xxxxxx2198"}};
    const auto told = [&] {
        return notice_of(vnpay::signed_query(fields, vnpay::token_hash, SecretText{secret_text}));
    };
    const auto both = told();
    ASSERT_TRUE(both);
    EXPECT_EQ(both->kind, ports::NoticeKind::payment);
    EXPECT_EQ(both->status.state, PaymentState::paid);
    ASSERT_TRUE(both->binding.token);
    EXPECT_EQ(both->binding.token->token.reveal(), "T0KEN");
    EXPECT_EQ(both->binding.token->label, "970419xxxxxx2198");
    EXPECT_EQ(both->kept_body.find("T0KEN"), std::string::npos);
    EXPECT_EQ(both->kept_body.find("970419"), std::string::npos);

    fields["vnp_command"] = "token_create";
    EXPECT_EQ(told().value().kind, ports::NoticeKind::binding);
    EXPECT_EQ(told().value().binding.state, ports::BindingState::bound);
    fields["vnp_response_code"] = "24";
    EXPECT_EQ(told().value().binding.state, ports::BindingState::failed);
    fields["vnp_command"] = "token_remove";
    fields["vnp_response_code"] = "00";
    EXPECT_EQ(told().value().binding.state, ports::BindingState::failed);
    EXPECT_FALSE(told().value().binding.token);
}

} // namespace iwas::adapters
