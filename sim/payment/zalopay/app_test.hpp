// For tests: a merchant who speaks to the simulated ZaloPay, and what comes back to him.
#pragma once

#include "adapters/http/url.hpp"
#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "sim/json_body.hpp"
#include "sim/payment/form.hpp"
#include "sim/payment/zalopay/gateway.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

namespace iwas::sim::zalopay::testing {

namespace json = boost::json;

/// 00:30 in Vietnam, where the 23rd has begun.
inline const UtcTime start = *from_rfc3339("2026-11-22T17:30:00Z");

struct Answer {
    int status = 0;
    json::object body;
    [[nodiscard]] std::int64_t code() const { return number("return_code"); }
    [[nodiscard]] std::int64_t sub() const { return number("sub_return_code"); }
    [[nodiscard]] std::string text(std::string_view name) const { return text_of(body, name); }
    [[nodiscard]] std::int64_t number(std::string_view name) const
    {
        return integer_of(body, name).value_or(-1);
    }
};

class ZaloPayTest : public ::testing::Test {
protected:
    /// Signs the members `names` with key1 and sends the body as JSON.
    Answer call(std::string path, json::object body, std::initializer_list<const char*> names)
    {
        std::string text;
        for (const char* name : names)
            text += (text.empty() ? "" : "|") +
                    (std::string{name} == "key1" ? app.key1 : signed_value(body, name));
        if (!body.contains("mac"))
            body["mac"] = to_hex(hmac_sha256(as_bytes(app.key1), {as_bytes(text)}));
        return send(std::move(path), "application/json", json::serialize(body));
    }
    Answer send(std::string path, std::string type, std::string body)
    {
        http::Request request;
        request.method = http::Method::post;
        request.path = "/v2/" + path;
        request.headers.set("Content-Type", type);
        request.body = std::move(body);
        last = gateway.answer(request, now);
        return {last.response.status, read_object(last.response.body).value_or(json::object{})};
    }
    json::object order(std::string id, std::int64_t amount = 20'000)
    {
        return {
            {"app_id", app.id},
            {"app_user", "kh-7"},
            {"app_trans_id", std::move(id)},
            {"app_time", to_unix_ms(now)},
            {"amount", amount},
            {"item", "[]"},
            {"embed_data", R"({"redirecturl":"https://iwas.example/r/1"})"},
            {"description", "Gói 3 giờ"},
            {"callback_url", "https://iwas.example/notice"}};
    }
    Answer create(json::object body)
    {
        return call(
            "create", std::move(body),
            {"app_id", "app_trans_id", "app_user", "amount", "app_time", "embed_data", "item"});
    }
    Answer query(std::string id)
    {
        return call(
            "query", {{"app_id", app.id}, {"app_trans_id", std::move(id)}},
            {"app_id", "app_trans_id", "key1"});
    }
    Answer refund(std::string id, std::int64_t trans_id, std::int64_t amount)
    {
        return call(
            "refund",
            {{"app_id", app.id},
             {"m_refund_id", std::move(id)},
             {"zp_trans_id", trans_id},
             {"amount", amount},
             {"timestamp", to_unix_ms(now)},
             {"description", "Hoan tien"}},
            {"app_id", "zp_trans_id", "amount", "description", "timestamp"});
    }
    Answer query_refund(std::string id)
    {
        return call(
            "query_refund",
            {{"app_id", app.id}, {"m_refund_id", std::move(id)}, {"timestamp", to_unix_ms(now)}},
            {"app_id", "m_refund_id", "timestamp"});
    }
    PayResult pay(std::string id, PayerAct act = PayerAct::pay, std::string payer = "khach")
    {
        const auto paid = gateway.pay({.order_id = id, .act = act, .payer = payer}, now);
        EXPECT_TRUE(paid) << paid.error();
        return paid.value_or(PayResult{});
    }
    struct Callback {
        json::object data;
        std::int64_t type = 0;
        bool is_signed = false;
    };
    std::vector<Callback> callbacks()
    {
        std::vector<Callback> read;
        for (const Notice& notice : gateway.due_notices(now)) {
            const json::object body = *read_object(notice.body);
            const std::string data = text_of(body, "data");
            const std::string right = to_hex(hmac_sha256(as_bytes(app.key2), {as_bytes(data)}));
            read.push_back(
                {*read_object(data), integer_of(body, "type").value_or(0),
                 text_of(body, "mac") == right});
        }
        return read;
    }
    /// Pays an order and gives its zp_trans_id.
    std::int64_t paid_order(std::string id)
    {
        EXPECT_EQ(create(order(id)).code(), done);
        pay(id);
        callbacks();
        return query(id).number("zp_trans_id");
    }

    UtcTime now = start;
    App app = sandbox_apps().front();
    ZaloPayGateway gateway{{}};
    GatewayAnswer last;
};

} // namespace iwas::sim::zalopay::testing
