// How MoMo's payment tokens travel: AES-256-CBC on the way here, RSA on the way back.
#pragma once

#include "core/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters::momo {

/// aesToken: base64 of AES-256-CBC, the key being the 32 octets of the secret key, the IV zero,
/// with PKCS#7 padding. Nothing when the key has another length or the text does not decrypt.
std::optional<SecretText> decrypt_token(const SecretText& secret_key, std::string_view aes_token);

/// Encrypts with RSA PKCS#1 v1.5 and gives base64. `public_key` is PEM, or base64 of the DER as
/// MoMo's portal shows it. Nothing when the key cannot be read or is too short for the text.
/// The padding is random: two results for one text differ.
std::optional<std::string> encrypt_token(std::string_view public_key, const SecretText& text);

} // namespace iwas::adapters::momo
