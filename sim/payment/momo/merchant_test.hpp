// For tests: a merchant who speaks to the simulated MoMo, and what comes back to him.
#pragma once

#include "adapters/http/url.hpp"
#include "core/bytes.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/momo/gateway.hpp"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <map>

namespace iwas::sim::momo::testing {

namespace json = boost::json;

inline const UtcTime start = *from_rfc3339("2026-11-22T08:00:00Z");

struct Answer {
    int status = 0;
    json::object body;
    [[nodiscard]] int code() const
    {
        return static_cast<int>(integer_of(body, "resultCode").value_or(-1));
    }
    [[nodiscard]] std::string text(std::string_view name) const { return text_of(body, name); }
    [[nodiscard]] std::int64_t number(std::string_view name) const
    {
        return integer_of(body, name).value_or(-1);
    }
};

class MomoTest : public ::testing::Test {
protected:
    explicit MomoTest(MomoGateway::Settings settings = {})
        : gateway{[&] {
              if (!settings.key_pair) settings.key_pair = shared_keys();
              return settings;
          }()}
    {
    }
    /// Making a key takes a while; one is enough for all cases.
    static std::shared_ptr<const KeyPair> shared_keys()
    {
        static const auto pair = KeyPair::make();
        return pair;
    }

    /// Signs `body`'s members as their names sort, which is the documents' order, and sends it.
    /// `names`: which of them.
    Answer call(std::string path, json::object body, std::vector<std::string> names)
    {
        Fields fields;
        names.emplace_back("accessKey");
        std::ranges::sort(names);
        for (const std::string& name : names) {
            if (name == "accessKey") body[name] = merchant.access_key;
            if (const auto value = signed_value(body, name)) fields.emplace_back(name, *value);
        }
        if (!body.contains("signature")) body["signature"] = sign(merchant.secret_key, fields);
        return send(std::move(path), json::serialize(body));
    }
    Answer send(std::string path, std::string body)
    {
        http::Request request;
        request.method = http::Method::post;
        request.path = "/v2/gateway/api/" + path;
        request.body = std::move(body);
        last = gateway.answer(request, now);
        return {last.response.status, read_object(last.response.body).value_or(json::object{})};
    }

    json::object order(std::string id, std::int64_t amount = 20'000)
    {
        return {
            {"partnerCode", merchant.partner_code},
            {"requestType", "captureWallet"},
            {"requestId", "r-" + id},
            {"orderId", id},
            {"amount", amount},
            {"orderInfo", "Gói 3 giờ"},
            {"redirectUrl", "https://iwas.example/r/1"},
            {"ipnUrl", "https://iwas.example/notice"},
            {"extraData", ""},
            {"lang", "vi"}};
    }
    Answer create(json::object body)
    {
        std::vector<std::string> names{"amount",      "extraData", "ipnUrl",
                                       "orderId",     "orderInfo", "partnerCode",
                                       "redirectUrl", "requestId", "requestType"};
        if (text_of(body, "requestType") == "linkWallet") names.emplace_back("partnerClientId");
        return call("create", std::move(body), names);
    }
    json::object about(std::string id)
    {
        return {
            {"partnerCode", merchant.partner_code},
            {"requestId", "q-" + std::to_string(++asked)},
            {"orderId", std::move(id)},
            {"lang", "vi"}};
    }
    Answer query(std::string id)
    {
        return call("query", about(std::move(id)), {"orderId", "partnerCode", "requestId"});
    }
    Answer query_refund(std::string id)
    {
        return call("refund/query", about(std::move(id)), {"orderId", "partnerCode", "requestId"});
    }
    Answer refund(std::string id, std::int64_t trans_id, std::int64_t amount)
    {
        json::object body = about(id);
        body["requestId"] = "rf-" + id;
        body["amount"] = amount;
        body["transId"] = trans_id;
        body["description"] = "Hoan tien";
        return call(
            "refund", std::move(body),
            {"amount", "description", "orderId", "partnerCode", "requestId", "transId"});
    }
    Answer confirm(std::string id, std::string type, std::int64_t amount)
    {
        json::object body = about(id);
        body["amount"] = amount;
        body["requestType"] = type;
        body["description"] = "Chot don";
        return call(
            "confirm", std::move(body),
            {"amount", "description", "orderId", "partnerCode", "requestId", "requestType"});
    }
    PayResult pay(std::string id, PayerAct act = PayerAct::pay, std::string payer = "khach")
    {
        const auto paid = gateway.pay({.order_id = id, .act = act, .payer = payer}, now);
        EXPECT_TRUE(paid) << paid.error();
        return paid.value_or(PayResult{});
    }
    /// IPNs due now, read, with whether their signature is right.
    struct Ipn {
        json::object body;
        bool is_signed = false;
        [[nodiscard]] std::int64_t code() const
        {
            return integer_of(body, "resultCode").value_or(-1);
        }
    };
    std::vector<Ipn> ipns(bool with_link = false)
    {
        std::vector<Ipn> read;
        for (const Notice& notice : gateway.due_notices(now)) {
            Ipn ipn{*read_object(notice.body)};
            std::vector<std::string_view> names{
                "accessKey",    "amount",     "extraData",   "message", "orderId",
                "orderInfo",    "orderType",  "partnerCode", "payType", "requestId",
                "responseTime", "resultCode", "transId"};
            if (with_link) {
                names.insert(names.begin() + 2, "callbackToken");
                names.insert(names.begin() + 8, "partnerClientId");
            }
            ipn.is_signed = is_signed(merchant, ipn.body, names);
            read.push_back(std::move(ipn));
        }
        return read;
    }

    UtcTime now = start;
    Merchant merchant = sandbox_merchants().front();
    MomoGateway gateway;
    GatewayAnswer last;
    int asked = 0;
};

} // namespace iwas::sim::momo::testing
