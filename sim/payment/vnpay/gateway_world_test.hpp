// For tests: simulated VNPay, a merchant who signs and a clock.
#pragma once

#include "adapters/http/url.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/hub.hpp"
#include "sim/payment/vietnam_time.hpp"
#include "sim/payment/vnpay/gateway.hpp"
#include "sim/payment/vnpay/outcome.hpp"

#include <gtest/gtest.h>

namespace iwas::sim::vnpay::testing {

inline const UtcTime start = *from_rfc3339("2026-11-22T10:15:00+07:00");
inline constexpr const char* ipn_url = "http://127.0.0.1:8080/api/v1/payments/7/notice";
inline const std::string secret = demo_merchant("").hash_secret;

inline Model::Settings settings()
{
    Model::Settings settings;
    settings.merchants = {demo_merchant(ipn_url)};
    return settings;
}

class VnpayWorld : public ::testing::Test {
protected:
    Fields payment(std::string txn_ref = "IWAS1", std::string amount = "1500000") const
    {
        return {
            {"vnp_Version", "2.1.0"},
            {"vnp_Command", "pay"},
            {"vnp_TmnCode", "CGXZLS0Z"},
            {"vnp_Amount", std::move(amount)},
            {"vnp_CreateDate", to_compact_time(start)},
            {"vnp_CurrCode", "VND"},
            {"vnp_IpAddr", "203.113.131.9"},
            {"vnp_Locale", "vn"},
            {"vnp_OrderInfo", "WiFi 2 gio"},
            {"vnp_OrderType", "other"},
            {"vnp_ReturnUrl", "http://iwas.local/r/1"},
            {"vnp_ExpireDate", to_compact_time(start + 15min)},
            {"vnp_TxnRef", std::move(txn_ref)}};
    }
    static std::string link(const Fields& fields, std::string_view key = secret)
    {
        return signed_url("https://vnpay.sim/paymentv2/vpcpay.html", fields, key, "vnp_SecureHash");
    }
    static std::string token_link(std::string_view page, const Fields& fields)
    {
        return signed_url(
            "https://vnpay.sim/token_ui/" + std::string{page}, fields, secret, "vnp_secure_hash");
    }
    http::Response get(std::string_view url)
    {
        const auto target = http::decode_target(url.substr(url.find('/', 8)));
        http::Request request;
        request.path = target->path;
        request.query = target->query;
        return hub.answer(request, now).response;
    }
    boost::json::object call(boost::json::object body)
    {
        http::Request request;
        request.method = http::Method::post;
        request.path = "/merchant_webapi/api/transaction";
        request.body = boost::json::serialize(body);
        return read_object(hub.answer(request, now).response.body).value_or(boost::json::object{});
    }
    boost::json::object querydr(
        std::string id, std::string txn_ref = "IWAS1", std::string_view key = secret)
    {
        const std::string date = to_compact_time(start);
        boost::json::object body{
            {"vnp_RequestId", id},       {"vnp_Version", "2.1.0"},    {"vnp_Command", "querydr"},
            {"vnp_TmnCode", "CGXZLS0Z"}, {"vnp_TxnRef", txn_ref},     {"vnp_TransactionDate", date},
            {"vnp_CreateDate", date},    {"vnp_IpAddr", "127.0.0.1"}, {"vnp_OrderInfo", "hoi don"}};
        body["vnp_SecureHash"] = sign(
            key,
            joined(
                {id, "2.1.0", "querydr", "CGXZLS0Z", txn_ref, date, date, "127.0.0.1", "hoi don"}));
        return call(body);
    }
    boost::json::object refund(
        std::string id, std::string type, std::int64_t amount, std::string transaction_no = "0")
    {
        const std::string date = to_compact_time(start);
        const std::string hundredths = std::to_string(amount * 100);
        boost::json::object body{
            {"vnp_RequestId", id},         {"vnp_Version", "2.1.0"},
            {"vnp_Command", "refund"},     {"vnp_TmnCode", "CGXZLS0Z"},
            {"vnp_TransactionType", type}, {"vnp_TxnRef", "IWAS1"},
            {"vnp_Amount", amount * 100},  {"vnp_TransactionNo", transaction_no},
            {"vnp_TransactionDate", date}, {"vnp_CreateBy", "iwas"},
            {"vnp_CreateDate", date},      {"vnp_IpAddr", "127.0.0.1"},
            {"vnp_OrderInfo", "hoan"}};
        body["vnp_SecureHash"] = sign(
            secret, joined(
                        {id, "2.1.0", "refund", "CGXZLS0Z", type, "IWAS1", hundredths,
                         transaction_no, date, "iwas", date, "127.0.0.1", "hoan"}));
        return call(body);
    }
    Result<PayResult, std::string> pay(std::string code = {}, PayerAct act = PayerAct::pay)
    {
        PayCommand command;
        command.qr_text = link(payment());
        command.code = std::move(code);
        command.act = act;
        return vnpay.pay(command, now);
    }
    /// The query of a URL that VNPay made, and whether its hash is right.
    static Fields fields_in(const std::string& url)
    {
        return *fields_of(*http::decode_query(url.substr(url.find('?') + 1)));
    }
    static bool is_rightly_signed(const Fields& fields)
    {
        return is_signed(secret, fields, value_of(fields, "vnp_SecureHash")) ||
               is_signed(secret, fields, value_of(fields, "vnp_secure_hash"));
    }
    std::vector<Fields> notices()
    {
        std::vector<Fields> list;
        last_notices = hub.due_notices(now);
        for (const DueNotice& due : last_notices) {
            EXPECT_EQ(due.notice.method, http::Method::get);
            EXPECT_TRUE(due.notice.url.starts_with(std::string{ipn_url} + "?"));
            list.push_back(fields_in(due.notice.url));
        }
        return list;
    }
    void answer(std::optional<int> status, std::string body)
    {
        vnpay.notice_answered(last_notices.front().notice, {status, std::move(body)}, now);
    }

    UtcTime now = start;
    VnpayGateway vnpay{settings(), 1};
    GatewayHub hub{{&vnpay}};
    std::vector<DueNotice> last_notices;
};

} // namespace iwas::sim::vnpay::testing
