// MoMo's signatures as the gateway computes them. On purpose no code is shared with IWAS's adapter:
// two readings of the documents check each other.
#pragma once

#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace iwas::sim::momo {

/// A merchant as MoMo knows him. All three texts are secrets between the two in real life; these
/// are simulated.
struct Merchant {
    std::string partner_code;
    std::string access_key;
    std::string secret_key;
    std::string display_name = "Quán Internet";
};
/// The identities that MoMo has published for its sandbox (github.com/momo-wallet/payment).
std::vector<Merchant> sandbox_merchants();

using Fields = std::vector<std::pair<std::string, std::string>>;

/// HMAC-SHA256, lower-case hexadecimal, over `name=value` joined by '&' in the order of `fields`.
/// Values as they are, not URL-encoded (MoMo v2 documents, "Digital signature").
std::string sign(std::string_view secret_key, const Fields& fields);

/// A member of a request as it is signed: text as it is, integers in decimal. Nothing when it is
/// missing or of another type.
std::optional<std::string> signed_value(const boost::json::object& body, std::string_view name);

/// Whether `body`'s signature is right. `names`: the signed members in their order; accessKey is
/// the merchant's, whether the body has it or not. Constant time.
bool is_signed(
    const Merchant& merchant, const boost::json::object& body,
    std::span<const std::string_view> names);

/// How an order ended: what IPN and redirect carry (MoMo v2 documents, "Payment notification").
struct Outcome {
    std::string partner_code;
    std::string order_id;
    std::string request_id;
    std::int64_t amount = 0;
    std::string order_info;
    std::string order_type = "momo_wallet";
    std::int64_t trans_id = 0;
    int result_code = 0;
    std::string message;
    std::string pay_type;
    std::int64_t response_time = 0; // ms since 1970
    std::string extra_data;
    std::string payment_option; // not signed; empty: left out
    // Only of a link:
    std::string callback_token;
    std::string partner_client_id;
    std::string partner_user_id;
};

/// The signature of an IPN or redirect. `with_link`: whether callbackToken and partnerClientId are
/// signed too, which the documents leave open.
std::string sign_outcome(const Merchant& merchant, const Outcome& outcome, bool with_link);
/// The query of a redirect, form-encoded, in the order in which the sandbox writes it.
std::string to_query(const Outcome& outcome, std::string_view signature);
/// The body of an IPN. `numbers_as_text`: amount and transId as JSON strings.
boost::json::object to_json(
    const Outcome& outcome, std::string_view signature, bool numbers_as_text);

} // namespace iwas::sim::momo
