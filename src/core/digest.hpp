// Digests and message authentication codes over OpenSSL, as values.
#pragma once

#include "core/bytes.hpp"

#include <array>
#include <initializer_list>

namespace iwas {

using Md5Digest = std::array<std::uint8_t, 16>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;
using Sha512Digest = std::array<std::uint8_t, 64>;

/// Digest of the concatenation of `parts`. No allocation.
Md5Digest md5(std::initializer_list<ByteView> parts);
Sha1Digest sha1(std::initializer_list<ByteView> parts);
Sha256Digest sha256(std::initializer_list<ByteView> parts);

/// HMAC (RFC 2104) over the concatenation of `parts`.
Md5Digest hmac_md5(ByteView key, std::initializer_list<ByteView> parts);
Sha256Digest hmac_sha256(ByteView key, std::initializer_list<ByteView> parts);
Sha512Digest hmac_sha512(ByteView key, std::initializer_list<ByteView> parts);

} // namespace iwas
