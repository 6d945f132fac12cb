// The signatures of PayOS: HMAC-SHA256 with the account's checksum key, lower-case hexadecimal.
#pragma once

#include "core/secret.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters::payos {

std::string hash_of(std::string_view text, const SecretText& key);

/// What is signed of notices and answers, https://payos.vn/docs/ (checking webhook data): every
/// member of `data`, also those that IWAS does not know, sorted, `name=value` joined by '&', not
/// encoded. null and the texts "null" and "undefined" are empty, arrays of objects are compact JSON
/// with the members of each element sorted, and an object is what JavaScript makes of it. Nothing
/// when it has an array of something else, which cannot be signed.
std::optional<std::string> signed_text(const boost::json::object& data);

/// Whether `parent` has `data` and its right `signature`; the data then.
const boost::json::object* signed_data(const boost::json::object& parent, const SecretText& key);

} // namespace iwas::adapters::payos
