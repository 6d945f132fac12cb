#include "adapters/payment/zalopay/mac.hpp"

#include "core/digest.hpp"

namespace iwas::adapters::zalopay {

std::string joined(std::initializer_list<std::string_view> values)
{
    std::string text;
    bool is_first = true;
    for (const std::string_view value : values) {
        if (!is_first) text += '|';
        text += value;
        is_first = false;
    }
    return text;
}

std::string mac_of(const SecretText& key, std::string_view text)
{
    return to_hex(hmac_sha256(as_bytes(key.reveal()), {as_bytes(text)}));
}

} // namespace iwas::adapters::zalopay
