// Vectors that others have published or computed, and what the rules say about them.
#include "adapters/http/url.hpp"
#include "sim/payment/vietnam_time.hpp"
#include "sim/payment/vnpay/outcome.hpp"
#include "sim/payment/vnpay/page_request.hpp"
#include "sim/payment/vnpay/signature.hpp"

#include <gtest/gtest.h>

#include <array>

namespace iwas::sim::vnpay {
namespace {

struct Vector {
    const char* name;
    const char* secret;
    const char* text;
    const char* hash;
};
// p01: a real return URL of the sandbox; p02, p03: other projects' tests; p04 to p06: by running
// npm `vnpay` 2.5.0; the rest by the documented rule alone.
constexpr std::array vectors{
    Vector{
        "p01", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN",
        "vnp_Amount=50000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14532677&vnp_CardType=ATM&vnp_"
        "OrderInfo=Nap+tien+cho+tai+khoan+2&vnp_PayDate=20260811174008&vnp_ResponseCode=00&vnp_"
        "TmnCode=CGXZLS0Z&vnp_TransactionNo=14532677&vnp_TransactionStatus=00&vnp_TxnRef=VNPAY_"
        "1786469808_2",
        "1ad0a8924244dab0fef96e8af4b477648b790265b1eac7552c6e3ff9f925dfd6"
        "db991bf6812bf4caa3f2f45ff2d4e5e102d5cdce259b095a4f35faf5f41754d2"},
    Vector{
        "p02", "test_secret",
        "vnp_Amount=1000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14422574&vnp_CardType=ATM&vnp_"
        "OrderInfo=Thanh+toan+don+hang+2024-05-21T02%3A17%3A31.249Z&vnp_PayDate=20240521091806&vnp_"
        "ResponseCode=99&vnp_TmnCode=TEST_TMN_CODE&vnp_TransactionNo=14422574&vnp_"
        "TransactionStatus=00&vnp_TxnRef=1716257871703",
        "503194f6d93b57b357b2d1d09742565e67e86d771352c5dca4fc8d39df3d392c"
        "6b3809add9405f97cfb9631f445e36c80656cfbf47eac67d97fa165865c13e1b"},
    Vector{
        "p03", "test-secret",
        "vnp_Amount=1806000&vnp_Command=pay&vnp_OrderInfo=Thanh+toan+don+hang+%3A5&vnp_TmnCode="
        "DEMOV210&vnp_TxnRef=5&vnp_Version=2.1.0",
        "ce94cf3f5dbc037db88a82d1d20f3a62119a07d68ffacc4517a50fa503e9fa27"
        "d138fcaf7a0f12e136dc0c206f06643dd3185cf05f9bc1e3326c8cac42f447f1"},
    Vector{
        "p04", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN",
        "vnp_Amount=1500000&vnp_Command=pay&vnp_CreateDate=20261122101500&vnp_CurrCode=VND&vnp_"
        "ExpireDate=20261122103000&vnp_IpAddr=203.113.131.9&vnp_Locale=vn&vnp_OrderInfo=Mua+WiFi+2+"
        "gio+may+07&vnp_OrderType=other&vnp_ReturnUrl=https%3A%2F%2Fiwas.example%2Fvnpay%2Freturn&"
        "vnp_TmnCode=CGXZLS0Z&vnp_TxnRef=IWAS-000123&vnp_Version=2.1.0",
        "68742f04629a89c5c44a99ab84463ad1abb652ac8866db3d6b168c113a3b233e"
        "624eb11d2ab20e36270cab6c44c7893a5f58e475f7b2bf52b16c48040130099d"},
    Vector{
        "p05", "test_secret",
        "REQUEST123456|2.1.0|querydr|TEST_TMN_CODE|TXN123456789|20231221103000|20231221103000|127."
        "0.0.1|Test order query",
        "ac23f7e0db3fc8bc6dc83350725b891aa921ec7a83d1a370978d314457eeda17"
        "6ff26a87bd4e13dc896c24890238b29fadf033080a07aa52abafa830cd2eb565"},
    Vector{
        "p06", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN",
        "IWASR00000000000000000000000001|2.1.0|refund|CGXZLS0Z|03|IWAS-000123|1500000|0|"
        "20261122101500|quanly01|20261122112000|203.113.131.9|Hoan tien IWAS-000123",
        "90338ee381404e165f087462c4c2da85ccfe756f2177e817c254ca0e3ab81320"
        "814df8d40cc7760b7a25c9db25c2621df2568d23482ec44646018528a2b7635b"},
    Vector{
        "p07", "test_secret",
        "RESP0001|querydr|00|QueryDR "
        "Success|TEST_TMN_CODE|TXN123456789|1000000|NCB|20240521091806|14422574|01|00|Test order "
        "query||",
        "0ec88eb54f2961ca0a2a62934b6fd31b806c7733a054f649cd840ecc0301ba37"
        "b2c64bedd31ccd1e2238fb8702dce660cc508d3f65721f80b7d079d880ca3510"},
    Vector{
        "p08", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN",
        "8b1f0b|refund|94|Duplicate "
        "request|CGXZLS0Z|IWAS-000123|1500000|NCB|20261122112001|0|03|09|Hoan tien IWAS-000123",
        "94dff8ce79464dab46a02069ffbe0384b73011b55969ec5ed9e5f9c036061540"
        "f32b12de9bbf5e6398af14911335794b3005693be6fe9d18bcdb87d381f27830"},
    Vector{
        "p09", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN",
        "vnp_Amount=1500000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14532700&vnp_CardType=ATM&vnp_"
        "OrderInfo=Mua+WiFi+2+gio+may+07&vnp_PayDate=20261122101733&vnp_ResponseCode=00&vnp_"
        "TmnCode=CGXZLS0Z&vnp_TransactionNo=14532700&vnp_TransactionStatus=00&vnp_TxnRef=IWAS-"
        "000123",
        "9629d57255b799e8ba30fd91b2efd512a18ddb548b849fb854453ed533cd60c5"
        "7d1060c6437306f58a9a99bc52df81dd2622f47a63d94fcdb4f8c630ca7f5887"},
    Vector{
        "p10", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN",
        "vnp_Amount=1500000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14532700&vnp_CardType=ATM&vnp_"
        "OrderInfo=Thanh+to%C3%A1n+g%C3%B3i+ng%C3%A0y%3A+24+gi%E1%BB%9D&vnp_PayDate=20261122101733&"
        "vnp_ResponseCode=00&vnp_TmnCode=CGXZLS0Z&vnp_TransactionNo=14532700&vnp_TransactionStatus="
        "00&vnp_TxnRef=IWAS-000125",
        "193a0f4f30fb4e3b813e4c5bccb866f1b7647078d15d5cc381033e8e8d73dd25"
        "7209360aa57d6789f6c329e4b187ce4eef114a6bc8ccdc6f8cb77d5e69c71f96"},
    Vector{
        "p12", "XNBCJFAKAZQSGTARRLGCHVZWCIOIGSHN",
        "vnp_amount=1500000&vnp_app_user_id=kh-0007&vnp_cancel_url=https%3A%2F%2Fiwas.example%"
        "2Fvnpay%2Fcancel&vnp_card_type=01&vnp_command=pay_and_create&vnp_create_date="
        "20261122101500&vnp_curr_code=VND&vnp_ip_addr=203.113.131.9&vnp_locale=vn&vnp_return_url="
        "https%3A%2F%2Fiwas.example%2Fvnpay%2Ftoken&vnp_store_token=1&vnp_tmn_code=CGXZLS0Z&vnp_"
        "txn_desc=WiFi+2+gio&vnp_txn_ref=IWAS-TK-0001&vnp_version=2.1.0",
        "4208db0d28c2766c6f5710bbef55628915763104fa152e5461a173bd23b20e2b"
        "a3c69e1b203f3a065911d50e5a1891418d99ccab88b36adfb9a535f1a32384f8"},
};

TEST(VnpaySignature, MatchesTheVectors)
{
    for (const Vector& vector : vectors) {
        SCOPED_TRACE(vector.name);
        EXPECT_EQ(sign(vector.secret, vector.text), vector.hash);
    }
}

TEST(VnpaySignature, WritesQueriesAsVnpayDoes)
{
    for (const Vector& vector : vectors) {
        if (std::string_view{vector.text}.find('=') == std::string_view::npos) continue;
        SCOPED_TRACE(vector.name);
        const auto query = http::decode_query(vector.text);
        ASSERT_TRUE(query);
        const auto fields = fields_of(*query);
        ASSERT_TRUE(fields);
        EXPECT_EQ(canonical(*fields), vector.text) << "decoded and encoded again";
        EXPECT_TRUE(is_signed(vector.secret, *fields, vector.hash));
    }
}

TEST(VnpaySignature, ComparesHashesWithoutCase)
{
    std::string upper = vectors[0].hash;
    for (char& c : upper)
        c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    EXPECT_TRUE(is_signed_text(vectors[0].secret, vectors[0].text, upper));
    EXPECT_FALSE(is_signed_text(vectors[0].secret, vectors[0].text, ""));
    EXPECT_FALSE(is_signed_text("another", vectors[0].text, vectors[0].hash));
}

TEST(VnpaySignature, RefusesAnAmountThatWasDividedBeforeHashing) // p11
{
    std::string text = vectors[0].text;
    text.replace(text.find("50000000"), 8, "500000");
    EXPECT_FALSE(is_signed_text(vectors[0].secret, text, vectors[0].hash));
}

TEST(VnpaySignature, LeavesOutEmptyValuesAndTheHashItself)
{
    const Fields fields{
        {"vnp_TxnRef", "A 1"},
        {"vnp_BankCode", ""},
        {"vnp_SecureHash", "00"},
        {"vnp_SecureHashType", "SHA512"},
        {"vnp_OrderInfo", "50% & more~"}};
    EXPECT_EQ(canonical(fields), "vnp_OrderInfo=50%25+%26+more%7E&vnp_TxnRef=A+1");
    EXPECT_TRUE(is_ambiguous("more~"));
    EXPECT_FALSE(is_ambiguous("50% & more"));
    http::Params twice;
    twice.add("vnp_TxnRef", "1");
    twice.add("vnp_TxnRef", "2");
    EXPECT_FALSE(fields_of(twice));
}

Model model_of(const char* tmn_code, const char* secret)
{
    Model::Settings settings;
    settings.merchants = {{tmn_code, secret, "http://127.0.0.1/ipn"}};
    return Model{std::move(settings)};
}

// p04: the library's whole URL is a payment that VNPay would show.
TEST(VnpayPageRequest, ReadsTheLibrarysPaymentUrl)
{
    auto fields = *fields_of(*http::decode_query(vectors[3].text));
    fields["vnp_SecureHash"] = vectors[3].hash;
    const Model model = model_of("CGXZLS0Z", vectors[3].secret);
    const auto order = read_payment(model, fields);
    ASSERT_TRUE(order) << order.error();
    EXPECT_EQ(order->txn_ref, "IWAS-000123");
    EXPECT_EQ(order->amount, Money{15'000});
    EXPECT_EQ(order->order_info, "Mua WiFi 2 gio may 07");
    EXPECT_EQ(order->return_url, "https://iwas.example/vnpay/return");
    EXPECT_EQ(order->expires_at, *from_rfc3339("2026-11-22T10:30:00+07:00"));

    fields["vnp_Amount"] = "1500100";
    EXPECT_EQ(read_payment(model, fields).error(), page_error::bad_hash);
    EXPECT_EQ(read_payment(model_of("OTHER001", "x"), fields).error(), page_error::bad_merchant);
}

// p03: rightly signed, but far from complete.
TEST(VnpayPageRequest, RefusesWhatLacksFields)
{
    auto fields = *fields_of(*http::decode_query(vectors[2].text));
    fields["vnp_SecureHash"] = vectors[2].hash;
    EXPECT_EQ(
        read_payment(model_of("DEMOV210", vectors[2].secret), fields).error(),
        page_error::bad_data);
}

TEST(VnpayPageRequest, RefusesEachFieldThatIsOff)
{
    const Model model = model_of("CGXZLS0Z", "secret");
    const Fields good = [] {
        auto fields = *fields_of(*http::decode_query(vectors[3].text));
        fields["vnp_OrderType"] = "other";
        return fields;
    }();
    const auto read = [&](Fields fields) {
        fields["vnp_SecureHash"] = sign("secret", canonical(fields));
        const auto order = read_payment(model, fields);
        return order ? std::string_view{"00"} : order.error();
    };
    ASSERT_EQ(read(good), "00");
    const std::string long_text(256, 'a');
    for (const auto& [name, value] : std::initializer_list<std::pair<const char*, std::string>>{
             {"vnp_Version", "2.0.1"},
             {"vnp_Command", "refund"},
             {"vnp_Amount", "15000.00"},
             {"vnp_Amount", "0"},
             {"vnp_Amount", "1500050"},
             {"vnp_Amount", "1234567890100"},
             {"vnp_CreateDate", "20261322101500"},
             {"vnp_CreateDate", "2026-11-22"},
             {"vnp_ExpireDate", ""},
             {"vnp_CurrCode", "USD"},
             {"vnp_IpAddr", "1.2"},
             {"vnp_Locale", "vi"},
             {"vnp_OrderInfo", long_text},
             {"vnp_OrderInfo", "a (b)"},
             {"vnp_OrderType", ""},
             {"vnp_ReturnUrl", "javascript:x()"},
             {"vnp_TxnRef", ""},
             {"vnp_BankCode", "X"},
             {"foreign", "1"}}) {
        SCOPED_TRACE(name + ("=" + value));
        Fields fields = good;
        fields[name] = value;
        EXPECT_EQ(read(fields), "03");
    }
}

TEST(VietnamTime, IsSevenHoursAhead)
{
    const UtcTime time = *from_rfc3339("2026-11-22T17:15:09Z");
    EXPECT_EQ(to_compact_time(time), "20261123001509");
    EXPECT_EQ(from_compact_time("20261123001509"), time);
    EXPECT_EQ(to_bank_time(time), "2026-11-23 00:15:09");
    EXPECT_EQ(from_bank_time("2026-11-23 00:15:09"), time);
    EXPECT_EQ(from_bank_time("2026-11-23"), *from_rfc3339("2026-11-22T17:00:00Z"));
    for (const char* bad : {"", "2026112300150", "2026112300150x", "20261133001509"})
        EXPECT_FALSE(from_compact_time(bad)) << bad;
    for (const char* bad : {"", "2026-11-23T00:15:09", "2026-13-23", "2026-11-23 24:15:09"})
        EXPECT_FALSE(from_bank_time(bad)) << bad;
}

} // namespace
} // namespace iwas::sim::vnpay
