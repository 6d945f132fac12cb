#include "adapters/payment/momo/token_cipher.hpp"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <algorithm>
#include <array>
#include <memory>

namespace iwas::adapters::momo {

namespace {

constexpr std::size_t key_octets = 32;
constexpr std::size_t token_octets_max = 8192;

template <auto free_it>
struct Freed {
    template <class T>
    void operator()(T* pointer) const
    {
        free_it(pointer);
    }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;

Key read_key(std::string_view public_key)
{
    if (public_key.size() > token_octets_max) return nullptr;
    if (public_key.find("-----BEGIN") != std::string_view::npos) {
        const Bio bio{BIO_new_mem_buf(public_key.data(), static_cast<int>(public_key.size()))};
        return Key{PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr)};
    }
    std::string compact{public_key};
    std::erase_if(compact, [](char c) { return c == '\n' || c == '\r' || c == ' '; });
    const auto der = from_base64(compact);
    if (!der) return nullptr;
    const unsigned char* at = der->data();
    return Key{d2i_PUBKEY(nullptr, &at, static_cast<long>(der->size()))};
}

} // namespace

std::optional<SecretText> decrypt_token(const SecretText& secret_key, std::string_view aes_token)
{
    if (secret_key.reveal().size() != key_octets || aes_token.size() > token_octets_max)
        return std::nullopt;
    const auto sealed = from_base64(aes_token);
    if (!sealed || sealed->empty()) return std::nullopt;
    constexpr std::array<std::uint8_t, 16> no_iv{};
    const Cipher cipher{EVP_CIPHER_CTX_new()};
    std::string opened(sealed->size() + no_iv.size(), '\0');
    auto* out = reinterpret_cast<unsigned char*>(opened.data());
    const auto* key = reinterpret_cast<const unsigned char*>(secret_key.reveal().data());
    int written = 0;
    int rest = 0;
    const bool is_good =
        cipher != nullptr &&
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_cbc(), nullptr, key, no_iv.data()) == 1 &&
        EVP_DecryptUpdate(
            cipher.get(), out, &written, sealed->data(), static_cast<int>(sealed->size())) == 1 &&
        EVP_DecryptFinal_ex(cipher.get(), out + written, &rest) == 1;
    if (!is_good) {
        wipe({out, opened.size()});
        ERR_clear_error();
        return std::nullopt;
    }
    opened.resize(static_cast<std::size_t>(written + rest));
    return SecretText{std::move(opened)};
}

std::optional<std::string> encrypt_token(std::string_view public_key, const SecretText& text)
{
    const Key key = read_key(public_key);
    const KeyContext context{key ? EVP_PKEY_CTX_new(key.get(), nullptr) : nullptr};
    const auto* in = reinterpret_cast<const unsigned char*>(text.reveal().data());
    const std::size_t size = text.reveal().size();
    std::size_t room = 0;
    const bool is_ready = context != nullptr && EVP_PKEY_get_base_id(key.get()) == EVP_PKEY_RSA &&
                          EVP_PKEY_encrypt_init(context.get()) == 1 &&
                          EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1 &&
                          EVP_PKEY_encrypt(context.get(), nullptr, &room, in, size) == 1;
    Bytes sealed(is_ready ? room : 0);
    if (!is_ready || EVP_PKEY_encrypt(context.get(), sealed.data(), &room, in, size) != 1) {
        ERR_clear_error();
        return std::nullopt;
    }
    sealed.resize(room);
    return to_base64(sealed);
}

} // namespace iwas::adapters::momo
