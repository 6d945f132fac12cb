// MD5 with a copyable state, MD4 and DES: what RADIUS and MS-CHAP are made of.
//
// These call OpenSSL's block functions directly. MD4 and DES are only in the "legacy" provider
// otherwise, which a system may lack; and a state of MD5 that is copied like a value lets a shared
// secret be digested once instead of for every packet.
#pragma once

#include "core/digest.hpp"

#include <openssl/md5.h>

namespace iwas::radius {

/// A running MD5 (RFC 1321). A copy goes on independently. No allocation.
class Md5 {
public:
    Md5();
    Md5& add(ByteView octets);
    /// The digest of all that was added; the object is used up.
    [[nodiscard]] Md5Digest finish();

private:
    MD5_CTX state_;
};

/// MD4 (RFC 1320), needed for NT password hashes only.
std::array<std::uint8_t, 16> md4(ByteView octets);

/// DES in one block, with the 7-octet key of RFC 2759 §8.6 (parity bits are inserted).
std::array<std::uint8_t, 8> des_encrypt(ByteView key_7_octets, ByteView clear_8_octets);

} // namespace iwas::radius
