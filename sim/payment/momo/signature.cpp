#include "sim/payment/momo/signature.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "sim/payment/form.hpp"

#include <boost/json/value.hpp>

namespace iwas::sim::momo {

namespace json = boost::json;

std::vector<Merchant> sandbox_merchants()
{
    return {
        {"MOMO", "F8BBA842ECF85", "K951B6PE1waDMi640xX08PD3vg6EkVlz"},
        {"MOMOBKUN20180529", "klm05TvNBzhg7h7j", "at67qH6mk8w5Y1nAyMoYKMWACiEi2bsa"},
        {"MOMOLRJZ20181206", "mTCKt9W3eU1m39TW", "SetA5RDnLHvt51AULf51DyauxUo3kDU6"}};
}

std::string sign(std::string_view secret_key, const Fields& fields)
{
    std::string raw;
    for (const auto& [name, value] : fields) {
        if (!raw.empty()) raw += '&';
        raw += name;
        raw += '=';
        raw += value;
    }
    return to_hex(hmac_sha256(as_bytes(secret_key), {as_bytes(raw)}));
}

std::optional<std::string> signed_value(const json::object& body, std::string_view name)
{
    const json::value* value = body.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (value->is_string()) return std::string{value->as_string()};
    if (value->is_int64()) return std::to_string(value->as_int64());
    if (value->is_uint64()) return std::to_string(value->as_uint64());
    return std::nullopt;
}

bool is_signed(
    const Merchant& merchant, const json::object& body, std::span<const std::string_view> names)
{
    Fields fields;
    for (const std::string_view name : names) {
        auto value = signed_value(body, name);
        if (name == "accessKey") {
            if (value && *value != merchant.access_key) return false;
            value = merchant.access_key;
        }
        fields.emplace_back(name, value.value_or(""));
    }
    const auto given = signed_value(body, "signature");
    return given && equal_constant_time(*given, sign(merchant.secret_key, fields));
}

std::string sign_outcome(const Merchant& merchant, const Outcome& outcome, bool with_link)
{
    Fields fields{{"accessKey", merchant.access_key}, {"amount", std::to_string(outcome.amount)}};
    if (with_link) fields.emplace_back("callbackToken", outcome.callback_token);
    fields.emplace_back("extraData", outcome.extra_data);
    fields.emplace_back("message", outcome.message);
    fields.emplace_back("orderId", outcome.order_id);
    fields.emplace_back("orderInfo", outcome.order_info);
    fields.emplace_back("orderType", outcome.order_type);
    if (with_link) fields.emplace_back("partnerClientId", outcome.partner_client_id);
    fields.emplace_back("partnerCode", outcome.partner_code);
    fields.emplace_back("payType", outcome.pay_type);
    fields.emplace_back("requestId", outcome.request_id);
    fields.emplace_back("responseTime", std::to_string(outcome.response_time));
    fields.emplace_back("resultCode", std::to_string(outcome.result_code));
    fields.emplace_back("transId", std::to_string(outcome.trans_id));
    return sign(merchant.secret_key, fields);
}

std::string to_query(const Outcome& outcome, std::string_view signature)
{
    std::vector<std::pair<std::string, std::string>> pairs{
        {"partnerCode", outcome.partner_code},
        {"orderId", outcome.order_id},
        {"requestId", outcome.request_id},
        {"amount", std::to_string(outcome.amount)},
        {"orderInfo", outcome.order_info},
        {"orderType", outcome.order_type},
        {"transId", std::to_string(outcome.trans_id)},
        {"resultCode", std::to_string(outcome.result_code)},
        {"message", outcome.message},
        {"payType", outcome.pay_type},
        {"responseTime", std::to_string(outcome.response_time)},
        {"extraData", outcome.extra_data},
        {"signature", std::string{signature}}};
    if (!outcome.payment_option.empty())
        pairs.emplace_back("paymentOption", outcome.payment_option);
    if (!outcome.partner_client_id.empty()) {
        pairs.emplace_back("callbackToken", outcome.callback_token);
        pairs.emplace_back("partnerClientId", outcome.partner_client_id);
    }
    return form_encode(pairs);
}

json::object to_json(const Outcome& outcome, std::string_view signature, bool numbers_as_text)
{
    const auto number = [&](std::int64_t value) {
        return numbers_as_text ? json::value(std::to_string(value)) : json::value(value);
    };
    json::object body;
    body["partnerCode"] = outcome.partner_code;
    body["orderId"] = outcome.order_id;
    body["requestId"] = outcome.request_id;
    body["amount"] = number(outcome.amount);
    body["orderInfo"] = outcome.order_info;
    body["orderType"] = outcome.order_type;
    body["transId"] = number(outcome.trans_id);
    body["resultCode"] = outcome.result_code;
    body["message"] = outcome.message;
    body["payType"] = outcome.pay_type;
    body["responseTime"] = outcome.response_time;
    body["extraData"] = outcome.extra_data;
    body["signature"] = signature;
    if (!outcome.payment_option.empty()) body["paymentOption"] = outcome.payment_option;
    if (!outcome.partner_client_id.empty()) {
        body["partnerClientId"] = outcome.partner_client_id;
        body["partnerUserId"] = outcome.partner_user_id;
        body["callbackToken"] = outcome.callback_token;
    }
    return body;
}

} // namespace iwas::sim::momo
