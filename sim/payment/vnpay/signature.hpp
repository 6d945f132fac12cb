// VNPay's signatures as the gateway computes them. On purpose no code is shared with IWAS's
// adapter: two readings of the documents check each other.
#pragma once

#include "adapters/http/message.hpp"

#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim::vnpay {

/// Names and decoded values, sorted by octets as VNPay sorts them.
using Fields = std::map<std::string, std::string, std::less<>>;

/// The query's fields. Nothing when a name stands twice: which of the two is meant, nobody knows.
std::optional<Fields> fields_of(const http::Params& query);
/// The field's value, or an empty text.
std::string_view value_of(const Fields& fields, std::string_view name);

/// `name=value` joined by '&', both form-encoded, without empty values and without the hash and its
/// type (VNPay 2.1.0, "Cài đặt PAY": vnp_SecureHash).
std::string canonical(const Fields& fields);
/// HMAC-SHA512 in lower-case hexadecimal.
std::string sign(std::string_view secret, std::string_view text);
/// Whether `hash` signs `fields`; its letters' case does not matter. Constant time.
bool is_signed(std::string_view secret, const Fields& fields, std::string_view hash);
/// The same over any text.
bool is_signed_text(std::string_view secret, std::string_view text, std::string_view hash);

/// Values joined by '|', as the API signs them ("querydr & refund").
std::string joined(std::initializer_list<std::string_view> values);

/// Whether a value holds one of `! ' ( ) * ~`: VNPay's demo languages encode these differently, so
/// nobody can say how they are signed.
bool is_ambiguous(std::string_view value);

} // namespace iwas::sim::vnpay
