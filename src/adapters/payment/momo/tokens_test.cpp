#include "adapters/payment/momo/momo_test.hpp"
#include "adapters/payment/momo/token_cipher.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>

namespace iwas::adapters::testing {
namespace {

namespace json = boost::json;

const GatewayMapping& mapping = momo_mapping();
const ports::PaymentOrder order = order_named("W260921-1");

/// MoMo's side of the token: a key pair of its own.
class KeyPair {
public:
    KeyPair() : key_{EVP_RSA_gen(2048), EVP_PKEY_free} {}
    [[nodiscard]] std::string pem() const
    {
        BIO* bio = BIO_new(BIO_s_mem());
        PEM_write_bio_PUBKEY(bio, key_.get());
        char* data = nullptr;
        const long size = BIO_get_mem_data(bio, &data);
        std::string text(data, static_cast<std::size_t>(size));
        BIO_free(bio);
        return text;
    }
    [[nodiscard]] std::string der_in_base64() const
    {
        unsigned char* der = nullptr;
        const int size = i2d_PUBKEY(key_.get(), &der);
        const std::string text = to_base64({der, static_cast<std::size_t>(size)});
        OPENSSL_free(der);
        return text;
    }
    [[nodiscard]] std::string decrypt(std::string_view sealed) const
    {
        const Bytes octets = from_base64(sealed).value();
        EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key_.get(), nullptr);
        EVP_PKEY_decrypt_init(context);
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
        std::string text(512, '\0');
        std::size_t size = text.size();
        const int is_good = EVP_PKEY_decrypt(
            context, reinterpret_cast<unsigned char*>(text.data()), &size, octets.data(),
            octets.size());
        EVP_PKEY_CTX_free(context);
        text.resize(is_good == 1 ? size : 0);
        return text;
    }

private:
    std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key_;
};

const KeyPair& momo_keys()
{
    static const KeyPair keys;
    return keys;
}

domain::PaymentAccount token_account()
{
    domain::PaymentAccount account = momo_account();
    account.public_key = momo_keys().pem();
    return account;
}

/// aesToken as MoMo makes it of the token's JSON.
std::string sealed_for_us(std::string_view text, const SecretText& secret = momo_secret)
{
    const std::array<unsigned char, 16> no_iv{};
    EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
    EVP_EncryptInit_ex(
        context, EVP_aes_256_cbc(), nullptr,
        reinterpret_cast<const unsigned char*>(secret.reveal().data()), no_iv.data());
    Bytes sealed(text.size() + 32);
    int written = 0;
    int rest = 0;
    EVP_EncryptUpdate(
        context, sealed.data(), &written, as_bytes(text).data(), static_cast<int>(text.size()));
    EVP_EncryptFinal_ex(context, sealed.data() + written, &rest);
    EVP_CIPHER_CTX_free(context);
    sealed.resize(static_cast<std::size_t>(written + rest));
    return to_base64(sealed);
}

std::string answer_with(std::int64_t code, json::object more = {})
{
    more["partnerCode"] = "MOMO";
    more["orderId"] = "W260921-1";
    more["resultCode"] = code;
    return json::serialize(more);
}

json::object body_of(const http::OutboundRequest& request)
{
    return json::parse(request.body).as_object();
}

constexpr std::string_view token_json = R"({"value":"1690000000-uuid","initialOrderId":"W1"})";

ports::BoundToken bound_token()
{
    ports::BoundToken token;
    token.token = SecretText{std::string{token_json}};
    return token;
}

TEST(MomoBinding, InvitesTheCustomerToLink)
{
    ports::PaymentOrder link = order;
    link.amount = Money{0};
    const auto step = step_of(mapping.bind(token_account(), link, moment));
    EXPECT_EQ(step.request.target, "/v2/gateway/api/create");
    const json::object asked = body_of(step.request);
    EXPECT_EQ(asked.at("requestType").as_string(), "linkWallet");
    EXPECT_EQ(asked.at("partnerClientId").as_string(), "c0ffee");
    EXPECT_EQ(asked.at("amount").as_int64(), 0);
    EXPECT_EQ(
        std::string{asked.at("signature").as_string().c_str()},
        momo::signature_of(
            momo_secret,
            "accessKey=F8BBA842ECF85&amount=0&extraData=&ipnUrl=https://portal.example/notice&"
            "orderId=W260921-1&orderInfo=WiFi 3 h&partnerClientId=c0ffee&partnerCode=MOMO&"
            "redirectUrl=https://portal.example/back&requestId=W260921-1&requestType=linkWallet"));
    const auto answer = answer_of(step.read(
        {.status = 200,
         .headers = {},
         .body = answer_with(0, {{"payUrl", "https://momo.example/link"}, {"amount", 0}})}));
    EXPECT_EQ(answer->pay_url, "https://momo.example/link");

    domain::PaymentAccount without = token_account();
    without.saves_tokens = false;
    EXPECT_EQ(text_of(answer_of(mapping.bind(without, link, moment))), "not_supported");
}

TEST(MomoBinding, BecomesATokenInTwoSteps)
{
    const auto account = token_account();
    const auto asked = [&] { return mapping.find_binding(account, order, moment); };
    EXPECT_EQ(step_of(asked()).request.target, "/v2/gateway/api/tokenization/cbQuery");
    const std::string agreed = answer_with(0, {{"callbackToken", "v2/abc"}});
    auto exchange = step_of(told(asked(), agreed));
    EXPECT_EQ(exchange.request.target, "/v2/gateway/api/tokenization/bind");
    EXPECT_EQ(body_of(exchange.request).at("callbackToken").as_string(), "v2/abc");

    const auto exchanged = [&](std::string body) {
        return answer_of(exchange.read({.status = 200, .headers = {}, .body = std::move(body)}));
    };
    const auto bound = exchanged(answer_with(0, {{"aesToken", sealed_for_us(token_json)}}));
    ASSERT_EQ(text_of(bound), "bound");
    EXPECT_EQ(bound->token->token.reveal(), token_json);
    const SecretText other_key{std::string(32, 'x')};
    EXPECT_EQ(
        text_of(exchanged(answer_with(0, {{"aesToken", sealed_for_us(token_json, other_key)}}))),
        "misconfigured");
    EXPECT_EQ(text_of(exchanged(answer_with(0))), "unknown");
    EXPECT_EQ(text_of(exchanged(answer_with(1006))), "failed");
    EXPECT_EQ(text_of(exchanged(answer_with(7000))), "pending");

    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(1000)))), "pending");
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(1006)))), "failed");
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(0)))), "unknown");
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(42)))), "not_found");
}

