// MoMo's signature (AIO v2): HMAC-SHA256 over name=value pairs in alphabetical order.
#pragma once

#include "core/secret.hpp"

#include <map>
#include <string>
#include <string_view>

namespace iwas::adapters::momo {

/// Names and raw UTF-8 values, kept in the order in which they are signed.
using Fields = std::map<std::string, std::string, std::less<>>;

/// "a=1&b=": values as they are, not URL-encoded; an empty value still has its place.
std::string raw_text(const Fields& fields);

/// 64 lower-case hexadecimal digits.
std::string signature_of(const SecretText& secret_key, std::string_view raw);

} // namespace iwas::adapters::momo
