#include "core/digest.hpp"

#include "core/assert.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace iwas {

namespace {

/// A digest context per thread: creating one for each packet would cost more than the digest.
/// The algorithms are fetched once (OpenSSL 3 looks them up by name otherwise).
struct Contexts {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Contexts() { IWAS_ASSERT(context != nullptr); }
    Contexts(const Contexts&) = delete;
    Contexts& operator=(const Contexts&) = delete;
    ~Contexts() { EVP_MD_CTX_free(context); }
};

const EVP_MD* fetched(const char* name)
{
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
    IWAS_ASSERT(algorithm != nullptr);
    return algorithm;
}

const EVP_MD* md5_algorithm()
{
    static const EVP_MD* const algorithm = fetched("MD5");
    return algorithm;
}
const EVP_MD* sha1_algorithm()
{
    static const EVP_MD* const algorithm = fetched("SHA1");
    return algorithm;
}
const EVP_MD* sha256_algorithm()
{
    static const EVP_MD* const algorithm = fetched("SHA256");
    return algorithm;
}
const EVP_MD* sha512_algorithm()
{
    static const EVP_MD* const algorithm = fetched("SHA512");
    return algorithm;
}

template <class Digest>
Digest digest_of(const EVP_MD* algorithm, std::initializer_list<ByteView> parts)
{
    thread_local Contexts contexts;
    IWAS_ASSERT(EVP_DigestInit_ex(contexts.context, algorithm, nullptr) == 1);
    for (const ByteView part : parts)
        IWAS_ASSERT(EVP_DigestUpdate(contexts.context, part.data(), part.size()) == 1);
    Digest digest;
    unsigned size = 0;
    IWAS_ASSERT(EVP_DigestFinal_ex(contexts.context, digest.data(), &size) == 1);
    IWAS_ASSERT(size == digest.size());
    return digest;
}

/// HMAC from the plain digest (RFC 2104 §2): measurably cheaper than EVP_MAC for short messages.
/// `block_octets` is of the digest: 64, and 128 for SHA-512 (FIPS 180-4 §1).
template <class Digest, std::size_t block_octets = 64>
Digest hmac_of(const EVP_MD* algorithm, ByteView key, std::initializer_list<ByteView> parts)
{
    std::array<std::uint8_t, block_octets> inner_pad{};
    if (key.size() > block_octets) {
        const Digest short_key = digest_of<Digest>(algorithm, {key});
        std::ranges::copy(short_key, inner_pad.begin());
    } else {
        std::ranges::copy(key, inner_pad.begin());
    }
    std::array<std::uint8_t, block_octets> outer_pad = inner_pad;
    for (std::uint8_t& octet : inner_pad)
        octet ^= 0x36;
    for (std::uint8_t& octet : outer_pad)
        octet ^= 0x5c;

    thread_local Contexts contexts;
    IWAS_ASSERT(EVP_DigestInit_ex(contexts.context, algorithm, nullptr) == 1);
    IWAS_ASSERT(EVP_DigestUpdate(contexts.context, inner_pad.data(), inner_pad.size()) == 1);
    for (const ByteView part : parts)
        IWAS_ASSERT(EVP_DigestUpdate(contexts.context, part.data(), part.size()) == 1);
    Digest inner;
    unsigned size = 0;
    IWAS_ASSERT(EVP_DigestFinal_ex(contexts.context, inner.data(), &size) == 1);
    return digest_of<Digest>(algorithm, {outer_pad, inner});
}

} // namespace

Md5Digest md5(std::initializer_list<ByteView> parts)
{
    return digest_of<Md5Digest>(md5_algorithm(), parts);
}
Sha1Digest sha1(std::initializer_list<ByteView> parts)
{
    return digest_of<Sha1Digest>(sha1_algorithm(), parts);
}
Sha256Digest sha256(std::initializer_list<ByteView> parts)
{
    return digest_of<Sha256Digest>(sha256_algorithm(), parts);
}
Md5Digest hmac_md5(ByteView key, std::initializer_list<ByteView> parts)
{
    return hmac_of<Md5Digest>(md5_algorithm(), key, parts);
}
Sha256Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> parts)
{
    return hmac_of<Sha256Digest>(sha256_algorithm(), key, parts);
}
Sha512Digest hmac_sha512(ByteView key, std::initializer_list<ByteView> parts)
{
    return hmac_of<Sha512Digest, 128>(sha512_algorithm(), key, parts);
}

} // namespace iwas
