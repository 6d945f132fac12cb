#include "sim/payment/momo/token.hpp"

#include "core/assert.hpp"
#include "core/bytes.hpp"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include <array>
#include <stdexcept>

namespace iwas::sim::momo {

namespace {

template <auto free>
struct Freed {
    void operator()(auto* object) const { free(object); }
};
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Freed<EVP_PKEY_CTX_free>>;
using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, Freed<EVP_CIPHER_CTX_free>>;
using Memory = std::unique_ptr<BIO, Freed<BIO_free_all>>;

class OpenSslKeyPair final : public KeyPair {
public:
    explicit OpenSslKeyPair(Key key) : key_{std::move(key)} {}

    [[nodiscard]] std::string public_pem() const override
    {
        const Memory memory{BIO_new(BIO_s_mem())};
        IWAS_ASSERT(memory && PEM_write_bio_PUBKEY(memory.get(), key_.get()) == 1);
        char* text = nullptr;
        const long size = BIO_get_mem_data(memory.get(), &text);
        return {text, static_cast<std::size_t>(size)};
    }
    [[nodiscard]] std::optional<std::string> decrypt(std::string_view cipher) const override
    {
        const KeyContext context{EVP_PKEY_CTX_new(key_.get(), nullptr)};
        IWAS_ASSERT(context && EVP_PKEY_decrypt_init(context.get()) == 1);
        IWAS_ASSERT(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) == 1);
        std::string plain(static_cast<std::size_t>(EVP_PKEY_get_size(key_.get())), '\0');
        std::size_t size = plain.size();
        const ByteView octets = as_bytes(cipher);
        if (EVP_PKEY_decrypt(
                context.get(), reinterpret_cast<unsigned char*>(plain.data()), &size, octets.data(),
                octets.size()) != 1)
            return std::nullopt;
        plain.resize(size);
        return plain;
    }

private:
    Key key_;
};

} // namespace

std::shared_ptr<const KeyPair> KeyPair::make(unsigned bits)
{
    Key key{EVP_RSA_gen(bits)};
    if (!key) throw std::runtime_error{"OpenSSL cannot make an RSA key"};
    return std::make_shared<OpenSslKeyPair>(std::move(key));
}

std::optional<std::string> aes_token(std::string_view secret_key, std::string_view plain)
{
    constexpr std::size_t key_octets = 32;
    constexpr std::size_t block_octets = 16;
    if (secret_key.size() != key_octets) return std::nullopt;
    const std::array<unsigned char, block_octets> zeros{};
    Bytes cipher(plain.size() + block_octets);
    const CipherContext context{EVP_CIPHER_CTX_new()};
    IWAS_ASSERT(context);
    int size = 0;
    int rest = 0;
    const ByteView octets = as_bytes(plain);
    IWAS_ASSERT(
        EVP_EncryptInit_ex(
            context.get(), EVP_aes_256_cbc(), nullptr, as_bytes(secret_key).data(), zeros.data()) ==
        1);
    IWAS_ASSERT(
        EVP_EncryptUpdate(
            context.get(), cipher.data(), &size, octets.data(), static_cast<int>(octets.size())) ==
        1);
    IWAS_ASSERT(EVP_EncryptFinal_ex(context.get(), cipher.data() + size, &rest) == 1);
    cipher.resize(static_cast<std::size_t>(size + rest));
    return to_base64(cipher);
}

} // namespace iwas::sim::momo
