// ZaloPay's MACs as the gateway computes them. On purpose no code is shared with IWAS's adapter:
// two readings of the documents check each other.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::sim::zalopay {

/// A merchant's application. key1 signs what he sends, key2 what ZaloPay sends.
struct App {
    std::int64_t id = 0;
    std::string key1;
    std::string key2;
    /// Where callbacks go of orders that name no callback_url.
    std::string callback_url = {};
    std::string display_name = "Quán Internet";
};
/// The identities that ZaloPay has published for its sandbox.
std::vector<App> sandbox_apps();

/// HMAC-SHA256, lower-case hexadecimal, over the values joined by '|' (ZaloPay v2 documents,
/// "Secure data transmission").
std::string mac(std::string_view key, std::initializer_list<std::string_view> values);

/// A member as it is signed: text as it is, integers in decimal; empty when it is missing or of
/// another type, which leaves an empty slot between two bars.
std::string signed_value(const boost::json::object& body, std::string_view name);

/// Whether `mac` in `body` fits its members `names` in their order, with key1. Constant time.
bool is_signed(
    const App& app, const boost::json::object& body, std::span<const std::string_view> names);

/// What a redirect tells (ZaloPay v2 documents, "Redirect").
struct Redirect {
    std::int64_t app_id = 0;
    std::string app_trans_id;
    int pmcid = 0; // the channel: 38 wallet; 0 without a payment
    std::string bank_code;
    std::int64_t amount = 0;
    std::int64_t discount_amount = 0;
    int status = 1;
};
/// The query with its checksum by key2, in the order in which the sandbox writes it.
std::string to_query(const App& app, const Redirect& redirect);

/// {"data":...,"mac":...,"type":...}; `key` is key2, or another where it shall be wrong.
std::string callback_body(std::string_view key, const std::string& data, int type);

/// The day in Vietnam (GMT+7) as ids begin with it: "261122".
std::string day_prefix(std::int64_t unix_ms);

} // namespace iwas::sim::zalopay
