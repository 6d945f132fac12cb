#include "adapters/payment/vnpay/signed_query.hpp"

#include "core/digest.hpp"
#include "core/percent_encoding.hpp"
#include "core/text.hpp"

#include <algorithm>

namespace iwas::adapters::vnpay {

namespace {

void append_encoded(std::string& out, std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (c == ' ') {
            out += '+';
        } else if (is_unreserved(c) && c != '~') {
            out += c;
        } else {
            const auto octet = static_cast<unsigned char>(c);
            out += '%';
            out += digits[octet >> 4];
            out += digits[octet & 0xF];
        }
    }
}

bool is_hash_name(std::string_view name)
{
    return name == payment_hash || name == token_hash || name == "vnp_SecureHashType" ||
           name == "vnp_secure_hash_type";
}

/// Calls `take` with each `name=value` of the query until it says false.
template <class Take>
bool for_each_pair(std::string_view query, Take take)
{
    while (!query.empty()) {
        const auto end = query.find('&');
        const std::string_view pair = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (!pair.empty() && !take(pair)) return false;
    }
    return true;
}

/// The pairs as they came, without the hash.
std::string without_hash(std::string_view query)
{
    std::string rest;
    for_each_pair(query, [&](std::string_view pair) {
        if (is_hash_name(pair.substr(0, pair.find('=')))) return true;
        if (!rest.empty()) rest += '&';
        rest += pair;
        return true;
    });
    return rest;
}

} // namespace

bool is_plain(std::string_view value)
{
    return value.find_first_of("!'()*~") == std::string_view::npos;
}

std::string canonical(const Fields& fields)
{
    std::string text;
    for (const auto& [name, value] : fields) {
        if (value.empty() || is_hash_name(name)) continue;
        if (!text.empty()) text += '&';
        append_encoded(text, name);
        text += '=';
        append_encoded(text, value);
    }
    return text;
}

std::string hash_of(std::string_view text, const SecretText& secret)
{
    return to_hex(hmac_sha512(as_bytes(secret.reveal()), {as_bytes(text)}));
}

bool is_hash_of(std::string_view received, std::string_view text, const SecretText& secret)
{
    std::string small{received};
    std::ranges::transform(small, small.begin(), lower);
    return !secret.empty() && equal_constant_time(small, hash_of(text, secret));
}

std::string signed_query(const Fields& fields, std::string_view hash_name, const SecretText& secret)
{
    std::string text = canonical(fields);
    const std::string hash = hash_of(text, secret);
    text += '&';
    text += hash_name;
    text += '=';
    return text + hash;
}

std::optional<Fields> read_query(std::string_view query)
{
    if (query.size() > query_octets_max) return std::nullopt;
    Fields fields;
    const bool is_read = for_each_pair(query, [&](std::string_view pair) {
        const auto equals = pair.find('=');
        auto name = percent_decode(pair.substr(0, equals), true);
        auto value = equals == std::string_view::npos
                         ? std::string{}
                         : percent_decode(pair.substr(equals + 1), true);
        if (!name || !value || fields.size() == fields_max) return false;
        return fields.try_emplace(std::move(*name), std::move(*value)).second;
    });
    if (!is_read) return std::nullopt;
    return fields;
}

bool is_signed(
    std::string_view query, const Fields& fields, std::string_view hash_name,
    const SecretText& secret)
{
    const auto hash = fields.find(hash_name);
    if (hash == fields.end()) return false;
    return is_hash_of(hash->second, canonical(fields), secret) ||
           is_hash_of(hash->second, without_hash(query), secret);
}

} // namespace iwas::adapters::vnpay
