// The queries that VNPay signs: payment pages, return addresses, notices and token pages.
// VNPay 2.1.0, https://sandbox.vnpayment.vn/apis/docs/thanh-toan-pay/pay.html.
#pragma once

#include "core/secret.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters::vnpay {

/// Decoded names and values, ascending by octet, as they are signed.
using Fields = std::map<std::string, std::string, std::less<>>;

inline constexpr std::size_t query_octets_max = 8192;
inline constexpr std::size_t fields_max = 64;

/// The hash's name: of payments, and of the token pages, whose names are snake_case.
inline constexpr std::string_view payment_hash = "vnp_SecureHash";
inline constexpr std::string_view token_hash = "vnp_secure_hash";

/// Whether the official demos of all languages encode `value` alike: none of `! ' ( ) * ~`, on
/// which they disagree. What is not, must not be signed.
bool is_plain(std::string_view value);

/// The text that is signed: fields without a value and the hash itself left out, the rest written
/// as a form (blank as +, others than A-Z a-z 0-9 - _ . as %XX).
std::string canonical(const Fields& fields);

/// `canonical` and its hash (HMAC-SHA512, lower-case hexadecimal) under `hash_name`.
std::string signed_query(
    const Fields& fields, std::string_view hash_name, const SecretText& secret);

/// A query as received. Nothing when it is over the bounds, has a broken escape, or names a field
/// twice. The hash is among the fields.
std::optional<Fields> read_query(std::string_view query);

/// Whether the hash in `fields`, which came from `query`, is right. It is taken over the fields
/// written anew, so that a proxy's other way to encode does no harm; and over the query as it came,
/// for values with a character of `is_plain`.
bool is_signed(
    std::string_view query, const Fields& fields, std::string_view hash_name,
    const SecretText& secret);

/// Whether `received`, in either case, is the hash of `text`. Constant time.
bool is_hash_of(std::string_view received, std::string_view text, const SecretText& secret);

/// HMAC-SHA512 in lower-case hexadecimal.
std::string hash_of(std::string_view text, const SecretText& secret);

} // namespace iwas::adapters::vnpay
