// The simulated MoMo misbehaves on command; and its one-tap payments.
#include "sim/payment/momo/merchant_test.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <memory>

namespace iwas::sim::momo::testing {
namespace {

TEST_F(MomoTest, TellsUntruthsInTheIpn)
{
    const auto told = [&](GatewayFault fault, std::string id) {
        create(order(id));
        gateway.faults.force(fault, 1);
        pay(id);
        return ipns().at(0);
    };
    EXPECT_FALSE(told(GatewayFault::wrong_signature, "O1").is_signed);
    const auto amount = told(GatewayFault::wrong_amount, "O2");
    EXPECT_TRUE(amount.is_signed);
    EXPECT_EQ(integer_of(amount.body, "amount"), 21'000);
    const auto other = told(GatewayFault::wrong_merchant, "O3");
    EXPECT_TRUE(other.is_signed);
    EXPECT_NE(text_of(other.body, "partnerCode"), merchant.partner_code);
    const auto unknown = told(GatewayFault::unknown_order, "O4");
    EXPECT_TRUE(unknown.is_signed);
    EXPECT_EQ(text_of(unknown.body, "orderId"), "NOBODY-O4");
    const auto more = told(GatewayFault::extra_members, "O5");
    EXPECT_TRUE(more.is_signed);
    EXPECT_TRUE(more.body.contains("simulatedMember"));
    const auto text = told(GatewayFault::number_as_text, "O6");
    EXPECT_TRUE(text.is_signed);
    EXPECT_EQ(text_of(text.body, "amount"), "20000");
}

TEST_F(MomoTest, ReordersTheStory)
{
    gateway.faults.force(GatewayFault::notice_first, 1);
    create(order("O1"));
    EXPECT_EQ(last.delay, gateway.faults.delay);
    EXPECT_EQ(ipns().at(0).code(), success) << "before the answer to create is out";

    create(order("O2"));
    gateway.faults.force(GatewayFault::stale_refusal, 1);
    pay("O2");
    now += 1ms;
    const auto told = ipns();
    ASSERT_EQ(told.size(), 2U);
    EXPECT_EQ(told[0].code(), success);
    EXPECT_EQ(told[1].code(), refused_by_payer);
    EXPECT_TRUE(told[1].is_signed);
    EXPECT_EQ(query("O2").code(), success);
}

TEST_F(MomoTest, SucceedsLate)
{
    create(order("O1"));
    gateway.faults.force(GatewayFault::late_success, 1);
    EXPECT_EQ(pay("O1").code, "7002");
    now += gateway.settings().order_life;
    EXPECT_EQ(query("O1").code(), in_work_at_provider);
    EXPECT_EQ(gateway.book.taken("O1"), Money{});
    now = start + gateway.faults.late;
    EXPECT_EQ(gateway.next_wake(), now);
    EXPECT_EQ(ipns().at(0).code(), success);
    EXPECT_EQ(gateway.book.taken("O1"), Money{20'000});
}

TEST_F(MomoTest, TakesSuccessBack)
{
    create(order("O1"));
    gateway.faults.force(GatewayFault::reversed_later, 1);
    pay("O1");
    const std::int64_t trans = query("O1").number("transId");
    EXPECT_EQ(refund("R1", trans, 5'000).code(), success);
    now += gateway.faults.reversal_after;
    const Answer told = query("O1");
    EXPECT_EQ(told.code(), success);
    EXPECT_EQ(told.body.at("refundTrans").as_array().size(), 2U);
    EXPECT_EQ(gateway.book.refunded("O1"), Money{20'000});
    EXPECT_EQ(gateway.book.lines().back().move, MoneyMove::reversed);
    EXPECT_EQ(gateway.book.lines().back().amount, Money{15'000});
    EXPECT_EQ(refund("R2", trans, 1'000).code(), refund_refused);
}

TEST_F(MomoTest, LosesAnswersButNotTheMoney)
{
    gateway.faults.force(GatewayFault::lost_answer, 1);
    create(order("O1"));
    EXPECT_TRUE(last.is_dropped);
    EXPECT_EQ(create(order("O1")).code(), success) << "the same request again";
    gateway.faults.force(GatewayFault::refused, 1);
    EXPECT_EQ(create(order("O2")).code(), refused_by_issuer);
    EXPECT_EQ(query("O2").code(), order_not_found);
    gateway.faults.force(GatewayFault::lost_request, 1);
    create(order("O3"));
    EXPECT_EQ(query("O3").code(), order_not_found);
}

TEST_F(MomoTest, RecordsHowIpnsAreAnswered)
{
    create(order("O1"));
    pay("O1");
    Notice notice = gateway.due_notices(now).at(0);
    gateway.notice_answered(notice, {.status = 200, .body = "ok"}, now);
    now += gateway.settings().ipn_repeat_after;
    notice = gateway.due_notices(now).at(0);
    EXPECT_EQ(notice.tries, 1U);
    gateway.notice_answered(notice, {.status = 204, .took = 16s}, now);
    now += gateway.settings().ipn_repeat_after;
    notice = gateway.due_notices(now).at(0);
    gateway.notice_answered(notice, {.status = 204, .took = 1s}, now);
    now += gateway.settings().ipn_repeat_after;
    EXPECT_TRUE(gateway.due_notices(now).empty());
    const auto& answers = gateway.books().ipn_answers;
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_FALSE(answers[0].is_exact);
    EXPECT_FALSE(answers[1].is_exact);
    EXPECT_TRUE(answers[2].is_exact);
}

class MomoTokens : public MomoTest {
protected:
    json::object link_order(std::string id, std::int64_t amount)
    {
        json::object body = order(std::move(id), amount);
        body["requestType"] = "linkWallet";
        body["partnerClientId"] = "kh-7@iwas";
        return body;
    }
    Answer token_call(std::string path, json::object body, std::vector<std::string> more)
    {
        body["partnerClientId"] = "kh-7@iwas";
        for (const char* name : {"orderId", "partnerClientId", "partnerCode", "requestId"})
            more.emplace_back(name);
        return call("tokenization/" + path, std::move(body), std::move(more));
    }
    /// What IWAS does with the aesToken, by OpenSSL alone.
    std::string token_from(const std::string& aes_text, bool asks_code)
    {
        const auto cipher = *from_base64(aes_text);
        const std::array<unsigned char, 16> zeros{};
        std::string plain(cipher.size() + 16, '\0');
        auto* octets = reinterpret_cast<unsigned char*>(plain.data());
        int size = 0;
        int rest = 0;
        const std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context{
            EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free};
        EVP_DecryptInit_ex(
            context.get(), EVP_aes_256_cbc(), nullptr, as_bytes(merchant.secret_key).data(),
            zeros.data());
        EVP_DecryptUpdate(
            context.get(), octets, &size, cipher.data(), static_cast<int>(cipher.size()));
        EXPECT_EQ(EVP_DecryptFinal_ex(context.get(), octets + size, &rest), 1);
        plain.resize(static_cast<std::size_t>(size + rest));
        json::object token = *read_object(plain);
        token["requireSecurityCode"] = asks_code;
        return sealed(json::serialize(token));
    }
    std::string sealed(const std::string& plain)
    {
        const std::string pem = gateway.public_key_pem();
        const std::unique_ptr<BIO, decltype(&BIO_free_all)> memory{
            BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free_all};
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
            PEM_read_bio_PUBKEY(memory.get(), nullptr, nullptr, nullptr), EVP_PKEY_free};
        const std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context{
            EVP_PKEY_CTX_new(key.get(), nullptr), EVP_PKEY_CTX_free};
        EVP_PKEY_encrypt_init(context.get());
        EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING);
        Bytes cipher(static_cast<std::size_t>(EVP_PKEY_get_size(key.get())));
        std::size_t size = cipher.size();
        EXPECT_EQ(
            EVP_PKEY_encrypt(
                context.get(), cipher.data(), &size, as_bytes(plain).data(), plain.size()),
            1);
        return to_base64(cipher);
    }
    std::string aes_token_of(std::string id)
    {
        json::object body = about(std::move(id));
        body["callbackToken"] = token_call("cbQuery", body, {}).text("callbackToken");
        return token_call("bind", body, {"callbackToken"}).text("aesToken");
    }
    Answer pay_by_token(std::string id, std::string token, std::int64_t amount = 20'000)
    {
        json::object body = order(id, amount);
        body["token"] = std::move(token);
        return token_call("pay", std::move(body), {"amount", "extraData", "orderInfo", "token"});
    }
};

TEST_F(MomoTokens, LinkPayAndUnlink)
{
    EXPECT_EQ(create(link_order("L1", 0)).text("partnerClientId"), "kh-7@iwas");
    EXPECT_EQ(token_call("cbQuery", about("L1"), {}).code(), waiting_for_payer);
    EXPECT_EQ(pay("L1").code, "0");
    const auto told = ipns(true);
    ASSERT_EQ(told.size(), 1U);
    EXPECT_TRUE(told[0].is_signed);
    EXPECT_FALSE(text_of(told[0].body, "callbackToken").empty());
    EXPECT_EQ(gateway.book.total_taken(), Money{});

    const std::string token = token_from(aes_token_of("L1"), false);
    EXPECT_EQ(pay_by_token("T1", token).code(), success);
    EXPECT_EQ(gateway.book.taken("T1"), Money{20'000});
    EXPECT_EQ(ipns().at(0).code(), success);
    EXPECT_EQ(pay_by_token("T1", token).code(), success) << "the same request again";
    EXPECT_EQ(gateway.book.taken("T1"), Money{20'000});
    gateway.book.set_balance("khach", Money{1});
    EXPECT_EQ(pay_by_token("T2", token).code(), not_enough_money);
    EXPECT_EQ(pay_by_token("T3", "bm8=").code(), invalid_data);
    EXPECT_EQ(pay_by_token("T4", sealed(R"({"value":"x"})")).code(), invalid_data);

    json::object body = about("L1");
    body["token"] = token;
    EXPECT_EQ(token_call("delete", body, {"token"}).code(), success);
    EXPECT_EQ(pay_by_token("T5", token).code(), no_such_account);
}

TEST_F(MomoTokens, BindAndPayInOne)
{
    create(link_order("L1", 10'000));
    EXPECT_EQ(pay("L1").code, "0");
    EXPECT_EQ(gateway.book.taken("L1"), Money{10'000});
    EXPECT_EQ(create(link_order("L2", 500)).code(), amount_out_of_range);
    json::object body = about("L1");
    body["callbackToken"] = "guessed";
    EXPECT_EQ(token_call("bind", body, {"callbackToken"}).code(), invalid_data);
}

TEST_F(MomoTokens, AskForTheCode)
{
    create(link_order("L1", 0));
    pay("L1");
    const std::string token = token_from(aes_token_of("L1"), true);
    const Answer asked_code = pay_by_token("T1", token);
    EXPECT_EQ(asked_code.code(), otp_needed);
    EXPECT_EQ(asked_code.status, 201);
    EXPECT_EQ(gateway.book.taken("T1"), Money{});
    const auto verify = [&](std::string code) {
        json::object body = about("T1");
        body["token"] = token;
        body["securityCode"] = std::move(code);
        return call(
            "tokenization/verify", std::move(body),
            {"orderId", "partnerCode", "requestId", "securityCode", "token"});
    };
    EXPECT_EQ(verify("000000").code(), invalid_data);
    EXPECT_EQ(verify("123456").code(), success);
    EXPECT_EQ(gateway.book.taken("T1"), Money{20'000});
    EXPECT_EQ(verify("123456").code(), invalid_data) << "once only";
}

} // namespace
} // namespace iwas::sim::momo::testing
