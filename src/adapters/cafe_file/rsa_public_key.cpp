#include "adapters/cafe_file/rsa_public_key.hpp"

#include "core/bytes.hpp"
#include "core/text.hpp"

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

namespace iwas::adapters {

namespace {

constexpr std::string_view blanks = " \t\r\n";
constexpr std::string_view first_line = "-----BEGIN PUBLIC KEY-----";
constexpr std::string_view last_line = "-----END PUBLIC KEY-----";
constexpr std::size_t characters_max = 4'096; // a key of 8,192 bits has 1,400
constexpr std::size_t line_characters = 64;
constexpr int bits_min = 2'048;
constexpr int bits_max = 8'192;

bool is_rsa_key(ByteView der)
{
    const unsigned char* at = der.data();
    const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key{
        d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())), &EVP_PKEY_free};
    if (!key || at != der.data() + der.size()) return false;
    const int bits = EVP_PKEY_get_bits(key.get());
    return EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA && bits >= bits_min && bits <= bits_max;
}

} // namespace

std::optional<std::string> rsa_public_key_pem(std::string_view text)
{
    text = trimmed(text, blanks);
    if (text.size() > characters_max) return std::nullopt;
    if (text.starts_with(first_line) && text.ends_with(last_line)) {
        text.remove_prefix(first_line.size());
        text.remove_suffix(last_line.size());
    }
    std::string base64{text};
    std::erase_if(base64, [](char c) { return blanks.find(c) != std::string_view::npos; });
    const auto der = from_base64(base64);
    if (!der || !is_rsa_key(*der)) return std::nullopt;

    std::string pem{first_line};
    for (std::size_t at = 0; at < base64.size(); at += line_characters)
        pem.append("\n").append(base64, at, line_characters);
    return pem.append("\n").append(last_line).append("\n");
}

} // namespace iwas::adapters
