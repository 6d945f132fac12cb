// SharedSecret: the secret of one access server, prepared so that each packet costs little.
#pragma once

#include "core/secret.hpp"
#include "protocol/radius/legacy_digest.hpp"

#include <initializer_list>

namespace iwas::radius {

/// A RADIUS shared secret with the digests that begin with it computed in advance. Immutable, so
/// threads may share it.
class SharedSecret {
public:
    explicit SharedSecret(SecretText secret);

    /// HMAC-MD5 (RFC 2104) over the concatenation of `parts`, keyed with the secret.
    [[nodiscard]] Md5Digest hmac(std::initializer_list<ByteView> parts) const;
    /// MD5 with the secret already added: the pads of RFC 2865 §5.2 and RFC 2868 §3.5.
    [[nodiscard]] Md5 digest_after_secret() const { return after_secret_; }

    [[nodiscard]] ByteView octets() const { return as_bytes(secret_.reveal()); }

private:
    SecretText secret_;
    Md5 after_secret_;
    Md5 inner_;
    Md5 outer_;
};

} // namespace iwas::radius
