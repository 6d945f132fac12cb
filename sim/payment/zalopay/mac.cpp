#include "sim/payment/zalopay/mac.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/time.hpp"
#include "sim/payment/form.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace iwas::sim::zalopay {

namespace json = boost::json;

namespace {

std::string hmac(std::string_view key, std::string_view text)
{
    return to_hex(hmac_sha256(as_bytes(key), {as_bytes(text)}));
}

} // namespace

std::vector<App> sandbox_apps()
{
    return {
        {2553, "PcY4iZIKFCIdgZvA6ueMcMHHUbRLYjPL", "kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz"},
        {2554, "sdngKKJmqEMzvh5QQcdD2A9XBSKUNaYn", "trMrHtvjo6myautxDUiAcYsVtaeQ8nhf"}};
}

std::string mac(std::string_view key, std::initializer_list<std::string_view> values)
{
    std::string text;
    bool is_first = true;
    for (const std::string_view value : values) {
        if (!is_first) text += '|';
        text += value;
        is_first = false;
    }
    return hmac(key, text);
}

std::string signed_value(const json::object& body, std::string_view name)
{
    const json::value* value = body.if_contains(name);
    if (value == nullptr) return {};
    if (value->is_string()) return std::string{value->as_string()};
    if (value->is_int64()) return std::to_string(value->as_int64());
    if (value->is_uint64()) return std::to_string(value->as_uint64());
    return {};
}

bool is_signed(const App& app, const json::object& body, std::span<const std::string_view> names)
{
    std::string text;
    for (const std::string_view name : names) {
        if (!text.empty()) text += '|';
        // The query signs the key itself as its last value.
        text += name == "key1" ? app.key1 : signed_value(body, name);
    }
    return equal_constant_time(signed_value(body, "mac"), hmac(app.key1, text));
}

std::string to_query(const App& app, const Redirect& redirect)
{
    const std::string id = std::to_string(redirect.app_id);
    const std::string pmcid = std::to_string(redirect.pmcid);
    const std::string amount = std::to_string(redirect.amount);
    const std::string discount = std::to_string(redirect.discount_amount);
    const std::string status = std::to_string(redirect.status);
    const std::string checksum = mac(
        app.key2, {id, redirect.app_trans_id, pmcid, redirect.bank_code, amount, discount, status});
    return form_encode(
        {{"amount", amount},
         {"appid", id},
         {"apptransid", redirect.app_trans_id},
         {"bankcode", redirect.bank_code},
         {"checksum", checksum},
         {"discountamount", discount},
         {"pmcid", pmcid},
         {"status", status}});
}

std::string callback_body(std::string_view key, const std::string& data, int type)
{
    json::object body;
    body["data"] = data;
    body["mac"] = hmac(key, data);
    body["type"] = type;
    return json::serialize(body);
}

std::string day_prefix(std::int64_t unix_ms)
{
    const UtcTime vietnam = from_unix_ms(unix_ms) + std::chrono::hours{7};
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(vietnam)};
    return fmt::format(
        "{:02}{:02}{:02}", static_cast<int>(day.year()) % 100, static_cast<unsigned>(day.month()),
        static_cast<unsigned>(day.day()));
}

} // namespace iwas::sim::zalopay
