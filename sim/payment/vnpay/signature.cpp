#include "sim/payment/vnpay/signature.hpp"

#include "core/bytes.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace iwas::sim::vnpay {

namespace {

bool stays_as_it_is(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
}

void append_encoded(std::string& text, std::string_view value)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : value) {
        const auto octet = static_cast<unsigned char>(c);
        if (stays_as_it_is(c)) {
            text += c;
        } else if (c == ' ') {
            text += '+';
        } else {
            text += '%';
            text += digits[octet >> 4];
            text += digits[octet & 0x0F];
        }
    }
}

bool is_hash(std::string_view name)
{
    return name == "vnp_SecureHash" || name == "vnp_SecureHashType" || name == "vnp_secure_hash";
}

} // namespace

std::optional<Fields> fields_of(const http::Params& query)
{
    Fields fields;
    for (const auto& [name, value] : query.all())
        if (!fields.emplace(name, value).second) return std::nullopt;
    return fields;
}

std::string_view value_of(const Fields& fields, std::string_view name)
{
    const auto found = fields.find(name);
    return found == fields.end() ? std::string_view{} : std::string_view{found->second};
}

std::string canonical(const Fields& fields)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        if (value.empty() || is_hash(name)) continue;
        if (!text.empty()) text += '&';
        append_encoded(text, name);
        text += '=';
        append_encoded(text, value);
    }
    return text;
}

std::string sign(std::string_view secret, std::string_view text)
{
    return to_hex(hmac_sha512(as_bytes(secret), {as_bytes(text)}));
}

bool is_signed(std::string_view secret, const Fields& fields, std::string_view hash)
{
    return is_signed_text(secret, canonical(fields), hash);
}

bool is_signed_text(std::string_view secret, std::string_view text, std::string_view hash)
{
    std::string given{hash};
    std::ranges::transform(given, given.begin(), lower);
    return equal_constant_time(sign(secret, text), given);
}

std::string joined(std::initializer_list<std::string_view> values)
{
    std::string text;
    for (const std::string_view& value : values) {
        if (&value != values.begin()) text += '|';
        text += value;
    }
    return text;
}

bool is_ambiguous(std::string_view value)
{
    return value.find_first_of("!'()*~") != std::string_view::npos;
}

} // namespace iwas::sim::vnpay
