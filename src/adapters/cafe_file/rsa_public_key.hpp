// RSA public keys as people paste them: with or without the lines around them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace iwas::adapters {

/// The key as PEM ("BEGIN PUBLIC KEY", RFC 7468 §13), 64 characters a line. `text` is that, or its
/// base64 alone, as merchants' portals show it. Nothing when it is no RSA key of 2,048 to 8,192
/// bits.
std::optional<std::string> rsa_public_key_pem(std::string_view text);

} // namespace iwas::adapters
