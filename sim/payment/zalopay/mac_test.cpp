// The simulated ZaloPay signs and verifies as the published vectors want it.
#include "adapters/http/url.hpp"
#include "core/time.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/zalopay/mac.hpp"
#include "tests/vectors/vector_file.hpp"

#include <gtest/gtest.h>

namespace iwas::sim::zalopay {
namespace {

TEST(SimulatedZaloPayMac, FitsEveryVector)
{
    int positive = 0;
    for (const auto& record : tests::read_vectors("zalopay_macs.txt")) {
        SCOPED_TRACE(record["id"]);
        const bool fits = mac(record["key"], {record["raw"]}) == record["mac"];
        EXPECT_EQ(fits, record["kind"] == "positive");
        positive += fits ? 1 : 0;
        if (!record.has("body")) continue;
        // The documents' whole callback, octet for octet.
        const auto body = read_object(record["body"]);
        EXPECT_EQ(callback_body(record["key"], text_of(*body, "data"), 1), record["body"]);
    }
    EXPECT_EQ(positive, 14);
}

/// Every redirect that the sandbox was seen to send comes out of the simulator octet for octet.
TEST(SimulatedZaloPayMac, WritesRedirectsAsTheSandboxDoes)
{
    int redirects = 0;
    for (const auto& record : tests::read_vectors("zalopay_macs.txt")) {
        if (!record.has("query")) continue;
        SCOPED_TRACE(record["id"]);
        ++redirects;
        const auto query = *http::decode_query(record["query"]);
        const auto number = [&](std::string_view name) {
            return std::stoll(std::string{query.value(name)});
        };
        Redirect told;
        told.app_id = number("appid");
        told.app_trans_id = query.value("apptransid");
        told.pmcid = static_cast<int>(number("pmcid"));
        told.bank_code = query.value("bankcode");
        told.amount = number("amount");
        told.discount_amount = number("discountamount");
        told.status = static_cast<int>(number("status"));
        EXPECT_EQ(to_query({told.app_id, "", record["key"]}, told), record["query"]);
    }
    EXPECT_EQ(redirects, 5);
}

TEST(SimulatedZaloPayMac, LeavesASlotForWhatIsEmpty)
{
    const App app{7, "k1", "k2"};
    boost::json::object body;
    body["a"] = 1;
    body["c"] = "x";
    body["mac"] = mac("k1", {"1", "", "x", "k1"});
    constexpr std::array<std::string_view, 4> names{"a", "b", "c", "key1"};
    EXPECT_TRUE(is_signed(app, body, names));
    body["b"] = "y";
    EXPECT_FALSE(is_signed(app, body, names));
}

TEST(SimulatedZaloPayMac, CountsDaysInVietnam)
{
    EXPECT_EQ(day_prefix(to_unix_ms(*from_rfc3339("2026-11-22T16:59:59Z"))), "261122");
    EXPECT_EQ(day_prefix(to_unix_ms(*from_rfc3339("2026-11-22T17:00:00Z"))), "261123");
    EXPECT_EQ(day_prefix(to_unix_ms(*from_rfc3339("2026-12-31T17:00:00Z"))), "270101");
}

} // namespace
} // namespace iwas::sim::zalopay
