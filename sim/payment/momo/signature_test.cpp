// The simulated MoMo signs and verifies as the published vectors want it.
#include "core/bytes.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/momo/signature.hpp"
#include "sim/payment/momo/token.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace iwas::sim::momo {
namespace {

Fields fields_of(std::string_view raw)
{
    Fields fields;
    while (!raw.empty()) {
        const std::size_t end = std::min(raw.find('&'), raw.size());
        const std::string_view pair = raw.substr(0, end);
        const std::size_t equals = pair.find('=');
        fields.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        raw.remove_prefix(std::min(end + 1, raw.size()));
    }
    return fields;
}

std::string field(const Fields& fields, std::string_view name)
{
    const auto found = std::ranges::find(fields, name, &Fields::value_type::first);
    return found == fields.end() ? "" : found->second;
}

Merchant merchant_of(const tests::VectorRecord& record, const Fields& fields)
{
    return {field(fields, "partnerCode"), field(fields, "accessKey"), record["key"]};
}

TEST(SimulatedMomoSignature, FitsEveryVector)
{
    int positive = 0;
    for (const auto& record : tests::read_vectors("momo_signatures.txt")) {
        SCOPED_TRACE(record["id"]);
        const Fields fields = fields_of(record["raw"]);
        const bool fits = sign(record["key"], fields) == record["signature"];
        EXPECT_EQ(fits, record["kind"] == "positive");
        positive += fits ? 1 : 0;

        // The same as a JSON request, numbers as numbers, with a member that nobody signs.
        boost::json::object body;
        std::vector<std::string> names;
        for (const auto& [name, value] : fields) {
            names.push_back(name);
            if (name != "accessKey") body[name] = value;
        }
        if (const std::string amount = field(fields, "amount"); !amount.empty())
            body["amount"] = std::stoll(amount);
        body["paymentOption"] = "pay_later";
        body["signature"] = record["signature"];
        const std::vector<std::string_view> views{names.begin(), names.end()};
        EXPECT_EQ(is_signed(merchant_of(record, fields), body, views), fits);
        body["accessKey"] = "another";
        EXPECT_FALSE(is_signed(merchant_of(record, fields), body, views));
    }
    EXPECT_EQ(positive, 17);
}

/// Every redirect that the sandbox was seen to send comes out of the simulator octet for octet.
TEST(SimulatedMomoSignature, WritesRedirectsAsTheSandboxDoes)
{
    int redirects = 0;
    for (const auto& record : tests::read_vectors("momo_signatures.txt")) {
        if (!record.has("query")) continue;
        SCOPED_TRACE(record["id"]);
        ++redirects;
        const Fields fields = fields_of(record["raw"]);
        Outcome outcome;
        outcome.partner_code = field(fields, "partnerCode");
        outcome.order_id = field(fields, "orderId");
        outcome.request_id = field(fields, "requestId");
        outcome.amount = std::stoll(field(fields, "amount"));
        outcome.order_info = field(fields, "orderInfo");
        outcome.trans_id = std::stoll(field(fields, "transId"));
        outcome.result_code = std::stoi(field(fields, "resultCode"));
        outcome.message = field(fields, "message");
        outcome.pay_type = field(fields, "payType");
        outcome.response_time = std::stoll(field(fields, "responseTime"));
        outcome.extra_data = field(fields, "extraData");
        if (record["query"].ends_with("&paymentOption=momo")) outcome.payment_option = "momo";
        const std::string signature = sign_outcome(merchant_of(record, fields), outcome, false);
        EXPECT_EQ(to_query(outcome, signature), record["query"]);

        const auto body = to_json(outcome, signature, false);
        EXPECT_EQ(body.at("amount").as_int64(), outcome.amount);
        EXPECT_TRUE(to_json(outcome, signature, true).at("amount").is_string());
    }
    EXPECT_EQ(redirects, 8);
}

TEST(SimulatedMomoToken, SealsAsTheSampleDoes)
{
    const auto record = tests::read_vectors("momo_token.txt").front();
    EXPECT_EQ(aes_token(record["key"], record["opened"]), record["sealed"]);
    EXPECT_FALSE(aes_token("too short", "text"));
}

TEST(SimulatedMomoToken, OpensOnlyWhatItsKeySealed)
{
    const auto pair = KeyPair::make();
    EXPECT_TRUE(pair->public_pem().starts_with("-----BEGIN PUBLIC KEY-----"));
    EXPECT_FALSE(pair->decrypt("no cipher").value_or("").starts_with("{"));
    EXPECT_FALSE(pair->decrypt("").has_value() && !pair->decrypt("")->empty());
}

TEST(Forms, AreWrittenAndRead)
{
    EXPECT_EQ(form_encode({{"a", "x y&z"}, {"b", ""}, {"c", "Gói"}}), "a=x+y%26z&b=&c=G%C3%B3i");
    EXPECT_EQ(with_query("http://a/b", "c=d"), "http://a/b?c=d");
    EXPECT_EQ(with_query("http://a/b?x=1", "c=d"), "http://a/b?x=1&c=d");
    const auto form = read_fields("application/x-www-form-urlencoded; charset=utf-8", "a=x+y&b=");
    ASSERT_TRUE(form);
    EXPECT_EQ(text_of(*form, "a"), "x y");
    EXPECT_TRUE(read_fields("application/json", R"({"a":1})"));
    EXPECT_FALSE(read_fields("application/json", "a=1"));
    EXPECT_FALSE(read_fields("application/x-www-form-urlencoded", "a=%zz"));
    EXPECT_TRUE(is_web_url("https://a"));
    EXPECT_FALSE(is_web_url("javascript:alert(1)"));
}

} // namespace
} // namespace iwas::sim::momo