TEST(MomoCharge, SendsTheTokenUnderMomosKey)
{
    for (const std::string& public_key : {momo_keys().pem(), momo_keys().der_in_base64()}) {
        domain::PaymentAccount account = token_account();
        account.public_key = public_key;
        const auto step = step_of(mapping.charge(account, order, bound_token(), moment));
        EXPECT_EQ(step.request.target, "/v2/gateway/api/tokenization/pay");
        const json::object asked = body_of(step.request);
        const std::string token{asked.at("token").as_string().c_str()};
        EXPECT_EQ(
            momo_keys().decrypt(token),
            R"({"value":"1690000000-uuid","initialOrderId":"W1","requireSecurityCode":false})");
        EXPECT_EQ(
            std::string{asked.at("signature").as_string().c_str()},
            momo::signature_of(
                momo_secret,
                "accessKey=F8BBA842ECF85&amount=50000&extraData=&orderId=W260921-1&"
                "orderInfo=WiFi 3 h&partnerClientId=c0ffee&partnerCode=MOMO&requestId=W260921-1&"
                "token=" +
                    token));
    }
    for (const std::string bad : {"", "no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n"}) {
        domain::PaymentAccount account = token_account();
        account.public_key = bad;
        EXPECT_EQ(
            text_of(answer_of(mapping.charge(account, order, bound_token(), moment))),
            "misconfigured");
    }
}

TEST(MomoCharge, EndsAsMomoSays)
{
    const auto charged = [](std::int64_t code) {
        const json::object paid{{"transId", 77}, {"amount", 50'000}};
        return answer_of(told(
            mapping.charge(token_account(), order, bound_token(), moment),
            answer_with(code, paid)));
    };
    const auto paid = charged(0);
    ASSERT_EQ(text_of(paid), "paid");
    EXPECT_EQ(paid->received.at(0).gateway_id, "77");
    EXPECT_EQ(text_of(charged(7002)), "pending");
    EXPECT_EQ(text_of(charged(9000)), "pending");
    EXPECT_EQ(text_of(charged(8200)), "refused declined") << "needs a code, so no single tap";
    EXPECT_EQ(text_of(charged(1001)), "refused insufficient_balance");
    EXPECT_EQ(text_of(charged(4001)), "refused account_suspended");
    EXPECT_EQ(text_of(charged(47)), "not_found") << "another token is needed";
    EXPECT_EQ(text_of(charged(1007)), "not_found");
    EXPECT_EQ(text_of(charged(41)), "duplicate");
    EXPECT_EQ(text_of(charged(31'337)), "pending");
}

TEST(MomoUnbind, DeletesTheToken)
{
    const auto asked = [] { return mapping.unbind(token_account(), order, bound_token(), moment); };
    EXPECT_EQ(step_of(asked()).request.target, "/v2/gateway/api/tokenization/delete");
    EXPECT_TRUE(answer_of(told(asked(), answer_with(0))));
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(1007))).error()), "refused declined");
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(7000))).error()), "unknown");
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(47))).error()), "not_found");
    EXPECT_EQ(text_of(answer_of(told(asked(), answer_with(13))).error()), "misconfigured");
}

} // namespace
} // namespace iwas::adapters::testing
