// The block functions are marked deprecated in favour of EVP; the header says why they are used.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "protocol/radius/legacy_digest.hpp"

#include "core/assert.hpp"

#include <openssl/des.h>
#include <openssl/md4.h>

#include <algorithm>

namespace iwas::radius {

Md5::Md5()
{
    MD5_Init(&state_);
}

Md5& Md5::add(ByteView octets)
{
    MD5_Update(&state_, octets.data(), octets.size());
    return *this;
}

Md5Digest Md5::finish()
{
    Md5Digest digest;
    MD5_Final(digest.data(), &state_);
    return digest;
}

std::array<std::uint8_t, 16> md4(ByteView octets)
{
    std::array<std::uint8_t, 16> digest;
    MD4(octets.data(), octets.size(), digest.data());
    return digest;
}

std::array<std::uint8_t, 8> des_encrypt(ByteView key_7_octets, ByteView clear_8_octets)
{
    IWAS_ASSERT(key_7_octets.size() == 7 && clear_8_octets.size() == 8);
    std::uint64_t bits = 0;
    for (const std::uint8_t octet : key_7_octets)
        bits = bits << 8 | octet;
    DES_cblock key;
    for (std::size_t i = 0; i < 8; ++i)
        key[i] = static_cast<std::uint8_t>((bits >> (49 - 7 * i) & 0x7F) << 1);
    DES_set_odd_parity(&key);

    DES_key_schedule schedule;
    DES_set_key_unchecked(&key, &schedule);
    DES_cblock clear;
    std::ranges::copy(clear_8_octets, clear);
    DES_cblock sealed;
    DES_ecb_encrypt(&clear, &sealed, &schedule, DES_ENCRYPT);
    std::array<std::uint8_t, 8> result;
    std::ranges::copy(sealed, result.begin());
    return result;
}

} // namespace iwas::radius
