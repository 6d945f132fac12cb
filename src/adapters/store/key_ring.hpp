// KeyRing: seals secrets before they reach the database, with keys that live outside of it.
#pragma once

#include "core/result.hpp"
#include "core/secret.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace iwas::adapters {

/// AES-256-GCM (NIST SP 800-38D) under one of several keys. The first key seals; all of them open,
/// so that a key can be rotated: put the new one first, run `iwas key rotate`, remove the old one.
///
/// Sealed text: "KEY_ID:" + base64(nonce of 12 octets, ciphertext, tag of 16 octets). `place` names
/// the table, column and row; it is authenticated, so a sealed text moved elsewhere does not open.
class KeyRing {
public:
    /// Reads "ID BASE64" per line or comma, the active key first; `#` begins a comment. ID is a
    /// key name (core/id.hpp), BASE64 gives 32 octets. The error is a sentence without key
    /// material.
    static Result<KeyRing, std::string> parse(std::string_view text);
    static Result<KeyRing, std::string> from_file(const std::string& path);
    /// From the environment variable `name`.
    static Result<KeyRing, std::string> from_environment(const char* name);
    /// One fresh key, as a line that `parse` reads.
    static SecretText generate(std::string_view key_id);

    [[nodiscard]] std::string seal(const SecretText& secret, std::string_view place) const;
    /// Nothing when the key is not on the ring or the text is not what `seal` made for `place`.
    [[nodiscard]] std::optional<SecretText> open(
        std::string_view sealed, std::string_view place) const;

    [[nodiscard]] const std::string& active_key() const { return keys_.front().id; }
    [[nodiscard]] bool has(std::string_view key_id) const;
    /// Whether `sealed` is under the active key.
    [[nodiscard]] bool is_current(std::string_view sealed) const;

private:
    struct NamedKey {
        std::string id;
        Secret<Bytes> key;
    };
    KeyRing() = default;
    std::vector<NamedKey> keys_;
};

} // namespace iwas::adapters
