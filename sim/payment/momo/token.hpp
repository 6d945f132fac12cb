// The secrets of MoMo's one-tap payments: aesToken out, RSA token in (MoMo v2 documents, "Pay with
// token").
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace iwas::sim::momo {

/// The gateway's RSA key pair. The public half is what a merchant gets to encrypt tokens with.
class KeyPair {
public:
    /// Throws std::runtime_error when OpenSSL cannot make one. The sample's keys have 4096 bits,
    /// which take seconds; a simulation has no need of them.
    static std::shared_ptr<const KeyPair> make(unsigned bits = 2048);
    virtual ~KeyPair() = default;

    /// PEM, SubjectPublicKeyInfo.
    [[nodiscard]] virtual std::string public_pem() const = 0;
    /// RSA PKCS#1 v1.5. Nothing when `cipher` was not made with the public key.
    [[nodiscard]] virtual std::optional<std::string> decrypt(std::string_view cipher) const = 0;
};

/// base64(AES-256-CBC(plain)), IV 16 zero octets, PKCS#7, key: the 32 octets of the merchant's
/// secret key. Nothing when the key has another size.
std::optional<std::string> aes_token(std::string_view secret_key, std::string_view plain);

} // namespace iwas::sim::momo
