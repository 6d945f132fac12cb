// ZaloPay's message authentication code (OpenAPI v2): HMAC-SHA256 over values joined by '|'.
#pragma once

#include "core/secret.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace iwas::adapters::zalopay {

/// Values as they are, not encoded; an empty one leaves its slot empty ("a||c").
std::string joined(std::initializer_list<std::string_view> values);

/// 64 lower-case hexadecimal digits. key1 signs what goes to ZaloPay, key2 what comes from there.
std::string mac_of(const SecretText& key, std::string_view text);

} // namespace iwas::adapters::zalopay
